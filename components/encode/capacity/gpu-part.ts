/** What a channel takes of a GPU's engines. */
import type { VideoRung } from '../../../encoder/contract';
import type { GpuInstance } from '../../../encoder/contract/gpu-instances';
import { GPU_MODELS, type GpuModel } from '../../../encoder/contract/gpu-models';
import { engineShare } from './engines';
import { canSplit, DEFAULT_MARGIN, pixelRate, type FullLoad } from './load';
import { decodeRate, encodeRate } from './rates';
import { codecs, decodesTooMuch, tooFast, unknownGpu, unknownRate } from './refusals';
import type { Confidence, Refusal } from './types';

/** kbit/s above which notes say that rates do not depend on the bit rate. Ours. */
const HIGH_BITRATE_KBPS = 20_000;

export interface GpuPart {
  readonly nvenc: number;
  readonly nvdec: number;
  readonly confidence: Confidence;
  readonly refusals: Refusal[];
  readonly notes: readonly string[];
}

export function gpuPart(load: FullLoad, instance: GpuInstance): GpuPart {
  const gpu = GPU_MODELS[instance.gpu];
  const unknown = gpu ? unknownRate(gpu, instance) : unknownGpu(instance);
  if (!gpu || unknown) {
    const refusals = unknown ? [unknown] : [];
    return { nvenc: Infinity, nvdec: Infinity, confidence: 'assumed', refusals, notes: [] };
  }
  const refusals = [...codecs(load, gpu, instance)];
  const encoding = load.ladder.video.flatMap((rung) => {
    const rate = encodeRate(gpu, rung.codec, load.preset, load.tuning);
    return rate ? [{ rung, rate, use: pixelRate(rung, load) / rate.pixelsPerSecond }] : [];
  });
  const split = (rung: VideoRung) => load.splitFrame && canSplit(rung, load.preset, gpu);
  for (const { rung, use } of encoding) {
    const engines = split(rung) ? gpu.nvencs : 1;
    if (use / engines > load.margin) refusals.push(tooFast(load, rung, use / engines, gpu, instance));
  }
  const uses = encoding.flatMap(({ rung, use }) =>
    split(rung) ? Array.from({ length: gpu.nvencs }, () => use / gpu.nvencs) : [use],
  );
  const decoding = decodeRate(gpu, load.contribution);
  const decodeUse = decoding ? pixelRate(load.contribution, load) / decoding.pixelsPerSecond : Infinity;
  if (decoding && decodeUse > load.margin) refusals.push(decodesTooMuch(load, decodeUse, instance));
  return {
    nvenc: encoding.length < load.ladder.video.length ? Infinity : engineShare(uses, gpu.nvencs, load.margin),
    nvdec: decoding ? engineShare([decodeUse], gpu.nvdecs, load.margin) : Infinity,
    confidence: encoding.some(({ rate }) => rate.confidence === 'assumed') ? 'assumed' : 'derived',
    refusals,
    notes: notes(load, gpu, load.ladder.video.filter(split)),
  };
}

function notes(load: FullLoad, gpu: GpuModel, split: readonly VideoRung[]): string[] {
  const { ladder, preset, margin } = load;
  const ids = (rungs: readonly VideoRung[]) => rungs.map(({ id }) => id).join(', ');
  const tenBit = ladder.video.filter(({ bitDepth }) => bitDepth === 10);
  const high = ladder.video.filter(({ bitrateKbps }) => bitrateKbps > HIGH_BITRATE_KBPS);
  const rest = `the margin (${margin}) has to cover it`;
  return [
    ...(['p2', 'p4', 'p6'].includes(preset)
      ? [`NVIDIA publishes no rate of preset ${preset}: it is put half-way between its neighbours`]
      : []),
    ...(tenBit.length > 0 ? [`what 10 bits cost is not published (${ids(tenBit)}): ${rest}`] : []),
    ...(high.length > 0 ? [`what high bit rates cost is not published (${ids(high)}): ${rest}`] : []),
    ...(split.length > 0
      ? [
          `${ids(split)}: divided among ${gpu.nvencs} encoders, at a cost that is not published; the runtime does not ask for it`,
        ]
      : []),
    ...(margin === DEFAULT_MARGIN ? [`the margin of ${DEFAULT_MARGIN} is an assumption`] : []),
    `numbers of engines: ${gpu.enginesSource}`,
    'vCPUs, memory and network of a channel are estimates (docs/capacity.md)',
  ];
}
