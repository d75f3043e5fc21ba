/**
 * What S3 adds to the latency of a part: the PUT of its bundle, the poll that finds it, the GET of its media. Against a
 * real S3 server on loopback, behind a shim that is as slow as S3 Express is said to be (5 ms median, 40 ms p99 a
 * request), and without it. Bundles of 4 MB: more than a tick of the reference ladder (74.7 Mbit/s x 0.333 s = 3.1 MB).
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { keys, tickGrid, tickSeconds, type BundleHeader, type BundlePart } from '../encoder/contract';
import { encodeBundle, readBundle, readBundlePart } from '../encoder/store/bundle';
import { createS3Client } from '../encoder/store/s3-client';
import { EDGE_POLICY, S3Store } from '../encoder/store/s3-store';
import { loopbackCertificate } from '../local/certificate';
import { startShim } from '../tests/support/s3-express-shim';
import { REGION, startS3Server } from '../tests/support/s3-server';

const AIM_MS = 60;
const BUNDLE_BYTES = 4_000_000;
const RENDITIONS = 7;
const CHUNKS_A_PART = 11;
const TICKS = Number(process.env['BENCH_TICKS'] ?? 60);
/** PUTs that warm the code up. */
const WARM_UP = 5;
/** As the origin does: every 10 ms from the predicted time of the tick. */
const POLL_MS = 10;

const median = (values: readonly number[]): number => at(values, 0.5);
const at = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))]!;
const ms = (value: number): string => `${value.toFixed(1)} ms`;

function bundle(msn: number, tick: number): { header: BundleHeader; media: Uint8Array[] } {
  const length = Math.floor(BUNDLE_BYTES / RENDITIONS);
  const chunk = Math.ceil(length / CHUNKS_A_PART);
  const parts: BundlePart[] = [];
  const media: Uint8Array[] = [];
  for (let i = 0; i < RENDITIONS; i++) {
    parts.push({
      rendition: `r${i}`,
      init: 'a'.repeat(32),
      offset: i * length,
      length,
      start: 0,
      duration: 10_000,
      independent: true,
    });
    const part = Buffer.alloc(length, i + tick);
    for (let from = 0; from < length; from += chunk) media.push(part.subarray(from, from + chunk));
  }
  return { header: { writer: 'w', generation: 0, msn, tick, parts }, media };
}

/** One tick after another at the speed of the clock, as a live channel has them. */
async function ticks(title: string, open: () => S3Store): Promise<number> {
  const [writer, reader] = [open(), open()];
  const times: Record<'put' | 'poll' | 'get' | 'all', number[]> = { put: [], poll: [], get: [], all: [] };
  const tickMs = tickSeconds(tickGrid('30', 'balanced')) * 1000;
  const cpu = process.cpuUsage();
  for (let tick = 0; tick < TICKS; tick++) {
    const { header, media } = bundle(1, tick);
    const startedAt = performance.now();
    let putAt = 0;
    const put = writer
      .create(keys.bundle('bench', 1, tick), encodeBundle(header, media))
      .then(() => (putAt = performance.now()));
    let found = await readBundle(reader, 'bench', 1, tick);
    while (!found) {
      await delay(POLL_MS);
      found = await readBundle(reader, 'bench', 1, tick);
    }
    const foundAt = performance.now();
    await readBundlePart(reader, 'bench', found, found.parts[0]!);
    const readAt = performance.now();
    await put;
    times.put.push(putAt - startedAt);
    times.poll.push(Math.max(0, foundAt - putAt));
    times.get.push(readAt - foundAt);
    times.all.push(readAt - startedAt);
    await delay(Math.max(0, startedAt + tickMs - performance.now()));
  }
  const { user, system } = process.cpuUsage(cpu);
  console.log(`${title}: ${TICKS} ticks of ${BUNDLE_BYTES / 1e6} MB in ${RENDITIONS} parts`);
  for (const [name, values] of Object.entries(times)) {
    console.log(
      `  ${name.padEnd(4)} median ${ms(median(values)).padStart(8)}, p95 ${ms(at(values, 0.95)).padStart(8)}`,
    );
  }
  console.log(
    `  processor time of this process, writer and reader: ${ms((user + system) / 1000 / TICKS)} a tick`,
  );
  return median(times.all);
}

