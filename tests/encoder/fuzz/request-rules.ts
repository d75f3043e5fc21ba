/**
 * What the origin has to answer, decided a second time: by the draft's rules (RFC 8216bis, section 6.2.5.2) and the
 * URL layout, from the playlists that a client reads, with none of the origin's code.
 */

/** A channel as its plain playlist shows it. */
export interface Shown {
  readonly newestMsn: number;
  /** The newest segment's last part; -1 where it has none. */
  readonly newestPart: number;
  /** Whether the newest segment has its EXTINF. */
  readonly complete: boolean;
  readonly ended: boolean;
  readonly partTarget: number;
  readonly renditions: readonly string[];
  /** Paths of all media that exist, below the channel's. */
  readonly media: ReadonlySet<string>;
}

/** `held` playlists come after a part, or end with 503. */
export type Verdict = 'held' | 200 | 400 | 404;

export function verdictOn(target: string, channels: ReadonlyMap<string, Shown>): Verdict {
  if (target.length > 4096) return 400;
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const place = placeOf(path);
  if (!place) return isHostile(path) ? 400 : 404;
  const asked = place.kind === 'playlist' ? readQuery(mark === -1 ? '' : target.slice(mark + 1)) : {};
  if (!asked) return 400;
  const channel = channels.get(place.channel);
  if (!channel) return 404;
  if (place.kind === 'index') return 200;
  if (place.kind === 'media') return channel.media.has(place.path) ? 200 : 404;
  if (!channel.renditions.includes(place.rendition)) return 404;
  return onPlaylist(channel, asked);
}

function onPlaylist(channel: Shown, { msn, part }: Asked): Verdict {
  if (msn === undefined || channel.ended) return 200;
  const ahead = msn - channel.newestMsn;
  if (ahead > 2) return 400;
  // The Advance Part Limit: three seconds of parts, beyond the last one that the segment has.
  const limit = channel.partTarget < 1 ? Math.ceil(3 / channel.partTarget) : 3;
  const last = ahead === 0 ? channel.newestPart : -1;
  if (part !== undefined && ahead >= 0 && part - last > limit) return 400;
  if (ahead < 0) return 200;
  const there = ahead === 0 && (part === undefined ? channel.complete : part <= last);
  return there ? 200 : 'held';
}

interface Asked {
  readonly msn?: number;
  readonly part?: number;
}

/** Undefined for a query that has to be refused. */
function readQuery(query: string): Asked | undefined {
  const found = new Map<string, string>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decoded(equals === -1 ? pair : pair.slice(0, equals));
    if (!name.startsWith('_HLS_')) continue;
    if (found.has(name) || !['_HLS_msn', '_HLS_part', '_HLS_skip'].includes(name)) return undefined;
    found.set(name, equals === -1 ? '' : decoded(pair.slice(equals + 1)));
  }
  const numbers = ['_HLS_msn', '_HLS_part'].map((name) => found.get(name));
  for (const text of numbers) {
    if (
      text !== undefined &&
      (text.length > 15 || text === '' || [...text].some((c) => c < '0' || c > '9'))
    ) {
      return undefined;
    }
  }
  const [msn, part] = numbers;
  if (part !== undefined && msn === undefined) return undefined;
  if (!['YES', 'v2', undefined].includes(found.get('_HLS_skip'))) return undefined;
  return {
    ...(msn !== undefined && { msn: Number(msn) }),
    ...(part !== undefined && { part: Number(part) }),
  };
}

/** application/x-www-form-urlencoded: what is no escape stands for itself. */
function decoded(text: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const hex = text.slice(at + 1, at + 3);
    if (text[at] === '%' && hex.length === 2 && [...hex].every((c) => '0123456789abcdefABCDEF'.includes(c))) {
      bytes.push(Number.parseInt(hex, 16));
      at += 2;
    } else bytes.push(text[at] === '+' ? 0x20 : text.charCodeAt(at));
  }
  return Buffer.from(bytes).toString('utf8');
}

type Place =
  | { readonly kind: 'index'; readonly channel: string }
  | { readonly kind: 'playlist'; readonly channel: string; readonly rendition: string }
  | { readonly kind: 'media'; readonly channel: string; readonly path: string };

function placeOf(path: string): Place | undefined {
  const [root, live, channel = '', ...rest] = path.split('/');
  if (path.length > 256 || root !== '' || live !== 'live' || !isId(channel, 63)) return undefined;
  if (rest.length === 1) {
    const name = before(rest[0]!, '.m3u8');
    if (name === 'index') return { kind: 'index', channel };
    return name !== undefined && isId(name, 32) ? { kind: 'playlist', channel, rendition: name } : undefined;
  }
  const [kind, rendition = '', file = ''] = rest;
  if (rest.length !== 3 || !isId(rendition, 32)) return undefined;
  const numbers = before(file, '.m4s')?.split('.') ?? [];
  const hash = before(file, '.mp4') ?? '';
  const known =
    (kind === 'p' && numbers.length === 2 && numbers.every(isNumber)) ||
    (kind === 's' && numbers.length === 1 && numbers.every(isNumber)) ||
    (kind === 'i' && hash.length >= 16 && hash.length <= 64 && every(hash, '0123456789abcdef'));
  return known ? { kind: 'media', channel, path: rest.join('/') } : undefined;
}

/** Refused rather than not found: no client sends these by mistake. */
const isHostile = (path: string): boolean => ['..', '%', '\\', '//'].some((sign) => path.includes(sign));

const before = (text: string, ending: string): string | undefined =>
  text.endsWith(ending) ? text.slice(0, -ending.length) : undefined;
const every = (text: string, allowed: string): boolean => [...text].every((c) => allowed.includes(c));
const isNumber = (text: string): boolean =>
  text !== '' && text.length <= 15 && every(text, '0123456789') && (text === '0' || !text.startsWith('0'));
const isId = (text: string, most: number): boolean =>
  text !== '' &&
  text.length <= most &&
  every(text, 'abcdefghijklmnopqrstuvwxyz0123456789-') &&
  !text.startsWith('-') &&
  !text.endsWith('-');
