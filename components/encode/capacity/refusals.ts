/** Why an instance type cannot carry a channel, and what to do instead. */
import type { VideoRung } from '../../../encoder/contract';
import type { GpuInstance } from '../../../encoder/contract/gpu-instances';
import { GPU_MODELS, type GpuModel } from '../../../encoder/contract/gpu-models';
import { canSplit, pixelRate, type FullLoad, type Size } from './load';
import { encodeRate } from './rates';
import { NVENC_PRESETS, type Refusal, type Resource } from './types';

const percent = (part: number): string => `${Math.round(part * 100)} %`;
const size = ({ width, height }: Size): string => `${width}x${height}`;

/** Sizes that ECS cannot share out. */
export function wholeInstance(instance: GpuInstance): Refusal[] {
  if (instance.gpus > 1) {
    const message = `${instance.type} has ${instance.gpus} GPUs, and ECS does not say which of them a task without a GPU of its own gets: take a size with one GPU`;
    return [{ code: 'several-gpus', message }];
  }
  if (instance.gpus === 0 && GPU_MODELS[instance.gpu]) {
    const message = `${instance.type} has a part of a ${instance.gpu}, and it is not published how much of the encoders comes with it: take a type with a whole GPU`;
    return [{ code: 'fractional-gpu', message }];
  }
  return [];
}

export const unknownGpu = ({ type, gpu }: GpuInstance): Refusal =>
  gpu === 'Xilinx Alveo U30'
    ? { code: 'no-nvenc', message: `${type} has no NVENC (${gpu}): the runtime has no encoder for it` }
    : { code: 'unknown-rate', message: `${type}: nothing is known of the engines of ${gpu}` };

export function unknownRate(gpu: GpuModel, { type, gpu: name }: GpuInstance): Refusal | undefined {
  if (gpu.videoClockMHz !== undefined) return undefined;
  const message = `${type}: the clocks by which NVIDIA's rates could be scaled to ${name} are not known`;
  return { code: 'unknown-rate', message };
}

export function codecs(
  { ladder, contribution }: FullLoad,
  gpu: GpuModel,
  { gpu: name }: GpuInstance,
): Refusal[] {
  const lacking = ladder.video.filter(({ codec, bitDepth }) => !gpu.encodes[codec]?.includes(bitDepth));
  const refusals = lacking.map(({ id, codec, bitDepth }): Refusal => {
    const has = Object.entries(gpu.encodes) as [string, readonly number[]][];
    const list = has.map(([can, depths]) => `${can} of ${depths.join(' and ')} bits`).join(', ');
    return {
      code: 'codec',
      message: `${name} does not encode ${codec} of ${bitDepth} bits (${id}); it encodes ${list}`,
    };
  });
  if (!gpu.decodes[contribution.codec]?.includes(contribution.bitDepth)) {
    const what = `${contribution.codec} of ${contribution.bitDepth} bits`;
    const message = `${name} does not decode ${what}, and in software it does not keep up: send HEVC`;
    refusals.push({ code: 'codec', message });
  }
  return refusals;
}

/** @param use of one engine's full rate */
export function tooFast(
  load: FullLoad,
  rung: VideoRung,
  use: number,
  gpu: GpuModel,
  { gpu: name }: GpuInstance,
): Refusal {
  const needs = `${percent(use / load.margin)} of one encoder of ${name}`;
  const encode = `${size(rung)} at ${load.frameRate}, ${rung.codec}, ${load.preset}, ${load.tuning}, margin ${load.margin}`;
  const remedies = [];
  const faster = NVENC_PRESETS.filter((preset) => {
    const rate = encodeRate(gpu, rung.codec, preset, load.tuning);
    return rate && pixelRate(rung, load) / rate.pixelsPerSecond <= load.margin;
  });
  if (faster.length > 0) remedies.push(`preset ${faster.at(-1)} or faster`);
  if (!load.splitFrame) {
    if (canSplit(rung, load.preset, gpu)) remedies.push('split-frame encoding');
    else if (canSplit(rung, 'p4', gpu)) remedies.push('split-frame encoding with preset p4 or faster');
  }
  remedies.push('a lower frame rate');
  const message = `a session stays on one encoder, and ${rung.id} (${encode}) needs ${needs}: take ${orList(remedies)}`;
  return { code: 'session-exceeds-engine', message };
}

/** @param use of one engine's full rate */
export function decodesTooMuch(
  { contribution, frameRate, margin }: FullLoad,
  use: number,
  { gpu }: GpuInstance,
): Refusal {
  const what = `the contribution (${size(contribution)} at ${frameRate})`;
  const message = `${what} needs ${percent(use / margin)} of one decoder of ${gpu}: send it smaller or slower`;
  return { code: 'session-exceeds-engine', message };
}

const orList = (items: readonly string[]): string =>
  items.length > 1 ? `${items.slice(0, -1).join(', ')} or ${items.at(-1)}` : items.join('');

export function tooLarge(instance: GpuInstance, binding: Resource, share: number): Refusal {
  const what: Readonly<Record<Resource, string>> = {
    ...{ nvenc: 'encoders', nvdec: 'decoders', gpuMemory: 'GPU memory', vcpu: 'vCPUs', memory: 'memory' },
    ...{ network: 'network', eni: 'network interfaces' },
  };
  const remedy = binding === 'nvenc' || binding === 'nvdec' || binding === 'gpuMemory' ? 'GPU' : 'size';
  const message = `one channel needs ${percent(share)} of the ${what[binding]} of ${instance.type}: take a larger ${remedy}, or a smaller ladder`;
  return { code: 'channel-exceeds-instance', message };
}
