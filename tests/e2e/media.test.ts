import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import {
  CLOCK_BLOCKS,
  clockAge,
  decodeClock,
  keys,
  LADDERS,
  partsPerSegment,
  tickGrid,
  type FrameRate,
  type LadderName,
  type SegmentRecord,
} from '../../encoder/contract';
import { Encoder } from '../../encoder/encoder';
import { trackSpecs } from '../../encoder/ladder/track-specs';
import type { Source } from '../../encoder/ffmpeg/arguments';
import { packageGeneration } from '../../encoder/packager/packager';
import { SegmentWriter } from '../../encoder/packager/segment-writer';
import { readBundle, readBundlePart } from '../../encoder/store/bundle';
import { lastClaim, readClaim } from '../../encoder/store/claims';
import { MemoryStore } from '../../encoder/store/memory-store';
import { createLogger } from '../../encoder/telemetry/log';
import { record } from '../support/recording';

const run = promisify(execFile);
const CHANNEL = 'media';

/** A channel's output in memory: everything that a viewer could fetch. */
interface Output {
  readonly store: MemoryStore;
  readonly records: readonly SegmentRecord[];
}

async function packageRecording(
  ladder: LadderName,
  seconds: number,
  frameRate: FrameRate = '30',
): Promise<Output> {
  const recording = await record({ ladder, seconds, frameRate });
  const store = new MemoryStore();
  const stores = { edge: store, general: store };
  const records: SegmentRecord[] = [];
  const position = { msn: 1000, generation: 0, fresh: true, records: [], found: [] };
  const writer = new SegmentWriter(
    { stores, channel: CHANNEL, writer: 'w', now: Date.now, onSegment: (record) => records.push(record) },
    position,
  );
  try {
    await packageGeneration({
      stores,
      channel: CHANNEL,
      writer,
      grid: recording.grid,
      tracks: trackSpecs(LADDERS[ladder]),
      streams: recording.play(),
      now: Date.now,
      signal: new AbortController().signal,
    });
    await writer.end({ final: true });
  } finally {
    await recording.remove();
  }
  return { store, records };
}

async function live(source: Source, frameRate: FrameRate, segments: number): Promise<Output> {
  const store = new MemoryStore();
  const records: SegmentRecord[] = [];
  const encoder: Encoder = new Encoder({
    channel: CHANNEL,
    source,
    ladder: LADDERS.tiny,
    frameRate,
    grid: tickGrid(frameRate, 'balanced'),
    stores: { edge: store, general: store },
    log: createLogger('test', 'error'),
    onSegment: (record) => {
      records.push(record);
      if (records.length === segments) encoder.leave();
    },
  });
  await encoder.done;
  return { store, records };
}

/** Runs an ffmpeg program over bytes; rejects with what it said on standard error. */
async function probe(
  bytes: Buffer,
  tool: 'ffmpeg' | 'ffprobe',
  args: (file: string) => string[],
): Promise<Buffer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'probe-'));
  const file = path.join(folder, 'in.mp4');
  try {
    await writeFile(file, bytes);
    const { stdout, stderr } = await run(tool, args(file), {
      encoding: 'buffer',
      maxBuffer: 1 << 28,
      timeout: 30_000,
    });
    if (stderr.length > 0) throw new Error(stderr.toString());
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const decode = (bytes: Buffer, ...options: string[]): Promise<Buffer> =>
  probe(bytes, 'ffmpeg', (file) => ['-v', 'error', '-xerror', '-i', file, ...options, 'pipe:1']);

async function packets(bytes: Buffer): Promise<{ pts: number; dts: number; key: boolean }[]> {
  const show = ['-show_entries', 'packet=pts,dts,flags', '-of', 'csv=p=0'];
  const csv = await probe(bytes, 'ffprobe', (file) => ['-v', 'error', ...show, file]);
  return csv
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(','))
    .map(([pts, dts, flags]) => ({
      pts: Number(pts),
      dts: Number(dts),
      key: flags?.startsWith('K') ?? false,
    }));
}

