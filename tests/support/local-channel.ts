/** A channel as `aws-media local up` runs it, in a folder of its own and on free ports. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { LocalStatus, LocalUrls } from '../../local/launcher';

export const COMMAND = path.resolve('bin/aws-media');
const run = promisify(execFile);

export interface LocalChannel extends LocalUrls {
  readonly pid: number;
  readonly folder: string;
  status(): Promise<LocalStatus>;
  stop(): Promise<void>;
}

export async function startLocalChannel(...flags: string[]): Promise<LocalChannel> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'local-'));
  const local = (...args: string[]) =>
    run(COMMAND, ['local', ...args, '--state', folder], { timeout: 90_000 });
  const { stdout } = await local('up', '--detach', '--json', '--port', '0', '--https-port', '0', ...flags);
  const line = JSON.parse(stdout) as LocalUrls & { pid: number };
  return {
    ...line,
    folder,
    status: async () => JSON.parse((await local('status', '--json')).stdout) as LocalStatus,
    stop: async () => {
      await local('down');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
