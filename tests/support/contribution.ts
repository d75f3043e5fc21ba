/** A channel whose source is a contribution stream, with real decoders and encoders, in the test's own process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { LADDERS, tickGrid, type FrameRate, type Ladder, type TickGrid } from '../../encoder/contract';
import { Encoder } from '../../encoder/encoder';
import { trackIds } from '../../encoder/ffmpeg/arguments';
import { pictureFormat } from '../../encoder/ffmpeg/job';
import type { OnInputLoss } from '../../encoder/ingest/conform';
import { Input } from '../../encoder/ingest/input';
import { Mixer } from '../../encoder/ingest/mixer';
import { slatePicture } from '../../encoder/ingest/slate';
import { lintPlaylists } from '../../encoder/lint';
import { MemoryStore } from '../../encoder/store/memory-store';
import { startRig, type Rig } from '../encoder/origin/rig';

export const CHANNEL = 'contribution';

/** One rung of 416x234 and one of sound: four channels at a time are no strain for two cores. */
export const SMALL: Ladder = { ...LADDERS.tiny, video: [LADDERS.tiny.video[1]] };

export interface ChannelOptions {
  readonly onInputLoss?: OnInputLoss;
  readonly ladder?: Ladder;
  readonly frameRate?: FrameRate;
}

interface Events {
  segment: [complete: number];
  tick: [msn: number, tick: number];
}

export class ContributionChannel extends EventEmitter<Events> {
  readonly grid: TickGrid;
  readonly mixer: Mixer;
  readonly logged: string[] = [];
  readonly #input: Input;
  readonly #encoder: Encoder;
  readonly #rig: Rig;
  readonly #ids: readonly string[];
  #complete = 0;
  #first: number | undefined;

