/** Which file descriptor of ffmpeg carries what. */
import type { Ladder } from '../contract';
import type { EncodeJob } from './job';

/** 3 is progress, 4 takes pictures or the clock's rows. */
export const PROGRESS_FD = 3;
export const PICTURES_FD = 4;

/**
 * Descriptors of the child. 0 takes run-time commands of filters, 2 is the log. Those of pictures and sound
 * are not read where the job names sockets for them.
 */
export interface Descriptors {
  readonly progress: typeof PROGRESS_FD;
  /** Pictures, or rows of clock blocks where the source is the test picture. */
  readonly pictures: typeof PICTURES_FD;
  /** One PCM input a rendition of sound where the source is frames: s16le, stereo, at the grid's rate. */
  readonly sound: readonly number[];
  /** One fMP4 output a track, by the rung's id. */
  readonly tracks: ReadonlyMap<string, number>;
}

/** Video rungs first, then sound, as the ladder lists them. */
export const trackIds = ({ video, audio }: Ladder): string[] => [...video, ...audio].map(({ id }) => id);

export function descriptors({ source, ladder }: Pick<EncodeJob, 'source' | 'ladder'>): Descriptors {
  const first = PICTURES_FD + 1;
  const sound = source.kind === 'frames' ? ladder.audio.map((_, i) => first + i) : [];
  const tracks = trackIds(ladder).map((id, i) => [id, first + sound.length + i] as const);
  return { progress: PROGRESS_FD, pictures: PICTURES_FD, sound, tracks: new Map(tracks) };
}
