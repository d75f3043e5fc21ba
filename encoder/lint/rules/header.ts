/** Rules about one playlist's header: T1, T5, T6, T7, T19, T22, and D2's declaration. */
import { yes } from '../attributes';
import type { Collector } from '../collector';
import type { MediaPlaylist } from '../playlist';
import { control, durationOf, hasParts, lineOf, partTargetOf, ROUNDING } from '../world';

/** Floating point of a product such as 3 x 0.34134, without its last digits. */
const round = (value: number): number => Number(value.toFixed(6));

function checkPartInf(playlist: MediaPlaylist, collector: Collector): void {
  const firstPart = playlist.segments.flatMap((segment) => segment.parts)[0];
  const declared = playlist.lineOf('EXT-X-PART-INF') !== undefined;
  if (firstPart === undefined && !declared) return;
  collector.checked('T1');
  if (firstPart !== undefined && !declared) {
    const place = { url: playlist.url, line: firstPart.line, uri: firstPart.uri };
    collector.report('T1', 'missing', place, 'the playlist has parts and no #EXT-X-PART-INF');
    return;
  }
  if (firstPart !== undefined || playlist.endList || playlist.segments.length === 0) return;
  // Segments that are missing (GAP) have no parts; only real media near the live edge must.
  const near: MediaPlaylist['segments'][number][] = [];
  for (const segment of [...playlist.segments].reverse()) {
    if (durationOf(near) >= 3 * (playlist.targetDuration ?? 0)) break;
    near.push(segment);
  }
  if (near.every((segment) => segment.gap)) return;
  collector.report(
    'T1',
    'no parts',
    lineOf(playlist, 'EXT-X-PART-INF'),
    `#EXT-X-PART-INF is declared, and none of the ${near.length} newest segments has an #EXT-X-PART`,
  );
}

function checkPartHoldBack(playlist: MediaPlaylist, collector: Collector): void {
  const target = partTargetOf(playlist);
  if (target === undefined) return;
  collector.checked('T5');
  const holdBack = control(playlist, 'PART-HOLD-BACK');
  if (holdBack === undefined) {
    const tag = playlist.serverControl === undefined ? 'EXT-X-PART-INF' : 'EXT-X-SERVER-CONTROL';
    collector.report(
      'T5',
      'missing',
      lineOf(playlist, tag),
      `there is no PART-HOLD-BACK; PART-TARGET is ${target}`,
    );
    return;
  }
  if (holdBack >= 3 * target - ROUNDING) return;
  const least = holdBack < 2 * target - ROUNDING ? 2 : 3;
  collector.report(
    'T5',
    'short',
    lineOf(playlist, 'EXT-X-SERVER-CONTROL'),
    `PART-HOLD-BACK=${holdBack} is less than ${least} x PART-TARGET ${target} = ${round(least * target)}`,
  );
}

function checkServerControl(playlist: MediaPlaylist, collector: Collector): void {
  const { serverControl, targetDuration } = playlist;
  if (serverControl === undefined || targetDuration === undefined) return;
  const place = lineOf(playlist, 'EXT-X-SERVER-CONTROL');
  collector.checked('T6', 'T7');
  const holdBack = control(playlist, 'HOLD-BACK');
  if (holdBack !== undefined && holdBack < 3 * targetDuration - ROUNDING) {
    collector.report(
      'T6',
      'short',
      place,
      `HOLD-BACK=${holdBack} is less than 3 x TARGETDURATION ${targetDuration} = ${3 * targetDuration}`,
    );
  }
  const skipUntil = control(playlist, 'CAN-SKIP-UNTIL');
  if (skipUntil !== undefined && skipUntil < 6 * targetDuration - ROUNDING) {
    collector.report(
      'T7',
      'short',
      place,
      `CAN-SKIP-UNTIL=${skipUntil} is less than 6 x TARGETDURATION ${targetDuration} = ${6 * targetDuration}`,
    );
  }
  if (skipUntil === undefined && serverControl.has('CAN-SKIP-DATERANGES')) {
    collector.report('T7', 'dateranges', place, 'CAN-SKIP-DATERANGES is there without CAN-SKIP-UNTIL');
  }
}