const init = async ({ store }: Output, record: SegmentRecord, id: string): Promise<Buffer> =>
  (await store.read(keys.init(CHANNEL, id, record.tracks[id]!.init)))!;

async function segments(output: Output, id: string): Promise<Buffer> {
  const media = await Promise.all(
    output.records.map(({ msn }) => output.store.read(keys.segment(CHANNEL, id, msn))),
  );
  return Buffer.concat([await init(output, output.records[0]!, id), ...media.map((bytes) => bytes!)]);
}

describe('what the packager makes of ffmpeg', function () {
  this.timeout(60_000);

  for (const ladder of ['tiny', 'hevc-720p', 'h264-1080p'] as const) {
    describe(`ladder ${ladder}`, () => {
      let output: Output;

      before(async function () {
        this.timeout(120_000);
        output = await packageRecording(ladder, 8.5);
      });

      it('gives whole segments whose bytes are those of their parts', async () => {
        expect(output.records.map(({ ticks }) => ticks)).to.deep.equal([12, 12, 1]);
        for (const { msn, ticks, tracks } of output.records) {
          for (const id of Object.keys(tracks)) {
            const parts: Buffer[] = [];
            for (let tick = 0; tick < ticks; tick++) {
              const bundle = (await readBundle(output.store, CHANNEL, msn, tick))!;
              const part = bundle.parts.find(({ rendition }) => rendition === id)!;
              parts.push((await readBundlePart(output.store, CHANNEL, bundle, part))!);
            }
            const segment = (await output.store.read(keys.segment(CHANNEL, id, msn)))!;
            expect(segment.equals(Buffer.concat(parts)), `${id} ${msn}`).to.equal(true);
          }
        }
      });

      it('decodes every rung from the first frame to the last, without a gap', async () => {
        for (const { id } of LADDERS[ladder].video) {
          const bytes = await segments(output, id);
          await decode(bytes, '-f', 'null');
          const found = await packets(bytes);
          expect(
            found.map(({ pts }) => pts),
            id,
          ).to.deep.equal(found.map((_, i) => i * 1000));
          expect(found.length).to.equal(250);
        }
        await decode(await segments(output, 'audio'), '-f', 'null');
      });

      it('puts the IDRs of every rung at the same frames, every 60, and nothing before them in decode order', async () => {
        for (const { id } of LADDERS[ladder].video) {
          const found = await packets(await segments(output, id));
          const keyFrames = found.flatMap(({ key }, i) => (key ? [i] : []));
          expect(keyFrames, id).to.deep.equal([0, 60, 120, 180, 240]);
          expect(
            found.every(({ pts, dts }) => pts === dts),
            `${id} has no reordering`,
          ).to.equal(true);
        }
      });

      it('decodes each independent part alone with its init', async () => {
        const { msn, tracks } = output.records[1]!;
        for (const { id } of LADDERS[ladder].video) {
          const independent: number[] = [];
          for (let tick = 0; tick < partsPerSegment(tickGrid('30', 'balanced')); tick++) {
            const bundle = (await readBundle(output.store, CHANNEL, msn, tick))!;
            const part = bundle.parts.find(({ rendition }) => rendition === id)!;
            if (!part.independent) continue;
            independent.push(tick);
            const media = (await readBundlePart(output.store, CHANNEL, bundle, part))!;
            const bytes = Buffer.concat([
              (await output.store.read(keys.init(CHANNEL, id, tracks[id]!.init)))!,
              media,
            ]);
            const frames = await decode(bytes, '-f', 'rawvideo', '-vf', 'scale=2:2', '-pix_fmt', 'gray');
            expect(frames.length / 4, `${id} part ${tick}`).to.equal(10);
          }
          expect(independent).to.deep.equal([0, 6]);
        }
      });

      it('says in CODECS what the bitstream is', async () => {
        const claim = (await lastClaim(output.store, CHANNEL))!;
        for (const rung of LADDERS[ladder].video) {
          const rendition = claim.renditions.find(({ id }) => id === rung.id)!;
          expect(rendition.codecs).to.match(
            rung.codec === 'hevc' ? /^hvc1\.1\.6\.L\d+/ : /^avc1\.[0-9a-f]{6}$/,
          );
          expect([rendition.width, rendition.height]).to.deep.equal([rung.width, rung.height]);
        }
      });
    });
  }

  it('keeps 29.97 frames a second on their grid: PTS in steps of 1001', async () => {
    const output = await packageRecording('tiny', 5, '29.97');
    const found = await packets(await segments(output, '360p'));
    expect(found.map(({ pts }) => pts)).to.deep.equal(found.map((_, i) => i * 1001));
  });
});

