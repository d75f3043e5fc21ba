/** NVENC: the driver, what of it is here, and whether it encodes. Without a GPU all of it is skipped. */
import { install } from './advice';
import { failed, ok, skipped, warning, type Check, type CheckContext } from './check';
import { GPU_FILTERS_CHECK } from './ffmpeg';
import { findLibrary } from './library';
import { NVENC_RATE_CHECK } from './nvenc-rate';
import { firstLine, runProgram } from './program';
import { tryVideoEncoder, type VideoEncoder } from './trial';

const NO_DEVICE = 'no NVIDIA device';
const NVIDIA_PCI_VENDOR = '0x10de';
const PCI_DISPLAY = '0x03';
const RUN_WITH_GPU = '`docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=video,compute,utility`';

const driver: Check = {
  id: 'nvidia-driver',
  title: 'NVIDIA driver',
  run: async (context) => {
    const version = await driverVersion(context);
    if (version !== undefined) {
      const gpus = await gpuNames(context);
      return ok([version, ...gpus].join(', '));
    }
    const device = await pciDevice(context);
    if (device === undefined) return skipped(NO_DEVICE);
    return warning(`a device at ${device}, and no driver`, {
      needed: 'a driver, or encoding is done in software',
      remedy: install(context.system, 'nvidia-driver firmware-misc-nonfree'),
    });
  },
};

async function driverVersion({ system }: CheckContext): Promise<string | undefined> {
  const text = await system.readText('/proc/driver/nvidia/version');
  // "NVIDIA UNIX x86_64 Kernel Module  535.183.01  ..." or "NVIDIA UNIX Open Kernel Module for x86_64  550.54.14 ..."
  return text && (/Kernel Module(?: for \S+)?\s+(\d+(?:\.\d+)+)/.exec(text)?.[1] ?? 'of unknown version');
}

