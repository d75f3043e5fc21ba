/** The live prober: reads a stream as a player does, asks the server what a player would not, and judges the answers. */
import { RULES } from '../catalog';
import { Collector } from '../collector';
import { applyPlaylistRules, playlistsOf } from '../offline';
import { parsePlaylist, type MediaPlaylist, type MultivariantPlaylist } from '../playlist';
import { checkMedia, type MediaSample } from '../rules/media';
import type { LintReport, Snapshot } from '../types';
import { rolesOf, type Role, type World } from '../world';
import { describe, placeOf, tryAsk, type ProbeContext } from './context';
import { iFramePlaylist, probeDirectives } from './directives';
import { follow, type Followed } from './follow';
import { HttpClient, isLoopback, RequestFailed, type Answer } from './http';
import { checkRetention, sampleRendition } from './media';
import { Resources } from './resources';

export interface ProbeOptions {
  /** How long the playlists are followed. @default 12 */
  readonly seconds?: number;
  readonly signal?: AbortSignal;
  /** Accept any certificate of a loopback host. @default false */
  readonly insecure?: boolean;
  /** Progress, one line at a time. */
  readonly log?: (message: string) => void;
}

export const DEFAULT_SECONDS = 12;
/** Enough for any ladder; a list that is longer is a mistake or an attack. */
const MAX_PLAYLISTS = 40;

async function checkTransport(context: ProbeContext, url: string, altSvc: string): Promise<void> {
  const { collector } = context;
  const place = placeOf(url);
  const { protocol, tls } = await context.client.connection(url);
  collector.checked('C1');
  if (tls === undefined) {
    const loopback = isLoopback(url);
    const found = 'the server is reached by plain http, which is HTTP/1.1';
    collector.report('C1', 'plain', { url: place.url }, found, loopback ? { severity: 'warning' } : {});
    return;
  }
  collector.checked('C2');
  if (!/^TLSv1\.[23]$/.test(tls))
    collector.report('C2', 'version', { url: place.url }, `the connection is ${tls}`);
  if (protocol !== 'h2' && !/\bh3\b/.test(altSvc)) {
    collector.report('C1', 'http1', { url: place.url }, 'the server offers only HTTP/1.1 (ALPN)');
  }
}

interface Read {
  readonly answer: Answer;
  readonly playlist: MediaPlaylist | MultivariantPlaylist;
}

/** Reads a playlist that must be there: M10. */
async function readPlaylist(context: ProbeContext, url: string): Promise<Read | undefined> {
  const result = await tryAsk(context, url, { kind: 'playlist', timeoutMs: 15_000 });
  const { collector } = context;
  if (result instanceof RequestFailed) {
    if (result.kind !== 'aborted')
      collector.report(
        'M10',
        'unreachable',
        placeOf(url),
        `the playlist could not be read: ${result.message}`,
      );
    return undefined;
  }
  collector.checked('M10');
  if (result.status !== 200) {
    collector.report('M10', 'status', placeOf(url), `the playlist got ${describe(result)}`);
    return undefined;
  }
  const body = result.body.toString('utf8');
  if (!body.replace(/^\uFEFF/, '').startsWith('#EXT')) {
    collector.report(
      'M10',
      'no playlist',
      placeOf(url),
      `the answer (${result.headers['content-type'] ?? 'no Content-Type'}) is not a playlist`,
    );
    return undefined;
  }
  return { answer: result, playlist: parsePlaylist(url, body) };
}

const snapshotOf = (url: string, answer: Answer): Snapshot => ({
  url,
  text: answer.body.toString('utf8'),
  receivedAtMs: answer.lastByteAt,
});

async function start(context: ProbeContext, url: string): Promise<Followed | undefined> {
  const read = await readPlaylist(context, url);
  if (read === undefined) return undefined;
  if (read.playlist.kind !== 'media') {
    context.collector.report(
      'M10',
      'no media playlist',
      placeOf(url),
      'the URI leads to a multivariant playlist',
    );
    return undefined;
  }
  return { url, playlist: read.playlist, snapshots: [snapshotOf(url, read.answer)] };
}

/** One of each kind is asked with directives: the first video and the first audio playlist. */
function chosen(followed: readonly Followed[], roles: ReadonlyMap<string, Role>): Followed[] {
  const first = (wanted: readonly Role[]): Followed | undefined =>
    followed.find(({ url }) => wanted.includes(roles.get(url) ?? 'unknown'));
  return [...new Set([first(['video', 'unknown']), first(['audio'])])].flatMap((item) =>
    item === undefined ? [] : [item],
  );
}

async function probeMedia(context: ProbeContext, world: World, resources: Resources): Promise<void> {
  const samples: MediaSample[] = [];
  for (const rendition of world.renditions) {
    if (context.signal.aborted) return;
    const sample = await sampleRendition(context, rendition, resources);
    if (sample !== undefined) samples.push(sample);
    await checkRetention(context, rendition, resources);
  }
  checkMedia(samples, world.multivariant, context.collector);
}

async function probe(context: ProbeContext, target: string): Promise<World> {
  const first = await readPlaylist(context, target);
  if (first === undefined) {
    for (const { id } of RULES) context.collector.notChecked(id, 'the playlist could not be read');
    return { multivariant: undefined, renditions: [] };
  }
  const { playlist, answer } = first;
  await checkTransport(context, target, answer.headers['alt-svc'] ?? '');
  const multivariant = playlist.kind === 'multivariant' ? playlist : undefined;
  const roles =
    multivariant === undefined ? new Map<string, Role>([[target, 'unknown']]) : rolesOf(multivariant);
  const all = [...roles.keys()].filter((url) => /^https?:/.test(url)).slice(0, MAX_PLAYLISTS);
  context.log(`following ${all.length} media playlists`);
  const started = await Promise.all(all.map((url) => start(context, url)));
  const followed = started.flatMap((item) => (item === undefined ? [] : [item]));
  const resources = new Resources(context);
  await Promise.all([
    ...followed.map((item) => follow(context, item, resources)),
    ...chosen(followed, roles).map((item) => probeDirectives(context, item.url, item.playlist)),
    ...followed
      .filter(({ url }) => roles.get(url) === 'iframe')
      .slice(0, 1)
      .map(({ url }) => iFramePlaylist(context, url)),
  ]);
  const snapshots = followed.flatMap((item) => item.snapshots);
  context.log(`read ${snapshots.length} versions; judging playlists and media`);
  const world = applyPlaylistRules(
    multivariant === undefined ? snapshots : [snapshotOf(target, answer), ...snapshots],
    context.collector,
  );
  await probeMedia(context, world, resources);
  return world;
}

export async function lintUrl(target: string, options: ProbeOptions = {}): Promise<LintReport> {
  const client = new HttpClient(options.insecure ?? false);
  const collector = new Collector();
  const context: ProbeContext = {
    client,
    collector,
    until: performance.now() + (options.seconds ?? DEFAULT_SECONDS) * 1000,
    signal: options.signal ?? new AbortController().signal,
    log: options.log ?? (() => undefined),
  };
  try {
    const world = await probe(context, new URL(target).href);
    return collector.finish(target, playlistsOf(world));
  } finally {
    client.close();
  }
}
