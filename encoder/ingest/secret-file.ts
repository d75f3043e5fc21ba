/** Secrets come from a file, for arguments and environment variables are open to every process of the user. */
import { open } from 'node:fs/promises';
import { secretLines, type SecretKind } from './secret-lines';

/** Two secrets of the greatest length, and their line ends, with room to say that there are more. */
const READ_BYTES = 4096;

/**
 * One secret a line: the one in use, and while it is rotated the next. Empty lines at the end do not count.
 *
 * @throws Error that names the file and what to do; never with a secret in it
 */
export async function readSecrets(file: string, kind: SecretKind): Promise<readonly string[]> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `the ${kind.name} file ${file} cannot be read (${error.code ?? 'unknown error'}): give a file of one or two lines that this user may read`,
    );
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile())
      throw new Error(`the ${kind.name} file ${file} is not a file: give one of one or two lines`);
    const mode = stat.mode & 0o777;
    if ((mode & ~0o600) !== 0) {
      throw new Error(
        `the ${kind.name} file ${file} has mode ${mode.toString(8).padStart(4, '0')}, which lets others read or change it or runs it; allowed is 0600 or less: chmod 600 ${file}`,
      );
    }
    const buffer = Buffer.alloc(READ_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, 0);
    const text = buffer.toString('utf8', 0, bytesRead);
    buffer.fill(0);
    return secretLines(`the ${kind.name} file ${file}`, text, kind);
  } finally {
    await handle.close();
  }
}
