/**
 * A live channel on simulated time: a looped recording goes through the real packager, one tick at a time, into a
 * store that is kept at the length of the window, and a real origin answers from it over HTTP.
 */
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import {
  audioFramesBefore,
  keys,
  partsPerSegment,
  targetDuration,
  tickSeconds,
  type TickGrid,
} from '../../encoder/contract';
import { packageGeneration } from '../../encoder/packager/packager';
import { SegmentWriter } from '../../encoder/packager/segment-writer';
import { takeOver } from '../../encoder/packager/take-over';
import { Evictor, retention } from '../../encoder/store/evictor';
import { MemoryStore } from '../../encoder/store/memory-store';
import { startRig, type Answer, type Rig } from '../encoder/origin/rig';
import { restamped, type Loop, type LoopTrack } from './restamp';
import { SimulatedTime } from './simulated-time';

/** 2023-11-14T22:13:20.000Z. */
export const LOOP_START_MS = 1_700_000_000_000;
const CHANNEL = 'loop';
const WINDOW_SECONDS = 60;
/** The clock's steps while the origin looks for a tick, and the most of them: it polls every 10 ms. */
const STEP_MS = 5;
const MOST_STEPS = 400;
const MOST_TURNS = 1000;

export interface RestampedChannelOptions {
  readonly loop: Loop;
  /** By how much the source's frames take longer than they say, by the wall clock, in parts per million. */
  readonly ppm?: number;
  /** From a frame's end to its coming out of the encoder, in milliseconds; 30 by default. Frames stay in order. */
  readonly delayMs?: () => number;
  /** Decode time of every track's first frame, in whole seconds. */
  readonly firstSeconds?: number;
  /** Whether the source says when its first frame was captured; yes by default. */
  readonly knowsCapture?: boolean;
}

/** Hands on what it is given at once, so that the packager's clock says when each frame came. */
class Pipe extends Readable {
  override _read(): void {
    // All that there is has been pushed.
  }

  give(chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.push(chunk);
    if (this.readableLength > 0) throw new Error('the packager does not read at once');
  }
}

export class RestampedChannel {
  readonly grid: TickGrid;
  readonly tracks: readonly LoopTrack[];
  readonly rig: Rig;
  /** Number of the first segment. */
  readonly firstMsn: number;
  readonly #options: RestampedChannelOptions;
  readonly #time: SimulatedTime;
  readonly #writer: SegmentWriter;
  readonly #pipes = new Map<string, Pipe>();
  readonly #frames = new Map<string, number>();
  readonly #frameMs: number;
  readonly #ended: Promise<unknown>;
  #failure: Error | undefined;
  #ticks = 0;
  #written = 0;

