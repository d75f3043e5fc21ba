/** What the probes share: the client, the findings, the clock, and one way to ask. */
import type { Collector } from '../collector';
import type { ByteRange } from '../playlist';
import type { Place } from '../types';
import { checkAnswer, type AnswerKind } from './headers';
import { RequestFailed, type Answer, type HttpClient } from './http';

/** An origin that is nobody's, so that a server that answers CORS for its own site alone is seen. */
const ORIGIN = 'https://player.example';
const MAX_REDIRECTS = 5;

export interface ProbeContext {
  readonly client: HttpClient;
  readonly collector: Collector;
  /** When following ends, on the clock of `performance.now()`. */
  readonly until: number;
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
}

export interface AskOptions {
  readonly kind: AnswerKind;
  readonly timeoutMs: number;
  readonly byteRange?: ByteRange | undefined;
}

export const placeOf = (url: string): Place => {
  const { origin, pathname, search } = new URL(url);
  return { url: `${origin}${pathname}`, request: `GET ${pathname}${search}` };
};

export const withDirectives = (
  url: string,
  directives: readonly (readonly [string, string | number])[],
): string => {
  const target = new URL(url);
  // By hand: a signed query must stay as it is.
  const query = directives.map(([name, value]) => `${name}=${value}`).join('&');
  target.search = target.search === '' ? `?${query}` : `${target.search}&${query}`;
  return target.href;
};

/** The delay, or less if the run is stopped. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

/**
 * One GET; redirects are reported and followed, headers judged.
 * @throws RequestFailed
 */
export async function ask(context: ProbeContext, url: string, options: AskOptions): Promise<Answer> {
  const playlist = options.kind.includes('playlist');
  const range = options.byteRange;
  const headers: Record<string, string> = {
    accept: '*/*',
    origin: ORIGIN,
    'accept-encoding': playlist ? 'gzip' : 'identity',
    'user-agent': 'aws-media-lint',
  };
  if (range !== undefined) {
    const from = range.offset ?? 0;
    headers['range'] = `bytes=${from}-${from + range.length - 1}`;
  }
  let current = url;
  for (let hop = 0; ; hop++) {
    const answer = await context.client.get(current, {
      timeoutMs: options.timeoutMs,
      signal: context.signal,
      headers,
    });
    context.collector.checked('T25');
    const location = answer.headers['location'];
    const redirected = answer.status >= 300 && answer.status < 400 && location !== undefined;
    if (!redirected || hop === MAX_REDIRECTS || !URL.canParse(location, current)) {
      checkAnswer(answer, options.kind, placeOf(url), context.collector);
      return { ...answer, url };
    }
    context.collector.report('T25', 'redirect', placeOf(current), `${answer.status} to ${location}`);
    current = new URL(location, current).href;
  }
}

/** As `ask`, with a failure as a value. */
export async function tryAsk(
  context: ProbeContext,
  url: string,
  options: AskOptions,
): Promise<Answer | RequestFailed> {
  try {
    return await ask(context, url, options);
  } catch (error) {
    if (error instanceof RequestFailed) return error;
    throw error;
  }
}

export const describe = (result: Answer | RequestFailed): string =>
  result instanceof RequestFailed ? result.message : `status ${result.status}`;
