/** Which of a source's sound tracks goes to which rendition. */
import type { AudioRung } from '../contract';

export interface SourceSound {
  /** Stream id; the PID in MPEG-TS. */
  readonly pid: number;
  /** ISO 639, as the stream declares it, for example `deu`. */
  readonly language?: string;
}

/**
 * By language first; a rendition whose language the source does not declare takes the next track without a
 * declared language, and the first rendition takes any track rather than silence.
 * @returns for each rung the index of a track, or undefined: silence
 */
export function mapSound(
  rungs: readonly AudioRung[],
  tracks: readonly SourceSound[],
): (number | undefined)[] {
  const free = new Set(tracks.keys());
  const take = (wanted: (track: SourceSound) => boolean): number | undefined => {
    for (const index of free) {
      if (!wanted(tracks[index]!)) continue;
      free.delete(index);
      return index;
    }
    return undefined;
  };
  const byLanguage = rungs.map(({ language }) =>
    take((track) => canonical(track.language) === canonical(language)),
  );
  const filled = byLanguage.map((index) => index ?? take((track) => canonical(track.language) === 'und'));
  return filled.map((index, rung) => index ?? (rung === 0 ? take(() => true) : undefined));
}

/** Broadcast streams name languages by three letters, BCP 47 by two where there are two. */
function canonical(language: string | undefined): string {
  try {
    return new Intl.Locale(language?.trim() || 'und').language;
  } catch {
    return 'und';
  }
}
