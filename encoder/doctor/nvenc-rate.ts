/** Measures what one engine of the GPU encodes, against what the capacity model counts with. */
import { GPU_MODELS, type GpuModelName } from '../contract/gpu-models';
import { ARCHITECTURES } from '../contract/gpu-rates';
import { ok, skipped, warning, type Check, type CheckContext } from './check';
import { firstLine, runProgram } from './program';

/** Above this the engine has work already, in percent: measuring would take pictures from what is on air. */
const BUSY_PERCENT = 5;
/** The least part of the model's rate: fleets plan with this margin (docs/capacity.md). */
const PART = 0.7;
/** Of the two runs whose difference is counted, so that starting costs nothing: some tenths of a second on an A10G. */
const FRAMES = [30, 210] as const;

/** One gray picture, brought to the GPU once: neither a decoder nor the bus is measured. */
const job = (frames: number): string[] => [
  ...['-hide_banner', '-nostdin', '-loglevel', 'error'],
  ...['-init_hw_device', 'cuda=gpu', '-filter_hw_device', 'gpu'],
  ...['-f', 'lavfi', '-i', 'color=c=gray:s=1920x1080:r=60', '-vf', 'format=nv12,hwupload,loop=-1:1'],
  ...['-frames:v', String(frames), '-c:v', 'hevc_nvenc', '-preset', 'p3', '-tune', 'll', '-b:v', '12M'],
  ...['-f', 'null', '-'],
];

/** Frames a second of 1920x1080 HEVC, 8 bit, preset p3, low latency, by one engine; undefined: not published. */
export function modelledRate(gpu: string): number | undefined {
  const name = gpu.replace(/^(?:NVIDIA|Tesla|NVIDIA Tesla) /, '');
  const model = GPU_MODELS[name as GpuModelName];
  if (model?.videoClockMHz === undefined) return undefined;
  const { encodeClockMHz, encode } = ARCHITECTURES[model.architecture];
  if (encodeClockMHz === undefined) return undefined;
  return (encode.hevc.ll.p3 * model.videoClockMHz) / encodeClockMHz;
}

export const NVENC_RATE_CHECK: Check = {
  id: 'nvenc-rate',
  title: 'Rate of NVENC',
  needs: ['nvenc-hevc-8', 'nvenc-filters'],
  run: async (context) => {
    const gpu = await gpuOf(context);
    if (gpu === undefined) return skipped('nvidia-smi does not tell the GPU and its load');
    if (gpu.load > BUSY_PERCENT)
      return skipped(
        `the GPU encodes already (${gpu.load} %): measuring would take pictures from what is on air`,
      );
    const modelled = modelledRate(gpu.name);
    if (modelled === undefined) return skipped(`no rate is published for ${gpu.name}`);
    const seconds: number[] = [];
    for (const frames of FRAMES) {
      const began = performance.now();
      const outcome = await runProgram(context, 'ffmpeg', job(frames));
      if (outcome.kind !== 'ended' || outcome.code !== 0)
        return skipped(
          `not measured: ${outcome.kind === 'ended' ? firstLine(outcome.stderr) : 'ffmpeg cannot be started'}`,
        );
      seconds.push((performance.now() - began) / 1000);
    }
    const measured = (FRAMES[1] - FRAMES[0]) / Math.max(seconds[1]! - seconds[0]!, 0.001);
    const found = `${measured.toFixed(0)} frames a second of 1080p HEVC; the model has ${modelled.toFixed(0)} for ${gpu.name}`;
    if (measured >= PART * modelled) return ok(found);
    return warning(found, {
      needed: `${(PART * modelled).toFixed(0)}, with which fleets are planned (margin ${PART})`,
      remedy:
        'Is it throttled or shared? `nvidia-smi -q -d PERFORMANCE,CLOCK,TEMPERATURE`. If it stays like this, plan with a smaller `margin`.',
    });
  },
};

async function gpuOf(context: CheckContext): Promise<{ name: string; load: number } | undefined> {
  const fields = ['--query-gpu=name,utilization.encoder', '--format=csv,noheader,nounits'];
  const outcome = await runProgram(context, 'nvidia-smi', fields);
  if (outcome.kind !== 'ended' || outcome.code !== 0) return undefined;
  const [name, load] = firstLine(outcome.stdout.toString('utf8')).split(', ');
  return name === undefined || !/^\d+$/.test(load ?? '') ? undefined : { name, load: Number(load) };
}
