/** Brings the tracks' parts of one tick together, in order. */
import { TimingError, type TrackPart } from './cutter';

export interface Tick {
  /** Ticks since the generation's first frame. */
  readonly index: number;
  /** By rendition. */
  readonly parts: ReadonlyMap<string, TrackPart>;
}

/** Ticks that one track may run ahead of another before the stream counts as broken. */
const MAX_LEAD_TICKS = 12;

export class TickAssembler {
  readonly #renditions: readonly string[];
  readonly #emit: (tick: Tick) => void;
  readonly #open = new Map<number, Map<string, TrackPart>>();
  readonly #absent: (rendition: string, tick: number) => TrackPart | undefined;
  #next = 0;

  /** @param absent the gap that stands for a part that will not come */
  constructor(
    renditions: readonly string[],
    emit: (tick: Tick) => void,
    absent: (rendition: string, tick: number) => TrackPart | undefined = () => undefined,
  ) {
    this.#absent = absent;
    this.#renditions = renditions;
    this.#emit = emit;
  }

  /** @throws TimingError when another track has fallen 12 ticks behind. */
  push(rendition: string, part: TrackPart): void {
    let parts = this.#open.get(part.tick);
    if (!parts) this.#open.set(part.tick, (parts = this.#begin(part.tick)));
    parts.set(rendition, part);
    for (;;) {
      const complete = this.#open.get(this.#next);
      if (complete?.size !== this.#renditions.length) break;
      this.#open.delete(this.#next);
      this.#emit({ index: this.#next++, parts: complete });
    }
    if (part.tick - this.#next >= MAX_LEAD_TICKS) {
      const missing = this.#renditions.filter((id) => !this.#open.get(this.#next)?.has(id));
      throw new TimingError(`${missing.join(', ')}: ${MAX_LEAD_TICKS} ticks behind ${rendition}`);
    }
  }

  #begin(tick: number): Map<string, TrackPart> {
    const parts = new Map<string, TrackPart>();
    for (const id of this.#renditions) {
      const gap = this.#absent(id, tick);
      if (gap) parts.set(id, gap);
    }
    return parts;
  }
}
