/** One run of an encoder, from its pipes to the store: box reader, cutter, assembler, writer. */
import type { Readable } from 'node:stream';
import { partsPerSegment, type RenditionInfo, type TickGrid } from '../contract';
import type { ChannelStores } from '../store/store';
import { TickAssembler, type Tick } from './assembler';
import { BoxReader, type Fragment } from './box-reader';
import { PartCutter } from './cutter';
import { CaptionInserter } from './captions';
import { CaptionTrack } from './captions-track';
import { gapPart } from './gap-part';
import type { InitSegment } from './init';
import { Inits } from './inits';
import type { SegmentWriter } from './segment-writer';
import { Timeline } from './timeline';

/** What the ladder says of a track; the rest is read from its init segment. */
export type TrackSpec = Pick<
  RenditionInfo,
  'id' | 'kind' | 'peakBitrate' | 'averageBitrate' | 'language' | 'name'
>;

export interface GenerationInput {
  readonly stores: ChannelStores;
  readonly channel: string;
  readonly writer: SegmentWriter;
  readonly grid: TickGrid;
  readonly tracks: readonly TrackSpec[];
  /** One fragmented MP4 a track, a fragment a frame. */
  readonly streams: ReadonlyMap<string, Readable>;
  readonly now: () => number;
  /** Keeps the generation's init segments; by default they are put once. */
  readonly inits?: Inits;
  /** Unix milliseconds at which the source's first frame was captured, where the source knows. */
  readonly firstFrameMs?: () => number | undefined;
  /** Whether the encoder leaves out a segment of a track, by the segment's number in the generation. */
  readonly isShed?: (rendition: string, segment: number) => boolean;
  /** The track whose frames tell the time: one that is never left out; the first video by default. */
  readonly clockTrack?: string;
  /** Called for each frame of the clock track: frames so far, and how late this one is in milliseconds. */
  readonly onFrame?: (frames: number, lateMs: number) => void;
  /** Caption triplets of a frame, counted from the generation's first. */
  readonly captions?: (frame: number) => readonly Uint8Array[] | undefined;
  /** How long the encoder may give no frame, in milliseconds; 10 s by default. */
  readonly silentMs?: number;
  /** Ends the run after the tick that is being written. */
  readonly signal: AbortSignal;
}

/** Media that may wait for the store, in ticks. The pipes are always read: an encoder must never block. */
const MAX_WAITING_TICKS = 24;

/** How late a frame may come out of the encoder, in milliseconds, before a fresh start is better than catching up. */
const MAX_LATE_MS = 5000;

export class SlowEncoderError extends Error {
  override readonly name = 'SlowEncoderError';
}

/** An encoder that has given no frame for so long, in milliseconds, gives none any more. */
const MAX_SILENT_MS = 10_000;

export class SilentEncoderError extends Error {
  override readonly name = 'SilentEncoderError';
}

export class SlowStoreError extends Error {
  override readonly name = 'SlowStoreError';
}

/**
 * Runs until the streams end, the writer has left, or the signal aborts.
 * @throws FencedError, TimingError, MediaBoxError, SilentEncoderError, SlowEncoderError, SlowStoreError, and what the store throws
 */
