/** The packager alone in a process: one track from ffmpeg's pipe into a file store. Arguments: source, store folder. */
import { spawn } from 'node:child_process';
import { keys, tickGrid } from '../encoder/contract';
import { packageGeneration } from '../encoder/packager/packager';
import { SegmentWriter } from '../encoder/packager/segment-writer';
import { Evictor } from '../encoder/store/evictor';
import { FileStore } from '../encoder/store/file-store';

async function main(): Promise<void> {
  const [file, folder] = process.argv.slice(2) as [string, string];
  const store = new FileStore(folder);
  const stores = { edge: store, general: store };
  const grid = tickGrid('30', 'balanced');
  const evictor = new Evictor(stores, 'bench', { edge: 16, segments: 16, claims: 60 });
  const writer = new SegmentWriter(
    {
      stores,
      channel: 'bench',
      writer: 'bench',
      now: Date.now,
      onTick: ({ msn, tick }) => evictor.made('edge', keys.bundle('bench', msn, tick)),
      onSegment: ({ msn }, seconds) => {
        evictor.made('segments', keys.segment('bench', 'v', msn));
        void evictor.advance(seconds);
      },
    },
    { msn: 0, generation: 0, fresh: true, records: [], found: [] },
  );
  const ffmpeg = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-nostdin', '-re', '-stream_loop', '-1', '-i', file, '-c', 'copy'],
      ...['-video_track_timescale', String(grid.timescale)],
      ...[
        '-movflags',
        '+cmaf+frag_every_frame+empty_moov+default_base_moof+skip_trailer',
        '-f',
        'mp4',
        'pipe:1',
      ],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  process.once('SIGTERM', () => {
    ffmpeg.kill('SIGKILL');
    process.exit(0);
  });
  await packageGeneration({
    stores,
    channel: 'bench',
    writer,
    grid,
    tracks: [{ id: 'v', kind: 'video', peakBitrate: 55_000_000, averageBitrate: 50_000_000 }],
    streams: new Map([['v', ffmpeg.stdout]]),
    now: Date.now,
    signal: new AbortController().signal,
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
