/** Shared memory, and the folders that a channel writes to. */
import { mkdtemp, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { asRoot, size } from './advice';
import { failed, ok, skipped, warning, type Check, type CheckContext, type Finding } from './check';

/** What Docker gives a container. */
const SHARED_MEMORY = 64 << 20;

const sharedMemory: Check = {
  id: 'shared-memory',
  title: 'Shared memory (/dev/shm)',
  run: async ({ system }) => {
    if (system.platform !== 'linux') return skipped(`${system.platform} has no /dev/shm`);
    const space = (await system.exists('/dev/shm')) ? await system.space('/dev/shm') : undefined;
    if (space !== undefined && space.size >= SHARED_MEMORY) return ok(size(space.size));
    return failed(space === undefined ? 'not there' : size(space.size), {
      needed: size(SHARED_MEMORY),
      remedy:
        space === undefined
          ? `Mount it: ${asRoot(system, 'mount -t tmpfs -o size=256m tmpfs /dev/shm')}`
          : `${asRoot(system, 'mount -o remount,size=256m /dev/shm')}; a container: \`docker run --shm-size=256m\``,
    });
  },
};

/** Bytes: the largest ladder's parts and segments at the default window (docs/doctor.md). */
const FREE = 2e9;

const stateFolder: Check = {
  id: 'state-folder',
  title: 'State folder',
  run: async ({ system, stateFolder }) =>
    examineFolder(system, stateFolder, {
      another: 'Choose another with `--state <folder>`',
      whenSmall: failed,
      giving: (existing) =>
        existing === stateFolder
          ? asRoot(system, `chown -R "$(id -un)" ${quote(stateFolder)}`)
          : asRoot(system, `install -d -o "$(id -un)" ${quote(stateFolder)}`),
    }),
};

const temporaryFolder: Check = {
  id: 'temporary-folder',
  title: 'Folder of temporary files',
  run: async ({ system }) =>
    examineFolder(system, system.temporaryFolder, {
      another: 'Choose another: `export TMPDIR=<folder>`',
      // Tests write media there; a channel does not.
      whenSmall: warning,
    }),
};

interface Advice {
  readonly another: string;
  readonly whenSmall: typeof failed;
  /** The command that lets this user write, where the folder is ours to give; `existing` is it or what it would be in. */
  readonly giving?: (existing: string) => string;
}

async function examineFolder(
  system: CheckContext['system'],
  folder: string,
  { another, whenSmall, giving }: Advice,
): Promise<Finding> {
  const existing = await nearestExisting(system, folder);
  const where = existing === folder ? folder : `${folder} (to be made in ${existing})`;
  try {
    // An entry is really made, and removed: access rights do not tell of read-only file systems or quotas.
    await rmdir(await mkdtemp(path.join(existing, '.aws-media-doctor-')));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const mayBeGiven = giving !== undefined && (code === 'EACCES' || code === 'EPERM');
    return failed(`${where}: ${describe(error as NodeJS.ErrnoException)}`, {
      needed: 'a folder that this user can write to',
      remedy: mayBeGiven ? `${another}, or let this user write: ${giving(existing)}` : `${another}.`,
    });
  }
  const space = await system.space(existing);
  if (space === undefined || space.free >= FREE) {
    return ok(`${where}, ${space ? `${gigabytes(space.free)} free` : 'free space unknown'}`);
  }
  return whenSmall(`${where}, ${gigabytes(space.free)} free`, {
    needed: gigabytes(FREE),
    remedy: `${another}, or make room. What is full: \`df -h ${quote(existing)}\``,
  });
}

/** For a shell. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

async function nearestExisting(system: CheckContext['system'], folder: string): Promise<string> {
  let at = folder;
  while (!(await system.exists(at)) && path.dirname(at) !== at) at = path.dirname(at);
  return at;
}

function describe({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'this user may not write there';
    case 'EROFS':
      return 'a read-only file system';
    case 'ENOTDIR':
      return 'not a folder';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'no space left';
    default:
      return message;
  }
}

const gigabytes = (bytes: number): string => `${Math.floor(bytes / 1e8) / 10} GB`;

export const FOLDER_CHECKS: readonly Check[] = [sharedMemory, stateFolder, temporaryFolder];
