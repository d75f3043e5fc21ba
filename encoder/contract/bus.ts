/**
 * What an encoder writes and an origin reads: claims and bundles. The store is the only bus between them.
 */
import type { TickGrid } from './grid';

/** What a rendition is, as the multivariant playlist declares it. */
export interface RenditionInfo {
  readonly id: string;
  readonly kind: 'video' | 'audio';
  /** RFC 6381, derived from the init segment, for example `avc1.64001e`. */
  readonly codecs: string;
  /** Ticks a second in this rendition's media. */
  readonly timescale: number;
  /** Bits a second of the rendition alone: highest segment peak, and average. */
  readonly peakBitrate: number;
  readonly averageBitrate: number;
  readonly width?: number;
  readonly height?: number;
  readonly frameRate?: number;
  readonly channels?: number;
  /** BCP 47. */
  readonly language?: string;
  readonly name?: string;
  /** Closed captions in the video. */
  readonly captions?: readonly CaptionInfo[];
}

/** A caption service: CC1 to CC4 of CEA-608, SERVICE1 to SERVICE6 of CEA-708. */
export interface CaptionInfo {
  /** As INSTREAM-ID of a multivariant playlist names it. */
  readonly service: string;
  /** BCP 47, where it is known. */
  readonly language?: string;
}

/** One rendition's share of a complete segment. */
export interface SegmentTrack {
  /** Hash of the init segment that decodes it. */
  readonly init: string;
  /** First sample's time and the length, in the rendition's ticks since the generation began. */
  readonly start: number;
  readonly duration: number;
  readonly bytes: number;
  /** There is no media: the segment is a gap in this rendition. */
  readonly gap?: true;
}

export interface SegmentRecord {
  readonly msn: number;
  readonly generation: number;
  /** Unix milliseconds of the segment's first video frame. */
  readonly anchor: number;
  /** Ticks that the segment has; fewer than the grid's number when it was ended early. 0 where it is a gap. */
  readonly ticks: number;
  readonly gap?: true;
  readonly tracks: Readonly<Record<string, SegmentTrack>>;
}

/** `claims/<channel>/<msn>`: who may write the segment, and all that an origin needs to read it. */
export interface Claim {
  readonly v: 1;
  readonly channel: string;
  readonly msn: number;
  /** Unique to one run of one encoder process. */
  readonly writer: string;
  /** One more at every discontinuity; the playlist's discontinuity sequence. */
  readonly generation: number;
  readonly grid: TickGrid;
  /** Unix milliseconds at which the segment's first video frame is due. */
  readonly anchor: number;
  /** Video ticks from the generation's first frame to the segment's. */
  readonly start: number;
  readonly renditions: readonly RenditionInfo[];
  /** The last 16 complete segments, oldest first. */
  readonly records: readonly SegmentRecord[];
  /** Begins another programme, or one on another grid or ladder: playlists list nothing from before. */
  readonly fresh?: true;
}

/** Complete segments that a claim lists. */
export const RECORDS_PER_CLAIM = 16;

export interface BundlePart {
  readonly rendition: string;
  readonly init: string;
  /** Byte range within the bundle's media. */
  readonly offset: number;
  readonly length: number;
  /** First sample's time and the length, in the rendition's ticks since the generation began. */
  readonly start: number;
  readonly duration: number;
  readonly independent: boolean;
  readonly gap?: true;
}

/** A segment without media: it covers the time from the end of the segment before. */
export interface Gap {
  /** Unix milliseconds, and video ticks since the generation's first frame, at which it begins. */
  readonly anchor: number;
  readonly start: number;
  /** Its length in ticks of the grid. */
  readonly ticks: number;
}

/** The head of `edge/<channel>/<msn>/<tick>`. */
export interface BundleHeader {
  readonly writer: string;
  readonly generation: number;
  readonly msn: number;
  readonly tick: number;
  readonly parts: readonly BundlePart[];
  /**
   * An end bundle: the segment has only the ticks before this one. `final` ends the programme. At tick 0
   * the segment is a gap. At the tick after a whole segment's last it says that the writer has left.
   */
  readonly end?: { readonly final: boolean; readonly gap?: Gap };
}
