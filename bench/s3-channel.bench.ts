/**
 * What S3 adds to a channel in the browser: the local channel over files and, in turn with it, over S3 (a real server
 * on loopback behind a shim that takes 5 ms median and 40 ms p99 a request), bundles filled up to 4 MB there. Delay from
 * the clock in the picture to the screen; and by part, what became of each bundle: put, poll, get.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import type { Announcement } from '../encoder/process';
import { loopbackCertificate, type CertificateFiles } from '../local/certificate';
import { launchBrowser, openPlayer, stats, type PlayerWindow } from '../tests/support/browser';
import { startS3Channel } from '../tests/support/s3-channel';
import { startS3Server, type S3Server } from '../tests/support/s3-server';
import type { BundleEvent } from './s3-channel-child';

const AIM_MS = 60;
/** More than a tick of the reference ladder: 74.7 Mbit/s x 0.333 s = 3.1 MB. */
const FILL_BYTES = 4_000_000;
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const SETTLE_MS = 10_000;
const WATCH_MS = Number(process.env['BENCH_SECONDS'] ?? 30) * 1000;

type Part = 'put' | 'poll' | 'get';
interface Run {
  readonly glassToGlass: readonly number[];
  readonly parts: Readonly<Record<Part, readonly number[]>>;
  readonly stalls: number;
  readonly bundleBytes: number;
}
type Way = 'files' | 'S3';

const at = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;
const median = (values: readonly number[]): number => at(values, 0.5);
const ms = (value: number): string => `${value.toFixed(0)} ms`.padStart(8);

/** A channel, watched by a browser. @param environment where the store is, by role */
async function watch(
  browser: Browser,
  tls: CertificateFiles,
  environment: (role: 'encoder' | 'origin') => NodeJS.ProcessEnv,
): Promise<Run> {
  const events: BundleEvent[] = [];
  const children: ChildProcess[] = [];
  const start = <T extends Announcement['type']>(role: 'encoder' | 'origin', until: T) =>
    new Promise<Extract<Announcement, { type: T }>>((resolve, reject) => {
      const child = fork(path.join(__dirname, 's3-channel-child.js'), {
        env: {
          PATH: process.env['PATH'],
          ...environment(role),
          ROLE: role,
          TLS_CERT: tls.cert,
          TLS_KEY: tls.key,
        },
      });
      children.push(child);
      child.once('exit', (code) => reject(new Error(`the ${role} ended with ${code}`)));
      child.on('message', (message: Announcement | BundleEvent) => {
        if (message.type === until) resolve(message as Extract<Announcement, { type: T }>);
        else if ('key' in message) events.push(message);
      });
    });
  try {
    await start('encoder', 'segment');
    const { ports } = await start('origin', 'listening');
    const page = await openPlayer(browser, `https://127.0.0.1:${ports['https']}/player/?channel=test`);
    await page.waitForTimeout(SETTLE_MS);
    const from = await page.evaluate(() => Date.now());
    await page.waitForTimeout(WATCH_MS);
    const glassToGlass = await page.evaluate(
      (since) =>
        (globalThis as unknown as PlayerWindow)
          .mediaPlayer!.samples.filter((sample) => sample.at >= since)
          .map(({ glassToGlassMs }) => glassToGlassMs),
      from,
    );
    const { stalls } = await stats(page);
    await page.context().close();
    const ticks = events.filter(({ type, from: began }) => type === 'put' && began >= from);
    return {
      glassToGlass,
      parts: byPart(ticks, events),
      stalls,
      bundleBytes: median(ticks.map(({ bytes }) => bytes)),
    };
  } finally {
    for (const child of children) await ended(child);
  }
}

/** Put: its time. Poll: from then until an origin has its head. Get: its media, once for all who watch. */
function byPart(ticks: readonly BundleEvent[], events: readonly BundleEvent[]): Run['parts'] {
  const first = (type: BundleEvent['type']) => {
    const found = new Map<string, BundleEvent>();
    for (const event of events) if (event.type === type && !found.has(event.key)) found.set(event.key, event);
    return found;
  };
  const [seen, read] = [first('seen'), first('read')];
  const parts: Record<Part, number[]> = { put: [], poll: [], get: [] };
  for (const { key, from, to } of ticks) {
    const [head, media] = [seen.get(key), read.get(key)];
    // The last ones may not have been asked for.
    if (!head || !media) continue;
    parts.put.push(to - from);
    parts.poll.push(head.to - to);
    parts.get.push(media.to - media.from);
  }
  return parts;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exit;
  clearTimeout(kill);
}

async function overFiles(browser: Browser, tls: CertificateFiles): Promise<Run> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 's3-channel-bench-'));
  try {
    return await watch(browser, tls, () => ({ STORE: `file:${folder}` }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function overS3(browser: Browser, tls: CertificateFiles, server: S3Server, seed: number): Promise<Run> {
  const channel = await startS3Channel(server, { latencyMs: { median: 5, p99: 40 }, seed });
  try {
    return await watch(browser, tls, (role) => ({
      ...channel.environment(role),
      FILL_BYTES: String(FILL_BYTES),
    }));
  } finally {
    await channel.stop();
  }
}

function line(name: string, { glassToGlass, parts, stalls, bundleBytes }: Run): string {
  const { put, poll, get } = parts;
  return (
    `  ${name.padEnd(6)} p50 ${ms(median(glassToGlass))}  p95 ${ms(at(glassToGlass, 0.95))}  stalls ${stalls}` +
    `   put ${ms(median(put))}  poll ${ms(median(poll))}  get ${ms(median(get))}` +
    `   ${glassToGlass.length} frames read, ${put.length} bundles of ${(bundleBytes / 1e6).toFixed(2)} MB`
  );
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 's3-channel-bench-'));
  const browser = await launchBrowser();
  try {
    const tls = await loopbackCertificate(folder);
    const runs: Record<Way, Run[]> = { files: [], S3: [] };
    console.log(`delay in the browser, ${WATCH_MS / 1000} s each after ${SETTLE_MS / 1000} s, medians:`);
    for (let round = 0; round < ROUNDS; round++) {
      const server = await startS3Server('versitygw');
      if (typeof server === 'string') {
        console.log(`  not measured: ${server}`);
        return;
      }
      try {
        const ways: Way[] = round % 2 === 0 ? ['files', 'S3'] : ['S3', 'files'];
        for (const way of ways) {
          const run =
            way === 'files' ? await overFiles(browser, tls) : await overS3(browser, tls, server, round + 1);
          runs[way].push(run);
          console.log(line(way, run));
        }
      } finally {
        await server.stop();
      }
    }
    const pairs = runs.S3.map((run, i) => median(run.glassToGlass) - median(runs.files[i]!.glassToGlass));
    const added = median(pairs);
    const more = (part: Part): string => {
      const of = (way: Way) => median(runs[way].flatMap(({ parts }) => parts[part]));
      return `${part} ${(of('S3') - of('files')).toFixed(0)} ms`;
    };
    console.log(
      `  added by S3, median of ${pairs.length} pairs: ${added.toFixed(0)} ms ` +
        `(${pairs.map((pair) => pair.toFixed(0)).join(', ')}); of it ${more('put')}, ${more('poll')}, ${more('get')}; ` +
        `at most ${AIM_MS} ms: ${added <= AIM_MS ? 'met' : 'missed'}`,
    );
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
