/**
 * The encoder of one channel: becomes its writer, runs ffmpeg, and begins a new generation whenever ffmpeg
 * has to be started again.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Claim, FrameRate, Ladder, SegmentRecord, TickGrid } from './contract';
import { ffmpegArguments, trackIds, type Source } from './ffmpeg/arguments';
import { startClockRows, type ClockRows } from './ffmpeg/clock-rows';
import { probeFile } from './ffmpeg/probe';
import { startFfmpeg, type Progress } from './ffmpeg/process';
import { packageGeneration, type TrackSpec } from './packager/packager';
import { FencedError, SegmentWriter, type WrittenTick } from './packager/segment-writer';
import { takeOver, writeMissingSegments } from './packager/take-over';
import type { ChannelStores } from './store/store';
import type { Logger } from './telemetry/log';

export interface EncoderOptions {
  readonly channel: string;
  readonly source: Source;
  readonly ladder: Ladder;
  readonly frameRate: FrameRate;
  readonly grid: TickGrid;
  readonly stores: ChannelStores;
  readonly log: Logger;
  readonly onProgress?: (progress: Progress) => void;
  readonly onTick?: (tick: WrittenTick) => void;
  readonly onSegment?: (record: SegmentRecord, seconds: number) => void;
  readonly onRestart?: () => void;
  /** Called when the channel is this encoder's, before anything is written. */
  readonly onOwned?: () => Promise<void>;
  readonly onStandby?: (claim: Claim) => void;
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
  #writer: SegmentWriter | undefined;

  constructor(options: EncoderOptions) {
    this.#options = options;
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
    const { onSegment, onTick } = this.#options;
    this.#writer = new SegmentWriter(
      {
        stores,
        channel,
        writer: writerId,
        now: Date.now,
        ...(onSegment && { onSegment }),
        ...(onTick && { onTick }),
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
    while (!this.#stop.signal.aborted) {
      const startedAt = Date.now();
      const ended = await this.#generation(writer, hasAudio);
      const final = this.#final.signal.aborted || ended === 'source-ended';
      await writer.end({ final });
      if (final || this.#stop.signal.aborted) return;
      if (Date.now() - startedAt > HEALTHY_MS) backoff = FIRST_BACKOFF_MS;
      const wait = backoff * (0.5 + Math.random() / 2);
      log.warn({ waitMs: Math.round(wait) }, 'ffmpeg is started again');
      this.#options.onRestart?.();
      await delay(wait, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      backoff = Math.min(LAST_BACKOFF_MS, backoff * 2);
    }
  }

  /** One run of ffmpeg. Anything but a lost claim ends in a new generation, not in an error. */
  async #generation(
    writer: SegmentWriter,
    sourceHasAudio: boolean,
  ): Promise<'source-ended' | 'left' | 'stopped' | 'failed'> {
    const { source, ladder, frameRate, grid, stores, channel, log, onProgress } = this.#options;
    const run = startFfmpeg({
      arguments: ffmpegArguments({ source, ladder, frameRate, grid, sourceHasAudio }),
      trackIds: trackIds(ladder),
      log,
      ...(onProgress && { onProgress }),
    });
    let rows: ClockRows | undefined;
    if (source.kind === 'test') rows = startClockRows(run.clock, grid);
    try {
      const result = await packageGeneration({
        stores,
        channel,
        writer,
        grid,
        tracks: trackSpecs(ladder),
        streams: run.tracks,
        now: Date.now,
        firstFrameMs: () => rows?.startedAt,
        signal: this.#final.signal,
      });
      if (result !== 'source-ended') return result;
      const { code, signal, lastLines } = await run.ended;
      const loops = source.kind === 'test' || source.loop;
      if (code === 0 && !loops) return result;
      log.error({ code, signal, lastLines }, 'ffmpeg ended');
      return 'failed';
    } catch (error) {
      if (error instanceof FencedError) throw error;
      log.error({ error: (error as Error).message }, 'the generation ends');
      return 'failed';
    } finally {
      rows?.stop();
      await run.stop();
    }
  }
}

/** MP4 boxes around each frame, as measured: 104 bytes of moof, 8 of mdat. */
const BOX_BYTES_PER_FRAME = 112;

export function trackSpecs(ladder: Ladder): TrackSpec[] {
  const boxBits = (framesPerSecond: number) => BOX_BYTES_PER_FRAME * 8 * framesPerSecond;
  return [
    ...ladder.video.map((rung) => ({
      id: rung.id,
      kind: 'video' as const,
      peakBitrate: Math.ceil(rung.maxrateKbps * 1000 * 1.1 + boxBits(60)),
      averageBitrate: Math.ceil(rung.bitrateKbps * 1000 + boxBits(60)),
    })),
    ...ladder.audio.map((rung) => ({
      id: rung.id,
      kind: 'audio' as const,
      peakBitrate: Math.ceil(rung.bitrateKbps * 1000 * 1.25 + boxBits(47)),
      averageBitrate: Math.ceil(rung.bitrateKbps * 1000 + boxBits(47)),
      language: rung.language,
      name: rung.name,
    })),
  ];
}
