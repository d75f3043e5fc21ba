/**
 * The encoder of one channel: becomes its writer, runs ffmpeg, and begins a new generation whenever ffmpeg
 * has to be started again.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  framesPerSegment,
  type CaptionInfo,
  type Claim,
  type FrameRate,
  type Ladder,
  type SegmentRecord,
  type TickGrid,
} from './contract';
import { startEncodeRun, type EncodeEnd } from './encode-run';
import { shedCommand, trackIds, type Engine, type Source } from './ffmpeg/arguments';
import { probeFile } from './ffmpeg/probe';
import type { Progress } from './ffmpeg/process';
import { PATIENCE_MS } from './ingest/conform';
import { monotonicUnixMs, type Mixer } from './ingest/mixer';
import { Load, SLOW_SPEED } from './load';
import { trackSpecs } from './ladder/track-specs';
import { Inits } from './packager/inits';
import { packageGeneration } from './packager/packager';
import { FencedError, SegmentWriter, type WrittenTick } from './packager/segment-writer';
import { takeOver, writeMissingSegments } from './packager/take-over';
import type { ChannelStores } from './store/store';
import type { Logger } from './telemetry/log';

export interface EncoderOptions {
  readonly channel: string;
  readonly source: Source;
  /** Makes the programme where the source is `frames`. */
  readonly mixer?: Mixer;
  /** @default 'software' */
  readonly engine?: Engine;
  readonly ladder: Ladder;
  readonly frameRate: FrameRate;
  readonly grid: TickGrid;
  readonly stores: ChannelStores;
  readonly log: Logger;
  /** Caption services of the source, as far as they are known. */
  readonly captions?: () => readonly CaptionInfo[];
  readonly onProgress?: (progress: Progress) => void;
  readonly onTick?: (tick: WrittenTick) => void;
  readonly onSegment?: (record: SegmentRecord, seconds: number) => void;
  readonly onRestart?: () => void;
  /** The encoder has become slower than its source, or keeps up again. */
  readonly onSlow?: (slow: boolean) => void;
  /** Called when the channel is this encoder's, before anything is written. */
  readonly onOwned?: () => Promise<void>;
  readonly onStandby?: (claim: Claim) => void;
  /** How old init segments become before they are put again, in milliseconds. @default a day */
  readonly refreshInitsMs?: number;
}

/** Back-off between starts of ffmpeg: doubled each time with jitter, reset by a minute of media. */
const FIRST_BACKOFF_MS = 200;
const LAST_BACKOFF_MS = 10_000;
const HEALTHY_MS = 60_000;

export class Encoder {
  readonly #options: EncoderOptions;
  readonly #stop = new AbortController();
  readonly #final = new AbortController();
  readonly #done: Promise<void>;
  readonly #inits: Inits;
  #writer: SegmentWriter | undefined;