  private constructor(
    grid: TickGrid,
    ladder: Ladder,
    mixer: Mixer,
    rig: Rig,
    options: ChannelOptions,
    stores: MemoryStore,
  ) {
    super();
    this.grid = grid;
    this.mixer = mixer;
    this.#rig = rig;
    this.#ids = trackIds(ladder);
    const log = pino({ level: 'info' }, { write: (line: string) => void this.logged.push(line) });
    let services: readonly string[] = [];
    this.#input = new Input({
      ladder,
      picture: pictureFormat(ladder, 'software'),
      framesPerSecond: grid.timescale / grid.frameTicks,
      sampleRate: grid.audioSampleRate,
      hardware: false,
      mixer,
      log,
      onCaptions: (seen) => (services = seen),
    });
    this.#encoder = new Encoder({
      channel: CHANNEL,
      source: { kind: 'frames' },
      mixer,
      ladder,
      frameRate: options.frameRate ?? '30',
      grid,
      stores: { edge: stores, general: stores },
      log,
      captions: () => services.map((service) => ({ service })),
      onTick: ({ msn, tick }) => {
        this.#first ??= msn;
        this.emit('tick', msn - this.#first, tick);
      },
      onSegment: () => this.emit('segment', ++this.#complete),
    });
  }

  static async start(options: ChannelOptions = {}): Promise<ContributionChannel> {
    const ladder = options.ladder ?? SMALL;
    const grid = tickGrid(options.frameRate ?? '30', 'balanced');
    const picture = pictureFormat(ladder, 'software');
    const mixer = new Mixer({
      grid,
      tracks: ladder.audio.length,
      onInputLoss: options.onInputLoss ?? 'slate',
      slate: [await slatePicture(picture)],
    });
    const stores = new MemoryStore();
    const rig = await startRig({ stores: { edge: stores, general: stores } });
    return new ContributionChannel(grid, ladder, mixer, rig, options, stores);
  }

  get firstMsn(): number {
    return this.#first!;
  }

  /** A caller whose bytes are what the returned stream is given. */
  call(container: 'mpegts' | 'flv' = 'mpegts'): PassThrough {
    const media = new PassThrough({ highWaterMark: 64 * 1024 * 1024 });
    this.#input.accept({ container, address: '127.0.0.1:1', media });
    return media;
  }

  /** Resolves when so many segments are complete. */
  async segments(count: number): Promise<void> {
    while (this.#complete < count) await once(this, 'segment');
  }

  /** The rendition's playlist when it holds so many complete segments; of those alone. */
  async playlist(rendition: string, segments: number): Promise<string> {
    await this.segments(segments);
    const { text } = await this.ask(`${rendition}.m3u8?_HLS_msn=${this.firstMsn + segments - 1}`);
    return normalised(text, this.firstMsn, segments);
  }

  /** Resolves when this tick is in the store; segments count from the first. */
  async tick(segment: number, tick: number): Promise<void> {
    for (;;) {
      const [msn, at] = (await once(this, 'tick')) as [number, number];
      if (msn > segment || (msn === segment && at >= tick)) return;
    }
  }

  /** A segment with its init, as a file that can be decoded. */
  async segment(rendition: string, index: number): Promise<Buffer> {
    await this.segments(index + 1);
    const { text } = await this.ask(`${rendition}.m3u8?_HLS_msn=${this.firstMsn + index}`);
    const before = text.slice(0, text.indexOf(`s/${rendition}/${this.firstMsn + index}.m4s`));
    const init = [...before.matchAll(/#EXT-X-MAP:URI="([^"]+)"/g)].at(-1)![1]!;
    const bodies = await Promise.all(
      [init, `s/${rendition}/${this.firstMsn + index}.m4s`].map((uri) => this.ask(uri)),
    );
    return Buffer.concat(bodies.map(({ body }) => body));
  }

  /** What the linter finds wrong with the playlists as they are now. */
  async faults(): Promise<string[]> {
    const names = ['index', ...this.#ids].map((id) => `${id}.m3u8`);
    const answers = await Promise.all(names.map((name) => this.ask(name)));
    const snapshots = answers.map(({ text }, i) => ({ url: `http://channel/${names[i]!}`, text }));
    const { findings } = lintPlaylists(snapshots);
    return findings
      .filter(({ severity }) => severity === 'error')
      .map(({ rule, found, place }) => `${rule} at ${place.url}: ${found}`);
  }

  async ask(name: string): ReturnType<Rig['ask']> {
    const answer = await this.#rig.ask(`/live/${CHANNEL}/${name}`);
    if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.text}`);
    return answer;
  }

  async close(): Promise<void> {
    this.#encoder.finish();
    await this.#encoder.done;
    await this.#input.close();
    this.mixer.close();
    await this.#rig.close();
  }
}

/** Numbers count from the first segment, times from its first picture, inits are named in the order of their coming. */
function normalised(text: string, firstMsn: number, segments: number): string {
  const inits = new Map<string, string>();
  let first: number | undefined;
  const lines = text
    .trim()
    .split('\n')
    .map((line) =>
      line
        .replace(/PROGRAM-DATE-TIME:(.*)/, (_, date: string) => {
          const at = Date.parse(date);
          first ??= at;
          // Printed in whole milliseconds, of which the first one's fraction decides the last digit.
          return `PROGRAM-DATE-TIME:+${((at - first) / 1000).toFixed(2)}`;
        })
        .replace(/[0-9a-f]{32}/, (hash) => {
          if (!inits.has(hash)) inits.set(hash, `init${inits.size}`);
          return inits.get(hash)!;
        })
        .replace(
          /(MEDIA-SEQUENCE:|LAST-MSN=|\/)(\d{6,})/,
          (_, before: string, msn: string) => `${before}${Number(msn) - firstMsn}`,
        ),
    );
  let seen = 0;
  const end = lines.findIndex((line) => /^s\//.test(line) && ++seen === segments);
  return `${lines.slice(0, end + 1).join('\n')}\n`;
}

export interface Pusher {
  readonly child: ChildProcess;
  /** Resolves when it has sent everything. */
  readonly ended: Promise<void>;
}

const pushers = new Set<ChildProcess>();

export interface PushOptions {
  readonly seconds: number;
  readonly size?: string;
  readonly rate?: string;
  readonly codec?: 'h264' | 'hevc' | 'mpeg2';
  /** ISO 639-2 language and channel layout of each track. */
  readonly sound?: readonly (readonly [language: string, layout: string])[];
  readonly interlaced?: boolean;
  /** A white picture and a tone in the first 100 ms of each second, and black and silence between. */
  readonly clapper?: boolean;
  /** Added to the timestamps, in seconds. */
  readonly offset?: number;
  /** Media time over wall time. */
  readonly speed?: number;
  readonly container?: 'mpegts' | 'flv';
}

/** A contribution encoder: a moving picture and tones at the speed of a camera, into `target`; `end` ends it too. */
export function push(target: PassThrough, options: PushOptions, end = true): Pusher {
  const { seconds, size = '320x180', rate = '30', codec = 'h264', offset = 0, speed = 1 } = options;
  const { sound = [['eng', 'stereo']], interlaced = false, clapper = false, container = 'mpegts' } = options;
  const encoders = {
    h264: ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '15'],
    hevc: [
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-tune',
      'zerolatency',
      '-x265-params',
      'keyint=15:log-level=error',
    ],
    mpeg2: ['-c:v', 'mpeg2video', '-g', '15', '-b:v', '2M'],
  };
  // A bar on a plain ground: what is interlaced shows on its edges and nowhere else.
  const picture = interlaced
    ? `color=c=gray:s=${size}:r=${rate}[ground];color=c=white:s=40x160:r=${rate}[bar];[ground][bar]overlay=x='mod(t*200,280)':y=40`
    : clapper
      ? `color=c=black:size=${size}:rate=${rate},drawbox=t=fill:c=white:enable='lt(mod(t,1),0.099)'`
      : `testsrc2=size=${size}:rate=${rate}`;
  const list = [
    ...['-readrate', String(speed), '-f', 'lavfi', '-i', picture],
    ...sound.flatMap(([, layout], i) => [
      ...['-readrate', String(speed), '-f', 'lavfi'],
      '-i',
      clapper
        ? `aevalsrc='0.5*sin(2*PI*880*t)*lt(mod(t,1),0.1)':channel_layout=${layout}:sample_rate=48000`
        : `sine=frequency=${440 * (i + 1)}:sample_rate=48000,aformat=channel_layouts=${layout}`,
    ]),
    ...[
      '-map',
      '0:v',
      ...sound.flatMap((_, i) => ['-map', `${i + 1}:a`, `-metadata:s:a:${i}`, `language=${sound[i]![0]}`]),
    ],
    ...(interlaced
      ? [
          '-vf',
          'tinterlace=interleave_top,setfield=tff',
          '-flags',
          '+ildct+ilme',
          '-x264-params',
          'interlaced=1',
        ]
      : []),
    ...[
      '-pix_fmt',
      'yuv420p',
      ...encoders[codec],
      '-c:a',
      'aac',
      '-t',
      String(seconds),
      '-output_ts_offset',
      String(offset),
    ],
    ...['-muxdelay', '0', '-muxpreload', '0', '-flush_packets', '1', '-f', container, 'pipe:1'],
  ];
  return pusher(list, target, end);
}

function pusher(list: readonly string[], target: PassThrough, end: boolean): Pusher {
  const quiet = ['-hide_banner', '-loglevel', 'error', '-nostdin'];
  const child = spawn('ffmpeg', [...quiet, ...list], { stdio: ['ignore', 'pipe', 'inherit'] });
  pushers.add(child);
  child.stdout.pipe(target, { end });
  const ended = once(child, 'close').then(() => void pushers.delete(child));
  return { child, ended };
}

/** Sends a file as it is, at the speed of its timestamps. */
export function pushFile(target: PassThrough, file: string): Pusher {
  const copy = ['-c', 'copy', '-flush_packets', '1', '-f', 'mpegts', 'pipe:1'];
  return pusher(['-re', '-i', file, ...copy], target, true);
}

/** For `after`: a test that fails leaves nothing running. */
export function stopPushers(): void {
  for (const child of pushers) {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
  }
}