function checkBlockReload(playlist: MediaPlaylist, collector: Collector): void {
  if (!hasParts(playlist) || playlist.endList) return;
  if (playlist.serverControl !== undefined && yes(playlist.serverControl, 'CAN-BLOCK-RELOAD')) return;
  const tag = playlist.serverControl === undefined ? 'EXT-X-PART-INF' : 'EXT-X-SERVER-CONTROL';
  collector.report(
    'D2',
    'undeclared',
    lineOf(playlist, tag),
    'the playlist has parts and does not say CAN-BLOCK-RELOAD=YES',
  );
}

/** What the tags need, and the tag that needs it (section 8). */
function neededVersion(playlist: MediaPlaylist): { version: number; because: string } {
  let need = { version: 1, because: 'nothing newer' };
  const raise = (version: number, because: string): void => {
    if (version > need.version) need = { version, because };
  };
  for (const item of playlist.items) {
    if (item.kind !== 'tag') continue;
    const { name, value, attributes } = item;
    if (name === 'EXTINF' && value.includes('.')) raise(3, 'decimal EXTINF durations');
    if (name === 'EXT-X-KEY' && attributes.has('IV')) raise(2, 'IV of EXT-X-KEY');
    if (name === 'EXT-X-KEY' && (attributes.has('KEYFORMAT') || attributes.has('KEYFORMATVERSIONS'))) {
      raise(5, 'KEYFORMAT of EXT-X-KEY');
    }
    if (name === 'EXT-X-BYTERANGE' || name === 'EXT-X-I-FRAMES-ONLY') raise(4, name);
    if (name === 'EXT-X-MAP') raise(playlist.iFramesOnly ? 5 : 6, name);
    if (name === 'EXT-X-DEFINE') raise(attributes.has('QUERYPARAM') ? 11 : 8, name);
    if (name === 'EXT-X-SKIP') {
      raise(attributes.has('RECENTLY-REMOVED-DATERANGES') ? 10 : 9, 'EXT-X-SKIP');
    }
    if ([...attributes.keys()].some((attribute) => attribute.startsWith('REQ-')))
      raise(12, 'a REQ- attribute');
  }
  return need;
}

function checkVersion(playlist: MediaPlaylist, collector: Collector): void {
  collector.checked('T19');
  const skips = playlist.items.filter((item) => item.kind === 'tag' && item.name === 'EXT-X-SKIP');
  const second = skips[1];
  if (second !== undefined) {
    collector.report(
      'T19',
      'skip twice',
      { url: playlist.url, line: second.line },
      `#EXT-X-SKIP is there ${skips.length} times`,
    );
  }
  const { version, because } = neededVersion(playlist);
  const place = lineOf(playlist, 'EXT-X-VERSION');
  if (playlist.version < version) {
    collector.report(
      'T19',
      'low',
      place,
      `EXT-X-VERSION is ${playlist.version}; ${because} needs ${version}`,
    );
  } else if (playlist.version > version && playlist.lineOf('EXT-X-VERSION') !== undefined) {
    collector.report(
      'T19',
      playlist.skipped === undefined ? 'high' : 'high in delta',
      place,
      `EXT-X-VERSION is ${playlist.version}; the tags need only ${version} (${because})`,
      { severity: 'warning' },
    );
  }
}

function checkPlaylistType(playlist: MediaPlaylist, collector: Collector): void {
  collector.checked('T22');
  if (playlist.playlistType === undefined || playlist.endList) return;
  const place = lineOf(playlist, 'EXT-X-PLAYLIST-TYPE');
  if (playlist.playlistType === 'VOD') {
    collector.report(
      'T22',
      'vod',
      place,
      'EXT-X-PLAYLIST-TYPE is VOD and the playlist has no #EXT-X-ENDLIST',
    );
  } else if (playlist.playlistType !== 'EVENT') {
    collector.report(
      'T22',
      'value',
      place,
      `EXT-X-PLAYLIST-TYPE is ${playlist.playlistType}, neither EVENT nor VOD`,
    );
  }
}

export function checkHeader(playlist: MediaPlaylist, collector: Collector): void {
  checkPartInf(playlist, collector);
  checkPartHoldBack(playlist, collector);
  checkServerControl(playlist, collector);
  checkBlockReload(playlist, collector);
  checkVersion(playlist, collector);
  checkPlaylistType(playlist, collector);
}
