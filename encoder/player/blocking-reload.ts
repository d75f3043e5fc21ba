/**
 * Makes the playlist requests that hls.js sends without delivery directives wait for news.
 *
 * After an error hls.js asks for a plain playlist. Where that has not grown yet, because the encoder is
 * still coming back, it waits for half a target duration (2 s) before it asks again. A blocking request
 * is answered the moment there is a new part, and at once when there has been one meanwhile.
 */
import type { LevelDetails } from 'hls.js';

type LiveEdgeOfPlaylist = Pick<
  LevelDetails,
  'live' | 'canBlockReload' | 'lastPartSn' | 'lastPartIndex' | 'endSN'
>;

/** @returns the playlist's URL with directives for the part after the last known one, or undefined */
export function blockingUrl(url: string, details: LiveEdgeOfPlaylist | null | undefined): string | undefined {
  if (!details?.live || !details.canBlockReload || details.lastPartIndex < 0) return undefined;
  const { lastPartSn, lastPartIndex, endSN } = details;
  const complete = lastPartSn === endSN;
  const target = new URL(url);
  if (target.searchParams.has('_HLS_msn')) return undefined;
  target.searchParams.set('_HLS_msn', String(complete ? endSN + 1 : lastPartSn));
  target.searchParams.set('_HLS_part', String(complete ? 0 : lastPartIndex + 1));
  return target.href;
}
