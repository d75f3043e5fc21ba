import { decoded, queryPairs, queryText, refuse } from './answer';
import type { Answer, Cors, EdgeEvent } from './types';

/** What the code is rendered with. */
export interface RenderedDirectives {
  /** Parameters that stay beside the directives. */
  readonly keep: readonly string[];
  /** The origin's own pattern. */
  readonly mediaPlaylist: RegExp;
}

const LIVE = '/live/';
const DIRECTIVES = ['_HLS_msn', '_HLS_part', '_HLS_skip'];

/**
 * Answers what the origin would refuse in any state of the channel, so that it is never asked; and gives the rest one
 * spelling, so that all viewers who ask the same share one cache entry.
 */
export function directives(event: EdgeEvent, parameters: RenderedDirectives, cors: Cors | null): Answer {
  const request = event.request;
  if (request.uri.indexOf(LIVE) !== 0 || (request.method !== 'GET' && request.method !== 'HEAD'))
    return request;
  const kept: string[][] = [];
  const given: Record<string, string> = {};
  let problem = '';
  queryPairs(request.querystring).forEach((pair) => {
    const name = decoded(pair[0]!);
    if (parameters.keep.indexOf(name) >= 0) kept.push(pair);
    if (name.indexOf('_HLS_') !== 0) return;
    if (DIRECTIVES.indexOf(name) < 0) {
      problem = problem || `unknown delivery directive; allowed: ${DIRECTIVES.join(', ')}`;
    } else if (given[name] !== undefined) problem = problem || `${name} is given more than once`;
    else given[name] = decoded(pair[1]!);
  });
  const isMedia =
    request.uri.length <= 256 &&
    parameters.mediaPlaylist.test(request.uri) &&
    !/\/index\.m3u8$/.test(request.uri);
  if (!isMedia) {
    request.querystring = queryText(kept);
    return request;
  }
  const msn = given['_HLS_msn'];
  const part = given['_HLS_part'];
  const skip = given['_HLS_skip'];
  if (problem === '') {
    if (msn !== undefined && !isWhole(msn)) problem = '_HLS_msn is no whole number';
    else if (part !== undefined && !isWhole(part)) problem = '_HLS_part is no whole number';
    else if (part !== undefined && msn === undefined) problem = '_HLS_part needs _HLS_msn beside it';
    else if (skip !== undefined && skip !== 'YES' && skip !== 'v2') {
      problem = '_HLS_skip is neither YES nor v2';
    }
  }
  if (problem !== '') return refuse(request, cors, 400, 'Bad Request', problem);
  const asked: string[][] = [];
  if (msn !== undefined) asked.push(['_HLS_msn', spelt(msn)]);
  if (part !== undefined) asked.push(['_HLS_part', spelt(part)]);
  if (skip !== undefined) asked.push(['_HLS_skip', skip]);
  request.querystring = queryText(asked.concat(kept));
  return request;
}

const isWhole = (text: string): boolean => /^[0-9]{1,15}$/.test(text);
const spelt = (digits: string): string => digits.replace(/^0+(?=[0-9])/, '');
