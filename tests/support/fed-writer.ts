/** A writer process that is fed from a recording at the speed of the clock, to be killed at any moment. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { LADDERS, tickGrid, type Profile } from '../../encoder/contract';
import { trackSpecs } from '../../encoder/encoder';
import { BoxReader } from '../../encoder/packager/box-reader';
import { packageGeneration } from '../../encoder/packager/packager';
import { SegmentWriter } from '../../encoder/packager/segment-writer';
import { takeOver, writeMissingSegments } from '../../encoder/packager/take-over';
import { openStores } from '../../encoder/store/open';

/** When each fragment of a track is due, in milliseconds, and its bytes; the init goes with the first. */
function schedule(file: string): { dueMs: number; bytes: Uint8Array[] }[] {
  const fragments: { dueMs: number; bytes: Uint8Array[] }[] = [];
  let timescale = 1;
  let init: Uint8Array[] = [];
  const reader = new BoxReader({
    init: (found) => {
      timescale = found.timescale;
      init = [found.bytes];
    },
    fragment: ({ time, duration, bytes }) => {
      fragments.push({ dueMs: (1000 * (Number(time) + duration)) / timescale, bytes: [...init, ...bytes] });
      init = [];
    },
  });
  reader.push(readFileSync(file));
  return fragments;
}

async function main(): Promise<void> {
  const { STORE, CHANNEL, RECORDING, PROFILE } = process.env as Record<string, string>;
  const grid = tickGrid('30', PROFILE as Profile);
  const ladder = LADDERS.tiny;
  const tracks = trackSpecs(ladder);
  const stores = openStores(STORE!);
  const schedules = new Map(tracks.map(({ id }) => [id, schedule(path.join(RECORDING!, `${id}.mp4`))]));
  const writer = randomUUID();
  const position = await takeOver({
    stores,
    channel: CHANNEL!,
    writer,
    grid,
    renditions: tracks.map(({ id }) => id),
    now: Date.now,
    signal: new AbortController().signal,
  });
  const repair = writeMissingSegments(stores, position.found);
  const segmentWriter = new SegmentWriter(
    {
      stores,
      channel: CHANNEL!,
      writer,
      now: Date.now,
      onTick: ({ msn, tick }) => process.send?.({ msn, tick }),
    },
    position,
  );
  process.once('SIGTERM', () => segmentWriter.leave());
  const streams = new Map(tracks.map(({ id }) => [id, new PassThrough()]));
  const startedAt = Date.now();
  for (const [id, fragments] of schedules) void feed(streams.get(id)!, fragments, startedAt);
  await packageGeneration({
    stores,
    channel: CHANNEL!,
    writer: segmentWriter,
    grid,
    tracks,
    streams,
    now: Date.now,
    firstFrameMs: () => startedAt,
    signal: new AbortController().signal,
  });
  await segmentWriter.end({ final: false });
  await repair;
  process.exit(0);
}

async function feed(
  stream: PassThrough,
  fragments: { dueMs: number; bytes: Uint8Array[] }[],
  startedAt: number,
): Promise<void> {
  for (const { dueMs, bytes } of fragments) {
    const wait = startedAt + dueMs - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    for (const chunk of bytes) stream.write(chunk);
  }
  stream.end();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
