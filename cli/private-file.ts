/** A secret that comes from a file, because arguments and environment variables are open to all of the user's processes. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** More than any key has. */
const READ_BYTES = 16_384;

/** @returns the text, or what is wrong with the file; never a part of the text in a message */
export function readPrivateFile(file: string): { readonly text: string } | { readonly problem: string } {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return { problem: `${file} cannot be read (${code}): give a file that this user may read` };
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) return { problem: `${file} is not a file` };
    const mode = stat.mode & 0o777;
    if ((mode & ~0o600) !== 0) {
      const octal = mode.toString(8).padStart(4, '0');
      return {
        problem: `${file} has mode ${octal}, which lets others read or change it or runs it; allowed is 0600 or less: chmod 600 ${file}`,
      };
    }
    const buffer = Buffer.alloc(READ_BYTES);
    const length = readSync(handle, buffer, 0, READ_BYTES, 0);
    const text = buffer.toString('utf8', 0, length);
    buffer.fill(0);
    return { text };
  } finally {
    closeSync(handle);
  }
}
