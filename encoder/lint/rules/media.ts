/** Rules about the media itself: F1 to F6, M11, and what T4, T16, T23 and T24 say about frames. */
import { number, text } from '../attributes';
import type { Collector } from '../collector';
import {
  holdsKeyFrame,
  Mp4Error,
  payloadOf,
  readFragments,
  readInit,
  type Fragment,
  type Track,
} from '../mp4';
import type { MultivariantPlaylist, Part, Segment } from '../playlist';
import type { Place } from '../types';
import { resolveUri, type Role } from '../world';
import { codecsOf } from './multivariant';
import { ONE_FRAME } from './segments';

export interface SampledSegment {
  readonly segment: Segment;
  readonly body: Buffer | undefined;
  /** All parts of the segment, or none. */
  readonly parts: readonly { readonly part: Part; readonly body: Buffer }[];
}

/** Consecutive segments of one rendition, with the initialization section that applies to all of them. */
export interface MediaSample {
  readonly url: string;
  readonly role: Role;
  readonly init: { readonly url: string; readonly body: Buffer };
  readonly segments: readonly SampledSegment[];
}

/** More than rounding in any time scale, less than any frame. */
const CONTINUITY_SECONDS = 0.002;
const PART_SECONDS = 0.01;
/** Priming samples and edit lists move audio by one or two frames. */
const MAPPING_MS = 100;

interface Piece {
  readonly name: string;
  readonly place: Place;
  readonly body: Buffer;
  readonly part: Part | undefined;
  readonly segment: Segment;
  readonly firstOfSegment: boolean;
}

function piecesOf(sample: MediaSample): Piece[] {
  return sample.segments.flatMap(({ segment, body, parts }): Piece[] => {
    if (parts.length === 0) {
      if (body === undefined) return [];
      const place = {
        url: sample.url,
        line: segment.line,
        ...(segment.uri === undefined ? {} : { uri: segment.uri }),
      };
      return [
        { name: `segment ${segment.msn}`, place, body, part: undefined, segment, firstOfSegment: true },
      ];
    }
    return parts.map(({ part, body: bytes }, index) => ({
      name: `part ${index} of segment ${segment.msn}`,
      place: { url: sample.url, line: part.line, uri: part.uri },
      body: bytes,
      part,
      segment,
      firstOfSegment: index === 0,
    }));
  });
}

function checkInit(sample: MediaSample, collector: Collector): readonly Track[] {
  const place = { url: sample.init.url };
  collector.checked('F1');
  try {
    const { tracks, fragmented } = readInit(sample.init.body);
    if (!fragmented)
      collector.report('F1', 'mvex', place, 'the moov box has no mvex: it is not for fragments');
    if (tracks.length === 0) collector.report('F1', 'track', place, 'the moov box has no complete track');
    return tracks;
  } catch (error) {
    if (!(error instanceof Mp4Error)) throw error;
    collector.report('F1', 'unreadable', place, error.message);
    return [];
  }
}

function checkSampleEntries(
  sample: MediaSample,
  tracks: readonly Track[],
  multivariant: MultivariantPlaylist | undefined,
  collector: Collector,
): void {
  const declared = multivariant?.variants.flatMap(({ attributes }) => codecsOf(attributes)) ?? [];
  const own =
    multivariant?.variants.filter(({ uri }) => resolveUri(uri, multivariant.url) === sample.url) ?? [];
  const codecs = own.length > 0 ? own.flatMap(({ attributes }) => codecsOf(attributes)) : declared;
  for (const { sampleEntry, handler } of tracks) {
    if (handler !== 'vide' && handler !== 'soun') continue;
    collector.checked('F6');
    const place = { url: sample.init.url };
    if (sampleEntry === 'hev1') collector.report('F6', 'hev1', place, 'the sample entry is hev1');
    const encrypted = sampleEntry === 'encv' || sampleEntry === 'enca';
    if (codecs.length > 0 && !encrypted && !codecs.some((codec) => codec.split('.')[0] === sampleEntry)) {
      collector.report(
        'F6',
        'codecs',
        place,
        `the sample entry is ${sampleEntry}; CODECS has ${codecs.join(',')}`,
      );
    }
  }
}

