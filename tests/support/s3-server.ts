/** Real S3 servers on loopback, as scripts/s3-server.sh obtains them; a test without one is skipped with the reason. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, statfs } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'mocha';
import { createS3Client } from '../../encoder/store/s3-client';
import { S3Store } from '../../encoder/store/s3-store';
import { skip } from './skip';

export type S3ServerName = 'versitygw' | 'moto';

export const REGION = 'us-east-1';
const START_MS = 15_000;
const MEMORY = '/dev/shm';
/** Bytes: a minute and a half of bundles of 4 MB is 1.1 GB. */
const MEMORY_NEEDED = 2 * 2 ** 30;
const CACHE = path.join(
  process.env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache'),
  'aws-media',
  's3',
);

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface S3Server {
  readonly url: string;
  readonly credentials: Credentials;
  readonly client: S3Client;
  /** A bucket of its own, empty. */
  bucket(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a server, or skips the test (fails it where REQUIRE_S3_SERVER is 1) and says why. */
export async function s3ServerFor(context: Context, name: S3ServerName): Promise<S3Server> {
  const found = await startS3Server(name);
  if (typeof found !== 'string') return found;
  if (process.env['REQUIRE_S3_SERVER'] === '1') throw new Error(found);
  return skip(context, found);
}

/** @returns the reason where there is none, or where it lacks what the store relies on */
export async function startS3Server(name: S3ServerName): Promise<S3Server | string> {
  const program = installed(name);
  if (program === undefined) return `there is no ${name} on this machine: make s3-server obtains it`;
  const server = await started(name, program);
  const lacking = await probe(server);
  if (lacking.length === 0) return server;
  await server.stop();
  return `this ${name} does not do what the store relies on: ${lacking.join(', ')}`;
}

function installed(name: S3ServerName): string | undefined {
  const file = { versitygw: 'versitygw', moto: path.join('bin', 'moto_server') }[name];
  try {
    const folder = readdirSync(CACHE)
      .filter((entry) => entry.startsWith(`${name}-`))
      .sort()
      .at(-1);
    return folder === undefined ? undefined : path.join(CACHE, folder, file);
  } catch {
    return undefined;
  }
}

async function started(name: S3ServerName, program: string): Promise<S3Server> {
  const root = await mkdtemp(path.join(await folderForData(), `${name}-`));
  const data = path.join(root, 'data');
  await mkdir(data);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // For this run alone, of a server that listens on loopback.
  const credentials = { accessKeyId: 'runtime-test', secretAccessKey: randomBytes(20).toString('hex') };
  const commands: Record<S3ServerName, readonly string[]> = {
    versitygw: [
      ...[
        '--port',
        `127.0.0.1:${port}`,
        '--region',
        REGION,
        '--keep-alive',
        '--quiet',
        '--health',
        '/health',
      ],
      // Of each body it would make an MD5 for its ETag, which a directory bucket has not and nobody here reads.
      ...['posix', '--data-integrity-etag', '--sidecar', path.join(root, 'sidecar'), data],
    ],
    moto: ['-H', '127.0.0.1', '-p', String(port)],
  };
  await mkdir(path.join(root, 'sidecar'));
  const child = spawn(program, commands[name], {
    env: {
      PATH: process.env['PATH'],
      HOME: root,
      ROOT_ACCESS_KEY_ID: credentials.accessKeyId,
      ROOT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2000)));
  const client = createS3Client({ endpoint: url, region: REGION, credentials });
  let buckets = 0;
  const stop = async (): Promise<void> => {
    client.destroy();
    await ended(child);
    await rm(root, { recursive: true, force: true });
  };
  try {
    await answers(child, url, () => said);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    credentials,
    client,
    bucket: async () => {
      const bucket = `media-${process.pid}-${buckets++}`;
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      return bucket;
    },
    stop,
  };
}

/** Memory where there is enough: a disk that others use as well is no part of what is measured. */
async function folderForData(): Promise<string> {
  const free = await statfs(MEMORY).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return free >= MEMORY_NEEDED ? MEMORY : os.tmpdir();
}

async function answers(child: ChildProcess, url: string, said: () => string): Promise<void> {
  const until = Date.now() + START_MS;
  for (;;) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer) return;
    if (child.exitCode !== null || Date.now() > until) {
      throw new Error(`${child.spawnfile} does not answer at ${url}: ${said()}`);
    }
    await delay(50);
  }
}

/** What the store relies on, tried with the SDK alone. @returns what is missing */
async function probe(server: S3Server): Promise<string[]> {
  const lacking: string[] = [];
  const { client } = server;
  const bucket = await server.bucket();
  const put = (Key: string, body: string) =>
    client
      .send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.from(body), IfNoneMatch: '*' }))
      .then(
        () => 200,
        (error: unknown) => (error as { $metadata: { httpStatusCode?: number } }).$metadata.httpStatusCode,
      );
  if ((await put('probe/a', 'first')) !== 200) lacking.push('PUT with If-None-Match');
  if ((await put('probe/a', 'second')) !== 412) lacking.push('412 where the key exists');
  for (let round = 0; round < 5; round++) {
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, i) => put(`probe/${round}`, `${i}`)));
    if (outcomes.filter((status) => status === 200).length === 1) continue;
    lacking.push('one winner of conditional writes at once');
    break;
  }
  const { Body } = await client.send(
    new GetObjectCommand({ Bucket: bucket, Key: 'probe/a', Range: 'bytes=1-3' }),
  );
  if ((await Body?.transformToString()) !== 'irs') lacking.push('GET with a range');
  const listed = await new S3Store({ client, bucket }).list('probe/');
  if (listed.filter((key) => key === 'probe/a').length !== 1) lacking.push('ListObjectsV2 with a prefix');
  return lacking;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exit;
  clearTimeout(kill);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
