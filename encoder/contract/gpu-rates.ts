/**
 * What NVENC and NVDEC engines do, by architecture, as NVIDIA publishes it.
 *
 * Encoding: "NVENC Application Note", Video Codec SDK 13.0
 * (https://docs.nvidia.com/video-technologies/video-codec-sdk/13.0/nvenc-application-note/index.html).
 * Decoding: "NVDEC Application Note", Video Codec SDK 13.0
 * (https://docs.nvidia.com/video-technologies/video-codec-sdk/13.0/nvdec-application-note/index.html).
 * Both read 2026-11-21. Frames a second of 1920x1080 4:2:0, one engine, at the highest video clock of the card
 * that was measured; both notes say that rates scale with the video clock. P2, P4, P6, 10-bit encoding and what a
 * bit rate costs are not published.
 */

export type GpuArchitecture = 'Turing' | 'Ampere' | 'Ada' | 'Blackwell';

/** By published preset. */
export interface PublishedRates {
  readonly p1: number;
  readonly p3: number;
  readonly p5: number;
  readonly p7: number;
}

/** `ll`: low latency, constant rate; `hq`: high quality, variable rate. */
export interface EncodeRates {
  readonly ll: PublishedRates;
  readonly hq: PublishedRates;
}

export interface ArchitectureRates {
  /** MHz of the video clock at which `encode` was measured. Absent: the note does not say. */
  readonly encodeClockMHz?: number;
  readonly encode: {
    readonly h264: EncodeRates;
    readonly hevc: EncodeRates;
    readonly av1?: EncodeRates;
  };
  /** MHz of the video clock at which `decode` was measured: other cards than those of `encode`. */
  readonly decodeClockMHz: number;
  readonly decode: {
    readonly h264: number;
    readonly hevc: number;
    readonly hevc10: number;
    readonly av1?: number;
  };
}

/** Pixels of the picture that the rates are for. */
export const RATED_PIXELS = 1920 * 1080;

const rates = (p1: number, p3: number, p5: number, p7: number): PublishedRates => ({ p1, p3, p5, p7 });

export const ARCHITECTURES: Readonly<Record<GpuArchitecture, ArchitectureRates>> = {
  Turing: {
    encodeClockMHz: 1950,
    encode: {
      h264: { ll: rates(855, 600, 271, 229), hq: rates(833, 602, 264, 207) },
      hevc: { ll: rates(932, 463, 305, 306), hq: rates(920, 552, 334, 171) },
    },
    decodeClockMHz: 1860,
    decode: { h264: 771, hevc: 1316, hevc10: 1158 },
  },
  Ampere: {
    encodeClockMHz: 1950,
    encode: {
      h264: { ll: rates(868, 613, 273, 231), hq: rates(846, 617, 266, 213) },
      hevc: { ll: rates(943, 467, 307, 308), hq: rates(939, 557, 335, 171) },
    },
    decodeClockMHz: 1665,
    decode: { h264: 748, hevc: 1415, hevc10: 1299, av1: 790 },
  },
  Ada: {
    encodeClockMHz: 2415,
    encode: {
      h264: { ll: rates(910, 652, 291, 247), hq: rates(885, 647, 283, 211) },
      hevc: { ll: rates(1055, 494, 343, 343), hq: rates(1037, 706, 411, 181) },
      av1: { ll: rates(1090, 774, 512, 356), hq: rates(741, 549, 440, 323) },
    },
    decodeClockMHz: 2160,
    decode: { h264: 903, hevc: 1641, hevc10: 1520, av1: 1018 },
  },
  Blackwell: {
    encode: {
      h264: { ll: rates(977, 718, 323, 264), hq: rates(948, 708, 317, 227) },
      hevc: { ll: rates(1134, 529, 506, 464), hq: rates(1119, 947, 521, 181) },
      av1: { ll: rates(1076, 798, 624, 395), hq: rates(957, 678, 552, 401) },
    },
    decodeClockMHz: 2362,
    decode: { h264: 2172, hevc: 1872, hevc10: 1818, av1: 1119 },
  },
};
