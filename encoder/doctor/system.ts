/** What the checks read of the machine. Tests replace parts of it; everything else is tried for real. */
import { constants } from 'node:fs';
import { access, readdir, readFile, readlink, statfs } from 'node:fs/promises';
import os from 'node:os';

export interface System {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Without the leading v. */
  readonly nodeVersion: string;
  readonly platform: string;
  readonly architecture: string;
  readonly root: boolean;
  /** Processors that this process may use, cgroup quotas included. */
  readonly processors: number;
  /** Processes that ran or waited, on average over the last minute. */
  readonly load: number;
  /** Bytes, within the limits of the cgroup. */
  readonly availableMemory: number;
  readonly temporaryFolder: string;
  /** Undefined where there is no such file, or it may not be read. */
  readText(file: string): Promise<string | undefined>;
  /** Names; none where there is no such folder, or it may not be read. */
  list(folder: string): Promise<readonly string[]>;
  readLink(link: string): Promise<string | undefined>;
  exists(file: string): Promise<boolean>;
  isExecutable(file: string): Promise<boolean>;
  /** Bytes of the file system that holds the folder; `free` is what this user may still write. */
  space(folder: string): Promise<{ readonly size: number; readonly free: number } | undefined>;
}

export function thisMachine(environment: System['environment'] = process.env): System {
  return {
    environment,
    nodeVersion: process.versions.node,
    platform: process.platform,
    architecture: process.arch,
    root: process.getuid?.() === 0,
    processors: os.availableParallelism(),
    load: os.loadavg()[0] ?? 0,
    availableMemory: process.availableMemory(),
    temporaryFolder: os.tmpdir(),
    readText: (file) => orUndefined(readFile(file, 'utf8')),
    list: async (folder) => (await orUndefined(readdir(folder))) ?? [],
    readLink: (link) => orUndefined(readlink(link)),
    exists: (file) => succeeds(access(file)),
    isExecutable: (file) => succeeds(access(file, constants.X_OK)),
    space: async (folder) => {
      const found = await orUndefined(statfs(folder));
      return found && { size: found.bsize * found.blocks, free: found.bsize * found.bavail };
    },
  };
}

const orUndefined = <T>(promise: Promise<T>): Promise<T | undefined> => promise.catch(() => undefined);
const succeeds = (promise: Promise<void>): Promise<boolean> =>
  promise.then(
    () => true,
    () => false,
  );
