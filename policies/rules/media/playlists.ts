/** Settings and answers that rules of playlists have in common. */
import type { Caching, Keyed } from '../delivery/caching';

/** Delivery directives of low-latency HLS: RFC 8216bis, section 6.2.5. */
export const DIRECTIVES = ['_HLS_msn', '_HLS_part', '_HLS_skip'] as const;

/** Whether a kind of key tells two values of a name apart. */
export const tells = ({ kind, names }: Keyed, name: string): boolean =>
  kind === 'all' ||
  (kind === 'whitelist' ? names.includes(name) : kind === 'allExcept' && !names.includes(name));

/** Whether answers to different blocking requests are kept apart. */
export const tellsBlockingRequests = ({ queryStrings }: Caching): boolean =>
  tells(queryStrings, '_HLS_msn') && tells(queryStrings, '_HLS_part');