function read(piece: Piece, tracks: readonly Track[], collector: Collector): Fragment[] {
  collector.checked('F2');
  try {
    const fragments = readFragments(piece.body, tracks);
    if (fragments.some(({ decodeTime }) => decodeTime === undefined)) {
      collector.report('F2', 'tfdt', piece.place, `a fragment of ${piece.name} has no tfdt`);
    }
    if (fragments.some(({ defaultBaseIsMoof }) => !defaultBaseIsMoof)) {
      collector.report(
        'F2',
        'base',
        piece.place,
        `a fragment of ${piece.name} does not set default-base-is-moof`,
      );
    }
    return fragments;
  } catch (error) {
    if (!(error instanceof Mp4Error)) throw error;
    collector.report('F2', 'unreadable', piece.place, `${piece.name}: ${error.message}`);
    return [];
  }
}

const toSeconds = (ticks: bigint, track: Track): number => Number(ticks) / track.timescale;

function startsWithKeyFrame(fragment: Fragment, track: Track): boolean {
  return fragment.startsWithSync && holdsKeyFrame(fragment.firstSample, track.sampleEntry) !== false;
}

function checkKeyFrames(piece: Piece, first: Fragment, track: Track, collector: Collector): void {
  if (track.handler !== 'vide') return;
  const key = startsWithKeyFrame(first, track);
  if (piece.firstOfSegment) {
    collector.checked('T23');
    if (!key)
      collector.report(
        'T23',
        'key frame',
        piece.place,
        `segment ${piece.segment.msn} does not start with a key frame`,
      );
  }
  if (piece.part === undefined || piece.part.gap) return;
  collector.checked('F4', 'T4');
  const why = first.startsWithSync
    ? 'its first sample says sync and is none'
    : 'its first sample is no sync sample';
  if (piece.part.independent && !key) {
    collector.report('F4', 'independent', piece.place, `${piece.name} says INDEPENDENT=YES, and ${why}`);
  } else if (!piece.part.independent && key) {
    collector.report(
      'T4',
      'key frame',
      piece.place,
      `${piece.name} starts with a key frame and does not say INDEPENDENT=YES`,
    );
  }
}

interface Dated {
  readonly url: string;
  readonly discontinuityNumber: number;
  /** Date minus media time. */
  readonly offsetMs: number;
  readonly line: number;
}

function checkSample(sample: MediaSample, tracks: readonly Track[], collector: Collector): Dated[] {
  const ends = new Map<number, bigint>();
  const durations = new Map<number, number>();
  const dates: Dated[] = [];
  for (const piece of piecesOf(sample)) {
    if (piece.firstOfSegment && piece.segment.discontinuityLine !== undefined) ends.clear();
    const seen = new Set<number>();
    let longest = 0;
    const spans = new Map<number, number>();
    for (const fragment of read(piece, tracks, collector)) {
      const track = tracks.find(({ id }) => id === fragment.trackId);
      if (track === undefined || fragment.decodeTime === undefined) continue;
      const expected = ends.get(track.id);
      if (expected !== undefined) {
        collector.checked('F3');
        const off = toSeconds(fragment.decodeTime - expected, track);
        if (Math.abs(off) > CONTINUITY_SECONDS) {
          collector.report(
            'F3',
            'jump',
            piece.place,
            `${piece.name} starts ${Math.abs(off).toFixed(3)} s ${off > 0 ? 'after' : 'before'} the end of the fragment before it (tfdt ${fragment.decodeTime}, expected ${expected})`,
          );
        }
      }
      ends.set(track.id, fragment.decodeTime + fragment.duration);
      spans.set(track.id, (spans.get(track.id) ?? 0) + toSeconds(fragment.duration, track));
      if (seen.has(track.id)) continue;
      seen.add(track.id);
      checkKeyFrames(piece, fragment, track, collector);
      const { dateTime } = piece.segment;
      if (piece.firstOfSegment && dateTime !== undefined && seen.size === 1) {
        const offsetMs = dateTime.ms - toSeconds(fragment.decodeTime, track) * 1000;
        dates.push({
          url: sample.url,
          discontinuityNumber: piece.segment.discontinuityNumber,
          offsetMs,
          line: dateTime.line,
        });
      }
    }
    longest = Math.max(0, ...spans.values());
    durations.set(piece.segment.msn, (durations.get(piece.segment.msn) ?? 0) + longest);
    if (piece.part !== undefined && longest > 0 && Math.abs(longest - piece.part.duration) > PART_SECONDS) {
      collector.report(
        'T24',
        'part media',
        piece.place,
        `${piece.name} says ${piece.part.duration} s and holds ${longest.toFixed(5)} s of media`,
      );
    }
  }
  for (const { segment } of sample.segments) {
    const real = durations.get(segment.msn) ?? 0;
    if (real === 0) continue;
    collector.checked('T24');
    if (Math.abs(real - segment.duration) > ONE_FRAME) {
      collector.report(
        'T24',
        'segment media',
        { url: sample.url, line: segment.line },
        `segment ${segment.msn} says ${segment.duration} s and holds ${real.toFixed(5)} s of media`,
      );
    }
  }
  return dates;
}

