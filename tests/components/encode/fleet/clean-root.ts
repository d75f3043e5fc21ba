/** A root file system with a shell and what the start script may use, and programs that note how they are called. */
import { execFile, execFileSync } from 'node:child_process';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The real programs; whatever else the script calls is not found, but for the fakes. */
const TOOLS = ['bash', 'cat', 'chmod', 'grep', 'sed', 'tee'];
/** What an instance has before its start: no device but files in place of those that the script writes to. */
const FOLDERS = [
  ...['dev', 'proc', 'usr/bin', 'usr/local/sbin', 'var/log'],
  ...['etc/ecs', 'etc/sysconfig', 'etc/sysctl.d', 'etc/systemd/system'],
];
const FAKES = ['logger', 'nvidia-smi', 'shutdown', 'sysctl', 'systemctl'];

/** Namespaces of its own, so that nothing is mounted outside and nothing outlives the script. */
function inside(root: string): readonly [command: string, args: readonly string[]] {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const own = ['--mount', '--pid', '--net', '--fork', `--mount-proc=${path.join(root, 'proc')}`];
  return ['unshare', [...user, ...own, 'chroot', root]];
}

export class CleanRoot {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(): Promise<CleanRoot> {
    const root = new CleanRoot(await mkdtemp(path.join(os.tmpdir(), 'clean-root-')));
    for (const folder of FOLDERS) await mkdir(root.#at(folder), { recursive: true });
    await symlink('usr/bin', root.#at('bin'));
    await symlink('/proc/self/fd', root.#at('dev/fd'));
    for (const tool of TOOLS) await root.#copyTool(tool);
    for (const name of FAKES) await root.program(name);
    await root.program('docker', 'echo nvidia');
    return root;
  }

  /** @returns why no script can be run in it here; undefined where one can */
  async missing(): Promise<string | undefined> {
    const [command, args] = inside(this.#folder);
    return run(command, [...args, '/bin/bash', '-c', ':'], { timeout: 10_000 }).then(
      () => undefined,
      (error: Error) => `no clean root file system: unshare and chroot must be allowed (${error.message})`,
    );
  }

  /** A program in place of the real one. @param body in bash, after its call is noted; `logger` reads to its end */
  async program(name: string, body = name === 'logger' ? 'cat > /dev/null' : ''): Promise<void> {
    const note = name === 'logger' ? '' : `echo "${name} $*" >> /calls\n`;
    await this.write(`usr/bin/${name}`, `#!/bin/bash\n${note}${body}\n`);
    await chmod(this.#at(`usr/bin/${name}`), 0o755);
  }

  /** Runs a script as it is. @returns the exit code */
  async start(script: string): Promise<number> {
    await this.write('start', script);
    await chmod(this.#at('start'), 0o755);
    return this.execute('/start');
  }

  /** Runs a file of the root, by its first line. @returns the exit code */
  async execute(file: string): Promise<number> {
    const [command, args] = inside(this.#folder);
    // Nothing of the environment of the tests.
    const env = { PATH: '/usr/bin:/usr/sbin:/bin:/sbin' };
    return run(command, [...args, file], { env, timeout: 10_000 }).then(
      () => 0,
      (error: { code?: number }) => error.code ?? -1,
    );
  }

  /** How the fakes were called, in order. */
  async calls(): Promise<string[]> {
    const text = await this.read('calls').catch(() => '');
    return text.split('\n').filter(Boolean);
  }

  read(name: string): Promise<string> {
    return readFile(this.#at(name), 'utf8');
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(this.#at(name), text);
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  #at(name: string): string {
    return path.join(this.#folder, name);
  }

  /** With the libraries that it is linked with, at the same places. */
  async #copyTool(tool: string): Promise<void> {
    const file = execFileSync('which', [tool], { encoding: 'utf8' }).trim();
    await copyFile(await realpath(file), this.#at(`usr/bin/${tool}`));
    const { stdout } = await run('ldd', [file]);
    for (const [library] of stdout.matchAll(/\/\S+/g)) {
      const to = this.#at(library);
      await mkdir(path.dirname(to), { recursive: true });
      await copyFile(await realpath(library), to);
    }
  }
}