/** The same PUT, as one buffer that is joined first and as a stream of its chunks. Runs in a process of its own. */
async function joinOrStream(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = createS3Client({ endpoint, region: REGION, credentials });
  for (const bytes of [50_000, 200_000, 500_000, 1_000_000, 4_000_000, 25_000_000]) {
    const chunk = Buffer.alloc(Math.ceil(bytes / 77), 1);
    const chunks = Array.from({ length: 77 }, () => chunk);
    const rounds = bytes > 10_000_000 ? 15 : 60;
    const bodies = {
      joined: () => Buffer.concat(chunks),
      'a stream': () => Readable.from(chunks, { objectMode: false }),
    };
    const results = new Map<string, { wall: number[]; cpu: number }>();
    for (let round = -WARM_UP; round < rounds; round++) {
      for (const [name, body] of Object.entries(bodies)) {
        const cpu = process.cpuUsage();
        const startedAt = performance.now();
        await client.send(
          new PutObjectCommand({ Bucket: 'sink', Key: 'x', Body: body(), ContentLength: chunk.length * 77 }),
        );
        const wall = performance.now() - startedAt;
        const { user, system } = process.cpuUsage(cpu);
        if (round < 0) continue;
        const result = results.get(name) ?? { wall: [], cpu: 0 };
        result.wall.push(wall);
        result.cpu += (user + system) / 1000;
        results.set(name, result);
      }
    }
    const line = [...results].map(
      ([name, { wall, cpu }]) => `${name} ${ms(median(wall))} (processor ${ms(cpu / rounds)})`,
    );
    console.log(`  ${String(bytes / 1e6).padStart(4)} MB in 77 chunks: ${line.join(', ')}`);
  }
  client.destroy();
}

/** Lets a process that trusts this one's certificate put bodies here, where they are dropped. */
async function overTls(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 's3-bench-'));
  const files = await loopbackCertificate(folder);
  const sink = createServer({ key: await readFile(files.key), cert: await readFile(files.cert) });
  sink.on('request', (incoming: IncomingMessage, answer: ServerResponse) => {
    incoming.resume();
    incoming.on('end', () => answer.writeHead(200, { etag: '"sink"' }).end());
  });
  try {
    sink.listen(0, '127.0.0.1');
    await once(sink, 'listening');
    const { port } = sink.address() as AddressInfo;
    const child = fork(__filename, ['join', `https://127.0.0.1:${port}`], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: files.cert },
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`the measurement of bodies ended with ${code}`);
  } finally {
    sink.close();
    sink.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const [part, endpoint] = process.argv.slice(2);
  if (part === 'join') return joinOrStream(endpoint!);
  console.log('one PUT over TLS to a server that drops it, its chunks joined or streamed:');
  await overTls();
  const server = await startS3Server('versitygw');
  if (typeof server === 'string') {
    console.log(`not measured: ${server}`);
    return;
  }
  try {
    const plain = await server.bucket();
    await ticks(
      'S3 server on loopback',
      () => new S3Store({ client: server.client, bucket: plain, policy: EDGE_POLICY }),
    );
    const shim = await startShim({ server, latencyMs: { median: 5, p99: 40 }, seed: 5 });
    try {
      const added = await ticks(
        'directory bucket, 5 ms median and 40 ms p99 a request',
        () =>
          new S3Store({
            client: createS3Client({ endpoint: shim.url, region: REGION, credentials: server.credentials }),
            bucket: shim.directory,
            policy: EDGE_POLICY,
          }),
      );
      const verdict = added <= AIM_MS ? 'met' : 'MISSED';
      console.log(
        `  added by S3 (put, poll, get): median ${ms(added)}, aim at most ${AIM_MS} ms: ${verdict}`,
      );
    } finally {
      await shim.stop();
    }
  } finally {
    await server.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