  constructor(options: EncoderOptions) {
    this.#options = options;
    const { stores, channel, log, refreshInitsMs } = options;
    this.#inits = new Inits({
      store: stores.general,
      channel,
      now: Date.now,
      ...(refreshInitsMs !== undefined && { refreshMs: refreshInitsMs }),
      onError: (error) => log.error({ error: String(error) }, 'init segments were not put again'),
    });
    this.#done = this.#run();
  }

  /** Resolves when the encoder has left the channel. @throws FencedError when another encoder took it over */
  get done(): Promise<void> {
    return this.#done;
  }

  /** Finishes the claimed segments, writes the end bundle and leaves; the programme goes on elsewhere. */
  leave(): void {
    this.#stop.abort();
    this.#writer?.leave();
  }

  /** Ends the programme at the next tick. */
  finish(): void {
    this.#stop.abort();
    this.#final.abort();
  }

  async #run(): Promise<void> {
    const { stores, channel, source, log } = this.#options;
    const hasAudio = source.kind === 'file' ? (await probeFile(source.path)).hasAudio : true;
    const writerId = randomUUID();
    let position;
    try {
      position = await takeOver({
        stores,
        channel,
        writer: writerId,
        grid: this.#options.grid,
        renditions: trackIds(this.#options.ladder),
        now: Date.now,
        signal: this.#stop.signal,
        ...(this.#options.onStandby && { onStandby: this.#options.onStandby }),
      });
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      throw error;
    }
    await this.#options.onOwned?.();
    log.info(
      { channel, writer: writerId, msn: position.msn, generation: position.generation },
      'writing the channel',
    );
    const { onSegment, onTick, captions } = this.#options;
    this.#writer = new SegmentWriter(
      {
        stores,
        channel,
        writer: writerId,
        now: Date.now,
        ...(captions && { captions }),
        ...(onSegment && { onSegment }),
        onTick: (tick) => {
          onTick?.(tick);
          this.#inits.refresh();
        },
      },
      position,
    );
    const repair = writeMissingSegments(stores, position.found).catch((error: unknown) =>
      log.error({ error }, 'whole segments of the writer before could not be written'),
    );
    await this.#generations(this.#writer, hasAudio);
    await repair;
  }

  async #generations(writer: SegmentWriter, hasAudio: boolean): Promise<void> {
    const { log } = this.#options;
    let backoff = FIRST_BACKOFF_MS;
    let gapFrom: number | undefined;
    while (!this.#stop.signal.aborted) {
      const startedAt = Date.now();
      const { ended, nextSlot } = await this.#generation(writer, hasAudio, gapFrom);
      gapFrom = undefined;
      const final = this.#final.signal.aborted || ended === 'source-ended';
      await writer.end({ final });
      if (final || this.#stop.signal.aborted) return;
      if (ended === 'gap') {
        gapFrom = nextSlot!;
        await this.#gap(writer, gapFrom);
        continue;
      }
      if (Date.now() - startedAt > HEALTHY_MS) backoff = FIRST_BACKOFF_MS;
      const wait = backoff * (0.5 + Math.random() / 2);
      log.warn({ waitMs: Math.round(wait) }, 'ffmpeg is started again');
      this.#options.onRestart?.();
      await delay(wait, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      backoff = Math.min(LAST_BACKOFF_MS, backoff * 2);
    }
    // The stop came while nothing was encoded.
    await writer.end({ final: this.#final.signal.aborted });
  }

  /**
   * One run of ffmpeg. Anything but a lost claim ends in a new generation, not in an error.
   * @param gapFrom slot at which the gap begins that the run ends
   */
  async #generation(
    writer: SegmentWriter,
    sourceHasAudio: boolean,
    gapFrom: number | undefined,
  ): Promise<{ ended: EncodeEnd | 'left' | 'stopped'; nextSlot?: number }> {
    const { source, mixer, ladder, frameRate, grid, stores, channel, log, onProgress } = this.#options;
    const run = await startEncodeRun({
      source,
      ladder,
      frameRate,
      grid,
      sourceHasAudio,
      log,
      engine: this.#options.engine ?? 'software',
      ...(mixer && { mixer }),
      ...(gapFrom !== undefined && { alignTo: gapFrom }),
      ...(onProgress && { onProgress }),
    });
    const load = new Load({
      ladder,
      grid,
      shed: (rung, { from, to }) => {
        const frames = framesPerSegment(grid);
        run.command(shedCommand(rung, { from: from * frames, to: (to + 1) * frames - 1 }, frames));
        log.warn({ rung, from, to }, 'this machine does not keep up: segments of a rung are left out');
      },
      onAlarm: (slow, speed) => {
        if (slow) log.error({ speed }, `the encoder runs at less than ${SLOW_SPEED} of its source's speed`);
        else log.info({ speed }, 'the encoder keeps up again');
        this.#options.onSlow?.(slow);
      },
    });
    try {
      if (gapFrom !== undefined) {
        while (writer.ticks < (run.firstSlot! - gapFrom) / grid.framesPerPart) await writer.writeGap();
        await writer.end({ final: false });
      }
      const result = await packageGeneration({
        stores,
        channel,
        writer,
        grid,
        tracks: trackSpecs(ladder),
        streams: run.streams,
        now: Date.now,
        inits: this.#inits,
        firstFrameMs: () => run.firstFrameMs(),
        clockTrack: mostImportant(ladder),
        isShed: (rung, segment) => load.isShed(rung, segment),
        // Of a file it is not known; it is read little further than it is encoded.
        onFrame: (frames, lateMs) =>
          load.observe(
            frames,
            lateMs,
            run.framesFed() ?? frames + grid.timescale / grid.frameTicks,
            Date.now(),
          ),
        captions: (frame) => run.captions(frame),
        signal: this.#final.signal,
      });
      if (result !== 'source-ended') return { ended: result };
      const ended = await run.end();
      const nextSlot = (run.firstSlot ?? 0) + writer.ticks * grid.framesPerPart;
      return { ended, nextSlot };
    } catch (error) {
      if (error instanceof FencedError) throw error;
      log.error({ error: (error as Error).message }, 'the generation ends');
      return { ended: 'failed' };
    } finally {
      await run.stop();
    }
  }

  /** Lets the time of a gap pass, tick by tick, until the source is back or the encoder is to stop. */
  async #gap(writer: SegmentWriter, from: number): Promise<void> {
    const mixer = this.#options.mixer!;
    const { framesPerPart } = this.#options.grid;
    const signal = this.#stop.signal;
    this.#options.log.warn('the source is gone: a gap begins');
    await writer.beginGap(mixer.dueAt(from));
    const back = mixer.untilNoGap(signal);
    while (mixer.state === 'gap' && !signal.aborted) {
      const due = mixer.dueAt(from + (writer.ticks + 1) * framesPerPart) + PATIENCE_MS;
      const wait = due - monotonicUnixMs();
      if (wait <= 0) await writer.writeGap();
      else await Promise.race([back, delay(wait)]);
    }
  }
}

const mostImportant = (ladder: Ladder): string =>
  ladder.video.reduce((a, b) => (a.priority <= b.priority ? a : b)).id;
