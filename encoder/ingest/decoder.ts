/** One run of the decoding ffmpeg: a stream in; pictures and sound, each with its timestamp, out. */
import { spawnFfmpeg, type FfmpegEnd } from '../ffmpeg/child';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { decodeArguments, DECODE_FDS, SOUND_BLOCK_SAMPLES, type DecodeJob } from '../ffmpeg/decode-arguments';
import type { Logger } from '../telemetry/log';

export interface DecoderOptions {
  readonly job: DecodeJob;
  /** The stream; its end ends the run. */
  readonly media: Readable;
  readonly log: Logger;
  /** @param pts90k as the stream has it, in ticks of 90 kHz */
  readonly onPicture: (pts90k: number, bytes: readonly Uint8Array[]) => void;
  /** @param index of the track in the job's `sound`; interleaved s16le stereo */
  readonly onSound: (index: number, pts90k: number, samples: Uint8Array) => void;
}

export interface DecoderRun {
  readonly pid: number | undefined;
  /** Resolves when the process and its pipes have ended. */
  readonly ended: Promise<FfmpegEnd>;
  stop(): Promise<void>;
}

const LAST_LINES = 10;
/** A broken stream says the same thing thousands of times. */
const LINES_A_SECOND = 5;

export function startDecoder(options: DecoderOptions): DecoderRun {
  const { job, media, log } = options;
  const { process, ended, stop } = spawnFfmpeg({
    arguments: decodeArguments(job),
    descriptors: DECODE_FDS.firstSound + 2 * job.sound.length,
    keptLines: LAST_LINES,
    onLine: limited(log),
  });
  // A decoder that has died leaves the caller's stream to whoever comes next.
  pipeline(media, process.stdin!, () => undefined);
  const descriptor = (fd: number) => process.stdio[fd] as Readable;
  new TimedReader(
    descriptor(DECODE_FDS.pictures),
    descriptor(DECODE_FDS.pictureTimes),
    job.picture.bytes,
    options.onPicture,
  );
  job.sound.forEach((_, i) => {
    const fd = DECODE_FDS.firstSound + 2 * i;
    new TimedReader(descriptor(fd), descriptor(fd + 1), SOUND_BLOCK_SAMPLES * 4, (pts, chunks) =>
      options.onSound(i, pts, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)),
    );
  });
  return { pid: process.pid, ended, stop };
}

/** Cuts a pipe into pieces of one size, and gives each the timestamp of its line on another pipe. */
class TimedReader {
  readonly #size: number;
  readonly #emit: (pts: number, chunks: readonly Uint8Array[]) => void;
  readonly #times: number[] = [];
  readonly #pieces: Uint8Array[][] = [];
  #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(
    data: Readable,
    times: Readable,
    size: number,
    emit: (pts: number, chunks: readonly Uint8Array[]) => void,
  ) {
    this.#size = size;
    this.#emit = emit;
    data.on('data', (chunk: Buffer) => this.#take(chunk));
    createInterface({ input: times }).on('line', (line) => {
      const pts = /\bpts:(-?\d+)/.exec(line);
      if (pts) this.#times.push(Number(pts[1]));
      // A frame without a timestamp belongs where the one before it does.
      else if (line.startsWith('frame:')) this.#times.push(this.#times.at(-1) ?? 0);
      this.#flush();
    });
  }

  #take(chunk: Buffer): void {
    let rest: Uint8Array = chunk;
    while (this.#length + rest.length >= this.#size) {
      const need = this.#size - this.#length;
      this.#chunks.push(rest.subarray(0, need));
      rest = rest.subarray(need);
      this.#pieces.push(this.#chunks);
      this.#chunks = [];
      this.#length = 0;
    }
    if (rest.length > 0) {
      this.#chunks.push(rest);
      this.#length += rest.length;
    }
    this.#flush();
  }

  #flush(): void {
    while (this.#times.length > 0 && this.#pieces.length > 0) {
      this.#emit(this.#times.shift()!, this.#pieces.shift()!);
    }
  }
}

/** The log, of which a second may have so many lines; the rest is counted. */
function limited(log: Logger): (line: string) => void {
  let second = 0;
  let lines = 0;
  let left = 0;
  return (line) => {
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) {
      if (left > 0) log.warn({ lines: left }, 'the decoder said more');
      second = now;
      lines = 0;
      left = 0;
    }
    if (++lines <= LINES_A_SECOND) log.warn({ ffmpeg: line }, 'decoding');
    else left++;
  };
}
