/** Ladders: what a channel encodes. Bit rates in kbit/s. */

export type VideoCodec = 'h264' | 'hevc' | 'av1';

export interface VideoRung {
  readonly id: string;
  readonly codec: VideoCodec;
  /** H.264 has 8 only. */
  readonly bitDepth: 8 | 10;
  /** Even. */
  readonly width: number;
  readonly height: number;
  /** Average, and the cap that the encoder's buffer model enforces. */
  readonly bitrateKbps: number;
  readonly maxrateKbps: number;
  /** The buffer of that model, in seconds of the cap: 0.5 to 1. No picture has more bits. */
  readonly bufferSeconds: number;
  /** 1 is kept longest where a machine cannot keep up. Each number once. */
  readonly priority: number;
}

export interface AudioRung {
  readonly id: string;
  readonly bitrateKbps: number;
  readonly channels: 2;
  /** BCP 47. */
  readonly language: string;
  readonly name: string;
}

export interface Ladder {
  readonly description: string;
  /**
   * The first rung is the one that a player starts with (about 2 Mbit/s: Apple, rule 1.32); then, within a
   * codec, from low to high.
   */
  readonly video: readonly VideoRung[];
  /** One rendition a language. */
  readonly audio: readonly AudioRung[];
}

/** The cap over the average where a ladder does not say otherwise: 1.1 times, rounded up. */
export const defaultMaxrate = (bitrateKbps: number): number => Math.ceil((bitrateKbps * 11) / 10);

const rung = (
  [codec, bitDepth]: readonly [VideoCodec, 8 | 10],
  id: string,
  [width, height]: readonly [number, number],
  bitrateKbps: number,
  priority: number,
  bufferSeconds = 1,
): VideoRung => ({
  ...{ id, codec, bitDepth, width, height, bitrateKbps },
  ...{ maxrateKbps: defaultMaxrate(bitrateKbps), bufferSeconds, priority },
});

const H264 = ['h264', 8] as const;
const HEVC = ['hevc', 8] as const;
const HEVC10 = ['hevc', 10] as const;
const P234 = [416, 234] as const;
const P360 = [640, 360] as const;
const P432 = [768, 432] as const;
const P540 = [960, 540] as const;
const P720 = [1280, 720] as const;
const P1080 = [1920, 1080] as const;
const P2160 = [3840, 2160] as const;

const stereo = (bitrateKbps: number): AudioRung => ({
  id: 'audio',
  bitrateKbps,
  channels: 2,
  language: 'en',
  name: 'English',
});

/**
 * "Apple's table" is the one of 16:9 rungs at 30 frames a second, in the HLS Authoring Specification for
 * Apple Devices (https://developer.apple.com/documentation/http-live-streaming/hls-authoring-specification-for-apple-devices,
 * section 1). Each ladder is argued in docs/ladders.md.
 */
export const LADDERS = {
  tiny: {
    description: 'two small H.264 rungs, for a laptop or a test',
    video: [rung(H264, '360p', P360, 900, 1), rung(H264, '234p', P234, 300, 2)],
    audio: [stereo(96)],
  },
  economy: {
    description: "three H.264 rungs of Apple's table, each 3 times the one below: every player, least cost",
    video: [
      rung(H264, '432p', P432, 1100, 1),
      rung(H264, '360p', P360, 365, 2),
      rung(H264, '720p', P720, 3000, 3),
    ],
    audio: [stereo(96)],
  },
  'h264-1080p': {
    description: "Apple's H.264 table up to 1080p",
    video: [
      rung(H264, '540p', P540, 2000, 1),
      rung(H264, '234p', P234, 145, 2),
      rung(H264, '360p', P360, 365, 3),
      rung(H264, '432p', P432, 1100, 4),
      rung(H264, '720p', P720, 4500, 5),
      rung(H264, '1080p', P1080, 7800, 6),
    ],
    audio: [stereo(160)],
  },
  'hevc-720p': {
    description: 'one HEVC rung and one H.264 rung for players without HEVC, for tests',
    video: [rung(HEVC, 'hevc-720p', P720, 2400, 2), rung(H264, '360p', P360, 365, 1)],
    audio: [stereo(128)],
  },
  'hevc-1080p': {
    description: "Apple's HEVC table (SDR) up to 1080p, and two H.264 rungs for players without HEVC",
    video: [
      rung(HEVC, 'hevc-540p', P540, 1600, 2),
      rung(HEVC, 'hevc-360p', P360, 145, 4),
      rung(HEVC, 'hevc-432p', P432, 300, 5),
      rung(HEVC, 'hevc-540p-900', P540, 900, 6),
      rung(HEVC, 'hevc-720p', P720, 3400, 7),
      rung(HEVC, 'hevc-1080p', P1080, 5800, 8),
      rung(H264, '360p', P360, 365, 1),
      rung(H264, '540p', P540, 2000, 3),
    ],
    audio: [stereo(160)],
  },
  'hevc-2160p30-50': {
    description: '10-bit HEVC up to 2160p at 50 Mbit/s, and two H.264 rungs for players without HEVC',
    // Half a second of buffer: at these rates a picture of a whole second's bits would take a part's time to load.
    video: [
      rung(HEVC10, 'hevc-540p', P540, 2500, 2, 0.5),
      rung(HEVC10, 'hevc-720p', P720, 5000, 4, 0.5),
      rung(HEVC10, 'hevc-1080p', P1080, 12_000, 5, 0.5),
      rung(HEVC10, 'hevc-2160p', P2160, 50_000, 6, 0.5),
      rung(H264, '360p', P360, 1000, 1, 0.5),
      rung(H264, '720p', P720, 4000, 3, 0.5),
    ],
    audio: [stereo(160)],
  },
} as const satisfies Readonly<Record<string, Ladder>>;

export type LadderName = keyof typeof LADDERS;
export const LADDER_NAMES = Object.keys(LADDERS) as LadderName[];