describe('the test source', function () {
  this.timeout(60_000);
  let output: Output;

  before(async () => {
    output = await live({ kind: 'test' }, '30', 3);
  });

  it('carries the wall clock in every frame of every rung, and PROGRAM-DATE-TIME agrees with it', async () => {
    for (const id of ['360p', '234p']) {
      for (const { msn, anchor } of output.records) {
        const media = (await output.store.read(keys.segment(CHANNEL, id, msn)))!;
        const bytes = Buffer.concat([await init(output, output.records[0]!, id), media]);
        const crop = `crop=iw:trunc(ih/24):0:trunc(ih/48),scale=${CLOCK_BLOCKS}:1:flags=area`;
        const rows = await decode(bytes, '-vf', crop, '-f', 'rawvideo', '-pix_fmt', 'gray');
        expect(rows.length).to.equal(120 * CLOCK_BLOCKS);
        for (let frame = 0; frame < 120; frame++) {
          const clock = decodeClock(rows.subarray(frame * CLOCK_BLOCKS, (frame + 1) * CLOCK_BLOCKS));
          const error = clock === undefined ? NaN : clockAge(clock, anchor + (frame * 1000) / 30);
          expect(Math.abs(error), `${id} ${msn} frame ${frame}`).to.be.lessThan(34);
        }
      }
    }
  });

  it('beeps on the second, in step with the picture to within 2 ms', async () => {
    const samples = await decode(await segments(output, 'audio'), '-f', 's16le', '-ac', '1');
    const level = (at: number) => Math.abs(samples.readInt16LE(at * 2));
    for (const second of [1, 2, 5, 9]) {
      let onset = Math.round((second - 0.1) * 48_000);
      while (level(onset) < 1500) onset++;
      expect(onset / 48 - second * 1000, `ms after second ${second}`).to.be.within(-2, 2);
    }
  });
});

describe('a file source', function () {
  this.timeout(60_000);

  it('loops without a discontinuity', async () => {
    const file = path.resolve('tests/fixtures/media/bigbuckbunny.mp4');
    const output = await live({ kind: 'file', path: file, loop: true }, '25', 3);
    expect(output.records.length).to.be.within(3, 4);
    expect(output.records.every(({ generation, ticks }) => generation === 0 && ticks === 12)).to.equal(true);
    const found = await packets(await segments(output, '360p'));
    expect(found.map(({ pts }) => pts)).to.deep.equal(found.map((_, i) => i * 1000));
    await decode(await segments(output, 'audio'), '-f', 'null');
  });

  it('that does not loop ends the programme at its end', async () => {
    const file = path.resolve('tests/fixtures/media/bigbuckbunny.mp4');
    const output = await live({ kind: 'file', path: file, loop: false }, '25', 99);
    const last = (await lastClaim(output.store, CHANNEL))!;
    const ended = output.records.at(-1)!;
    const end = await readBundle(output.store, CHANNEL, ended.msn, ended.ticks);
    expect(end?.end).to.deep.equal({ final: true });
    expect((await readClaim(output.store, CHANNEL, ended.msn))!.generation).to.equal(last.generation);
    const seconds = output.records.reduce((sum, { ticks }) => sum + ticks * 0.32, 0);
    expect(seconds).to.be.within(4.8, 5.4);
  });
});
