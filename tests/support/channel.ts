/**
 * A live channel without media: the real writer over a store, fed with synthetic ticks one by one. The bytes of
 * a part say whose they are, so an answer that mixes two up is seen.
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  AAC_FRAME_SAMPLES,
  audioFramesBefore,
  keys,
  tickGrid,
  tickSeconds,
  tickTicks,
  type RenditionInfo,
  type TickGrid,
} from '../../encoder/contract';
import type { Tick } from '../../encoder/packager/assembler';
import type { TrackPart } from '../../encoder/packager/cutter';
import { SegmentWriter, type Generation } from '../../encoder/packager/segment-writer';
import { OVERDUE_MS, takeOver, writeMissingSegments } from '../../encoder/packager/take-over';
import { Timeline } from '../../encoder/packager/timeline';
import { MemoryStore } from '../../encoder/store/memory-store';
import type { ChannelStores, SegmentStore } from '../../encoder/store/store';

/** 2023-11-14T22:13:20.000Z; the first media sequence number is 850000000. */
export const SYNTHETIC_START_MS = 1_700_000_000_000;

/** Segments of 0.8 s in four parts, a target duration of 1 s: the rules of seconds, in little time. */
export const SMALL_GRID: TickGrid = {
  timescale: 30_000,
  frameTicks: 1000,
  framesPerPart: 6,
  partsPerGop: 2,
  audioSampleRate: 48_000,
};

export interface SyntheticChannelOptions {
  readonly channel?: string;
  readonly grid?: TickGrid;
  /** Where the writer writes; a memory store of its own by default. */
  readonly store?: SegmentStore;
  readonly startMs?: number;
  /** Bytes of the first video rendition's parts; the others' are smaller. */
  readonly partBytes?: number;
}

export interface TickName {
  readonly msn: number;
  readonly part: number;
}

export class SyntheticChannel {
  readonly id: string;
  readonly grid: TickGrid;
  readonly renditions: readonly RenditionInfo[];
  readonly store: SegmentStore;
  readonly stores: ChannelStores;
  /** Every tick that was written, oldest first. */
  readonly ticks: TickName[] = [];
  /** The channel's clock, in Unix milliseconds. {@link tick} moves it on. */
  time: number;
  readonly #partBytes: number;
  readonly #expected = new Map<string, Buffer>();
  readonly #inits = new Map<string, string>();
  #writer!: SegmentWriter;
  #writers = 0;
  #generation = -1;
  #next = 0;
  #beganAt = 0;

  private constructor(options: SyntheticChannelOptions) {
    this.id = options.channel ?? 'news';
    this.grid = options.grid ?? tickGrid('30', 'balanced');
    this.store = options.store ?? new MemoryStore();
    this.stores = { edge: this.store, general: this.store };
    this.time = options.startMs ?? SYNTHETIC_START_MS;
    this.renditions = syntheticRenditions(this.grid);
    this.#partBytes = options.partBytes ?? 600;
  }

  /** A channel whose first segment is claimed; it has no tick yet. */
  static async begin(options: SyntheticChannelOptions = {}): Promise<SyntheticChannel> {
    const channel = new SyntheticChannel(options);
    for (const { id } of channel.renditions) {
      const bytes = initBytes(id);
      const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
      channel.#inits.set(id, hash);
      await channel.store.create(keys.init(channel.id, id, hash), [bytes]);
    }
    await channel.#newWriter();
    return channel;
  }

  /** @returns the newest tick */
  get edge(): TickName {
    return this.ticks.at(-1)!;
  }

  get tickMs(): number {
    return tickSeconds(this.grid) * 1000;
  }

  /** When the next tick's last frame ends. */
  get nextTickAt(): number {
    return this.#beganAt + (this.#next + 1) * this.tickMs;
  }

  /** Writes the next ticks, each at the instant at which its last frame ends. @returns the last one's name */
  async tick(count = 1): Promise<TickName> {
    for (let i = 0; i < count; i++) {
      this.time = this.nextTickAt;
      await this.#writer.write(this.#makeTick(this.#next++));
    }
    return this.edge;
  }

