/** Processes of the runtime on S3: a real server, the shim in front of it, and what each process asked. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Announcement } from '../../encoder/process';
import { createS3Client } from '../../encoder/store/s3-client';
import { EDGE_POLICY, S3Store } from '../../encoder/store/s3-store';
import type { ChannelStores } from '../../encoder/store/store';
import { startShim, type Shim, type ShimOptions, type ShimRequest } from './s3-express-shim';
import { REGION, type S3Server } from './s3-server';

/** Who a process is to the shim: the access key id that it signs with. */
export const PRINCIPALS = ['encoder', 'second', 'origin'] as const;
export type Principal = (typeof PRINCIPALS)[number];

export interface RuntimeProcess {
  readonly child: ChildProcess;
  /** The next announcement of a kind. Rejects where the process ends first. */
  until<T extends Announcement['type']>(
    type: T,
    accepts?: (message: Extract<Announcement, { type: T }>) => boolean,
  ): Promise<Extract<Announcement, { type: T }>>;
  /** Its exit code. */
  ends(signal: NodeJS.Signals): Promise<number | null>;
  /** What it has written to stderr. */
  said(): string;
}

export interface S3Channel {
  readonly shim: Shim;
  /** Every request that was answered, in that order. */
  readonly requests: readonly ShimRequest[];
  /** What a process needs to find the store. */
  environment(principal: Principal): NodeJS.ProcessEnv;
  /** @param entry of the runtime, as `main.js` */
  start(entry: string, principal: Principal, more: NodeJS.ProcessEnv): RuntimeProcess;
  /** The channel's stores, for a test to look into; what it asks is noted as the server's own. */
  stores(): ChannelStores;
  stop(): Promise<void>;
}

export async function startS3Channel(
  server: S3Server,
  options: Omit<ShimOptions, 'server' | 'onRequest'> = {},
): Promise<S3Channel> {
  const requests: ShimRequest[] = [];
  const shim = await startShim({ server, ...options, onRequest: (request) => void requests.push(request) });
  const folder = await mkdtemp(path.join(os.tmpdir(), 's3-channel-'));
  const file = path.join(folder, 'credentials');
  const { secretAccessKey } = server.credentials;
  const lines = PRINCIPALS.flatMap((name) => [
    `[${name}]`,
    `aws_access_key_id=${name}`,
    `aws_secret_access_key=${secretAccessKey}`,
  ]);
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  const children: ChildProcess[] = [];
  const environment = (principal: Principal): NodeJS.ProcessEnv => ({
    PATH: process.env['PATH'],
    STORE: `s3:${shim.general},${shim.directory}`,
    S3_ENDPOINT: shim.url,
    AWS_REGION: REGION,
    AWS_PROFILE: principal,
    AWS_SHARED_CREDENTIALS_FILE: file,
    AWS_CONFIG_FILE: file,
    AWS_EC2_METADATA_DISABLED: 'true',
    METRICS_PORT: '0',
    LOG_LEVEL: 'warn',
  });
  return {
    shim,
    requests,
    environment,
    start: (entry, principal, more) => {
      const child = fork(path.join(__dirname, '..', '..', 'encoder', entry), {
        env: { ...environment(principal), ...more },
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      children.push(child);
      return watched(child, entry);
    },
    stores: () => {
      const client = () =>
        createS3Client({ endpoint: shim.url, region: REGION, credentials: server.credentials });
      return {
        edge: new S3Store({ client: client(), bucket: shim.directory, policy: EDGE_POLICY }),
        general: new S3Store({ client: client(), bucket: shim.general }),
      };
    },
    stop: async () => {
      for (const child of children) child.kill('SIGKILL');
      await shim.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function watched(child: ChildProcess, entry: string): RuntimeProcess {
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return {
    child,
    said: () => said,
    until: (type, accepts = () => true) =>
      new Promise((resolve, reject) => {
        const listen = (message: Announcement): void => {
          if (message.type !== type || !accepts(message as never)) return;
          stop();
          resolve(message as never);
        };
        const fail = (code: number | null): void => {
          stop();
          reject(new Error(`${entry} ended with ${code}: ${said}`));
        };
        const stop = (): void => {
          child.off('message', listen);
          child.off('exit', fail);
        };
        child.on('message', listen);
        child.once('exit', fail);
      }),
    ends: async (signal) => {
      const exited = once(child, 'exit') as Promise<[number | null]>;
      child.kill(signal);
      return (await exited)[0];
    },
  };
}

/** Sum of a process's metric over all labels, or over those that are given. */
export async function metric(
  port: number | null | undefined,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .filter((line) => wanted.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
