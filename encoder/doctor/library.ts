/** Whether the loader finds a shared library, as it would for a program. */
import path from 'node:path';
import type { CheckContext } from './check';
import { runProgram } from './program';

/** sbin is not on everybody's PATH. */
const LDCONFIG = ['/sbin/ldconfig', '/usr/sbin/ldconfig'];
const FOLDERS = ['/lib', '/usr/lib', '/lib64', '/usr/lib64', '/usr/local/lib'];

/** The file that is found first, or undefined. */
export async function findLibrary(context: CheckContext, name: RegExp): Promise<string | undefined> {
  const { system } = context;
  const own = (system.environment['LD_LIBRARY_PATH'] ?? '').split(':').filter((folder) => folder !== '');
  const triplets = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].flatMap((triplet) =>
    ['/lib', '/usr/lib'].map((folder) => `${folder}/${triplet}`),
  );
  return (await inFolders(own)) ?? (await inCache()) ?? (await inFolders([...FOLDERS, ...triplets]));

  async function inFolders(folders: readonly string[]): Promise<string | undefined> {
    for (const folder of folders) {
      const file = (await system.list(folder)).find((entry) => name.test(entry));
      if (file !== undefined) return path.join(folder, file);
    }
    return undefined;
  }

  async function inCache(): Promise<string | undefined> {
    for (const ldconfig of LDCONFIG) {
      if (!(await system.isExecutable(ldconfig))) continue;
      const outcome = await runProgram(context, ldconfig, ['-p']);
      if (outcome.kind !== 'ended') continue;
      // "	libsrt-gnutls.so.1.5 (libc6,x86-64) => /lib/x86_64-linux-gnu/libsrt-gnutls.so.1.5"
      for (const [, entry = '', file] of outcome.stdout.toString('utf8').matchAll(/^\s+(\S+) .*=> (.*)$/gm)) {
        if (name.test(entry)) return file;
      }
    }
    return undefined;
  }
}
