/** Writes playlists. Bytes depend on the channel's state and on nothing else. */
import { partHoldBack, partTarget, playlistUris, targetDuration, type RenditionInfo } from '../contract';
import { trackParts } from '../packager/segment-state';
import {
  liveEdge,
  partsAreListed,
  recordSeconds,
  segmentTime,
  type ChannelState,
  type LiveEdge,
} from './channel-state';

const seconds = (value: number): string => value.toFixed(5);

/** A delta update skips what is older than this many target durations (at least six by the draft). */
const SKIP_TARGET_DURATIONS = 6;

export function renderMultivariant(state: ChannelState): string {
  const audio = state.renditions.filter(({ kind }) => kind === 'audio');
  const lines = ['#EXTM3U', '#EXT-X-VERSION:6', '#EXT-X-INDEPENDENT-SEGMENTS'];
  audio.forEach((rendition, i) => {
    lines.push(
      `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="${rendition.name ?? rendition.id}",` +
        `LANGUAGE="${rendition.language ?? 'und'}",DEFAULT=${i === 0 ? 'YES' : 'NO'},AUTOSELECT=YES,` +
        `CHANNELS="${rendition.channels ?? 2}",URI="${playlistUris.media(rendition.id)}"`,
    );
  });
  const captions = state.renditions.find((rendition) => rendition.captions)?.captions ?? [];
  captions.forEach(({ service, language }, i) => {
    lines.push(
      `#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID="captions",NAME="${captionName(service, language)}",` +
        (language ? `LANGUAGE="${language}",` : '') +
        `DEFAULT=${i === 0 ? 'YES' : 'NO'},AUTOSELECT=YES,INSTREAM-ID="${service}"`,
    );
  });
  const highest = (pick: (rendition: RenditionInfo) => number) => Math.max(0, ...audio.map(pick));
  for (const video of state.renditions.filter(({ kind }) => kind === 'video')) {
    const codecs = [video.codecs, ...new Set(audio.map(({ codecs }) => codecs))];
    const attributes = [
      `BANDWIDTH=${video.peakBitrate + highest((rendition) => rendition.peakBitrate)}`,
      `AVERAGE-BANDWIDTH=${video.averageBitrate + highest((rendition) => rendition.averageBitrate)}`,
      `CODECS="${codecs.join(',')}"`,
      `RESOLUTION=${video.width}x${video.height}`,
      `FRAME-RATE=${(video.frameRate ?? 0).toFixed(3)}`,
      ...(audio.length > 0 ? ['AUDIO="audio"'] : []),
      `CLOSED-CAPTIONS=${video.captions ? '"captions"' : 'NONE'}`,
    ];
    lines.push(`#EXT-X-STREAM-INF:${attributes.join(',')}`, playlistUris.media(video.id));
  }
  return `${lines.join('\n')}\n`;
}

const captionName = (service: string, language: string | undefined): string =>
  language ? `${new Intl.DisplayNames('en', { type: 'language' }).of(language)} (${service})` : service;

