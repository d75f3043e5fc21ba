import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { FRAME_RATES, LADDER_NAMES, LADDERS, tickGrid } from '../../../encoder/contract';
import { ffmpegArguments, type Source } from '../../../encoder/ffmpeg/arguments';
import {
  CHECKS,
  examine,
  formatReport,
  thisMachine,
  type Check,
  type CheckResult,
  type ExamineOptions,
  type System,
} from '../../../encoder/doctor';
import { FFMPEG_PARTS } from '../../../encoder/doctor/ffmpeg';
import { portCheck } from '../../../encoder/doctor/ports';
import { tryVideoEncoder } from '../../../encoder/doctor/trial';
import { isAlive } from '../../support/kill-writer';

const REAL_PATH = process.env['PATH'];
const only = (...ids: string[]): Check[] => CHECKS.filter(({ id }) => ids.includes(id));

describe('aws-media doctor: the checks', function () {
  let folder: string;
  /** A folder of programs that the test makes, before the real ones on PATH. */
  let programs: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'doctor-'));
    programs = path.join(folder, 'programs');
    await mkdir(programs);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const program = (name: string, ...lines: string[]) =>
    writeFile(path.join(programs, name), ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });

  /** This machine without a GPU, for a user who is not root, and with what the test changes. */
  function machine(
    files: Record<string, string | undefined> = {},
    environment: System['environment'] = { PATH: `${programs}:${REAL_PATH}` },
    changes: Partial<System> = {},
  ): System {
    const real = thisMachine(environment);
    return {
      ...real,
      root: false,
      readText: async (file) =>
        file in files || file === '/proc/driver/nvidia/version' ? files[file] : real.readText(file),
      list: async (at) => (at === '/sys/bus/pci/devices' ? [] : real.list(at)),
      ...changes,
    };
  }

  async function results(
    checks: readonly Check[],
    system: System = machine(),
    options: Partial<ExamineOptions> = {},
  ): Promise<Record<string, CheckResult>> {
    const report = await examine({ checks, stateFolder: path.join(folder, 'state'), system, ...options });
    return Object.fromEntries(report.checks.map((check) => [check.id, check]));
  }

  async function result(...given: Parameters<typeof results>): Promise<CheckResult> {
    const found = Object.values(await results(...given));
    return found[found.length - 1]!;
  }

  it('find on this machine every codec that software ladders need, and no GPU, within ten seconds', async () => {
    const startedAt = performance.now();
    const found = await results(CHECKS);
    expect(performance.now() - startedAt).to.be.below(10_000);
    expect(Object.keys(found)).to.deep.equal([
      ...['node', 'platform', 'processors', 'memory', 'ffmpeg', 'ffprobe', 'ffmpeg-parts'],
      ...['encode-h264', 'encode-hevc', 'encode-hevc-10', 'encode-aac', 'encode-av1', 'decode-h264'],
      ...['decode-hevc', 'nvidia-driver', 'nvidia-capabilities', 'nvidia-visible-devices'],
      ...['nvidia-libraries', 'nvenc-filters'],
      ...['nvenc-api', 'nvenc-h264', 'nvenc-hevc-8', 'nvenc-hevc', 'nvenc-av1', 'nvenc-rate'],
      ...['port-origin-http', 'port-origin-https'],
      ...['port-encoder-metrics', 'port-origin-metrics', 'port-rtmp', 'port-srt', 'port-udp'],
      ...['shared-memory'],
      ...['state-folder', 'temporary-folder', 'open-files', 'udp-buffer-limit', 'udp-buffer'],
      ...['srt-library', 'srt-front', 'chromium', 'clock'],
    ]);
    for (const [id, text] of [
      ['node', process.versions.node],
      ['encode-h264', 'encoded a frame'],
      ['encode-hevc', 'encoded a frame'],
      ['encode-hevc-10', 'encoded a frame'],
      ['encode-aac', 'encoded four frames'],
      ['decode-h264', 'decoded a frame'],
      ['decode-hevc', 'decoded a frame'],
    ] as const) {
      expect(found[id], id).to.deep.include({ status: 'ok', found: text });
    }
    for (const id of [
      'ffmpeg',
      'ffprobe',
      'ffmpeg-parts',
      'shared-memory',
      'state-folder',
      'srt-library',
      'srt-front',
    ]) {
      expect(found[id], id).to.include({ status: 'ok' });
    }
    for (const [id, check] of Object.entries(found).filter(([id]) => /^nv/.test(id))) {
      expect(check, id).to.deep.include({ status: 'skipped', found: 'no NVIDIA device' });
    }
    for (const check of Object.values(found)) {
      const wanting = check.status === 'warning' || check.status === 'failed';
      expect(check.remedy !== undefined, `${check.id} is ${check.status}: a remedy`).to.equal(wanting);
    }
  });

  describe('of ffmpeg', () => {
    it('know every filter that the encoder names', () => {
      const sources: Source[] = [
        { kind: 'test' },
        { kind: 'file', path: '/a.mp4', loop: true },
        { kind: 'frames' },
      ];
      const used = new Set<string>();
      for (const source of sources) {
        for (const name of LADDER_NAMES) {
          const frameRate = FRAME_RATES[0];
          const job = {
            source,
            ladder: LADDERS[name],
            frameRate,
            grid: tickGrid(frameRate, 'balanced', 48000),
          };
          const given = ffmpegArguments({ ...job, sourceHasAudio: false });
          const graph = given[given.indexOf('-filter_complex') + 1]!;
          const inputs = given.flatMap((text, i) =>
            given[i - 1] === '-i' && given[i - 2] === 'lavfi' ? [text] : [],
          );
          for (const chain of [...graph.split(/[;,]/), ...inputs]) {
            const filter = /^(?:\[[^\]]*\])*([a-z_0-9]+)/.exec(chain.replace(/'[^']*'/g, ''))?.[1];
            if (filter !== undefined) used.add(filter);
          }
        }
      }
      expect([...used]).to.include.members(['overlay', 'aresample', 'anullsrc', 'testsrc2']);
      // What is left of expressions that hold commas is no filter.
      const names = [...used].filter((name) => !/^\d/.test(name));
      expect(
        names.filter((name) => !(FFMPEG_PARTS.filters as readonly string[]).includes(name)),
      ).to.deep.equal([]);
    });

    it('skip what needs ffmpeg where there is none, and say how to get it', async () => {
      const found = await results(CHECKS, machine({}, { PATH: programs }));
      expect(found['ffmpeg']).to.deep.equal({
        id: 'ffmpeg',
        title: 'ffmpeg',
        status: 'failed',
        found: 'not found on PATH',
        needed: '5.1 or newer',
        remedy:
          '`sudo apt-get install -y ffmpeg` (Debian 12 or newer). Which one is found: `command -v ffmpeg`',
      });
      expect(found['ffprobe']).to.include({ status: 'failed', found: 'not found on PATH' });
      for (const id of [
        'ffmpeg-parts',
        'encode-h264',
        'encode-hevc',
        'encode-aac',
        'encode-av1',
        'decode-h264',
      ]) {
        expect(found[id], id).to.deep.include({
          status: 'skipped',
          found: 'not tried, because "ffmpeg" failed',
        });
      }
      expect(found['chromium']).to.deep.include({
        status: 'warning',
        found: 'not found on PATH',
        needed: 'only for the tests in a browser',
        remedy:
          '`sudo apt-get install -y chromium fonts-liberation`, or name another: `export CHROMIUM=<path>`',
      });
      expect(found['clock']).to.include({
        status: 'skipped',
        found: 'none of timedatectl, chronyc, adjtimex can tell here',
      });
    });

    it('refuse one that is too old', async () => {
      await program('ffmpeg', 'echo "ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright (c) 2000-2021"');
      const found = await results(only('ffmpeg', 'encode-h264'));
      expect(found['ffmpeg']).to.include({
        status: 'failed',
        found: '4.4.2-0ubuntu0.22.04.1',
        needed: '5.1 or newer',
      });
      expect(found['encode-h264']).to.include({ status: 'skipped' });
    });

    it('take the oldest that is allowed, and newer ones', async () => {
      for (const version of ['5.1', '5.1.9-0+deb12u1', 'n7.0.2', '10.0']) {
        await program('ffmpeg', `echo "ffmpeg version ${version} Copyright"`);
        expect(await result(only('ffmpeg')), version).to.include({ status: 'ok', found: version });
      }
      for (const version of ['5.0.3', 'n4.4']) {
        await program('ffmpeg', `echo "ffmpeg version ${version} Copyright"`);
        expect(await result(only('ffmpeg')), version).to.include({ status: 'failed', found: version });
      }
      await program('ffmpeg', 'echo "ffmpeg version N-109542-g2c1ade30ad Copyright"');
      expect(await result(only('ffmpeg'))).to.include({
        status: 'warning',
        found: 'N-109542-g2c1ade30ad, a build without a release number',
      });
    });

    it('tell what a broken one says', async () => {
      await program(
        'ffmpeg',
        'echo "ffmpeg: error while loading shared libraries: libavdevice.so.59" >&2; exit 127',
      );
      expect(await result(only('ffmpeg'))).to.include({
        status: 'failed',
        found:
          'does not tell its version (exit code 127); it said: ffmpeg: error while loading shared libraries: libavdevice.so.59',
      });
    });

    it('believe the trial of an encoder, not a list', async () => {
      await program(
        'ffmpeg',
        `case " $* " in *" libx264 "*) echo "[fatal] Unknown encoder 'libx264'" >&2; exit 1;; esac`,
        `PATH='${REAL_PATH}'; exec ffmpeg "$@"`,
      );
      const found = await results(only('ffmpeg', 'encode-h264', 'encode-hevc', 'encode-aac'));
      expect(found['encode-h264']).to.deep.equal({
        id: 'encode-h264',
        title: 'Encode H.264 (libx264)',
        status: 'failed',
        found: "Unknown encoder 'libx264'",
        needed: 'a build with libx264',
        remedy: "Use Debian's: `sudo apt-get install -y ffmpeg`",
      });
      expect(found['encode-hevc']).to.include({ status: 'ok' });
      expect(found['encode-aac']).to.include({ status: 'ok' });
    });

    it('do not take success without media for an encoder that works', async () => {
      await program('ffmpeg', 'echo "ffmpeg version 6.1"');
      const found = await results(only('ffmpeg', 'ffmpeg-parts', 'encode-hevc', 'decode-hevc'));
      expect(found['encode-hevc']).to.include({
        status: 'failed',
        found: 'it ended well and wrote no media',
      });
      expect(found['decode-hevc']).to.include({
        status: 'failed',
        found: 'it made 19 bytes of picture instead of 12288',
      });
      expect(found['ffmpeg-parts']!.found).to.match(
        /^missing: filter aevalsrc, .*, protocol file, protocol pipe, protocol unix$/,
      );
    });

    it('do not take 8 bit for 10', async () => {
      const context = { system: machine(), signal: AbortSignal.timeout(5000) } as Parameters<
        typeof tryVideoEncoder
      >[0];
      expect(
        await tryVideoEncoder(context, { encoder: 'mpeg4', pixelFormat: 'yuv420p' }),
      ).not.to.have.property('failure');
      expect(
        (await tryVideoEncoder(context, { encoder: 'mpeg4', pixelFormat: 'yuv420p10le' })).failure,
      ).to.match(/yuv420p10le|pixel format/i);
    });

    it('end one that hangs, with what it has started', async () => {
      await program('ffmpeg', `sleep 60 & echo "$! $$" > '${folder}/pids'; wait`);
      const found = await results(only('ffmpeg', 'encode-h264'), machine(), { checkMs: 700 });
      expect(found['ffmpeg']).to.include({
        status: 'failed',
        found: 'no answer within 0.7 s, and stopped',
        remedy: 'Try again when the machine is less busy. If it stays like this, run the program by hand.',
      });
      expect(found['encode-h264']).to.include({ status: 'skipped' });
      const pids = (await readFile(`${folder}/pids`, 'utf8')).trim().split(' ').map(Number);
      expect(pids).to.have.length(2);
      expect(await gone(pids)).to.equal(true);
    });
  });

  describe('of an NVIDIA GPU', () => {
    const DRIVER =
      'NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.256.02  Thu May  2 14:37:44 UTC 2024\nGCC version:  gcc 12\n';
    const nvidia = only(
      ...['ffmpeg', 'nvidia-driver', 'nvidia-capabilities', 'nvidia-libraries', 'nvenc-api', 'nvenc-h264'],
      ...['nvenc-hevc', 'nvenc-av1'],
    );

    async function gpu(
      environment: System['environment'] = {},
      changes: Partial<System> = {},
    ): Promise<System> {
      const libraries = path.join(folder, 'libraries');
      await mkdir(libraries);
      for (const name of ['libcuda.so.1', 'libnvidia-encode.so.1'])
        await writeFile(path.join(libraries, name), '');
      await program('nvidia-smi', 'echo "NVIDIA A10G"');
      const PATH = `${programs}:${REAL_PATH}`;
      return machine(
        { '/proc/driver/nvidia/version': DRIVER },
        { PATH, LD_LIBRARY_PATH: libraries, ...environment },
        changes,
      );
    }

    it('name the driver and the API that ffmpeg needs, and those that are there', async () => {
      await program(
        'ffmpeg',
        'case " $* " in *_nvenc*)',
        '  echo "[h264_nvenc @ 0x55d0c0de] [verbose] Loaded Nvenc version 11.1" >&2',
        '  echo "[h264_nvenc @ 0x55d0c0de] [error] Driver does not support the required nvenc API version. Required: 12.0 Found: 11.1" >&2',
        '  echo "[h264_nvenc @ 0x55d0c0de] [error] The minimum required Nvidia driver for nvenc is 520.56.06 or newer" >&2',
        '  exit 1;; esac',
        `PATH='${REAL_PATH}'; exec ffmpeg "$@"`,
      );
      const found = await results(nvidia, await gpu({}, { exists: async () => false }));
      expect(found['nvidia-driver']).to.include({ status: 'ok', found: '470.256.02, NVIDIA A10G' });
      expect(found['nvidia-capabilities']).to.include({ status: 'skipped', found: 'not in a container' });
      expect(found['nvidia-libraries']!.found).to.equal(
        `${folder}/libraries/libcuda.so.1, ${folder}/libraries/libnvidia-encode.so.1`,
      );
      expect(found['nvenc-api']).to.deep.equal({
        id: 'nvenc-api',
        title: 'NVENC API',
        status: 'failed',
        found: '11.1, of driver 470.256.02',
        needed: '12.0, for which this ffmpeg was built (driver 520.56.06 or newer)',
        remedy: 'Install driver 520.56.06 or newer, or an ffmpeg built for 11.1.',
      });
      for (const id of ['nvenc-h264', 'nvenc-hevc', 'nvenc-av1']) {
        expect(found[id], id).to.include({
          status: 'skipped',
          found: 'not tried, because "NVENC API" failed',
        });
      }
    });

    it('try each encoder on its own', async () => {
      await program(
        'ffmpeg',
        'case " $* " in',
        '*" h264_nvenc "*) echo "[h264_nvenc @ 0x5] [verbose] Loaded Nvenc version 12.2" >&2; echo mdat; exit 0;;',
        '*" hevc_nvenc "*) echo "[hevc_nvenc @ 0x5] [error] 10 bit encode not supported" >&2; exit 1;;',
        `esac; PATH='${REAL_PATH}'; exec ffmpeg "$@"`,
      );
      const found = await results(nvidia, await gpu());
      expect(found['nvenc-api']).to.include({ status: 'ok', found: '12.2, of driver 470.256.02' });
      expect(found['nvenc-h264']).to.include({ status: 'ok', found: 'encoded a frame' });
      expect(found['nvenc-hevc']).to.include({
        status: 'failed',
        found: 'hevc_nvenc: 10 bit encode not supported',
        remedy: 'Sessions, memory and errors of the GPU: `nvidia-smi -q -d ENCODER_STATS,MEMORY`',
      });
    });

    /** A GPU whose NVENC takes so many seconds for 210 frames, and none for fewer. */
    async function rateOf(seconds: number, smi: string): Promise<CheckResult> {
      await program(
        'ffmpeg',
        'case " $* " in',
        `*" -frames:v 210 "*) sleep ${seconds}; exit 0;;`,
        '*" -frames:v 30 "*) exit 0;;',
        '*_nvenc*) echo "[h264_nvenc @ 0x5] [verbose] Loaded Nvenc version 12.2" >&2; echo mdat; exit 0;;',
        `esac; PATH='${REAL_PATH}'; exec ffmpeg "$@"`,
      );
      const system = await gpu();
      await program('nvidia-smi', `case "$*" in *utilization*) echo "${smi}";; *) echo "NVIDIA A10G";; esac`);
      const rate = only(
        ...['ffmpeg', 'nvidia-driver', 'nvidia-libraries', 'nvenc-filters', 'nvenc-api'],
        ...['nvenc-hevc-8', 'nvenc-rate'],
      );
      return (await results(rate, system))['nvenc-rate']!;
    }

    it('measure the rate of NVENC against the capacity model’s', async () => {
      // 467 frames a second at 1950 MHz, by NVIDIA; an A10G has 1500.
      const found = await rateOf(0.5, 'NVIDIA A10G, 0');
      expect(found).to.include({ status: 'ok' });
      expect(found.found).to.match(
        /^3\d\d frames a second of 1080p HEVC; the model has 359 for NVIDIA A10G$/,
      );
    });

    it('warn of a rate with which no fleet is planned', async () => {
      const found = await rateOf(1.2, 'NVIDIA A10G, 0');
      expect(found).to.include({
        status: 'warning',
        needed: '251, with which fleets are planned (margin 0.7)',
      });
      expect(found.found).to.match(/^1\d\d frames a second/);
    });

    for (const [smi, why] of [
      [
        'NVIDIA A10G, 40',
        'the GPU encodes already (40 %): measuring would take pictures from what is on air',
      ],
      ['NVIDIA Z99, 0', 'no rate is published for NVIDIA Z99'],
      ['NVIDIA A10G, [N/A]', 'nvidia-smi does not tell the GPU and its load'],
    ] as const) {
      it(`measure nothing where nvidia-smi says ${smi}`, async () => {
        expect(await rateOf(0, smi)).to.include({ status: 'skipped', found: why });
      });
    }

    it('report what the real ffmpeg says when the driver does not answer', async () => {
      const found = await results(nvidia, await gpu());
      // The files that stand for the libraries are empty.
      expect(found['nvenc-api']).to.include({
        status: 'failed',
        found: 'h264_nvenc: Cannot load libcuda.so.1',
      });
    });

    it('want the libraries, and in a container the capability that brings them', async () => {
      const system = await gpu({ container: 'podman', LD_LIBRARY_PATH: '/nonexistent' });
      const found = await results(nvidia, system);
      const run = '`docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=video,compute,utility`';
      expect(found['nvidia-capabilities']).to.deep.include({
        status: 'failed',
        found: 'not set',
        needed: 'video among them: NVENC is not in the container otherwise',
        remedy: `Start it with ${run}`,
      });
      expect(found['nvidia-libraries']).to.deep.include({
        status: 'failed',
        found: 'the loader does not find libcuda.so.1 and libnvidia-encode.so.1',
        remedy: `Start the container with ${run}`,
      });
      for (const [value, status] of [
        ['compute,utility', 'failed'],
        ['compute,video', 'ok'],
        ['all', 'ok'],
      ] as const) {
        const environment = { ...system.environment, NVIDIA_DRIVER_CAPABILITIES: value };
        const one = await result(only('nvidia-driver', 'nvidia-capabilities'), { ...system, environment });
        expect(one, value).to.include({ status, found: value });
      }
    });

    it('want devices to be visible in a container', async () => {
      const system = await gpu({ container: 'podman' });
      for (const [value, status] of [
        [undefined, 'failed'],
        ['none', 'failed'],
        ['void', 'failed'],
        ['all', 'ok'],
        ['GPU-3f8c', 'ok'],
      ] as const) {
        const environment = { ...system.environment, ...(value && { NVIDIA_VISIBLE_DEVICES: value }) };
        const one = await result(only('nvidia-driver', 'nvidia-visible-devices'), { ...system, environment });
        expect(one, value).to.include({ status, found: value ?? 'not set' });
        if (status === 'failed') expect(one.remedy).to.include('-e NVIDIA_VISIBLE_DEVICES=all');
      }
    });

    it('see a GPU that has no driver', async () => {
      const device = '/sys/bus/pci/devices/0000:01:00.0';
      const files = { [`${device}/vendor`]: '0x10de\n', [`${device}/class`]: '0x030000\n' };
      const system = machine(files, undefined, { list: async () => ['0000:01:00.0'] });
      expect(await result(only('nvidia-driver'), system)).to.deep.include({
        status: 'warning',
        found: 'a device at 0000:01:00.0, and no driver',
        remedy: '`sudo apt-get install -y nvidia-driver firmware-misc-nonfree`',
      });
    });
  });

  describe('of ports', () => {
    const check = (protocol: 'tcp' | 'udp', port: number, fixed = true) =>
      portCheck({ id: 'port', title: 'Port', protocol, port, fixed, remedy: 'Take another.' });

    it('name who holds a TCP port, and see it free again', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const me = `${(await readFile('/proc/self/comm', 'utf8')).trim()} (process ${process.pid})`;
      try {
        expect(await result([check('tcp', port)])).to.deep.equal({
          id: 'port',
          title: 'Port',
          status: 'failed',
          found: `${port}/tcp is held by ${me}`,
          needed: `${port}/tcp, free`,
          remedy: 'Take another.',
        });
        expect(await result([check('tcp', port, false)])).to.include({ status: 'warning' });
        // Held on another address only.
        expect(await result([check('tcp', port)], machine(), { host: '127.0.0.2' })).to.include({
          status: 'ok',
          found: `${port}/tcp is free`,
        });
      } finally {
        server.close();
        await once(server, 'close');
      }
      expect(await result([check('tcp', port)])).to.include({ status: 'ok', found: `${port}/tcp is free` });
    });

    it('name who holds a UDP port', async () => {
      const socket = createSocket('udp4').bind(0, '127.0.0.1');
      await once(socket, 'listening');
      const { port } = socket.address();
      try {
        const found = await result([check('udp', port)]);
        expect(found.found).to.match(new RegExp(`^${port}/udp is held by .+ \\(process ${process.pid}\\)$`));
        const hidden = machine({}, undefined, { readLink: async () => undefined });
        expect((await result([check('udp', port)], hidden)).found).to.equal(
          `${port}/udp is held by a process of the user with id ${process.getuid!()}`,
        );
      } finally {
        socket.close();
      }
    });

    it('look at the ports that a channel listens on by default', async () => {
      const found = await results(CHECKS.filter(({ id }) => id.startsWith('port-')));
      const ports = Object.values(found).map((one) => one.found.split(' ')[0]);
      expect(ports).to.deep.equal([
        '8080/tcp',
        '8443/tcp',
        '9464/tcp',
        '9465/tcp',
        '1935/tcp',
        '9000/udp',
        '5004/udp',
      ]);
    });

    it('refuse an address that this machine does not have', async () => {
      expect(await result([check('tcp', 8080)], machine(), { host: '203.0.113.1' })).to.include({
        status: 'failed',
        found: '8080/tcp cannot be bound on 203.0.113.1: EADDRNOTAVAIL',
      });
    });
  });

  describe('of limits and folders', () => {
    const NEEDED = '8 MiB: 50 Mbit/s x 1.2 (headers, retransmissions) x 1 s without reading / 8 = 7.5 MB';
    const RAISE =
      '`sudo sysctl -w net.core.rmem_max=8388608` on the host: containers have its limit. ' +
      'To keep it, put `net.core.rmem_max=8388608` into /etc/sysctl.d/90-media.conf.';
    const RMEM_MAX = '/proc/sys/net/core/rmem_max';

    it('compute the receive buffer that SRT needs, and say how to allow it', async () => {
      const limit = only('udp-buffer-limit');
      expect(await result(limit, machine({ [RMEM_MAX]: '212992\n' }))).to.deep.include({
        status: 'warning',
        found: 'net.core.rmem_max is 212992 (208 KiB)',
        needed: NEEDED,
        remedy: RAISE,
      });
      expect(await result(limit, machine({ [RMEM_MAX]: '8388607\n' }))).to.include({ status: 'warning' });
      expect(await result(limit, machine({ [RMEM_MAX]: '8388608\n' }))).to.include({ status: 'ok' });
      expect(await result(limit, machine({ [RMEM_MAX]: undefined }))).to.include({ status: 'skipped' });
    });

    it('measure the buffer that the kernel really gives', async function () {
      const most = Number(await readFile(RMEM_MAX, 'utf8'));
      const given = Math.min(8 << 20, most);
      const found = await result(only('udp-buffer'));
      expect(found.found).to.equal(`${Math.floor((10 * given) / (1 << 20)) / 10} MiB of 8 MiB asked for`);
      expect(found.status).to.equal(given === 8 << 20 ? 'ok' : 'warning');
    });

    it('want room in shared memory', async () => {
      const small = machine({}, undefined, { space: async () => ({ size: (64 << 20) - 4096, free: 0 }) });
      expect(await result(only('shared-memory'), small)).to.deep.include({
        status: 'failed',
        found: '63.9 MiB',
        needed: '64 MiB',
        remedy: '`sudo mount -o remount,size=256m /dev/shm`; a container: `docker run --shm-size=256m`',
      });
      const none = machine({}, undefined, { exists: async () => false });
      expect(await result(only('shared-memory'), none)).to.include({ status: 'failed', found: 'not there' });
    });

    it('make an entry where the state folder will be, and leave nothing there', async () => {
      expect((await result(only('state-folder'))).found).to.match(
        new RegExp(`^${folder}/state \\(to be made in ${folder}\\), [\\d.]+ GB free$`),
      );
      expect(await readdir(folder)).to.deep.equal(['programs']);
    });

    it('refuse a state folder that cannot be, or that has too little room', async () => {
      const file = path.join(folder, 'file');
      await writeFile(file, '');
      expect(await result(only('state-folder'), machine(), { stateFolder: `${file}/state` })).to.deep.include(
        {
          status: 'failed',
          found: `${file}/state (to be made in ${file}): not a folder`,
          needed: 'a folder that this user can write to',
          remedy: 'Choose another with `--state <folder>`.',
        },
      );
      const full = machine({}, undefined, { space: async () => ({ size: 1e12, free: 1.99e9 }) });
      const found = await results(only('state-folder', 'temporary-folder'), full);
      expect(found['state-folder']).to.deep.include({
        status: 'failed',
        found: `${folder}/state (to be made in ${folder}), 1.9 GB free`,
        needed: '2 GB',
        remedy: `Choose another with \`--state <folder>\`, or make room. What is full: \`df -h '${folder}'\``,
      });
      expect(found['temporary-folder']).to.include({ status: 'warning' });
    });

    it('judge processors, memory, the platform and Node by what a channel needs', async () => {
      const judge = async (id: string, changes: Partial<System>) =>
        (await result(only(id), machine({}, undefined, changes))).status;
      expect(await judge('processors', { processors: 1, load: 0 })).to.equal('warning');
      expect(await judge('processors', { processors: 4, load: 4.1 })).to.equal('warning');
      expect(await judge('processors', { processors: 4, load: 4 })).to.equal('ok');
      expect(await judge('memory', { availableMemory: (512 << 20) - 1 })).to.equal('failed');
      expect(await judge('memory', { availableMemory: (1536 << 20) - 1 })).to.equal('warning');
      expect(await judge('memory', { availableMemory: 1536 << 20 })).to.equal('ok');
      expect(await judge('platform', { platform: 'darwin' })).to.equal('warning');
      expect(await judge('node', { nodeVersion: '22.11.0' })).to.equal('failed');
      expect(await judge('node', { nodeVersion: '22.12.0' })).to.equal('ok');
      expect(await judge('node', { nodeVersion: '24.0.0' })).to.equal('ok');
    });
  });

  describe('of the SRT front', () => {
    it('want it built, and its answer', async () => {
      const checks = only('srt-library', 'srt-front');
      const srtFront = path.join(programs, 'srt-front');
      const missing = await result(checks, machine(), { srtFront });
      expect(missing).to.include({ status: 'failed', found: `not built: no ${srtFront}` });
      expect(missing.remedy).to.match(
        /^Build it: `make setup` in a checkout, `make -C '.*' srt-front` in an /,
      );
      await program('srt-front', 'test "$1" = --version && echo "srt-front 0.1.0, libsrt 1.5.1"');
      expect(await result(checks, machine(), { srtFront })).to.include({
        status: 'ok',
        found: 'srt-front 0.1.0, libsrt 1.5.1',
      });
      await program('srt-front', 'echo "libsrt-gnutls.so.1.5: cannot open shared object file" >&2; exit 127');
      expect(await result(checks, machine(), { srtFront })).to.include({
        status: 'failed',
        found:
          'does not answer --version (exit code 127); it said: libsrt-gnutls.so.1.5: cannot open shared object file',
      });
      await chmod(srtFront, 0o644);
      expect((await result(checks, machine(), { srtFront })).found).to.match(/^cannot be started: .*EACCES/);
    });

    it('skip it without libsrt, which is what to install', async () => {
      const none = machine({}, undefined, { list: async () => [], isExecutable: async () => false });
      const found = await results(only('srt-library', 'srt-front'), none);
      expect(found['srt-library']).to.deep.include({
        status: 'failed',
        found: 'the loader finds no libsrt',
        remedy: '`sudo apt-get install -y libsrt1.5-gnutls`',
      });
      expect(found['srt-front']).to.include({
        status: 'skipped',
        found: 'not tried, because "SRT library" failed',
      });
    });
  });

  it('are all named in docs/doctor.md, in their order', async () => {
    const page = await readFile('docs/doctor.md', 'utf8');
    const table = page.slice(page.indexOf('## Checks')).split('\n');
    const cells = table.filter((line) => line.startsWith('| `')).map((line) => line.split('|')[1]!);
    const named = cells.flatMap((cell) => [...cell.matchAll(/`([a-z0-9-]+)`/g)].map((match) => match[1]!));
    expect(named).to.deep.equal(CHECKS.map(({ id }) => id));
  });

  it('ask whichever program knows whether the clock is right', async () => {
    const ask = () => result(only('clock'), machine({}, { PATH: programs }));
    await program('adjtimex', 'echo "         status: 64"');
    expect(await ask()).to.deep.include({
      status: 'warning',
      found: 'not synchronised, says adjtimex',
      remedy: '`sudo apt-get install -y systemd-timesyncd`, then `sudo timedatectl set-ntp true`',
    });
    await program('adjtimex', 'echo "         status: 8193"');
    expect(await ask()).to.include({ status: 'ok', found: 'synchronised, says adjtimex' });
    await program('chronyc', 'echo "Leap status     : Not synchronised"');
    expect(await ask()).to.include({ status: 'warning', found: 'not synchronised, says chronyc' });
    await program('chronyc', 'echo "Leap status     : Normal"');
    expect(await ask()).to.include({ status: 'ok', found: 'synchronised, says chronyc' });
    await program('timedatectl', 'echo no');
    expect(await ask()).to.include({ status: 'warning', found: 'not synchronised, says timedatectl' });
    await program('timedatectl', 'echo yes');
    expect(await ask()).to.include({ status: 'ok', found: 'synchronised, says timedatectl' });
    // Without systemd it cannot tell, and the next one is asked.
    await program('timedatectl', 'echo "System has not been booted with systemd" >&2; exit 1');
    expect(await ask()).to.include({ status: 'ok', found: 'synchronised, says chronyc' });
  });

  describe('when they are run', () => {
    const check = (id: string, run: Check['run'], needs: string[] = []): Check => ({
      id,
      title: id,
      needs,
      run,
    });
    const fine = { status: 'ok', found: '' } as const;

    it('run two at a time, after what they need, and are reported in their order', async () => {
      let running = 0;
      let most = 0;
      const log: string[] = [];
      const step = (id: string, needs: string[] = []) =>
        check(
          id,
          async () => {
            most = Math.max(most, ++running);
            log.push(id);
            await new Promise((resolve) => setImmediate(resolve));
            running--;
            return fine;
          },
          needs,
        );
      const checks = [step('late', ['early']), step('a'), step('b'), step('c'), step('early')];
      const { ok, checks: found } = await examine({ checks, stateFolder: folder });
      expect([ok, most]).to.deep.equal([true, 2]);
      expect(found.map(({ id }) => id)).to.deep.equal(['late', 'a', 'b', 'c', 'early']);
      expect(log).to.deep.equal(['a', 'b', 'c', 'early', 'late']);
    });

    it('fail as a whole only when one has failed', async () => {
      const status = (value: 'ok' | 'warning' | 'skipped' | 'failed') =>
        check(value, () => ({ status: value, found: '' }));
      const passing = [status('ok'), status('warning'), status('skipped')];
      expect((await examine({ checks: passing, stateFolder: folder })).ok).to.equal(true);
      expect((await examine({ checks: [...passing, status('failed')], stateFolder: folder })).ok).to.equal(
        false,
      );
    });

    it('end all together in the time that is given, even one that does not listen', async () => {
      const hang = (id: string) => check(id, () => new Promise<never>(() => undefined));
      const checks = ['a', 'b', 'c', 'd', 'e', 'f'].map(hang);
      const startedAt = performance.now();
      const report = await examine({ checks, stateFolder: folder, checkMs: 300, totalMs: 500 });
      // Each round of two has a grace of half a second.
      expect(performance.now() - startedAt).to.be.within(500, 4000);
      expect(report.checks.map(({ status }) => status)).to.deep.equal(checks.map(() => 'failed'));
    });

    it('report what a check did not expect as its failure', async () => {
      const broken = check('broken', () => {
        throw new Error('EIO: i/o error');
      });
      const report = await examine({ checks: [broken], stateFolder: folder });
      expect(report.checks[0]).to.include({
        status: 'failed',
        found: 'could not be examined: EIO: i/o error',
      });
    });

    it('leave nothing running when they are interrupted', async () => {
      await program('ffmpeg', `echo $$ >> '${folder}/pids'; exec sleep 60`);
      await program('ffprobe', `echo $$ >> '${folder}/pids'; exec sleep 60`);
      const interrupted = new AbortController();
      const ended = examine({
        checks: only('ffmpeg', 'ffprobe'),
        stateFolder: folder,
        system: machine(),
        signal: interrupted.signal,
      }).then(
        () => 'no interruption',
        (error: Error) => error.name,
      );
      let pids: number[] = [];
      while (pids.length < 2) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        pids = (await readFile(`${folder}/pids`, 'utf8').catch(() => ''))
          .trim()
          .split('\n')
          .filter(Boolean)
          .map(Number);
      }
      interrupted.abort();
      expect(await ended).to.equal('AbortError');
      expect(pids.filter(isAlive)).to.deep.equal([]);
    });

    it('refuse a need that nothing can meet', async () => {
      const message = await examine({ checks: [check('a', () => fine, ['b'])], stateFolder: folder }).then(
        () => '',
        (error: Error) => error.message,
      );
      expect(message).to.equal('these checks need one that is not among them: a');
    });
  });

  describe('as text', () => {
    it('stay within 60 columns, and break no command', async () => {
      const bad = machine(
        { [`/proc/sys/net/core/rmem_max`]: '212992' },
        { PATH: programs },
        {
          processors: 1,
          availableMemory: 1,
          space: async () => ({ size: 0, free: 0 }),
          nodeVersion: '20.0.0',
          list: async () => [],
          isExecutable: async () => false,
        },
      );
      const report = await examine({
        checks: CHECKS,
        stateFolder: '/tmp/s',
        system: { ...bad, temporaryFolder: '/tmp' },
      });
      const text = formatReport(report, 60);
      const lines = text.split('\n');
      expect(lines.filter((line) => line.length > 60)).to.deep.equal([]);
      for (const command of [
        '`sudo apt-get install -y ffmpeg`',
        '`sudo sysctl -w net.core.rmem_max=8388608`',
        '`docker run --shm-size=256m`',
      ]) {
        expect(
          lines.some((line) => line.includes(command)),
          command,
        ).to.equal(true);
      }
      expect(text).to.include('failed   ffmpeg: not found on PATH\n         needed: 5.1 or newer\n');
      expect(text).to.match(
        /\n\n\d+ ok, \d+ warnings, \d+ failed, \d+ skipped\nPut right what failed, then run this again.\n$/,
      );
    });

    it('say that a channel can run', () => {
      const check: CheckResult = {
        id: 'a',
        title: 'A',
        status: 'warning',
        found: 'b',
        needed: 'c',
        remedy: 'd',
      };
      expect(formatReport({ ok: true, checks: [check] })).to.equal(
        'warning  A: b\n         needed: c\n         to do: d\n\n' +
          '0 ok, 1 warning, 0 failed, 0 skipped\nA channel can run here.\n',
      );
    });
  });
});

/** A process that was killed is gone when its parent, or the system in its place, has taken note. */
async function gone(pids: readonly number[]): Promise<boolean> {
  for (const until = Date.now() + 3000; Date.now() < until;) {
    if (!pids.some(isAlive)) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}
