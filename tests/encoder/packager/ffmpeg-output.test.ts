import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { createFile, MP4BoxBuffer, type Movie } from 'mp4box';
import {
  AAC_FRAME_SAMPLES,
  CLOCK_BLOCKS,
  framesPerGop,
  framesPerSegment,
  LADDERS,
  tickGrid,
  type AudioSampleRate,
  type FrameRate,
  type LadderName,
  type TickGrid,
} from '../../../encoder/contract';
import { descriptors, ffmpegArguments, trackIds } from '../../../encoder/ffmpeg/arguments';
import { TickAssembler, type Tick } from '../../../encoder/packager/assembler';
import { BoxReader, type Fragment } from '../../../encoder/packager/box-reader';
import { PartCutter, type TrackPart } from '../../../encoder/packager/cutter';
import type { InitSegment } from '../../../encoder/packager/init';

const run = promisify(execFile);
/** No child lives longer. */
const KILL_MS = 40_000;

interface Track {
  readonly id: string;
  readonly kind: 'video' | 'audio';
  readonly chunks: Buffer[];
  readonly inits: InitSegment[];
  readonly fragments: Fragment[];
}

interface Encoded {
  readonly grid: TickGrid;
  readonly tracks: readonly Track[];
  readonly ticks: readonly Tick[];
}

interface Encode {
  readonly ladder: LadderName;
  readonly frameRate: FrameRate;
  readonly audioSampleRate: AudioSampleRate;
  readonly frames: number;
}

/** The encoder's own ffmpeg on its own test source, read from its pipes as the packager reads them. */
async function encode({ ladder: name, frameRate, audioSampleRate, frames }: Encode): Promise<Encoded> {
  const ladder = LADDERS[name];
  const grid = tickGrid(frameRate, 'balanced', audioSampleRate);
  const seconds = String((frames * grid.frameTicks) / grid.timescale);
  const job = { source: { kind: 'test' }, ladder, frameRate, grid } as const;
  const fds = descriptors(job);
  const live = ffmpegArguments(job);
  const limited = live.flatMap((argument) =>
    argument === '-flush_packets' ? ['-t', seconds, argument] : [argument],
  );
  const outputs = live.filter((argument) => argument === '-flush_packets').length;
  const ids = trackIds(ladder);
  expect(outputs, 'outputs that are limited in time').to.equal(ids.length);

  const child = spawn('ffmpeg', limited, {
    stdio: ['ignore', 'ignore', 'pipe', 'ignore', 'pipe', ...ids.map(() => 'pipe' as const)],
    timeout: KILL_MS,
    killSignal: 'SIGKILL',
  });
  const closed = new Promise<[code: number | null, signal: NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve([code, signal]));
  });
  let log = '';
  child.stderr!.on('data', (text: Buffer) => (log += text.toString()));
  // A row a frame paces the encoder; all at once here, so it goes as fast as it can.
  (child.stdio[fds.pictures] as Writable).end(Buffer.alloc(frames * CLOCK_BLOCKS, 16));

  const ticks: Tick[] = [];
  const assembler = new TickAssembler(ids, (tick) => ticks.push(tick));
  const failures: unknown[] = [];
  const parts = new Map<string, TrackPart[]>();
  const tracks = ids.map((id): Track => {
    const kind = ladder.audio.some((rung) => rung.id === id) ? 'audio' : 'video';
    const track: Track = { id, kind, chunks: [], inits: [], fragments: [] };
    const mine: TrackPart[] = [];
    parts.set(id, mine);
    const cutter = new PartCutter(kind, id, grid, (part) => mine.push(part));
    const reader = new BoxReader({
      init: (init) => track.inits.push(init),
      fragment: (fragment) => {
        track.fragments.push(fragment);
        cutter.push(fragment);
      },
    });
    (child.stdio[fds.tracks.get(id)!] as Readable)
      .on('data', (chunk: Buffer) => {
        track.chunks.push(chunk);
        try {
          if (failures.length === 0) reader.push(chunk);
        } catch (error) {
          failures.push(error);
        }
      })
      .on('end', () => {
        try {
          if (failures.length === 0) reader.end();
        } catch (error) {
          failures.push(error);
        }
      });
    return track;
  });
  expect(await closed, log).to.deep.equal([0, null]);
  if (failures.length > 0) throw failures[0];
  // Not at the speed of the clock, tracks run apart: their order is put right before they meet.
  const last = Math.max(...[...parts.values()].map((list) => list.length));
  for (let tick = 0; tick < last; tick++) {
    for (const [id, list] of parts) for (const part of list.slice(tick, tick + 1)) assembler.push(id, part);
  }
  return { grid, tracks, ticks };
}

