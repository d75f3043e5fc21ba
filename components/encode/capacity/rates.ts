/** What one engine of a GPU does, in pixels a second: NVIDIA's rates, scaled to the GPU's clock. */
import type { VideoCodec } from '../../../encoder/contract';
import type { GpuModel } from '../../../encoder/contract/gpu-models';
import { ARCHITECTURES, RATED_PIXELS, type PublishedRates } from '../../../encoder/contract/gpu-rates';
import type { Confidence, Contribution, NvencPreset, NvencTuning } from './types';

export interface EngineRate {
  /** Pixels a second, at the GPU's highest video clock, without a margin. */
  readonly pixelsPerSecond: number;
  readonly confidence: Confidence;
}

/** Of an unpublished preset: the published ones on either side. */
const BETWEEN = { p2: ['p1', 'p3'], p4: ['p3', 'p5'], p6: ['p5', 'p7'] } as const;

const isBetween = (preset: NvencPreset): preset is keyof typeof BETWEEN => preset in BETWEEN;

/** P2, P4 and P6 take the time of a picture half-way between their neighbours': an assumption. */
function framesPerSecond(published: PublishedRates, preset: NvencPreset): number {
  if (!isBetween(preset)) return published[preset];
  const [faster, slower] = BETWEEN[preset];
  return 2 / (1 / published[faster] + 1 / published[slower]);
}

/**
 * @returns undefined where nothing is published: a codec that the GPU lacks, or a clock that is not known
 */
export function encodeRate(
  gpu: GpuModel,
  codec: VideoCodec,
  preset: NvencPreset,
  tuning: NvencTuning,
): EngineRate | undefined {
  const { encode, encodeClockMHz } = ARCHITECTURES[gpu.architecture];
  const published = encode[codec]?.[tuning];
  if (!published || gpu.videoClockMHz === undefined || encodeClockMHz === undefined) return undefined;
  const frames = framesPerSecond(published, preset) * (gpu.videoClockMHz / encodeClockMHz);
  return { pixelsPerSecond: frames * RATED_PIXELS, confidence: isBetween(preset) ? 'assumed' : 'derived' };
}

/** @returns undefined where nothing is published */
export function decodeRate(
  gpu: GpuModel,
  { codec, bitDepth }: Pick<Contribution, 'codec' | 'bitDepth'>,
): EngineRate | undefined {
  const { decode, decodeClockMHz } = ARCHITECTURES[gpu.architecture];
  const frames = codec === 'hevc' && bitDepth === 10 ? decode.hevc10 : decode[codec];
  if (frames === undefined || gpu.videoClockMHz === undefined) return undefined;
  const scaled = frames * (gpu.videoClockMHz / decodeClockMHz);
  return { pixelsPerSecond: scaled * RATED_PIXELS, confidence: 'derived' };
}

/**
 * Whole encodes of one kind that the engines of a GPU carry, each encode on one engine: the figure that NVIDIA's
 * tables lead to.
 * @param margin 1 to leave nothing free
 * @returns undefined where nothing is published
 */
export function encodesPerGpu(
  gpu: GpuModel,
  encode: {
    readonly codec: VideoCodec;
    readonly width: number;
    readonly height: number;
    readonly framesPerSecond: number;
    readonly preset: NvencPreset;
    readonly tuning: NvencTuning;
  },
  margin: number,
): number | undefined {
  const rate = encodeRate(gpu, encode.codec, encode.preset, encode.tuning);
  if (!rate) return undefined;
  const use = (encode.width * encode.height * encode.framesPerSecond) / (rate.pixelsPerSecond * margin);
  return gpu.nvencs * Math.floor(1 / use);
}
