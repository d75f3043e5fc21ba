/** Delivery directives (`_HLS_msn`, `_HLS_part`, `_HLS_skip`): reading them, and what they ask of a channel. */
import { advancePartLimit } from '../contract';
import { liveEdge, type ChannelState } from './channel-state';

export interface Directives {
  readonly msn?: number;
  readonly part?: number;
  readonly skip: boolean;
}

/** A request that the draft answers with 400; the message says what is allowed. */
export class BadRequestError extends Error {
  override readonly name = 'BadRequestError';
}

const KNOWN = ['_HLS_msn', '_HLS_part', '_HLS_skip'] as const;

/** @throws BadRequestError for a directive that is repeated, misspelt, no whole number, or without its partner */
export function parseDirectives(query: URLSearchParams): Directives {
  for (const name of query.keys()) {
    if (!name.startsWith('_HLS_')) continue;
    if (!(KNOWN as readonly string[]).includes(name)) {
      throw new BadRequestError(`${quote(name)} is no delivery directive; allowed: ${KNOWN.join(', ')}`);
    }
    if (query.getAll(name).length > 1) throw new BadRequestError(`${name} is given more than once`);
  }
  const msn = wholeNumber(query, '_HLS_msn');
  const part = wholeNumber(query, '_HLS_part');
  if (part !== undefined && msn === undefined)
    throw new BadRequestError('_HLS_part needs _HLS_msn beside it');
  const skip = query.get('_HLS_skip');
  if (skip !== null && skip !== 'YES' && skip !== 'v2') {
    throw new BadRequestError(`_HLS_skip is ${quote(skip)}; allowed: YES, v2`);
  }
  return { ...(msn !== undefined && { msn }), ...(part !== undefined && { part }), skip: skip !== null };
}

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text))
    throw new BadRequestError(`${name} is ${quote(text)}; allowed is a whole number`);
  return Number(text);
}

const quote = (text: string): string => JSON.stringify(text.slice(0, 40));

/** @throws BadRequestError where the asked position is further ahead than the draft allows to wait for */
export function checkNotTooFar(state: ChannelState, { msn, part }: Directives): void {
  if (msn === undefined || state.ended) return;
  const edge = liveEdge(state);
  if (msn > edge.msn + 2) {
    throw new BadRequestError(
      `_HLS_msn=${msn} is too far ahead; the newest segment is ${edge.msn}, allowed is up to ${edge.msn + 2}`,
    );
  }
  const limit = advancePartLimit(state.grid);
  const newest = msn === edge.msn ? edge.part : -1;
  if (part !== undefined && msn >= edge.msn && part > newest + limit) {
    throw new BadRequestError(
      `_HLS_part=${part} of segment ${msn} is too far ahead; allowed is up to ${newest + limit}`,
    );
  }
}

/** Whether a state answers the request. A part beyond a finished segment's last means part 0 of the next. */
export function isAnswered(state: ChannelState, { msn, part }: Directives): boolean {
  if (msn === undefined || state.ended) return true;
  const edge = liveEdge(state);
  if (edge.msn !== msn) return edge.msn > msn;
  if (part === undefined) return state.segments.at(-1)!.complete;
  return edge.part >= part;
}

/** Whether the newest part is the very one that was asked for: the answer will never change. */
export function isExact(state: ChannelState, directives: Directives): boolean {
  const { msn, part } = directives;
  if (msn === undefined || state.ended) return false;
  const edge = liveEdge(state);
  const { complete } = state.segments.at(-1)!;
  if (edge.msn === msn)
    return part === undefined ? complete : edge.part === part && !sealedAfter(state, part);
  // Asked beyond the end of a finished segment: answered with part 0 of the next.
  const before = state.segments.at(-2)?.record;
  return (
    edge.msn === msn + 1 &&
    edge.part === 0 &&
    part !== undefined &&
    before?.msn === msn &&
    part >= before.ticks
  );
}

/** A segment that was ended early after this part: the playlist with the part, and no more, was an earlier answer. */
function sealedAfter(state: ChannelState, part: number): boolean {
  const { complete, record, state: segment } = state.segments.at(-1)!;
  return complete && segment?.end !== undefined && record.ticks === part + 1;
}