  private constructor(options: RestampedChannelOptions, time: SimulatedTime, parts: Parts) {
    this.#options = options;
    this.#time = time;
    this.grid = options.loop.grid;
    this.tracks = options.loop.tracks;
    this.rig = parts.rig;
    this.firstMsn = parts.firstMsn;
    this.#frameMs = ((1000 * this.grid.frameTicks) / this.grid.timescale) * (1 + (options.ppm ?? 0) / 1e6);
    for (const { spec } of this.tracks) this.#pipes.set(spec.id, new Pipe());
    this.#writer = parts.writer(() => this.#written++);
    this.#ended = packageGeneration({
      stores: parts.stores,
      channel: CHANNEL,
      writer: this.#writer,
      grid: this.grid,
      tracks: this.tracks.map(({ spec }) => spec),
      streams: this.#pipes,
      now: () => time.now,
      firstFrameMs: () => (options.knowsCapture === false ? undefined : LOOP_START_MS),
      signal: new AbortController().signal,
    }).catch((error: unknown) => {
      this.#failure = error as Error;
    });
  }

  static async begin(options: RestampedChannelOptions): Promise<RestampedChannel> {
    const time = new SimulatedTime(LOOP_START_MS);
    try {
      const channel = new RestampedChannel(options, time, await assemble(options.loop, time));
      await turn();
      for (const { spec, init } of channel.tracks) channel.#pipes.get(spec.id)!.give([init]);
      return channel;
    } catch (error) {
      time.restore();
      throw error;
    }
  }

  /** Unix milliseconds, by the simulated clock. */
  get now(): number {
    return this.#time.now;
  }

  /** When a frame was captured, by the wall clock. */
  captureMs(frame: number): number {
    return LOOP_START_MS + frame * this.#frameMs;
  }

  /** Decode time of a track's first frame, in its ticks. */
  firstTime({ timescale }: LoopTrack): bigint {
    return BigInt(timescale) * BigInt(this.#options.firstSeconds ?? 0);
  }

  /** Position of a tick: its segment and part. */
  position(tick: number): { readonly msn: number; readonly part: number } {
    const parts = partsPerSegment(this.grid);
    return { msn: this.firstMsn + Math.floor(tick / parts), part: tick % parts };
  }

  url(path: string): string {
    return `/live/${CHANNEL}/${path}`;
  }

  async ask(path: string): Promise<Answer> {
    return this.rig.ask(this.url(path));
  }

  /** The next tick's frames come out of the encoder, each at its time; resolves when its bundle is stored. */
  async tick(): Promise<void> {
    const { framesPerPart } = this.grid;
    const { delayMs = () => 30 } = this.#options;
    const first = this.#ticks++ * framesPerPart;
    const audioEnds = audioFramesBefore(this.grid, this.#ticks);
    for (let frame = first; frame < first + framesPerPart; frame++) {
      this.#time.advanceTo(this.captureMs(frame + 1) + delayMs());
      for (const track of this.tracks) {
        if (track.spec.kind === 'video') this.#give(track, frame + 1);
        else this.#give(track, Math.min(audioEnds, this.#audioFramesAt(track, frame + 1)));
      }
    }
    // Rounding may have left the last one.
    for (const track of this.tracks) if (track.spec.kind === 'audio') this.#give(track, audioEnds);
    // The store answers at once, so a few turns are enough.
    for (let turns = 0; this.#written < this.#ticks && this.#failure === undefined; turns++) {
      if (turns === MOST_TURNS) throw new Error(`tick ${this.#ticks - 1} is not complete on the grid`);
      await turn();
    }
    if (this.#failure !== undefined) throw this.#failure;
    // What follows the store on a timer gets its turn.
    await turn();
  }

  /** Lets time pass until the origin holds nothing back. @returns milliseconds that it took */
  async release(): Promise<number> {
    const began = this.now;
    for (let steps = 0; this.rig.origin.waiting > 0; steps++) {
      if (steps === MOST_STEPS) throw new Error('the origin does not see what is in the store');
      this.#time.advanceTo(this.now + STEP_MS);
      await turn();
    }
    return this.now - began;
  }

  /** Ends the programme. */
  async end(): Promise<void> {
    for (const pipe of this.#pipes.values()) pipe.push(null);
    await this.#ended;
    if (this.#failure !== undefined) throw this.#failure;
    await this.#writer.end({ final: true });
  }

  async close(): Promise<void> {
    this.#time.restore();
    await this.rig.close();
    for (const pipe of this.#pipes.values()) pipe.destroy();
  }

  /** Gives the packager all of a track's frames before this one that it does not have. */
  #give(track: LoopTrack, end: number): void {
    const { id } = track.spec;
    const pipe = this.#pipes.get(id)!;
    for (let frame = this.#frames.get(id) ?? 0; frame < end; frame++) {
      pipe.give(restamped(track, frame, this.firstTime(track)));
    }
    this.#frames.set(id, end);
  }

  /** Frames of sound that end before a frame of the picture begins. */
  #audioFramesAt({ timescale, frameTicks }: LoopTrack, frame: number): number {
    const samples = (frame * this.grid.frameTicks * timescale) / this.grid.timescale;
    return Math.floor(samples / frameTicks);
  }
}

interface Parts {
  readonly stores: { readonly edge: MemoryStore; readonly general: MemoryStore };
  readonly rig: Rig;
  readonly firstMsn: number;
  readonly writer: (onTick: () => void) => SegmentWriter;
}

/** Store, writer and eviction, wired as the encoder's process wires them, and an origin. */
async function assemble({ grid, tracks }: Loop, time: SimulatedTime): Promise<Parts> {
  const stores = { edge: new MemoryStore(), general: new MemoryStore() };
  const ids = tracks.map(({ spec }) => spec.id);
  const position = await takeOver({
    stores,
    channel: CHANNEL,
    writer: 'loop',
    grid,
    renditions: ids,
    now: () => time.now,
    signal: new AbortController().signal,
  });
  const keep = retention(WINDOW_SECONDS, targetDuration(grid));
  const [edge, general] = [stores.edge, stores.general].map(
    (store) => new Evictor({ edge: store, general: store }, CHANNEL, keep),
  ) as [Evictor, Evictor];
  const writer = (onTick: () => void) =>
    new SegmentWriter(
      {
        stores,
        channel: CHANNEL,
        writer: 'loop',
        now: () => time.now,
        onTick: ({ msn, tick }) => {
          edge.made('edge', keys.bundle(CHANNEL, msn, tick));
          onTick();
        },
        onSegment: ({ msn, ticks }) => {
          for (const id of ids) general.made('segments', keys.segment(CHANNEL, id, msn));
          general.made('claims', keys.claim(CHANNEL, msn));
          // A memory store's deletions are done at once.
          for (const evictor of [edge, general]) void evictor.advance(ticks * tickSeconds(grid));
        },
      },
      position,
    );
  const rig = await startRig({ stores, windowSeconds: WINDOW_SECONDS });
  return { stores, rig, firstMsn: position.msn, writer };
}
