/**
 * The input of a channel: looks at each caller's stream, runs a decoder for it, and hands pictures, sound and
 * captions to the mixer. A stream whose programme changes (codec, tracks) gets a new decoder; the caller stays.
 */
import { PassThrough } from 'node:stream';
import type { Ladder } from '../contract';
import type { PictureFormat } from '../ffmpeg/job';
import type { Logger } from '../telemetry/log';
import { PTS_WRAP } from './conform';
import { startDecoder, type DecoderRun } from './decoder';
import type { InputSession } from './front';
import type { Mixer } from './mixer';
import { mapSound } from './sound-map';
import { FlvInspector } from './ts/flv';
import { TsInspector } from './ts/inspector';
import type { Program } from './ts/program';

export interface InputOptions {
  readonly ladder: Ladder;
  readonly picture: PictureFormat;
  /** Frames a second of the channel. */
  readonly framesPerSecond: number;
  /** Hz. */
  readonly sampleRate: number;
  /** Decode on an NVIDIA GPU where it can; a stream that it cannot decode is decoded in software. */
  readonly hardware: boolean;
  readonly mixer: Mixer;
  readonly log: Logger;
  /** What a programme holds, at its start and whenever it changes. */
  readonly onProgram?: (program: Program) => void;
  /** Caption services that have carried data so far; called for each that is new. */
  readonly onCaptions?: (services: readonly string[]) => void;
  readonly onDecoderStart?: () => void;
}

/** Bytes that wait for the decoder, at most: 2 s at 50 Mbit/s. What comes while it is full is lost. */
const MAX_WAITING_BYTES = 12 * 1024 * 1024;
/** Bytes that are kept while the programme is not known: 0.6 s at 50 Mbit/s, and all that a stream begins with. */
const MAX_PREAMBLE_BYTES = 4 * 1024 * 1024;
/** Longest GOP that contribution encoders send, and some: no picture for so long means a decoder that is stuck. */
const STUCK_MS = 12_000;
/** Between two decoders of one session. */
const RESTART_MS = 500;
/** Captions whose picture never came, and for how long they are of use, in ticks of 90 kHz. */
const MAX_CAPTIONS = 300;
const CAPTION_TICKS = 180_000;

export class Input {
  readonly #options: InputOptions;
  #session: Session | undefined;

  constructor(options: InputOptions) {
    this.#options = options;
  }

  /** Takes a caller's stream. One at a time: that is the front's business. */
  accept(session: InputSession): void {
    void this.#session?.stop();
    this.#session = new Session(session, this.#options);
  }

  async close(): Promise<void> {
    await this.#session?.stop();
  }
}

