/**
 * Keeps hls.js's record of which parts it has loaded right. Works around two faults of hls.js 1.7.4, both
 * of which end alike: hls.js takes a finished segment for an unfinished one, never asks for the next, and
 * playback stops at the segment's end for seconds.
 *
 * - A playlist that arrives while parts are on their way replaces the parts' objects, and on a slow
 *   network the mark "loaded" is then often put on the old ones.
 * - After a change of rung within a segment, the new rung's earlier parts stay unmarked, although the
 *   buffer has them from the rung before.
 */
import { Events } from 'hls.js';
import type Hls from 'hls.js';
import type { LevelDetails, Part } from 'hls.js';

interface Entry {
  readonly type: 'audio' | 'video' | 'audiovideo';
  readonly start: number;
  readonly end: number;
}

/** Some five segments of two tracks: playlists list the parts of the last three. */
const MOST_ENTRIES = 160;

export class PartLedger {
  readonly #video: HTMLVideoElement;
  readonly #appended = new Map<string, Entry>();

  constructor(hls: Hls, video: HTMLVideoElement) {
    this.#video = video;
    hls.on(Events.BUFFER_APPENDED, (_, { type, part }) => {
      if (part) this.#record(part, type);
    });
    hls.on(Events.BUFFER_FLUSHING, (_, { startOffset, endOffset, type }) => {
      for (const [key, entry] of this.#appended) {
        if ((type === null || entry.type === type) && entry.end > startOffset && entry.start < endOffset) {
          this.#appended.delete(key);
        }
      }
    });
    hls.on(Events.MEDIA_DETACHING, () => this.#appended.clear());
    hls.on(Events.MANIFEST_LOADING, () => this.#appended.clear());
    // Both come before hls.js chooses what to load next.
    hls.on(Events.LEVEL_UPDATED, (_, { details }) => {
      this.#restore(details);
      skipReplaced(details, this.#video.buffered);
    });
    hls.on(Events.AUDIO_TRACK_UPDATED, (_, { details }) => this.#restore(details));
  }

  #record(part: Part, type: Entry['type']): void {
    this.#appended.set(keyOf(part), { type, start: part.start, end: part.end });
    if (this.#appended.size <= MOST_ENTRIES) return;
    const oldest = this.#appended.keys().next();
    if (!oldest.done) this.#appended.delete(oldest.value);
  }

  #restore(details: LevelDetails): void {
    for (const part of details.partList ?? []) {
      if (part.loaded) continue;
      const entry = this.#appended.get(keyOf(part));
      if (!entry) continue;
      const { start, end } = part;
      part.elementaryStreams[entry.type] = {
        startPTS: start,
        endPTS: end,
        startDTS: start,
        endDTS: end,
        partial: false,
      };
    }
  }
}

const keyOf = (part: Part): string =>
  `${String(part.fragment.type)}/${part.fragment.level}/${String(part.fragment.sn)}.${part.index}`;

/**
 * Marks the parts that another rung has put into the buffer as gaps, which are passed over. As loaded they
 * would let hls.js go on with a part that does not begin with a key frame. The newest is left alone.
 */
function skipReplaced(details: LevelDetails, buffered: TimeRanges): void {
  for (const part of details.partList ?? []) {
    if (part.loaded || part.gap) continue;
    for (let i = 0; i < buffered.length; i++) {
      const inside = part.start > buffered.start(i) - 0.05 && part.end < buffered.end(i) - part.duration / 2;
      if (inside) part.gap = true;
    }
  }
}
