/** Ladders: what a channel encodes. Bit rates in kbit/s. */

export interface VideoRung {
  readonly id: string;
  readonly codec: 'h264' | 'hevc';
  readonly bitDepth: 8 | 10;
  readonly width: number;
  readonly height: number;
  /** Average, and the cap that the encoder's buffer model enforces. */
  readonly bitrateKbps: number;
  readonly maxrateKbps: number;
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
  /** The first rung is the one that a player starts with. */
  readonly video: readonly VideoRung[];
  readonly audio: readonly AudioRung[];
}

const h264 = (id: string, width: number, height: number, bitrateKbps: number): VideoRung => ({
  id,
  codec: 'h264',
  bitDepth: 8,
  width,
  height,
  bitrateKbps,
  maxrateKbps: Math.ceil(bitrateKbps * 1.1),
});

const hevc = (id: string, width: number, height: number, bitrateKbps: number): VideoRung => ({
  ...h264(id, width, height, bitrateKbps),
  codec: 'hevc',
});

const stereo = (bitrateKbps: number): AudioRung => ({
  id: 'audio',
  bitrateKbps,
  channels: 2,
  language: 'en',
  name: 'English',
});

/** Bit rates of `h264-1080p`: Apple's HLS authoring specification, table of H.264 16:9 rungs. */
export const LADDERS = {
  tiny: {
    description: 'two small H.264 rungs, for a laptop or a test: about one core in software',
    video: [h264('360p', 640, 360, 900), h264('234p', 416, 234, 300)],
    audio: [stereo(96)],
  },
  'h264-1080p': {
    description: "Apple's H.264 table up to 1080p",
    video: [
      h264('540p', 960, 540, 2000),
      h264('234p', 416, 234, 145),
      h264('360p', 640, 360, 365),
      h264('432p', 768, 432, 1100),
      h264('720p', 1280, 720, 4500),
      h264('1080p', 1920, 1080, 7800),
    ],
    audio: [stereo(160)],
  },
  'hevc-720p': {
    description: 'one HEVC rung and one H.264 rung for players without HEVC, for tests',
    video: [hevc('hevc-720p', 1280, 720, 2400), h264('360p', 640, 360, 365)],
    audio: [stereo(128)],
  },
} as const satisfies Readonly<Record<string, Ladder>>;

export type LadderName = keyof typeof LADDERS;
export const LADDER_NAMES = Object.keys(LADDERS) as LadderName[];
