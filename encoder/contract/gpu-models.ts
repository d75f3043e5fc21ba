/** GPUs of EC2 instances: engines, clocks, codecs. */
import type { GpuArchitecture } from './gpu-rates';

export type GpuModelName =
  'T4' | 'T4G' | 'A10G' | 'L4' | 'L40S' | 'RTX PRO 6000 Blackwell Server' | 'Xilinx Alveo U30';

/** Bit depths of 4:2:0 pictures, by codec; a codec that is absent is not supported. */
export interface CodecDepths {
  readonly h264: readonly number[];
  readonly hevc: readonly number[];
  readonly av1?: readonly number[];
}

export interface GpuModel {
  readonly architecture: GpuArchitecture;
  /** Engines that encode. */
  readonly nvencs: number;
  /** Engines that decode. */
  readonly nvdecs: number;
  readonly enginesSource: string;
  /** The highest video clock, from `nvidia-smi -q`. Absent: not known, so nothing can be said of its rate. */
  readonly videoClockMHz?: number;
  readonly videoClockSource: string;
  readonly encodes: CodecDepths;
  readonly decodes: CodecDepths;
  /** One picture can be divided among the encoders: Ada and later, HEVC and AV1. */
  readonly splitsFrames: boolean;
}

const MATRIX = "NVIDIA's Video Encode and Decode GPU Support Matrix, from memory: not verified";
const WRITE_UP = "encoders: a public write-up of NVIDIA's documents; decoders: from memory, not verified";

/** 10-bit encoding and decoding: tables 1 of the application notes that `gpu-rates.ts` names. */
const TURING = {
  encodes: { h264: [8], hevc: [8, 10] },
  decodes: { h264: [8], hevc: [8, 10] },
} as const;
const AMPERE = {
  encodes: TURING.encodes,
  decodes: { h264: [8], hevc: [8, 10], av1: [8, 10] },
} as const;
const ADA = { encodes: AMPERE.decodes, decodes: AMPERE.decodes } as const;
const BLACKWELL_DEPTHS = { h264: [8, 10], hevc: [8, 10], av1: [8, 10] } as const;
const BLACKWELL = { encodes: BLACKWELL_DEPTHS, decodes: BLACKWELL_DEPTHS } as const;

/** Those with NVENC of which enough is known. T4G (G5g) and U30 (VT1, which has no NVENC) are not among them. */
export const GPU_MODELS: Readonly<Partial<Record<GpuModelName, GpuModel>>> = {
  T4: {
    ...{
      architecture: 'Turing',
      nvencs: 1,
      nvdecs: 2,
      enginesSource: MATRIX,
      splitsFrames: false,
      ...TURING,
    },
    videoClockMHz: 1470,
    videoClockSource: 'NVIDIA/nvidia-docker#1446',
  },
  A10G: {
    ...{
      architecture: 'Ampere',
      nvencs: 1,
      nvdecs: 2,
      enginesSource: MATRIX,
      splitsFrames: false,
      ...AMPERE,
    },
    videoClockMHz: 1500,
    videoClockSource: 'nvidia-smi -q of an EC2 instance in a DCGM issue of 2025-05-22',
  },
  L4: {
    ...{ architecture: 'Ada', nvencs: 2, nvdecs: 4, enginesSource: WRITE_UP, splitsFrames: true, ...ADA },
    videoClockMHz: 1770,
    videoClockSource: 'two public captures of nvidia-smi -q',
  },
  L40S: {
    ...{ architecture: 'Ada', nvencs: 3, nvdecs: 3, enginesSource: WRITE_UP, splitsFrames: true, ...ADA },
    videoClockMHz: 1965,
    videoClockSource: 'a public capture of nvidia-smi -q',
  },
  'RTX PRO 6000 Blackwell Server': {
    ...{ architecture: 'Blackwell', nvencs: 4, nvdecs: 4, enginesSource: MATRIX, splitsFrames: true },
    ...BLACKWELL,
    videoClockSource: 'not found, nor the clock at which NVIDIA measured encoding',
  },
};
