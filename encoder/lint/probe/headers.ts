/** What the headers of one answer say: C3 to C9, and gzip (T25). */
import type { Collector } from '../collector';
import type { Place } from '../types';
import type { Answer } from './http';

export type AnswerKind =
  | 'multivariant playlist'
  | 'playlist'
  | 'blocking playlist'
  /** With directives that need no waiting; how long it may be cached is the server's choice. */
  | 'directed playlist'
  | 'segment'
  | 'part'
  | 'init'
  /** An answer that is meant to be an error. */
  | 'refusal';

interface CacheControl {
  readonly present: boolean;
  readonly forbidden: string | undefined;
  /** Seconds, for a shared cache. */
  readonly maxAge: number | undefined;
}

export function parseCacheControl(headers: Readonly<Record<string, string>>): CacheControl {
  const value = headers['cache-control'];
  if (value === undefined) return { present: false, forbidden: undefined, maxAge: undefined };
  const directives = value.split(',').map((directive) => directive.trim().toLowerCase());
  const seconds = (name: string): number | undefined => {
    const found = directives.find((directive) => directive.startsWith(`${name}=`));
    return found === undefined ? undefined : Number(found.slice(name.length + 1).replaceAll('"', ''));
  };
  return {
    present: true,
    forbidden: directives.find((directive) => /^(no-store|no-cache|private)\b/.test(directive)),
    maxAge: seconds('s-maxage') ?? seconds('max-age'),
  };
}

/** Why a shared cache can't keep the answer; undefined if it can. */
function uncacheable(answer: Answer): string | undefined {
  const { present, forbidden, maxAge } = parseCacheControl(answer.headers);
  const vary = (answer.headers['vary'] ?? '').toLowerCase();
  if (!present) return 'there is no Cache-Control';
  if (forbidden !== undefined || maxAge === 0)
    return `Cache-Control is "${answer.headers['cache-control'] ?? ''}"`;
  if (/\*|user-agent|cookie|referer/.test(vary)) return `Vary is "${vary}"`;
  return undefined;
}

const PLAYLIST_TYPES = /^(application\/vnd\.apple\.mpegurl|audio\/mpegurl|application\/x-mpegurl)$/;
const MEDIA_TYPES =
  /^(video\/(mp4|iso\.segment|mp2t)|audio\/(mp4|aac|mpeg|ac3|eac3)|text\/vtt|application\/mp4)$/;

function checkType(answer: Answer, kind: AnswerKind, place: Place, collector: Collector): void {
  const type = (answer.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const playlist = kind.includes('playlist');
  collector.checked('C8');
  if ((playlist ? PLAYLIST_TYPES : MEDIA_TYPES).test(type)) return;
  collector.report(
    'C8',
    kind,
    place,
    `the Content-Type of the ${kind} is ${type === '' ? 'missing' : `"${type}"`}`,
  );
}

/** Undefined for a multivariant playlist. */
function targetDurationOf(answer: Answer): number | undefined {
  const match = /^#EXT-X-TARGETDURATION:(\d+)/m.exec(answer.body.toString('utf8', 0, 4096));
  return match === null ? undefined : Number(match[1]);
}

function checkCaching(answer: Answer, kind: AnswerKind, place: Place, collector: Collector): void {
  const { present, maxAge } = parseCacheControl(answer.headers);
  const targetDuration = targetDurationOf(answer);
  if (kind === 'blocking playlist') {
    collector.checked('C3');
    const why = uncacheable(answer);
    if (why !== undefined)
      collector.report('C3', 'blocking', place, `the answer to a blocking request can't be cached: ${why}`);
  } else if (kind === 'playlist') {
    // What has ended may be kept.
    if (answer.body.includes('#EXT-X-ENDLIST')) return;
    collector.checked('C4');
    if (!present)
      collector.report(
        'C4',
        'absent',
        place,
        'there is no Cache-Control, so caches choose how long they keep the live playlist',
      );
    else if (maxAge !== undefined && targetDuration !== undefined && maxAge > targetDuration) {
      collector.report(
        'C4',
        'long',
        place,
        `the live playlist may be cached for ${maxAge} s, TARGETDURATION is ${targetDuration}`,
      );
    }
  } else if (kind === 'segment' || kind === 'part' || kind === 'init') {
    collector.checked('C5');
    const why = uncacheable(answer);
    if (why !== undefined) collector.report('C5', kind, place, `the ${kind} can't be cached: ${why}`);
  }
}

function checkAge(answer: Answer, place: Place, collector: Collector): void {
  const viaCache = ['via', 'x-cache', 'x-served-by', 'cf-cache-status', 'x-amz-cf-pop'].find(
    (name) => name in answer.headers,
  );
  if (viaCache === undefined) return;
  const hit = /hit/i.test(`${answer.headers['x-cache'] ?? ''} ${answer.headers['cf-cache-status'] ?? ''}`);
  if (answer.headers['age'] !== undefined) collector.checked('C9');
  else if (hit)
    collector.report(
      'C9',
      'age',
      place,
      `the answer comes from a cache (${viaCache}: ${answer.headers[viaCache] ?? ''}) and has no Age`,
    );
}

/** Below this, compression may make a playlist larger; CDNs do not compress it. */
const WORTH_COMPRESSING = 1000;

export function checkAnswer(answer: Answer, kind: AnswerKind, place: Place, collector: Collector): void {
  collector.checked('C7');
  if (answer.headers['access-control-allow-origin'] === undefined) {
    collector.report('C7', kind, place, `the ${kind} has no Access-Control-Allow-Origin`);
  }
  if (kind === 'refusal') {
    const { maxAge } = parseCacheControl(answer.headers);
    if (answer.status >= 400) {
      collector.checked('C6');
      if ((maxAge ?? 0) > 1)
        collector.report(
          'C6',
          'long',
          place,
          `the error ${answer.status} may be cached for ${maxAge ?? 0} s`,
        );
    }
    return;
  }
  if (answer.status !== 200 && answer.status !== 206) return;
  checkType(answer, kind, place, collector);
  checkCaching(answer, kind, place, collector);
  if (!kind.includes('playlist')) return;
  checkAge(answer, place, collector);
  collector.checked('T25');
  const encoding = answer.headers['content-encoding'];
  if (encoding === undefined && answer.body.length >= WORTH_COMPRESSING) {
    collector.report(
      'T25',
      'gzip',
      place,
      `the playlist (${answer.body.length} bytes) is not compressed; the request accepts gzip`,
    );
  }
}
