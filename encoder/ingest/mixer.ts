/**
 * Runs the conforming stage in real time: takes decoded pictures and sound as they come, and writes the channel's
 * programme to whichever encoder is attached. It outlives both the callers and the encoders.
 */
import type { Writable } from 'node:stream';
import type { TickGrid } from '../contract';
import { Conform, type ConformCounts, type InputPicture, type InputState, type OnInputLoss } from './conform';

/** The pipes of one encoder run. */
export interface EncoderPipes {
  readonly pictures: Writable;
  readonly sound: readonly Writable[];
}

export interface MixerOptions {
  readonly grid: TickGrid;
  readonly tracks: number;
  readonly onInputLoss: OnInputLoss;
  /** One raw picture, shown while there is no source. */
  readonly slate: readonly Uint8Array[];
  readonly onState?: (state: InputState) => void;
  /** Unix milliseconds that never step back. */
  readonly now?: () => number;
}

export interface AttachOptions {
  /** The first picture is a whole number of parts after this slot. */
  readonly alignTo?: number;
  /** Called once when the encoder does not read fast enough; nothing is written to it any more. */
  readonly onOverflow: () => void;
  /** Called once when the source is gone and a gap begins; nothing is written any more. */
  readonly onGap: () => void;
}

export interface Attachment {
  readonly firstSlot: number;
  /** Pictures written so far. */
  frames(): number;
  /** Unix milliseconds of the first picture that this encoder gets. */
  readonly startedAt: number;
  /** Captions of the picture with this number, counted from the first. */
  captions(frame: number): readonly Uint8Array[] | undefined;
  detach(): void;
}

/** Raw media that may wait for an encoder, in bytes: 2 s of 1080p at 30 frames a second, or 0.3 s of 10-bit 2160p. */
const MAX_WAITING_BYTES = 192 * 1024 * 1024;
/** Pictures whose captions are kept for the packager. */
const CAPTION_FRAMES = 600;

export const monotonicUnixMs = (): number => performance.timeOrigin + performance.now();

interface Attached extends EncoderPipes, AttachOptions {
  readonly firstSlot: number;
  readonly captions: Map<number, readonly Uint8Array[]>;
  frames: number;
}

export class Mixer {
  readonly #options: MixerOptions;
  readonly #conform: Conform;
  readonly #now: () => number;
  readonly #returned = new Set<() => void>();
  #attached: Attached | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: MixerOptions) {
    this.#options = options;
    this.#now = options.now ?? monotonicUnixMs;
    this.#conform = new Conform({
      grid: options.grid,
      tracks: options.tracks,
      onInputLoss: options.onInputLoss,
      startMs: this.#now(),
      sink: {
        picture: (slot, picture) => this.#writePicture(slot, picture),
        sound: (track, samples) => this.#writeSound(track, samples),
      },
      onState: (state) => {
        options.onState?.(state);
        if (state === 'gap') this.#gapBegins();
        else for (const resolve of this.#returned) resolve();
      },
    });
    this.#wake();
  }

  get state(): InputState {
    return this.#conform.state;
  }

  get counts(): Readonly<ConformCounts> {
    return this.#conform.counts;
  }

  /** Another source begins. */
  begin(): void {
    this.#conform.begin();
  }

  /** @param pts90k in ticks of 90 kHz */
  picture(pts90k: number, picture: InputPicture): void {
    const now = this.#now();
    this.#conform.picture(pts90k, picture, now);
    this.#advance(now);
  }

  sound(track: number, pts90k: number, samples: Uint8Array): void {
    const now = this.#now();
    this.#conform.sound(track, pts90k, samples, now);
    this.#advance(now);
  }

  /** Unix milliseconds at which a slot is due. */
  dueAt(slot: number): number {
    return this.#conform.dueAt(slot);
  }

  /** Writes to this encoder from the next slot on, or the next one that `alignTo` allows. */
  attach(pipes: EncoderPipes, options: AttachOptions): Attachment {
    const { framesPerPart } = this.#options.grid;
    const firstSlot =
      options.alignTo === undefined
        ? this.#conform.restart(this.#now())
        : this.#conform.restart(this.#now(), options.alignTo, framesPerPart);
    const { pictures, sound } = pipes;
    const attached: Attached = { ...options, pictures, sound, firstSlot, captions: new Map(), frames: 0 };
    this.#attached = attached;
    for (const pipe of [pictures, ...sound]) pipe.on('error', () => this.#detach(attached));
    return {
      firstSlot,
      startedAt: this.#conform.dueAt(firstSlot),
      frames: () => attached.frames,
      captions: (frame) => attached.captions.get(frame),
      detach: () => this.#detach(attached),
    };
  }

  /** Resolves when there is something to write again; at once when this is no gap. */
  async untilNoGap(signal: AbortSignal): Promise<void> {
    while (this.state === 'gap' && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          this.#returned.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        this.#returned.add(done);
        signal.addEventListener('abort', done);
      });
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#attached = undefined;
  }

  #advance(now: number): void {
    this.#conform.advance(now);
    clearTimeout(this.#timer);
    this.#wake();
  }

  #wake(): void {
    if (this.#closed) return;
    // Sound goes in small steps even while a picture is awaited.
    const wait = Math.min(20, Math.max(1, this.#conform.nextWakeMs() - this.#now()));
    this.#timer = setTimeout(() => this.#advance(this.#now()), wait);
  }

  #writePicture(slot: number, picture: InputPicture | 'slate'): void {
    const attached = this.#attached;
    if (!attached || slot < attached.firstSlot) return;
    const { pictures } = attached;
    const { bytes, captions } = picture === 'slate' ? { bytes: this.#options.slate } : picture;
    if (pictures.writableLength > MAX_WAITING_BYTES) {
      this.#detach(attached);
      attached.onOverflow();
      return;
    }
    if (captions && captions.length > 0) {
      attached.captions.set(slot - attached.firstSlot, captions);
      if (attached.captions.size > CAPTION_FRAMES) {
        attached.captions.delete(attached.captions.keys().next().value as number);
      }
    }
    attached.frames++;
    pictures.cork();
    for (const chunk of bytes) pictures.write(chunk);
    pictures.uncork();
  }

  #writeSound(track: number, samples: Uint8Array | number): void {
    const pipe = this.#attached?.sound[track];
    if (!pipe) return;
    pipe.write(typeof samples === 'number' ? Buffer.alloc(samples * 4) : samples);
  }

  #gapBegins(): void {
    const attached = this.#attached;
    if (!attached) return;
    this.#detach(attached);
    attached.onGap();
  }

  #detach(attached: Attached): void {
    if (this.#attached === attached) this.#attached = undefined;
  }
}