class Session {
  readonly #options: InputOptions;
  readonly #session: InputSession;
  readonly #captions = new Map<number, Uint8Array[]>();
  #services = 0;
  /**
   * What came before the programme was known: its first pictures, and in FLV, where it comes once, what every decoder
   * needs (header, metadata, codec configurations).
   */
  #preamble: Buffer[] = [];
  #preambleBytes = 0;
  #program: Program | undefined;
  #decoder: DecoderRun | undefined;
  #media: PassThrough | undefined;
  #hardware: boolean;
  #lastPictureAt = 0;
  #lost = 0;
  #restart: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(session: InputSession, options: InputOptions) {
    this.#session = session;
    this.#options = options;
    this.#hardware = options.hardware;
    const callbacks = {
      onProgram: (program: Program) => this.#changed(program),
      onCaptions: ({ pts90k, ccData }: { pts90k: number; ccData: Uint8Array }) => {
        const services = inspector.services();
        if (services.length > this.#services) options.onCaptions?.(services);
        this.#services = services.length;
        this.#caption(pts90k, ccData);
      },
    };
    const inspector = session.container === 'flv' ? new FlvInspector(callbacks) : new TsInspector(callbacks);
    session.media.on('data', (chunk: Buffer) => {
      const isPreamble = !this.#program;
      if (isPreamble) this.#gather(chunk);
      inspector.push(chunk);
      if (!isPreamble) this.#feed(chunk);
    });
    session.media.on('error', () => undefined);
    session.media.on('end', () => {
      inspector.end();
      this.#media?.end();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#restart);
    await this.#decoder?.stop();
  }

  #changed(program: Program): void {
    const { log, onProgram } = this.#options;
    if (this.#program) log.info({ program }, 'the source has changed what it sends');
    else log.info({ program, address: this.#session.address }, 'the source sends');
    this.#program = program;
    onProgram?.(program);
    void this.#decoder?.stop();
    this.#start();
  }

  #start(): void {
    const { ladder, picture, framesPerSecond, sampleRate, mixer, log, onDecoderStart } = this.#options;
    const program = this.#program;
    if (!program?.video || this.#stopped) return;
    const isTs = this.#session.container === 'mpegts';
    const wanted = mapSound(ladder.audio, program.audio).flatMap((index, rung) =>
      index === undefined ? [] : [{ rung, id: isTs ? program.audio[index]!.pid : ('first' as const) }],
    );
    const media = new PassThrough({ highWaterMark: MAX_WAITING_BYTES });
    this.#media = media;
    for (const chunk of this.#preamble) media.write(chunk);
    if (isTs) this.#preamble = [];
    this.#lastPictureAt = Date.now();
    this.#captions.clear();
    let pictureless = true;
    mixer.begin();
    const decoder = startDecoder({
      job: {
        container: this.#session.container,
        ...(isTs && { video: program.video.pid }),
        sound: wanted.map(({ id }) => id),
        picture,
        framesPerSecond,
        sampleRate,
        hardware: this.#hardware,
      },
      media,
      log,
      onPicture: (pts, bytes) => {
        if (this.#decoder !== decoder || this.#stopped) return;
        pictureless = false;
        this.#lastPictureAt = Date.now();
        mixer.picture(pts, { bytes, captions: this.#captionsOf(pts) });
      },
      onSound: (index, pts, samples) => {
        if (this.#decoder !== decoder || this.#stopped) return;
        mixer.sound(wanted[index]!.rung, pts, samples);
      },
    });
    this.#decoder = decoder;
    onDecoderStart?.();
    void decoder.ended.then(({ code, lastLines }) =>
      this.#ended(decoder, media, pictureless, code, lastLines),
    );
  }

  /** A decoder that ends before its stream does is started again. */
  #ended(
    decoder: DecoderRun,
    media: PassThrough,
    pictureless: boolean,
    code: number | null,
    lastLines: readonly string[],
  ): void {
    if (this.#decoder !== decoder || this.#stopped || media.writableEnded) return;
    if (pictureless && this.#hardware) {
      this.#hardware = false;
      this.#options.log.warn({ lastLines }, 'the GPU does not decode this stream: it is decoded in software');
    } else {
      this.#options.log.warn(
        { code, lastLines },
        'the decoder ended before its stream, and is started again',
      );
    }
    this.#media = undefined;
    this.#restart = setTimeout(() => this.#start(), RESTART_MS);
  }

  #gather(chunk: Buffer): void {
    this.#preamble.push(chunk);
    this.#preambleBytes += chunk.length;
    while (this.#preambleBytes > MAX_PREAMBLE_BYTES) this.#preambleBytes -= this.#preamble.shift()!.length;
  }

  #feed(chunk: Buffer): void {
    const media = this.#media;
    if (!media) return;
    if (media.writableLength > MAX_WAITING_BYTES) {
      if (this.#lost === 0)
        this.#options.log.warn('the decoder does not keep up: media of the source is lost');
      this.#lost += chunk.length;
      return;
    }
    this.#lost = 0;
    media.write(chunk);
    if (Date.now() - this.#lastPictureAt > STUCK_MS) {
      this.#options.log.warn(`no picture for ${STUCK_MS / 1000} s: the decoder is started again`);
      this.#lastPictureAt = Date.now();
      void this.#decoder?.stop();
    }
  }

  #caption(pts90k: number, ccData: Uint8Array): void {
    const pts = wrapped(pts90k);
    const there = this.#captions.get(pts);
    if (there) there.push(ccData);
    else this.#captions.set(pts, [ccData]);
    if (this.#captions.size > MAX_CAPTIONS)
      this.#captions.delete(this.#captions.keys().next().value as number);
  }

  /** Those of this picture, and of earlier ones that were not decoded. */
  #captionsOf(pts90k: number): readonly Uint8Array[] {
    const found: Uint8Array[] = [];
    for (const [pts, ccData] of this.#captions) {
      if (wrapped(pts90k - pts) > CAPTION_TICKS) break;
      found.push(...ccData);
      this.#captions.delete(pts);
    }
    return found;
  }
}

/** The decoder may have undone a wrap. */
const wrapped = (pts90k: number): number => ((pts90k % PTS_WRAP) + PTS_WRAP) % PTS_WRAP;