/** @param skip a delta update: the oldest segments are replaced by EXT-X-SKIP, where there are any to skip */
export function renderMedia(state: ChannelState, rendition: RenditionInfo, skip: boolean): string {
  const { grid, segments } = state;
  const skipped = skip && !state.ended ? skippable(state) : 0;
  const target = targetDuration(grid);
  const lines = [
    '#EXTM3U',
    `#EXT-X-VERSION:${skipped > 0 ? 9 : 6}`,
    `#EXT-X-TARGETDURATION:${target}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${seconds(partHoldBack(grid))},` +
      `HOLD-BACK=${seconds(3 * target)},CAN-SKIP-UNTIL=${seconds(SKIP_TARGET_DURATIONS * target)}`,
    `#EXT-X-PART-INF:PART-TARGET=${seconds(partTarget(grid))}`,
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]!.record.msn}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${segments[0]!.record.generation}`,
  ];
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  for (let i = skipped; i < segments.length; i++) lines.push(...segmentLines(state, rendition, i));
  if (state.ended) lines.push('#EXT-X-ENDLIST');
  else lines.push(...edgeLines(state, rendition));
  return `${lines.join('\n')}\n`;
}

function segmentLines(state: ChannelState, rendition: RenditionInfo, index: number): string[] {
  const { record, complete, state: segment } = state.segments[index]!;
  const track = record.tracks[rendition.id];
  const previous = state.segments[index - 1]?.record;
  const lines: string[] = [];
  const discontinuity = previous !== undefined && previous.generation !== record.generation;
  if (discontinuity) lines.push('#EXT-X-DISCONTINUITY');
  const init = initOf(state, rendition, index);
  if (init && (index === 0 || discontinuity || init !== initOf(state, rendition, index - 1))) {
    lines.push(`#EXT-X-MAP:URI="${playlistUris.init(rendition.id, init)}"`);
  }
  lines.push(
    `#EXT-X-PROGRAM-DATE-TIME:${new Date(Math.round(segmentTime(record, rendition, state))).toISOString()}`,
  );
  if (segment && partsAreListed(state, index)) {
    lines.push(...partLines(trackParts(segment, rendition.id), rendition, record.msn));
  }
  if (complete) {
    if (record.gap || track?.gap) lines.push('#EXT-X-GAP');
    const length = track ? track.duration / rendition.timescale : recordSeconds(record, state);
    lines.push(`#EXTINF:${seconds(length)},`, playlistUris.segment(rendition.id, record.msn));
  }
  return lines;
}

/** Ends are rounded, not lengths, so that the printed parts of a segment add up to its EXTINF. */
function partLines(parts: ReturnType<typeof trackParts>, rendition: RenditionInfo, msn: number): string[] {
  let ticks = 0;
  let ended = 0;
  return parts.map(({ part }, number) => {
    ticks += part.duration;
    const end = Math.round((ticks / rendition.timescale) * 1e5);
    const length = (end - ended) / 1e5;
    ended = end;
    return (
      `#EXT-X-PART:DURATION=${seconds(length)},URI="${playlistUris.part(rendition.id, msn, number)}"` +
      (part.independent ? ',INDEPENDENT=YES' : '') +
      (part.gap ? ',GAP=YES' : '')
    );
  });
}

/** A gap has no init of its own: it shows the one of the segment before it, or else after it. */
function initOf(state: ChannelState, rendition: RenditionInfo, index: number): string | undefined {
  for (let i = index; i >= 0; i--) {
    const init = state.segments[i]?.record.tracks[rendition.id]?.init;
    if (init) return init;
  }
  return state.segments.map(({ record }) => record.tracks[rendition.id]?.init).find(Boolean);
}

function edgeLines(state: ChannelState, rendition: RenditionInfo): string[] {
  const edge = liveEdge(state);
  const hint = nextPart(state);
  const others = state.renditions.filter(({ id }) => id !== rendition.id);
  return [
    `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${playlistUris.part(rendition.id, hint.msn, hint.part)}"`,
    ...others.map(
      ({ id }) =>
        `#EXT-X-RENDITION-REPORT:URI="${playlistUris.media(id)}",LAST-MSN=${edge.msn}` +
        (edge.part >= 0 ? `,LAST-PART=${edge.part}` : ''),
    ),
  ];
}

/** The part that is hinted: the one after the newest. */
export function nextPart(state: ChannelState): LiveEdge {
  const edge = liveEdge(state);
  const last = state.segments.at(-1)!;
  return last.complete ? { msn: edge.msn + 1, part: 0 } : { msn: edge.msn, part: edge.part + 1 };
}

/** Segments older than the skip boundary, counted from the end of the last complete one. */
function skippable(state: ChannelState): number {
  const boundary = SKIP_TARGET_DURATIONS * targetDuration(state.grid);
  let after = 0;
  for (let i = state.segments.length - 1; i >= 0; i--) {
    const segment = state.segments[i]!;
    if (!segment.complete) continue;
    after += recordSeconds(segment.record, state);
    if (after > boundary) return i;
  }
  return 0;
}