export function packageGeneration(input: GenerationInput): Promise<'source-ended' | 'left' | 'stopped'> {
  return new Promise((resolve, reject) => {
    const { writer, grid, tracks, streams, now, silentMs = MAX_SILENT_MS } = input;
    const waiting: Tick[] = [];
    const inits = new Map<string, InitSegment>();
    let begun = false;
    let busy = false;
    let open = streams.size;
    let settled = false;
    let timeline: Timeline | undefined;

    const settle = (action: () => void) => {
      if (settled) return;
      settled = true;
      clearInterval(silence);
      input.signal.removeEventListener('abort', drainNext);
      for (const stream of streams.values())
        stream
          .removeAllListeners('data')
          .on('error', () => undefined)
          .resume();
      action();
    };
    const fail = (error: unknown) => settle(() => reject(error));
    let lastFrameAt = performance.now();
    const silence = setInterval(() => {
      if (performance.now() - lastFrameAt < silentMs) return;
      fail(new SilentEncoderError(`the encoder has given no frame for ${silentMs / 1000} s`));
    }, silentMs / 4);

    async function drain(): Promise<void> {
      if (!begun) {
        if (!timeline || inits.size < tracks.length) return;
        await beginGeneration(input, inits, timeline);
        begun = true;
      }
      while (waiting.length > 0 && !input.signal.aborted && !settled) {
        await writer.write(waiting.shift()!);
        if (writer.atRest) return settle(() => resolve('left'));
      }
    }

    function drainNext(): void {
      if (busy || settled) return;
      busy = true;
      drain().then(() => {
        busy = false;
        if (settled) return;
        if (input.signal.aborted) settle(() => resolve('stopped'));
        else if (begun && waiting.length > 0) drainNext();
        else if (open === 0) settle(() => resolve('source-ended'));
      }, fail);
    }

    const assembler = new TickAssembler(
      tracks.map(({ id }) => id),
      (tick) => {
        if (waiting.length >= MAX_WAITING_TICKS) {
          throw new SlowStoreError(`the store is ${waiting.length} ticks behind the encoder`);
        }
        waiting.push(tick);
        drainNext();
      },
      (id, tick) => {
        const track = tracks.find((candidate) => candidate.id === id)!;
        const segment = Math.floor(tick / partsPerSegment(grid));
        return input.isShed?.(id, segment) ? gapPart(track.kind, grid, tick) : undefined;
      },
    );
    const clockTrack =
      tracks.find(({ id }) => id === input.clockTrack) ??
      tracks.find(({ kind }) => kind === 'video') ??
      tracks[0];

    for (const track of tracks) {
      const stream = streams.get(track.id)!;
      const cutter = new PartCutter(
        track.kind,
        track.id,
        grid,
        (part) => assembler.push(track.id, part),
        (segment) => input.isShed?.(track.id, segment) ?? false,
      );
      const captions =
        track.kind === 'video' && input.captions
          ? new CaptionTrack(grid.timescale / grid.frameTicks)
          : undefined;
      let inserter: CaptionInserter | undefined;
      let frames = 0;
      const captioned = (fragment: Fragment): Fragment => {
        const frame = cutter.nextFrame;
        for (const ccData of input.captions!(frame) ?? []) captions!.put(frame, ccData);
        const taken = captions!.take(frame);
        // AV1 has no place for them that the inserter knows.
        if (!taken || inits.get(track.id)!.codecs.startsWith('av01')) return fragment;
        inserter ??= new CaptionInserter(inits.get(track.id)!.bytes);
        return inserter.insert(fragment, taken);
      };
      const reader = new BoxReader({
        init: (init) => {
          inits.set(track.id, init);
          drainNext();
        },
        fragment: (fragment: Fragment) => {
          if (track === clockTrack) {
            lastFrameAt = performance.now();
            timeline ??= new Timeline(
              grid,
              input.firstFrameMs?.() ?? now() - (1000 * grid.frameTicks) / grid.timescale,
            );
            timeline.observe(frames, now());
            const late = timeline.lateness(frames, now());
            input.onFrame?.(frames + 1, late);
            if (late > MAX_LATE_MS) {
              const seconds = (late / 1000).toFixed(1);
              throw new SlowEncoderError(
                `the encoder is ${seconds} s behind its source: this machine does not keep up with the ladder`,
              );
            }
            if (frames === 0) drainNext();
          }
          cutter.push(captions ? captioned(fragment) : fragment);
          frames++;
        },
      });
      stream.on('data', (chunk: Buffer) => {
        try {
          reader.push(chunk);
        } catch (error) {
          fail(error);
        }
      });
      stream.on('error', fail);
      stream.on('end', () => {
        open--;
        drainNext();
      });
    }
    input.signal.addEventListener('abort', drainNext, { once: true });
    if (input.signal.aborted) drainNext();
  });
}

async function beginGeneration(
  { stores, channel, writer, grid, tracks, now, ...input }: GenerationInput,
  inits: ReadonlyMap<string, InitSegment>,
  timeline: Timeline,
): Promise<void> {
  await (input.inits ?? new Inits({ store: stores.general, channel, now })).put(inits);
  await writer.begin({
    grid,
    renditions: tracks.map((track) => rendition(track, inits.get(track.id)!, grid)),
    inits: new Map([...inits].map(([id, init]) => [id, init.hash])),
    timeline,
  });
}

function rendition(track: TrackSpec, init: InitSegment, grid: TickGrid): RenditionInfo {
  if (init.kind !== track.kind)
    throw new Error(`${track.id}: the stream is ${init.kind}, the ladder says ${track.kind}`);
  const expected = track.kind === 'video' ? grid.timescale : grid.audioSampleRate;
  if (init.timescale !== expected) {
    throw new Error(`${track.id}: timescale ${init.timescale}; the grid needs ${expected}`);
  }
  return {
    ...track,
    codecs: init.codecs,
    timescale: init.timescale,
    ...(init.width !== undefined && { width: init.width }),
    ...(init.height !== undefined && { height: init.height }),
    ...(init.channels !== undefined && { channels: init.channels }),
    ...(track.kind === 'video' && { frameRate: grid.timescale / grid.frameTicks }),
  };
}
