/** How much of an instance's encoders a channel takes: NVIDIA's published rates, as the capacity model reckons with them. */
import {
  LADDERS,
  FRAME_RATES,
  frameRateFraction,
  type FrameRate,
  type LadderName,
} from '../../../encoder/contract';
import { GPU_INSTANCES } from '../../../encoder/contract/gpu-instances';
import { GPU_MODELS } from '../../../encoder/contract/gpu-models';
import { ARCHITECTURES, RATED_PIXELS } from '../../../encoder/contract/gpu-rates';

const isLadder = (name: string): name is LadderName => Object.hasOwn(LADDERS, name);
const isFrameRate = (rate: string): rate is FrameRate => (FRAME_RATES as readonly string[]).includes(rate);

export interface EncoderShare {
  /** Part of the instance's encoders, at the margin; above 1 where one channel is too much. */
  readonly share: number;
  /** ECS units of the whole instance: 1,024 a vCPU. */
  readonly units: number;
  readonly gpus: number;
}

/**
 * Preset P3 with low-latency tuning, which the runtime uses.
 * @param margin the part of the published rates that is planned with
 * @returns undefined for an instance type, ladder or frame rate of which nothing is known, or that NVENC has no rate for
 */
export function encoderShare(
  instanceType: string,
  ladder: string,
  frameRate: string,
  margin: number,
): EncoderShare | undefined {
  const instance = GPU_INSTANCES.get(instanceType);
  const gpu = instance && GPU_MODELS[instance.gpu];
  if (!gpu || instance.gpus === 0 || !isLadder(ladder) || !isFrameRate(frameRate)) return undefined;
  const { encode, encodeClockMHz } = ARCHITECTURES[gpu.architecture];
  if (gpu.videoClockMHz === undefined || encodeClockMHz === undefined) return undefined;
  const { numerator, denominator } = frameRateFraction(frameRate);
  const scale = (gpu.videoClockMHz / encodeClockMHz) * RATED_PIXELS;
  const uses = LADDERS[ladder].video.map(({ codec, width, height }) => {
    const rate = encode[codec]?.ll.p3;
    const pixels = (width * height * numerator) / denominator;
    return rate === undefined ? undefined : pixels / (rate * scale);
  });
  if (uses.includes(undefined)) return undefined;
  const work = uses.reduce((sum: number, use) => sum + (use ?? 0), 0);
  return {
    share: work / (gpu.nvencs * instance.gpus * margin),
    units: instance.vcpus * 1024,
    gpus: instance.gpus,
  };
}
