/** A channel's load in full, and what follows from it alone. */
import { frameRateFraction, type VideoRung } from '../../../encoder/contract';
import type { GpuModel } from '../../../encoder/contract/gpu-models';
import { largestRung } from './host';
import type { ChannelLoad, NvencPreset } from './types';

/** Of published rates; planned with where nothing else is said. Not sourced: see `ChannelLoad.margin`. */
export const DEFAULT_MARGIN = 0.7;

export type FullLoad = Required<ChannelLoad>;

/** What is reckoned with where a load leaves something out. */
export function channelDefaults(load: ChannelLoad): FullLoad {
  const margin = load.margin ?? DEFAULT_MARGIN;
  if (!(margin > 0 && margin <= 1)) {
    throw new RangeError(`a margin is above 0 and at most 1 (0.7 leaves 30 % free), not ${margin}`);
  }
  const { bitDepth, width, height, bitrateKbps } = largestRung(load.ladder);
  return {
    ...{ preset: 'p3', tuning: 'll', splitFrame: false, taskNetwork: 'host' },
    ...{ contribution: { codec: 'hevc', bitDepth, width, height, bitrateKbps } },
    ...load,
    margin,
  };
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels a second. */
export function pixelRate({ width, height }: Size, { frameRate }: Pick<ChannelLoad, 'frameRate'>): number {
  const { numerator, denominator } = frameRateFraction(frameRate);
  return (width * height * numerator) / denominator;
}

/** P1 to P4, and pictures at least so high: the conditions of a public write-up of NVIDIA's guide. */
const SPLIT_FROM_HEIGHT = { hevc: 2112, av1: 2048 } as const;
const SPLIT_PRESETS: readonly NvencPreset[] = ['p1', 'p2', 'p3', 'p4'];

/** Whether NVENC can divide a rung's pictures among the encoders. */
export const canSplit = ({ codec, height }: VideoRung, preset: NvencPreset, gpu: GpuModel): boolean =>
  gpu.splitsFrames &&
  gpu.nvencs > 1 &&
  SPLIT_PRESETS.includes(preset) &&
  codec !== 'h264' &&
  height >= SPLIT_FROM_HEIGHT[codec];
