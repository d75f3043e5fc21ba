/** Playlists without a server: text in, report out. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Collector } from './collector';
import { parsePlaylist } from './playlist';
import { checkDeltas } from './rules/delta';
import { checkHeader } from './rules/header';
import { checkHistory } from './rules/history';
import { checkMultivariant } from './rules/multivariant';
import { checkParts } from './rules/parts';
import { checkRenditions } from './rules/renditions';
import { checkSegments } from './rules/segments';
import type { LintReport, Snapshot } from './types';
import { arrange, resolveUri, rolesOf, type World } from './world';

function checkSyntax(world: World, collector: Collector): void {
  const playlists = [
    ...(world.multivariant === undefined ? [] : [world.multivariant]),
    ...world.renditions.flatMap(({ versions }) => versions.map(({ playlist }) => playlist)),
  ];
  for (const playlist of playlists) {
    collector.checked('S1', 'S2', 'S3', 'S4', 'S5');
    for (const { rule, code, line, found } of playlist.issues) {
      collector.report(rule, code, { url: playlist.url, line }, found);
    }
  }
}

/** Every rule that needs nothing but the text of the playlists. */
export function applyPlaylistRules(snapshots: readonly Snapshot[], collector: Collector): World {
  const world = arrange(snapshots);
  checkSyntax(world, collector);
  for (const rendition of world.renditions) {
    for (const { playlist } of rendition.versions) {
      const independent = playlist.independentSegments || world.multivariant?.independentSegments === true;
      checkHeader(playlist, collector);
      checkParts(playlist, independent && rendition.role !== 'subtitles', collector);
      checkSegments(playlist, collector);
    }
    checkHistory(rendition, collector);
    checkDeltas(rendition, collector);
  }
  checkRenditions(world, collector);
  if (world.multivariant !== undefined) checkMultivariant(world.multivariant, world.renditions, collector);
  return world;
}

export const playlistsOf = (world: World): LintReport['playlists'] =>
  world.renditions.map(({ url, versions }) => ({ url, versions: versions.length }));

/**
 * Lints recorded playlists. Several snapshots of one URL, in the order they were received, are compared with each
 * other; a multivariant playlist among them says which belong together.
 */
export function lintPlaylists(snapshots: readonly Snapshot[], target = snapshots[0]?.url ?? ''): LintReport {
  const collector = new Collector();
  const world = applyPlaylistRules(snapshots, collector);
  return collector.finish(target, playlistsOf(world));
}

async function readIfThere(url: string): Promise<Snapshot | undefined> {
  try {
    return { url, text: await readFile(fileURLToPath(url), 'utf8') };
  } catch {
    return undefined;
  }
}

/**
 * A playlist file, with the media playlists beside it when it is a multivariant one.
 * @throws Error if the file cannot be read
 */
export async function lintFile(file: string): Promise<LintReport> {
  const url = pathToFileURL(path.resolve(file)).href;
  const first: Snapshot = { url, text: await readFile(path.resolve(file), 'utf8') };
  const playlist = parsePlaylist(url, first.text);
  const collector = new Collector();
  const snapshots = [first];
  const absent: string[] = [];
  if (playlist.kind === 'multivariant') {
    for (const uri of rolesOf(playlist).keys()) {
      const media = uri.startsWith('file:') ? await readIfThere(resolveUri(uri, url) ?? uri) : undefined;
      if (media === undefined) absent.push(uri);
      else snapshots.push(media);
    }
  }
  if (absent.length > 0) collector.notChecked('M10', `not on disk: ${absent.join(', ')}`);
  const world = applyPlaylistRules(snapshots, collector);
  return collector.finish(file, playlistsOf(world));
}
