/** A writer process that is fed from a recording at the speed of the clock, to be killed at any moment. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { LADDERS, tickGrid, type Profile } from '../../encoder/contract';
import { trackSpecs } from '../../encoder/ladder/track-specs';
import { packageGeneration } from '../../encoder/packager/packager';
import { SegmentWriter } from '../../encoder/packager/segment-writer';
import { takeOver, writeMissingSegments } from '../../encoder/packager/take-over';
import { openStores } from '../../encoder/store/open';
import { playFiles } from './recording';

async function main(): Promise<void> {
  const { STORE, CHANNEL, RECORDING, PROFILE } = process.env as Record<string, string>;
  const grid = tickGrid('30', PROFILE as Profile);
  const ladder = LADDERS.tiny;
  const tracks = trackSpecs(ladder);
  const stores = openStores(STORE!);
  const files = new Map(tracks.map(({ id }) => [id, path.join(RECORDING!, `${id}.mp4`)]));
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
  const startedAt = Date.now();
  const streams = playFiles(files, true);
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

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
