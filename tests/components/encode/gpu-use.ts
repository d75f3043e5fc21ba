/** What channels ask of a GPU and its machine, by arithmetic that is not the capacity model's. */
import { expect } from 'chai';
import { decodeRate, encodeRate, placement, type ChannelLoad } from '../../../components/encode/capacity';
import { frameRateFraction } from '../../../encoder/contract';
import { GPU_INSTANCES } from '../../../encoder/contract/gpu-instances';
import { GPU_MODELS, type GpuModel } from '../../../encoder/contract/gpu-models';

export const gpuOf = (type: string): GpuModel => GPU_MODELS[GPU_INSTANCES.get(type)!.gpu]!;

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What the busiest engine has to do, when sessions are dealt from large to small. */
export function busiest(uses: readonly number[], engines: number): number {
  const loads = Array.from({ length: engines }, () => 0);
  for (const use of [...uses].sort((a, b) => b - a)) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least]! += use;
  }
  return Math.max(...loads);
}

/** Asserts that the channels of one machine ask no part of it for more than it has. */
export function expectWithin(type: string, channels: readonly ChannelLoad[], margin: number): void {
  const gpu = gpuOf(type);
  const uses = channels.flatMap((channel) => sessions(channel, gpu));
  expect(sum(uses), `encoders of ${type}`).to.be.at.most(gpu.nvencs * margin + 1e-9);
  expect(busiest(uses, gpu.nvencs), `busiest encoder of ${type}`).to.be.at.most(1 + 1e-9);
  const decoding = sum(channels.map((channel) => decoded(channel, gpu)));
  expect(decoding, `decoders of ${type}`).to.be.at.most(gpu.nvdecs * margin + 1e-9);
  const memory = sum(channels.map((channel) => placement(channel, type).memoryMiB));
  expect(memory, `memory of ${type}`).to.be.at.most(GPU_INSTANCES.get(type)!.memoryGiB * 1024);
}

function pixelsPerSecond(
  { width, height }: { readonly width: number; readonly height: number },
  { frameRate }: ChannelLoad,
): number {
  const { numerator, denominator } = frameRateFraction(frameRate);
  return (width * height * numerator) / denominator;
}

/** Parts of one encoder's full rate. */
const sessions = (channel: ChannelLoad, gpu: GpuModel): number[] =>
  channel.ladder.video.map((one) => {
    const { preset = 'p3', tuning = 'll' } = channel;
    return pixelsPerSecond(one, channel) / encodeRate(gpu, one.codec, preset, tuning)!.pixelsPerSecond;
  });

/** Part of one decoder's full rate: of the largest rung, as HEVC. */
function decoded(channel: ChannelLoad, gpu: GpuModel): number {
  const [largest] = [...channel.ladder.video].sort((a, b) => b.width * b.height - a.width * a.height);
  const { bitDepth } = largest!;
  return pixelsPerSecond(largest!, channel) / decodeRate(gpu, { codec: 'hevc', bitDepth })!.pixelsPerSecond;
}
