/** A playlist as data, with the line of everything. Strict, and independent of the packager's writer. */
import { number, parseDate, text, yes, type Attributes } from './attributes';
import { placementIssues, readLines, type Issue, type Item, type Tag } from './lines';

export interface ByteRange {
  readonly length: number;
  readonly offset: number | undefined;
}

export interface Part {
  readonly line: number;
  readonly uri: string;
  /** Seconds; NaN if the tag has none that can be read. */
  readonly duration: number;
  readonly independent: boolean;
  readonly gap: boolean;
  readonly byteRange: ByteRange | undefined;
}

export interface InitMap {
  readonly line: number;
  readonly uri: string;
  readonly byteRange: ByteRange | undefined;
}

export interface DateTime {
  readonly line: number;
  readonly ms: number;
}

export interface Segment {
  readonly msn: number;
  /** Discontinuity sequence number. */
  readonly discontinuityNumber: number;
  /** Line of its EXTINF; of the first part for the open segment. */
  readonly line: number;
  /** Undefined for the open segment: the one that has parts and no EXTINF yet. */
  readonly uri: string | undefined;
  /** EXTINF, or the sum of the parts of the open segment. Seconds. */
  readonly duration: number;
  readonly title: string;
  readonly parts: readonly Part[];
  readonly gap: boolean;
  readonly discontinuityLine: number | undefined;
  readonly map: InitMap | undefined;
  readonly keyMethod: string;
  readonly dateTime: DateTime | undefined;
  readonly byteRange: ByteRange | undefined;
  /** Tags that came after its first part and should have come before: T15. */
  readonly lateTags: readonly { readonly name: string; readonly line: number }[];
}

export interface MediaPlaylist {
  readonly kind: 'media';
  readonly url: string;
  readonly issues: readonly Issue[];
  readonly items: readonly Item[];
  readonly version: number;
  readonly targetDuration: number | undefined;
  readonly mediaSequence: number;
  readonly discontinuitySequence: number | undefined;
  readonly partTarget: number | undefined;
  readonly serverControl: Attributes | undefined;
  /** SKIPPED-SEGMENTS; undefined when this is no delta update. */
  readonly skipped: number | undefined;
  /** Complete segments, then the open one if it has parts. */
  readonly segments: readonly Segment[];
  readonly hints: readonly Tag[];
  readonly reports: readonly Tag[];
  readonly dateRanges: readonly Tag[];
  readonly endList: boolean;
  readonly playlistType: string | undefined;
  readonly independentSegments: boolean;
  readonly iFramesOnly: boolean;
  /** Line of a tag's first appearance. */
  readonly lineOf: (name: string) => number | undefined;
}

export interface Variant {
  readonly line: number;
  readonly uri: string;
  readonly attributes: Attributes;
}

export interface MultivariantPlaylist {
  readonly kind: 'multivariant';
  readonly url: string;
  readonly issues: readonly Issue[];
  readonly items: readonly Item[];
  readonly variants: readonly Variant[];
  readonly media: readonly Tag[];
  readonly iFrames: readonly Tag[];
  readonly independentSegments: boolean;
}

export type Playlist = MediaPlaylist | MultivariantPlaylist;

const MULTIVARIANT_TAGS = new Set(['EXT-X-STREAM-INF', 'EXT-X-MEDIA', 'EXT-X-I-FRAME-STREAM-INF']);
/** These describe the segment and must come before its first part (section 4.4.4.9). */
const BEFORE_PARTS = new Set(['EXT-X-DISCONTINUITY', 'EXT-X-KEY', 'EXT-X-MAP', 'EXT-X-PROGRAM-DATE-TIME']);

export function parseByteRange(value: string | undefined): ByteRange | undefined {
  const match = /^([0-9]+)(?:@([0-9]+))?$/.exec(value ?? '');
  if (match === null) return undefined;
  return { length: Number(match[1]), offset: match[2] === undefined ? undefined : Number(match[2]) };
}

interface Draft {
  parts: Part[];
  gap: boolean;
  inf: { line: number; duration: number; title: string } | undefined;
  discontinuityLine: number | undefined;
  dateTime: DateTime | undefined;
  byteRange: ByteRange | undefined;
  lateTags: { name: string; line: number }[];
}

const emptyDraft = (): Draft => ({
  parts: [],
  gap: false,
  inf: undefined,
  discontinuityLine: undefined,
  dateTime: undefined,
  byteRange: undefined,
  lateTags: [],
});