async function gpuNames(context: CheckContext): Promise<string[]> {
  const outcome = await runProgram(context, 'nvidia-smi', ['--query-gpu=name', '--format=csv,noheader']);
  if (outcome.kind !== 'ended' || outcome.code !== 0) return [];
  return outcome.stdout
    .toString('utf8')
    .split('\n')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

async function pciDevice({ system }: CheckContext): Promise<string | undefined> {
  const folder = '/sys/bus/pci/devices';
  for (const address of await system.list(folder)) {
    const [vendor, kind] = await Promise.all(
      ['vendor', 'class'].map((file) => system.readText(`${folder}/${address}/${file}`)),
    );
    if (vendor?.trim() === NVIDIA_PCI_VENDOR && kind?.startsWith(PCI_DISPLAY)) return address;
  }
  return undefined;
}

const capabilities: Check = {
  id: 'nvidia-capabilities',
  title: 'NVIDIA_DRIVER_CAPABILITIES',
  needs: ['nvidia-driver'],
  run: async (context) => {
    if (!(await isContainer(context))) return skipped('not in a container');
    const value = context.system.environment['NVIDIA_DRIVER_CAPABILITIES'];
    const given = (value ?? '').split(',').map((word) => word.trim());
    if (given.includes('all') || given.includes('video')) return ok(value!);
    return failed(value ? value : 'not set', {
      needed: 'video among them: NVENC is not in the container otherwise',
      remedy: `Start it with ${RUN_WITH_GPU}`,
    });
  },
};

const visibleDevices: Check = {
  id: 'nvidia-visible-devices',
  title: 'NVIDIA_VISIBLE_DEVICES',
  needs: ['nvidia-driver'],
  run: async (context) => {
    if (!(await isContainer(context))) return skipped('not in a container');
    const value = context.system.environment['NVIDIA_VISIBLE_DEVICES'];
    // ECS sets it for a task that reserves a GPU; the image says `all` for one that does not.
    if (value && !['none', 'void'].includes(value)) return ok(value);
    return failed(value ? value : 'not set', {
      needed: 'all, or the devices that the container may use',
      remedy: `Start it with ${RUN_WITH_GPU.replace('-e ', '-e NVIDIA_VISIBLE_DEVICES=all -e ')}`,
    });
  },
};

async function isContainer({ system }: CheckContext): Promise<boolean> {
  for (const file of ['/.dockerenv', '/run/.containerenv']) if (await system.exists(file)) return true;
  const { environment } = system;
  return ['container', 'ECS_CONTAINER_METADATA_URI_V4', 'KUBERNETES_SERVICE_HOST'].some(
    (name) => environment[name] !== undefined,
  );
}

/** What ffmpeg loads when it opens NVENC. */
const LIBRARIES = ['libcuda.so.1', 'libnvidia-encode.so.1'];

const libraries: Check = {
  id: 'nvidia-libraries',
  title: 'Libraries of the NVIDIA driver',
  needs: ['nvidia-driver'],
  run: async (context) => {
    if ((await driverVersion(context)) === undefined) return skipped('no NVIDIA driver');
    const found: string[] = [];
    const missing: string[] = [];
    for (const name of LIBRARIES) {
      const file = await findLibrary(context, new RegExp(`^${name.replaceAll('.', '\\.')}$`));
      if (file === undefined) missing.push(name);
      else found.push(file);
    }
    if (missing.length === 0) return ok(found.join(', '));
    const inside = await isContainer(context);
    return failed(`the loader does not find ${missing.join(' and ')}`, {
      needed: LIBRARIES.join(' and '),
      remedy: inside
        ? `Start the container with ${RUN_WITH_GPU}`
        : install(context.system, 'libnvidia-encode1 libcuda1'),
    });
  },
};

const H264: VideoEncoder = { encoder: 'h264_nvenc', pixelFormat: 'nv12' };
const HEVC: VideoEncoder = { encoder: 'hevc_nvenc', pixelFormat: 'nv12' };
const HEVC10: VideoEncoder = { encoder: 'hevc_nvenc', pixelFormat: 'p010le' };
const AV1: VideoEncoder = { encoder: 'av1_nvenc', pixelFormat: 'nv12' };

const api: Check = {
  id: 'nvenc-api',
  title: 'NVENC API',
  needs: ['nvidia-driver', 'nvidia-libraries', 'ffmpeg'],
  run: async (context) => {
    const version = await driverVersion(context);
    const { failure, log } = await tryVideoEncoder(context, H264);
    const mismatch = /required nvenc API version\. Required: (\d+\.\d+) Found: (\d+\.\d+)/.exec(log);
    if (mismatch) {
      const [, required, found] = mismatch;
      const driver = /minimum required Nvidia driver for nvenc is (.+?) or newer/.exec(log)?.[1];
      return failed(`${found}, of driver ${version}`, {
        needed: `${required}, for which this ffmpeg was built${driver ? ` (driver ${driver} or newer)` : ''}`,
        remedy: `Install driver ${driver ?? `with NVENC API ${required}`} or newer, or an ffmpeg built for ${found}.`,
      });
    }
    const loaded = /Loaded Nvenc version (\d+\.\d+)/.exec(log)?.[1];
    if (loaded !== undefined) return ok(`${loaded}, of driver ${version}`);
    return failed(failure ?? 'ffmpeg does not tell its version', {
      remedy: 'Does the driver answer? `nvidia-smi`',
    });
  },
};

const encoder = (id: string, title: string, video: VideoEncoder): Check => ({
  id,
  title,
  needs: ['nvenc-api'],
  run: async (context) => {
    const { failure } = await tryVideoEncoder(context, video);
    if (failure === undefined) return ok('encoded a frame');
    return failed(failure, {
      remedy: 'Sessions, memory and errors of the GPU: `nvidia-smi -q -d ENCODER_STATS,MEMORY`',
    });
  },
});

const av1: Check = {
  id: 'nvenc-av1',
  title: 'Encode AV1 on the GPU',
  needs: ['nvenc-api'],
  run: async (context) => {
    const { failure } = await tryVideoEncoder(context, AV1);
    if (failure === undefined) return ok('encoded a frame');
    return skipped(`needs ffmpeg 6.0 and a GPU of the Ada generation; ffmpeg: ${firstLine(failure)}`);
  },
};

export const NVIDIA_CHECKS: readonly Check[] = [
  driver,
  capabilities,
  visibleDevices,
  libraries,
  GPU_FILTERS_CHECK,
  api,
  encoder('nvenc-h264', 'Encode H.264 on the GPU', H264),
  encoder('nvenc-hevc-8', 'Encode HEVC, 8 bit, on the GPU', HEVC),
  encoder('nvenc-hevc', 'Encode HEVC, 10 bit, on the GPU', HEVC10),
  av1,
  NVENC_RATE_CHECK,
];