function checkConcatenation(sample: MediaSample, collector: Collector): void {
  for (const { segment, body, parts } of sample.segments) {
    if (body === undefined || parts.length === 0) continue;
    collector.checked('F5');
    const joined = Buffer.concat(parts.map(({ body: bytes }) => bytes));
    if (joined.equals(body)) continue;
    const place = {
      url: sample.url,
      line: segment.line,
      ...(segment.uri === undefined ? {} : { uri: segment.uri }),
    };
    const sizes = `${body.length} bytes, its ${parts.length} parts ${joined.length}`;
    let sameMedia = false;
    try {
      sameMedia = payloadOf(joined).equals(payloadOf(body));
    } catch (error) {
      if (!(error instanceof Mp4Error)) throw error;
    }
    if (sameMedia) {
      collector.report(
        'F5',
        'headers',
        place,
        `segment ${segment.msn} (${sizes}) has the media of its parts under other headers`,
        { severity: 'info' },
      );
    } else collector.report('F5', 'bytes', place, `segment ${segment.msn} has ${sizes}, and they differ`);
  }
}

function checkMapping(dates: readonly Dated[], collector: Collector): void {
  const [reference] = dates;
  if (reference === undefined) return;
  for (const date of dates) {
    if (date.url === reference.url || date.discontinuityNumber !== reference.discontinuityNumber) continue;
    collector.checked('T16');
    const apart = date.offsetMs - reference.offsetMs;
    if (Math.abs(apart) <= MAPPING_MS) continue;
    collector.report(
      'T16',
      'mapping',
      { url: date.url, line: date.line },
      `the date of the same media time is ${Math.abs(apart / 1000).toFixed(3)} s ${apart > 0 ? 'later' : 'earlier'} than in ${reference.url}`,
    );
  }
}

/** Largest rate of any sampled segment, in bit/s. */
const peakOf = (sample: MediaSample | undefined): number =>
  Math.max(
    0,
    ...(sample?.segments ?? []).map(({ segment, body }) => ((body?.length ?? 0) * 8) / segment.duration),
  );

function checkBitrates(
  samples: readonly MediaSample[],
  multivariant: MultivariantPlaylist,
  collector: Collector,
): void {
  const sampleOf = (uri: string | undefined): MediaSample | undefined =>
    samples.find(({ url }) => uri !== undefined && resolveUri(uri, multivariant.url) === url);
  for (const { attributes, uri, line } of multivariant.variants) {
    const bandwidth = number(attributes, 'BANDWIDTH');
    const own = peakOf(sampleOf(uri));
    if (bandwidth === undefined || own === 0) continue;
    const group = text(attributes, 'AUDIO');
    const audio = multivariant.media.filter(
      (media) => text(media.attributes, 'TYPE') === 'AUDIO' && text(media.attributes, 'GROUP-ID') === group,
    );
    const peak = own + Math.max(0, ...audio.map((media) => peakOf(sampleOf(text(media.attributes, 'URI')))));
    collector.checked('M11');
    if (peak > 1.25 * bandwidth) {
      collector.report(
        'M11',
        'peak',
        { url: multivariant.url, line, uri },
        `a segment has ${Math.round(peak)} bit/s with audio, more than 125 % of BANDWIDTH ${bandwidth}`,
      );
    }
  }
}

export function checkMedia(
  samples: readonly MediaSample[],
  multivariant: MultivariantPlaylist | undefined,
  collector: Collector,
): void {
  const dates = samples.flatMap((sample) => {
    const tracks = checkInit(sample, collector);
    checkSampleEntries(sample, tracks, multivariant, collector);
    checkConcatenation(sample, collector);
    return checkSample(sample, tracks, collector);
  });
  checkMapping(dates, collector);
  if (multivariant !== undefined) checkBitrates(samples, multivariant, collector);
}