const readPart = (tag: Tag): Part => ({
  line: tag.line,
  uri: text(tag.attributes, 'URI') ?? '',
  duration: number(tag.attributes, 'DURATION') ?? Number.NaN,
  independent: yes(tag.attributes, 'INDEPENDENT'),
  gap: yes(tag.attributes, 'GAP'),
  byteRange: parseByteRange(text(tag.attributes, 'BYTERANGE')),
});

/** Segments without numbers: those need MEDIA-SEQUENCE, which is read apart. */
type Unnumbered = Omit<Segment, 'msn' | 'discontinuityNumber'>;

function readSegments(items: readonly Item[], issues: Issue[]): Unnumbered[] {
  const segments: Unnumbered[] = [];
  let map: InitMap | undefined;
  let keyMethod = 'NONE';
  let draft = emptyDraft();
  const close = (uri: string | undefined, line: number, duration: number): void => {
    const { inf, ...rest } = draft;
    segments.push({ ...rest, uri, line, duration, title: inf?.title ?? '', map, keyMethod });
    draft = emptyDraft();
  };
  for (const item of items) {
    if (item.kind === 'uri') {
      if (draft.inf === undefined) {
        issues.push({
          rule: 'S3',
          code: 'uri',
          line: item.line,
          found: `the segment ${item.uri} has no #EXTINF`,
        });
      }
      close(item.uri, draft.inf?.line ?? item.line, draft.inf?.duration ?? Number.NaN);
      continue;
    }
    if (BEFORE_PARTS.has(item.name) && draft.parts.length > 0) {
      draft.lateTags.push({ name: item.name, line: item.line });
    }
    switch (item.name) {
      case 'EXTINF': {
        const match = /^([0-9.]+),?(.*)$/.exec(item.value);
        draft.inf = { line: item.line, duration: Number(match?.[1] ?? Number.NaN), title: match?.[2] ?? '' };
        break;
      }
      case 'EXT-X-PART':
        draft.parts.push(readPart(item));
        break;
      case 'EXT-X-GAP':
        draft.gap = true;
        break;
      case 'EXT-X-DISCONTINUITY':
        draft.discontinuityLine = item.line;
        break;
      case 'EXT-X-PROGRAM-DATE-TIME': {
        const ms = parseDate(item.value);
        if (ms !== undefined) draft.dateTime = { line: item.line, ms };
        break;
      }
      case 'EXT-X-BYTERANGE':
        draft.byteRange = parseByteRange(item.value);
        break;
      case 'EXT-X-KEY':
        keyMethod = text(item.attributes, 'METHOD') ?? 'NONE';
        break;
      case 'EXT-X-MAP':
        map = {
          line: item.line,
          uri: text(item.attributes, 'URI') ?? '',
          byteRange: parseByteRange(text(item.attributes, 'BYTERANGE')),
        };
        break;
    }
  }
  if (draft.inf !== undefined) {
    issues.push({
      rule: 'S3',
      code: 'extinf',
      line: draft.inf.line,
      found: '#EXTINF is not followed by a URI',
    });
  }
  if (draft.parts.length > 0) {
    const sum = draft.parts.reduce((total, part) => total + part.duration, 0);
    close(undefined, draft.parts[0]?.line ?? 0, sum);
  }
  return segments;
}

/** Media sequence and discontinuity numbers, counted from the first listed segment. */
export function numberSegments(
  segments: readonly Unnumbered[],
  firstMsn: number,
  discontinuitySequence: number,
): Segment[] {
  let discontinuityNumber = discontinuitySequence;
  return segments.map((segment, index) => {
    // A discontinuity before the first listed segment counts: the number is that of the segment before it, plus 1.
    if (segment.discontinuityLine !== undefined) discontinuityNumber += 1;
    return { ...segment, msn: firstMsn + index, discontinuityNumber };
  });
}

const isTag = (item: Item): item is Tag => item.kind === 'tag';

function orderIssues(tags: readonly Tag[], firstSegmentLine: number | undefined): Issue[] {
  if (firstSegmentLine === undefined) return [];
  return tags
    .filter((tag) => tag.name === 'EXT-X-MEDIA-SEQUENCE' || tag.name === 'EXT-X-DISCONTINUITY-SEQUENCE')
    .filter((tag) => tag.line > firstSegmentLine)
    .map((tag) => ({
      rule: 'S5',
      code: `${tag.name} order`,
      line: tag.line,
      found: `#${tag.name} comes after the first segment (line ${firstSegmentLine})`,
    }));
}

