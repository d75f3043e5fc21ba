/**
 * What the conforming stage costs: raw pictures read from one process and written to another, as between the
 * decoding and the encoding ffmpeg, as fast as they go. Printed as the share of a core at the rate of a channel.
 */
import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { tickGrid, type FrameRate } from '../encoder/contract';
import { Mixer } from '../encoder/ingest/mixer';

const CHANNELS: readonly [name: string, bytes: number, rate: FrameRate][] = [
  ['1080p30, 8 bit', (1920 * 1080 * 3) / 2, '30'],
  ['1080p60, 8 bit', (1920 * 1080 * 3) / 2, '60'],
  ['2160p30, 10 bit', 3840 * 2160 * 3, '30'],
];
const SECONDS_OF_MEDIA = 4;

async function measure(bytes: number, rate: FrameRate): Promise<{ share: number; speed: number }> {
  const source = spawn('cat', ['/dev/zero'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const sink = spawn('cat', { stdio: ['pipe', 'ignore', 'inherit'] });
  const grid = tickGrid(rate, 'balanced');
  const frameMs = (1000 * grid.frameTicks) / grid.timescale;
  // A clock that follows the pictures: each is due when it comes.
  let now = 0;
  const mixer = new Mixer({ grid, tracks: 0, onInputLoss: 'repeat', slate: [], now: () => now });
  mixer.attach({ pictures: sink.stdin, sound: [] }, { onOverflow: () => undefined, onGap: () => undefined });
  const total = SECONDS_OF_MEDIA * Number(rate);
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await pictures(source.stdout, sink.stdin, bytes, total, (chunks, index) => {
    now = (index + 1) * frameMs;
    mixer.picture(Math.round(index * frameMs * 90), { bytes: chunks });
  });
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - startedAt) / 1000;
  mixer.close();
  source.kill();
  sink.kill();
  return { share: (user + system) / 1e6 / SECONDS_OF_MEDIA, speed: SECONDS_OF_MEDIA / seconds };
}

function pictures(
  source: Readable,
  sink: Writable,
  bytes: number,
  total: number,
  onPicture: (chunks: readonly Uint8Array[], index: number) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let chunks: Uint8Array[] = [];
    let length = 0;
    let index = 0;
    source.on('data', (chunk: Buffer) => {
      let rest: Uint8Array = chunk;
      while (length + rest.length >= bytes && index < total) {
        chunks.push(rest.subarray(0, bytes - length));
        rest = rest.subarray(bytes - length);
        onPicture(chunks, index++);
        chunks = [];
        length = 0;
      }
      chunks.push(rest);
      length += rest.length;
      if (index >= total) {
        source.removeAllListeners('data');
        resolve();
      } else if (sink.writableNeedDrain) {
        source.pause();
        sink.once('drain', () => source.resume());
      }
    });
  });
}

async function main(): Promise<void> {
  for (const [name, bytes, rate] of CHANNELS) {
    const { share, speed } = await measure(bytes, rate);
    const megabytes = (bytes * Number(rate)) / 1e6;
    console.log(
      `${name.padEnd(16)} ${megabytes.toFixed(0).padStart(4)} MB/s   ${(100 * share).toFixed(0)} % of a core, ${speed.toFixed(1)} times real time`,
    );
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
