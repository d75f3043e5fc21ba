/** One run of the encoding ffmpeg and of what feeds it: the test picture's clock, a file, or the mixer. */
import { PassThrough, type Readable, type Writable } from 'node:stream';
import type { FrameRate, Ladder, TickGrid } from './contract';
import { descriptors, ffmpegArguments, type Engine, type Source } from './ffmpeg/arguments';
import { startClockRows } from './ffmpeg/clock-rows';
import { openInputSockets } from './ffmpeg/input-sockets';
import { startFfmpeg, type Progress } from './ffmpeg/process';
import type { Attachment, Mixer } from './ingest/mixer';
import type { Logger } from './telemetry/log';

export interface EncodeRunOptions {
  readonly source: Source;
  /** Makes the programme where the source is `frames`. */
  readonly mixer?: Mixer;
  /** The first picture is a whole number of parts after this slot of the mixer's. */
  readonly alignTo?: number;
  readonly ladder: Ladder;
  readonly frameRate: FrameRate;
  readonly grid: TickGrid;
  readonly engine: Engine;
  readonly sourceHasAudio: boolean;
  readonly log: Logger;
  readonly onProgress?: (progress: Progress) => void;
}

/** `gap`: the source is gone, and its absence is to be shown as such. */
export type EncodeEnd = 'source-ended' | 'gap' | 'failed';

export interface EncodeRun {
  readonly streams: ReadonlyMap<string, Readable>;
  /** The mixer's slot of the first picture. */
  readonly firstSlot: number | undefined;
  /** Unix milliseconds of the first picture's capture, where the source knows. */
  firstFrameMs(): number | undefined;
  captions(frame: number): readonly Uint8Array[] | undefined;
  /** Frames that the encoder has been given. */
  framesFed(): number | undefined;
  command(line: string): void;
  /** Why the streams ended. Logged where that is a failure. */
  end(): Promise<EncodeEnd>;
  stop(): Promise<void>;
}

export async function startEncodeRun(options: EncodeRunOptions): Promise<EncodeRun> {
  const { source, mixer, ladder, frameRate, grid, engine, sourceHasAudio, log, onProgress } = options;
  const job = { source, ladder, frameRate, grid, engine, sourceHasAudio };
  const sockets = source.kind === 'file' ? undefined : await openInputSockets(job);
  const run = startFfmpeg({
    arguments: ffmpegArguments({ ...job, ...(sockets && { inputs: sockets.addresses }) }),
    descriptors: descriptors(job),
    log,
    ...(onProgress && { onProgress }),
  });
  // ffmpeg opens its inputs one by one, each when it has seen the one before: what comes earlier waits.
  const pipes = sockets && {
    pictures: untilConnected(sockets.pictures),
    sound: sockets.sound.map(untilConnected),
  };
  const rows = source.kind === 'test' ? startClockRows(pipes!.pictures, grid) : undefined;
  let attachment: Attachment | undefined;
  let inGap = false;
  if (source.kind === 'frames') {
    if (!mixer) throw new Error('a source of frames needs a mixer');
    attachment = mixer.attach(pipes!, {
      ...(options.alignTo !== undefined && { alignTo: options.alignTo }),
      onOverflow: () => {
        log.error(
          'the encoder does not take the pictures as fast as they come: this machine does not keep up',
        );
        void run.stop();
      },
      onGap: () => {
        inGap = true;
        for (const pipe of [pipes!.pictures, ...pipes!.sound]) pipe.end();
      },
    });
  }
  return {
    streams: run.tracks,
    firstSlot: attachment?.firstSlot,
    firstFrameMs: () => rows?.startedAt ?? attachment?.startedAt,
    captions: (frame) => attachment?.captions(frame),
    framesFed: () => rows?.frames() ?? attachment?.frames(),
    command: (line) => run.command(line),
    end: async () => {
      const { code, signal, lastLines } = await run.ended;
      if (code === 0 && inGap) return 'gap';
      if (code === 0 && source.kind === 'file' && !source.loop) return 'source-ended';
      log.error({ code, signal, lastLines }, 'ffmpeg ended');
      return 'failed';
    },
    stop: async () => {
      rows?.stop();
      attachment?.detach();
      await run.stop();
      await sockets?.close();
    },
  };
}

function untilConnected(connected: Promise<Writable>): Writable {
  const waiting = new PassThrough();
  void connected.then((socket) => {
    socket.once('close', () => waiting.destroy());
    waiting.pipe(socket);
  });
  return waiting;
}