function parseMedia(url: string, items: readonly Item[], issues: Issue[]): MediaPlaylist {
  const tags = items.filter(isTag);
  const first = new Map<string, Tag>();
  for (const tag of tags) if (!first.has(tag.name)) first.set(tag.name, tag);
  const integer = (name: string): number | undefined => {
    const value = first.get(name)?.value;
    return value !== undefined && /^[0-9]+$/.test(value) ? Number(value) : undefined;
  };
  const all = (name: string): Tag[] => tags.filter((tag) => tag.name === name);
  if (integer('EXT-X-TARGETDURATION') === undefined && !first.has('EXT-X-TARGETDURATION')) {
    issues.push({ rule: 'S3', code: 'targetduration', line: 1, found: 'there is no #EXT-X-TARGETDURATION' });
  }
  const unnumbered = readSegments(items, issues);
  const firstLine =
    unnumbered[0] === undefined ? undefined : (unnumbered[0].parts[0]?.line ?? unnumbered[0].line);
  issues.push(...orderIssues(tags, firstLine));
  const mediaSequence = integer('EXT-X-MEDIA-SEQUENCE') ?? 0;
  const discontinuitySequence = integer('EXT-X-DISCONTINUITY-SEQUENCE');
  const skip = first.get('EXT-X-SKIP');
  const skipped = skip === undefined ? undefined : (number(skip.attributes, 'SKIPPED-SEGMENTS') ?? 0);
  const partInf = first.get('EXT-X-PART-INF');
  return {
    kind: 'media',
    url,
    issues,
    items,
    version: integer('EXT-X-VERSION') ?? 1,
    targetDuration: integer('EXT-X-TARGETDURATION'),
    mediaSequence,
    discontinuitySequence,
    partTarget: partInf === undefined ? undefined : number(partInf.attributes, 'PART-TARGET'),
    serverControl: first.get('EXT-X-SERVER-CONTROL')?.attributes,
    skipped,
    segments: numberSegments(unnumbered, mediaSequence + (skipped ?? 0), discontinuitySequence ?? 0),
    hints: all('EXT-X-PRELOAD-HINT'),
    reports: all('EXT-X-RENDITION-REPORT'),
    dateRanges: all('EXT-X-DATERANGE'),
    endList: first.has('EXT-X-ENDLIST'),
    playlistType: first.get('EXT-X-PLAYLIST-TYPE')?.value,
    independentSegments: first.has('EXT-X-INDEPENDENT-SEGMENTS'),
    iFramesOnly: first.has('EXT-X-I-FRAMES-ONLY'),
    lineOf: (name) => first.get(name)?.line,
  };
}

function parseMultivariant(url: string, items: readonly Item[], issues: Issue[]): MultivariantPlaylist {
  const variants: Variant[] = [];
  let pending: Tag | undefined;
  for (const item of items) {
    if (item.kind === 'uri') {
      if (pending === undefined) {
        issues.push({
          rule: 'S3',
          code: 'uri',
          line: item.line,
          found: `${item.uri} has no #EXT-X-STREAM-INF before it`,
        });
      } else variants.push({ line: pending.line, uri: item.uri, attributes: pending.attributes });
      pending = undefined;
    } else {
      if (pending !== undefined) {
        issues.push({
          rule: 'S3',
          code: 'variant',
          line: pending.line,
          found: '#EXT-X-STREAM-INF is not followed by a URI',
        });
      }
      pending = item.name === 'EXT-X-STREAM-INF' ? item : undefined;
    }
  }
  const tags = items.filter(isTag);
  return {
    kind: 'multivariant',
    url,
    issues,
    items,
    variants,
    media: tags.filter((tag) => tag.name === 'EXT-X-MEDIA'),
    iFrames: tags.filter((tag) => tag.name === 'EXT-X-I-FRAME-STREAM-INF'),
    independentSegments: tags.some((tag) => tag.name === 'EXT-X-INDEPENDENT-SEGMENTS'),
  };
}

export function parsePlaylist(url: string, playlistText: string): Playlist {
  const issues: Issue[] = [];
  const items = readLines(playlistText, issues);
  const kind = items.some((item) => item.kind === 'tag' && MULTIVARIANT_TAGS.has(item.name))
    ? 'multivariant'
    : 'media';
  issues.push(...placementIssues(items, kind));
  return kind === 'multivariant' ? parseMultivariant(url, items, issues) : parseMedia(url, items, issues);
}