interface Probed {
  readonly codec_name: string;
  readonly codec_tag_string: string;
  readonly profile: string;
  readonly level?: number;
  readonly width?: number;
  readonly height?: number;
  readonly time_base: string;
  readonly sample_rate?: string;
  readonly channels?: number;
  readonly has_b_frames?: number;
}

async function inFile<T>(bytes: Buffer, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'packager-'));
  try {
    const file = path.join(folder, 'track.mp4');
    await writeFile(file, bytes);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const ffprobe = async <T>(file: string, ...show: string[]): Promise<T> => {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-of', 'json', ...show, file], {
    timeout: KILL_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout) as T;
};

const probe = (bytes: Buffer): Promise<Probed> =>
  inFile(bytes, async (file) => (await ffprobe<{ streams: Probed[] }>(file, '-show_streams')).streams[0]!);

/** What another parser says of an init segment. */
function mp4box(bytes: Buffer): Movie['tracks'][number] {
  const file = createFile();
  const movies: Movie[] = [];
  file.onReady = (movie) => movies.push(movie);
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(new Uint8Array(bytes).buffer, 0));
  expect(movies).to.have.length(1);
  return movies[0]!.tracks[0]!;
}

const hex = (value: number): string => value.toString(16).padStart(2, '0');
const PROFILE_IDC: Readonly<Record<string, string>> = {
  High: '64',
  Main: '4d',
  'Constrained Baseline': '42',
};

/** The codec string that ffprobe's profile and level make, up to what it does not say. */
function codecsByFfprobe({ codec_name, codec_tag_string, profile, level = 0 }: Probed): RegExp {
  if (codec_name === 'h264') return new RegExp(`^avc1\\.${PROFILE_IDC[profile]}[0-9a-f]{2}${hex(level)}$`);
  if (codec_name === 'aac' && profile === 'LC') return /^mp4a\.40\.2$/;
  const main = { Main: '1\\.6', 'Main 10': '2\\.4' }[profile];
  if (codec_name === 'hevc' && main)
    return new RegExp(`^${codec_tag_string}\\.${main}\\.[LH]${level}\\.[0-9A-F.]+$`);
  throw new Error(`no codec string for ${codec_name} ${profile}`);
}

/** Which profile it is, ffprobe says: x264's fastest preset leaves out what High and Main need. */
const H264 = /^avc1\.(?:42c0|4d40|6400)[0-9a-f]{2}$/;

const jobs: (Encode & { codecs: Record<string, RegExp> })[] = [
  {
    ladder: 'tiny',
    frameRate: '29.97',
    audioSampleRate: 44_100,
    frames: 135,
    codecs: { '360p': H264, '234p': H264, audio: /^mp4a\.40\.2$/ },
  },
  {
    ladder: 'hevc-720p',
    frameRate: '25',
    audioSampleRate: 48_000,
    frames: 107,
    codecs: { 'hevc-720p': /^hvc1\.1\.6\.L93\./, '360p': H264, audio: /^mp4a\.40\.2$/ },
  },
];