  /** Writes ticks in real time until the signal; begin the channel with `startMs: Date.now()`. */
  async live(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await delay(Math.max(0, this.nextTickAt - Date.now()));
      await this.tick();
    }
  }

  /** Ends what is open; `final` ends the programme. */
  async end(reason: { final: boolean }): Promise<void> {
    await this.#writer.end(reason);
  }

  /** The same writer goes on after a discontinuity and a pause. */
  async discontinue(pauseMs = 1000): Promise<void> {
    await this.end({ final: false });
    this.time += pauseMs;
    await this.#begin();
  }

  /** The writer is gone without a word, and `silentMs` later another one takes over. */
  async replaceWriter(silentMs = OVERDUE_MS + 2 * this.tickMs): Promise<void> {
    this.time += silentMs;
    await this.#newWriter();
  }

  /** What a part's URL must answer. */
  part(rendition: string, msn: number, part: number): Buffer {
    const bytes = this.#expected.get(`${rendition}/${msn}.${part}`);
    if (!bytes) throw new Error(`no part ${part} of segment ${msn} in ${rendition} was written`);
    return bytes;
  }

  /** What a segment's URL must answer. */
  segment(rendition: string, msn: number): Buffer {
    const parts = this.ticks.filter((tick) => tick.msn === msn);
    return Buffer.concat(parts.map(({ part }) => this.part(rendition, msn, part)));
  }

  init(rendition: string): { readonly hash: string; readonly bytes: Buffer } {
    return { hash: this.#inits.get(rendition)!, bytes: initBytes(rendition) };
  }

  async #newWriter(): Promise<void> {
    const writer = `writer-${this.#writers++}`;
    const now = () => this.time;
    const position = await takeOver({
      stores: this.stores,
      channel: this.id,
      writer,
      grid: this.grid,
      renditions: this.renditions.map(({ id }) => id),
      now,
      signal: AbortSignal.timeout(5000),
    });
    await writeMissingSegments(this.stores, position.found);
    this.#writer = new SegmentWriter(
      {
        stores: this.stores,
        channel: this.id,
        writer,
        now,
        onTick: ({ msn, tick }) => this.#written(msn, tick),
      },
      position,
    );
    await this.#begin();
  }

  async #begin(): Promise<void> {
    this.#generation++;
    this.#next = 0;
    this.#beganAt = this.time;
    const generation: Generation = {
      grid: this.grid,
      renditions: this.renditions,
      inits: this.#inits,
      timeline: new Timeline(this.grid, this.#beganAt),
    };
    await this.#writer.begin(generation);
  }

  #written(msn: number, part: number): void {
    this.ticks.push({ msn, part });
    for (const rendition of this.renditions) {
      this.#expected.set(`${rendition.id}/${msn}.${part}`, this.#media(rendition, this.#next - 1));
    }
  }

  #makeTick(index: number): Tick {
    const parts = new Map<string, TrackPart>();
    for (const rendition of this.renditions) {
      const media = this.#media(rendition, index);
      // In two chunks, as parts of several fragments are.
      const bytes = [media.subarray(0, 10), media.subarray(10)];
      parts.set(rendition.id, {
        tick: index,
        bytes,
        length: media.length,
        ...this.#timing(rendition, index),
      });
    }
    return { index, parts };
  }

  #timing({ kind }: RenditionInfo, index: number): Pick<TrackPart, 'start' | 'duration' | 'independent'> {
    if (kind === 'video') {
      const duration = tickTicks(this.grid);
      return { start: index * duration, duration, independent: index % this.grid.partsPerGop === 0 };
    }
    const start = audioFramesBefore(this.grid, index) * AAC_FRAME_SAMPLES;
    const end = audioFramesBefore(this.grid, index + 1) * AAC_FRAME_SAMPLES;
    return { start, duration: end - start, independent: true };
  }

  #media({ id }: RenditionInfo, index: number): Buffer {
    const place = this.renditions.findIndex((rendition) => rendition.id === id);
    const length = Math.max(40, Math.round(this.#partBytes / (place + 1)) + (index % 7));
    return Buffer.alloc(length, `${id} ${this.#generation} ${index}|`);
  }
}

const initBytes = (rendition: string): Buffer => Buffer.from(`init segment of ${rendition}`);

function syntheticRenditions(grid: TickGrid): RenditionInfo[] {
  const video = {
    kind: 'video',
    timescale: grid.timescale,
    frameRate: grid.timescale / grid.frameTicks,
  } as const;
  return [
    {
      ...video,
      id: '720p',
      codecs: 'avc1.64001f',
      peakBitrate: 3_300_000,
      averageBitrate: 3_000_000,
      width: 1280,
      height: 720,
    },
    {
      ...video,
      id: '360p',
      codecs: 'avc1.64001e',
      peakBitrate: 990_000,
      averageBitrate: 900_000,
      width: 640,
      height: 360,
    },
    {
      id: 'audio',
      kind: 'audio',
      codecs: 'mp4a.40.2',
      timescale: grid.audioSampleRate,
      peakBitrate: 100_000,
      averageBitrate: 96_000,
      channels: 2,
      language: 'en',
      name: 'English',
    },
  ];
}
