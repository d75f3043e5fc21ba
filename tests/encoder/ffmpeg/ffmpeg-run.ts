/** The encoder's own ffmpeg, fed and read over its pipes, at the speed that it can. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { CLOCK_BLOCKS } from '../../../encoder/contract';
import {
  descriptors,
  ffmpegArguments,
  pictureFormat,
  type EncodeJob,
} from '../../../encoder/ffmpeg/arguments';
import type { InputSockets } from '../../../encoder/ffmpeg/input-sockets';
import { BoxReader, type Fragment } from '../../../encoder/packager/box-reader';
import type { InitSegment } from '../../../encoder/packager/init';

/** No child lives longer. */
const KILL_MS = 60_000;

export interface Track {
  readonly inits: InitSegment[];
  readonly fragments: Fragment[];
}

export class FfmpegUnderTest {
  readonly tracks: ReadonlyMap<string, Track>;
  readonly #child: ChildProcess;
  readonly #closed: Promise<[number | null, NodeJS.Signals | null]>;
  readonly #job: EncodeJob;
  readonly #failures: unknown[] = [];
  readonly #pictures: Promise<Writable>;
  readonly #sound: readonly Promise<Writable>[];
  #log = '';
  #fed = 0;

  /** @param seconds of media after which every track ends; needed where the source has no end of its own */
  constructor(job: EncodeJob, seconds?: number, sockets?: InputSockets) {
    const { pictures, progress, sound, tracks } = descriptors(job);
    this.#job = job;
    const fds = [pictures, progress, ...sound, ...tracks.values()];
    const stdio = Array.from({ length: Math.max(...fds) + 1 }, () => 'pipe' as const);
    const limit = seconds === undefined ? [] : ['-t', String(seconds)];
    const list = ffmpegArguments(job).flatMap((one) => (one === '-flush_packets' ? [...limit, one] : [one]));
    this.#child = spawn('ffmpeg', list, { stdio, timeout: KILL_MS, killSignal: 'SIGKILL' });
    this.#closed = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code, signal) => resolve([code, signal]));
    });
    this.#child.stderr!.on('data', (text: Buffer) => (this.#log += text.toString()));
    this.#child.stdout!.resume();
    (this.#child.stdio[progress] as Readable).resume();
    const input = (fd: number) => {
      const pipe = this.#child.stdio[fd] as Writable;
      return Promise.resolve(pipe.on('error', () => undefined));
    };
    void input(0);
    this.#pictures = sockets?.pictures ?? input(pictures);
    this.#sound = sockets?.sound ?? sound.map(input);
    this.tracks = new Map([...tracks].map(([id, fd]) => [id, this.#track(fd)]));
  }

  get log(): string {
    return this.#log;
  }

  /** Pictures of one colour, or rows of the clock, with sound that lasts as long: silence and a click in each. */
  async feed(frames: number): Promise<void> {
    const { ladder, engine = 'software', source } = this.#job;
    const bytes = source.kind === 'frames' ? pictureFormat(ladder, engine).bytes : CLOCK_BLOCKS;
    const first = this.#fed;
    this.#fed += frames;
    const from = this.#samples(first);
    const pcm = (input: number): Buffer => {
      const bytes = Buffer.alloc((this.#samples(this.#fed) - from) * 4);
      // A click of 10 ms at second 1 in the first input of sound, at second 2 in the second.
      const hz = this.#job.grid.audioSampleRate;
      for (let i = (input + 1) * hz - from; i < (input + 1.01) * hz - from; i++) {
        if (i >= 0 && i * 4 < bytes.length)
          bytes.writeInt32LE(i % 32 < 16 ? 0x4000_4000 : -0x4000_4000, i * 4);
      }
      return bytes;
    };
    const pictures = Array.from({ length: frames }, (_, i) =>
      Buffer.alloc(bytes, 16 + (((first + i) * 3) % 200)),
    );
    await Promise.all([
      ...this.#sound.map((input, i) => write(input, [pcm(i)])),
      write(this.#pictures, pictures),
    ]);
  }

  /** Feeds until ffmpeg, at work, has read the command; it acts on it before it filters another frame. */
  async command(line: string): Promise<void> {
    // Before its first frame there is no filter that could take one, and without frames it reads nothing.
    await this.#feedUntil(() => [...this.tracks.values()].every(({ fragments }) => fragments.length > 0));
    this.#child.stdin!.write(line);
    await this.#feedUntil(() => this.#log.includes('Enter command'));
  }

  get fed(): number {
    return this.#fed;
  }

  async #feedUntil(reached: () => boolean): Promise<void> {
    while (!reached()) {
      await this.feed(1);
      await delay(10);
    }
  }

  #samples(frames: number): number {
    return Math.ceil(secondsOf(this.#job, frames) * this.#job.grid.audioSampleRate);
  }

  /** Ends the inputs and waits for the end. @throws Error with ffmpeg's log where it did not succeed */
  async end(): Promise<void> {
    for (const input of [this.#pictures, ...this.#sound]) (await input).end();
    const [code, signal] = await this.#closed;
    if (code !== 0) throw new Error(`ffmpeg ended with ${code ?? signal}: ${this.#log}`);
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  #track(fd: number): Track {
    const track: Track = { inits: [], fragments: [] };
    const reader = new BoxReader({
      init: (init) => track.inits.push(init),
      fragment: (fragment) => track.fragments.push(fragment),
    });
    (this.#child.stdio[fd] as Readable).on('data', (chunk: Buffer) => {
      try {
        if (this.#failures.length === 0) reader.push(chunk);
      } catch (error) {
        this.#failures.push(error);
      }
    });
    return track;
  }
}

async function write(input: Promise<Writable>, chunks: readonly Buffer[]): Promise<void> {
  const pipe = await input;
  for (const chunk of chunks) if (!pipe.write(chunk)) await once(pipe, 'drain');
}

export const secondsOf = ({ grid }: EncodeJob, frames: number): number =>
  (frames * grid.frameTicks) / grid.timescale;

/** Runs a job over so many frames. */
export async function encode(job: EncodeJob, frames: number): Promise<ReadonlyMap<string, Track>> {
  const run = new FfmpegUnderTest(job, secondsOf(job, frames));
  try {
    await run.feed(frames);
    await run.end();
    return run.tracks;
  } finally {
    await run.kill();
  }
}
