import { expect } from 'chai';
import {
  framesPerGop,
  framesPerSegment,
  FRAME_RATES,
  tickGrid,
  type FrameRate,
  type Ladder,
  type VideoRung,
} from '../../../encoder/contract';
import { ffmpegArguments, shedCommand, type EncodeJob } from '../../../encoder/ffmpeg/arguments';
import { openInputSockets } from '../../../encoder/ffmpeg/input-sockets';
import { encode, FfmpegUnderTest, secondsOf, type Track } from './ffmpeg-run';

const rung = (id: string, width: number, height: number, priority: number): VideoRung => ({
  ...{ id, codec: 'h264', bitDepth: 8, width, height, priority },
  ...{ bitrateKbps: 200, maxrateKbps: 220, bufferSeconds: 1 },
});
const ladder: Ladder = {
  description: 'two small rungs',
  video: [rung('large', 160, 96, 2), rung('small', 96, 64, 1)],
  audio: [{ id: 'audio', bitrateKbps: 64, channels: 2, language: 'en', name: 'English' }],
};
const jobAt = (frameRate: FrameRate, kind: 'test' | 'frames' = 'frames'): EncodeJob => ({
  source: { kind },
  ladder,
  frameRate,
  grid: tickGrid(frameRate, 'balanced'),
});

const frameNumbers = ({ fragments }: Track, { grid }: EncodeJob): number[] =>
  fragments.map(({ time }) => Number(time) / grid.frameTicks);
const keyFrames = (track: Track, job: EncodeJob): number[] =>
  frameNumbers(track, job).filter((_, i) => track.fragments[i]!.startsWithKeyFrame);
const count = (length: number): number[] => Array.from({ length }, (_, i) => i);

describe('shedding', function () {
  this.timeout(60_000);

  for (const kind of ['frames', 'test'] as const) {
    it(`drops four frames of five in two segments of one rung, and nothing else (source ${kind})`, async () => {
      const job = jobAt('29.97', kind);
      const segment = framesPerSegment(job.grid);
      const total = 6 * segment;
      const from = 2 * segment;
      const to = 4 * segment - 1;
      const sockets = await openInputSockets(job);
      const asked = { ...job, inputs: sockets.addresses };
      const run = new FfmpegUnderTest(asked, secondsOf(job, total), sockets);
      try {
        await run.command(shedCommand('large', { from, to }, segment));
        expect(run.fed, 'frames before ffmpeg read the command').to.be.below(from);
        await run.feed(total - run.fed);
        await run.end();
      } finally {
        await run.kill();
        await sockets.close();
      }
      const inRange = (n: number) => n >= from && n <= to;
      const dropped = (n: number) => inRange(n) && (n % segment) % 5 !== 0;
      const large = run.tracks.get('large')!;
      const small = run.tracks.get('small')!;
      expect(frameNumbers(large, job)).to.deep.equal(count(total).filter((n) => !dropped(n)));
      expect(frameNumbers(small, job)).to.deep.equal(count(total));
      const gops = count(total).filter((n) => n % framesPerGop(job.grid) === 0);
      expect(keyFrames(large, job)).to.deep.equal(gops.filter((n) => !inRange(n) || n % segment === 0));
      expect(keyFrames(small, job)).to.deep.equal(gops);
    });
  }

  for (const frameRate of ['23.976', '29.97'] as const) {
    it(`20 s and more at ${frameRate} fps: an IDR at every GOP and nowhere else`, async () => {
      const job = jobAt(frameRate, 'test');
      const frames = Math.ceil(22 * Number(frameRate));
      const tracks = await encode(job, frames);
      for (const { id } of ladder.video) {
        expect(frameNumbers(tracks.get(id)!, job), id).to.deep.equal(count(frames));
        expect(keyFrames(tracks.get(id)!, job), id).to.deep.equal(
          count(frames).filter((n) => n % framesPerGop(job.grid) === 0),
        );
      }
    });
  }

  for (const frameRate of FRAME_RATES) {
    it(`${frameRate} fps: for a week each forced key frame is a segment's first, with half a frame to spare to within 0.5 %`, () => {
      const job = jobAt(frameRate);
      const { grid } = job;
      const list = ffmpegArguments(job);
      const expression = list[list.indexOf('-force_key_frames') + 1]!;
      const [, scale, segmentTicks, half] = /^expr:gte\(t\*(\d+),n_forced\*(\d+)-([\d.]+)\)$/.exec(
        expression,
      )!;
      // As ffmpeg does it: t is the frame's number times the time base, as a double.
      const timeBase = grid.frameTicks / grid.timescale;
      const segment = framesPerSegment(grid);
      const value = (frame: number, forced: number): number =>
        frame * timeBase * Number(scale) - (forced * Number(segmentTicks) - Number(half));
      let least = Infinity;
      for (let forced = 0; forced < (7 * 86_400) / (segment * timeBase); forced++) {
        const first = forced * segment;
        // Forced at the segment's first frame, and at none before it; whatever was dropped between.
        least = Math.min(least, value(first, forced), -value(first - 1, forced));
      }
      expect(least).to.be.closeTo(grid.frameTicks / 2, grid.frameTicks / 200);
    });
  }
});