describe('what ffmpeg makes for the packager', function () {
  this.timeout(2 * KILL_MS);

  for (const job of jobs) {
    describe(`ladder ${job.ladder} at ${job.frameRate} fps and ${job.audioSampleRate} Hz`, () => {
      const ladder = LADDERS[job.ladder];
      let encoded: Encoded;

      before(async () => {
        encoded = await encode(job);
      });

      it('is read whole: the init, then every byte of every fragment', () => {
        for (const { chunks, inits, fragments } of encoded.tracks) {
          expect(inits).to.have.length(1);
          const read = Buffer.concat([inits[0]!.bytes, ...fragments.flatMap(({ bytes }) => bytes)]);
          expect(read.equals(Buffer.concat(chunks))).to.equal(true);
        }
      });

      it('has codec strings that ffprobe, mp4box and the ladder agree with', async () => {
        for (const { id, inits, chunks } of encoded.tracks) {
          const { codecs, bytes } = inits[0]!;
          expect(codecs, id).to.match(job.codecs[id]!);
          expect(codecs, id).to.match(codecsByFfprobe(await probe(Buffer.concat(chunks))));
          expect(codecs, id).to.equal(mp4box(bytes).codec);
        }
      });

      it('has the sizes of the ladder and the timescales of the grid', async () => {
        for (const { id, kind, inits, chunks } of encoded.tracks) {
          const { width, height, channels, sampleRate, timescale, ...init } = inits[0]!;
          const probed = await probe(Buffer.concat(chunks));
          expect(init.kind).to.equal(kind);
          expect(probed.time_base).to.equal(`1/${timescale}`);
          if (kind === 'video') {
            const rung = ladder.video.find((one) => one.id === id)!;
            expect({ width, height }).to.deep.equal({ width: rung.width, height: rung.height });
            expect({ width: probed.width, height: probed.height }).to.deep.equal({ width, height });
            expect(timescale).to.equal(encoded.grid.timescale);
            expect(probed.has_b_frames, 'frames that are shown out of order').to.equal(0);
          } else {
            expect({ channels, sampleRate }).to.deep.equal({ channels: 2, sampleRate: job.audioSampleRate });
            expect([probed.channels, probed.sample_rate]).to.deep.equal([channels, String(sampleRate)]);
            expect(timescale).to.equal(job.audioSampleRate);
          }
        }
      });

      it('has a fragment a frame from 0 on, with key frames where GOPs begin and nowhere else', () => {
        for (const { id, kind, fragments } of encoded.tracks) {
          const ticks = kind === 'video' ? encoded.grid.frameTicks : AAC_FRAME_SAMPLES;
          const whole = kind === 'video' ? fragments : fragments.slice(0, -1);
          if (kind === 'video') expect(fragments, id).to.have.length(job.frames);
          expect(whole.map(({ time, duration, samples }) => [time, duration, samples])).to.deep.equal(
            whole.map((_, i) => [BigInt(i) * BigInt(ticks), ticks, 1]),
          );
          const keys = fragments.flatMap(({ startsWithKeyFrame }, i) => (startsWithKeyFrame ? [i] : []));
          const expected = fragments
            .map((_, i) => i)
            .filter((i) => kind === 'audio' || i % framesPerGop(encoded.grid) === 0);
          expect(keys, id).to.deep.equal(expected);
        }
        expect(job.frames).to.be.above(framesPerSegment(encoded.grid));
      });

      it('has the beep of each second where it belongs, within 5 ms: no encoder delay is left in the sound', async () => {
        const { chunks } = encoded.tracks.find(({ kind }) => kind === 'audio')!;
        const samples = await inFile(Buffer.concat(chunks), async (file) => {
          const decode = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-i', file];
          const { stdout } = await run(
            'ffmpeg',
            [...decode, '-ac', '1', '-t', '10', '-f', 'f32le', 'pipe:1'],
            {
              timeout: KILL_MS,
              killSignal: 'SIGKILL',
              encoding: 'buffer',
              maxBuffer: 1 << 26,
            },
          );
          return new Float32Array(new Uint8Array(stdout).buffer);
        });
        const hz = job.audioSampleRate;
        const onsets = [1, 2, 3].map((second) => {
          const from = (second - 0.5) * hz;
          return (from + samples.subarray(from).findIndex((level) => Math.abs(level) > 0.05)) / hz;
        });
        onsets.forEach((onset, i) => expect(onset).to.be.closeTo(i + 1, 0.005));
      });

      it('gives ticks in which every rendition begins at the same time, audio less than a frame earlier', () => {
        const { grid, ticks, tracks } = encoded;
        expect(ticks.map(({ index }) => index)).to.deep.equal(
          Array.from({ length: Math.floor(job.frames / grid.framesPerPart) }, (_, i) => i),
        );
        for (const { index, parts } of ticks) {
          expect([...parts.keys()].sort()).to.deep.equal(tracks.map(({ id }) => id).sort());
          const begins = (index * grid.framesPerPart * grid.frameTicks) / grid.timescale;
          for (const { id, kind } of tracks) {
            const part = parts.get(id)!;
            if (kind === 'video') {
              expect(part.start / grid.timescale).to.equal(begins);
              expect(part.independent).to.equal(index % grid.partsPerGop === 0);
            } else {
              const behind = begins - part.start / grid.audioSampleRate;
              expect(behind).to.be.within(0, AAC_FRAME_SAMPLES / grid.audioSampleRate - 1e-9);
            }
          }
        }
      });
    });
  }

  const single = async (output: string[], seconds: string): Promise<Buffer> => {
    const source = ['-f', 'lavfi', '-t', seconds, '-i', 'testsrc2=size=320x180:rate=30000/1001'];
    const { stdout } = await run(
      'ffmpeg',
      [
        '-hide_banner',
        '-nostdin',
        '-loglevel',
        'error',
        ...source,
        ...output,
        '-t',
        seconds,
        '-f',
        'mp4',
        'pipe:1',
      ],
      { timeout: KILL_MS, killSignal: 'SIGKILL', encoding: 'buffer', maxBuffer: 1 << 26 },
    );
    return stdout;
  };
  const read = (bytes: Buffer): Pick<Track, 'inits' | 'fragments'> => {
    const result: Pick<Track, 'inits' | 'fragments'> = { inits: [], fragments: [] };
    const reader = new BoxReader({
      init: (init) => result.inits.push(init),
      fragment: (fragment) => result.fragments.push(fragment),
    });
    reader.push(bytes);
    reader.end();
    return result;
  };

  const profiles: [string, string[], RegExp][] = [
    [
      '10-bit HEVC',
      ['-c:v', 'libx265', '-x265-params', 'log-level=error', '-pix_fmt', 'yuv420p10le', '-tag:v', 'hvc1'],
      /^hvc1\.2\.4\.L60\.90$/,
    ],
    [
      'HEVC without -tag:v hvc1',
      ['-c:v', 'libx265', '-x265-params', 'log-level=error', '-pix_fmt', 'yuv420p'],
      /^hev1\.1\.6\.L60\.90$/,
    ],
    [
      'H.264 Main',
      ['-c:v', 'libx264', '-profile:v', 'main', '-pix_fmt', 'yuv420p'],
      /^avc1\.4d40[0-9a-f]{2}$/,
    ],
    [
      'H.264 High',
      ['-c:v', 'libx264', '-profile:v', 'high', '-pix_fmt', 'yuv420p'],
      /^avc1\.6400[0-9a-f]{2}$/,
    ],
    [
      'H.264 Constrained Baseline',
      ['-c:v', 'libx264', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p'],
      /^avc1\.42c0[0-9a-f]{2}$/,
    ],
  ];
  for (const [name, output, codecs] of profiles) {
    it(`has a codec string of ${name} that ffprobe and mp4box agree with`, async () => {
      const bytes = await single(
        [...output, '-preset', 'superfast', '-movflags', '+frag_every_frame+empty_moov'],
        '0.2',
      );
      const init = read(bytes).inits[0]!;
      expect(init.codecs).to.match(codecs);
      expect(init.codecs).to.match(codecsByFfprobe(await probe(bytes)));
      expect(init.codecs).to.equal(mp4box(init.bytes).codec);
    });
  }

  it('is read as ffprobe reads it, with B-frames and many samples a fragment', async () => {
    const bytes = await single(
      [
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-bf',
        '2',
        '-g',
        '20',
        '-keyint_min',
        '20',
        '-sc_threshold',
        '0',
      ].concat([
        '-pix_fmt',
        'yuv420p',
        '-video_track_timescale',
        '30000',
        '-movflags',
        '+frag_keyframe+empty_moov+default_base_moof',
      ]),
      '3',
    );
    const { packets } = await inFile(bytes, (file) =>
      ffprobe<{ packets: { dts: number; duration: number; flags: string }[] }>(file, '-show_packets'),
    );
    const { fragments } = read(bytes);
    let at = 0;
    const offset = BigInt(packets[0]!.dts) - fragments[0]!.time;
    for (const fragment of fragments) {
      const mine = packets.slice(at, at + fragment.samples);
      at += fragment.samples;
      expect(fragment.time + offset).to.equal(BigInt(mine[0]!.dts));
      expect(fragment.duration).to.equal(mine.reduce((sum, { duration }) => sum + duration, 0));
      expect(fragment.startsWithKeyFrame).to.equal(mine[0]!.flags.startsWith('K'));
      expect(fragment.laterKeyFrame).to.equal(mine.slice(1).some(({ flags }) => flags.startsWith('K')));
    }
    expect(at).to.equal(packets.length);
    expect(fragments.map(({ samples }) => samples)).to.deep.equal([20, 20, 20, 20, 10]);
  });
});
