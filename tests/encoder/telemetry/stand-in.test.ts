import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { GPU_FIELDS } from '../../../encoder/telemetry/gpu-fields';
import { STAND_IN } from './fake-nvidia-smi';

interface Outcome {
  readonly code: number;
  readonly text: string;
}

const run = (file: string, list: readonly string[], environment: Record<string, string>): Promise<Outcome> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], ...environment };
    const child = execFile(file, list, { env }, (_, text) => resolve({ code: child.exitCode!, text }));
  });

const ask = (environment: Record<string, string>, ...list: string[]): Promise<Outcome> =>
  run(path.join(STAND_IN, 'nvidia-smi'), list, environment);

/** What a record has besides what the encoder asks for. */
const FOR_PEOPLE = new Set([
  'name',
  'driver_version',
  'uuid',
  'pci.bus_id',
  'pstate',
  'power.limit',
  'clocks.gr',
]);

describe('the nvidia-smi of local runs', () => {
  let page: string;
  before(async () => {
    page = (await readFile('docs/runtime.md', 'utf8')).split('#### Without a GPU')[1]!;
  });

  it('does what docs/runtime.md shows, first on PATH', async () => {
    const [, command] = /```\n(.*)\n```/.exec(page)!;
    expect(await run('/bin/sh', ['-c', command!], {})).to.deep.equal({
      code: 0,
      text: 'name, clocks.video [MHz], clocks_event_reasons.hw_slowdown\nNVIDIA L4, 690 MHz, Active\n',
    });
  });

  it('has the GPUs and the states that docs/runtime.md lists, and an answer for each', async () => {
    const listed = (variable: string): string[] => {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${variable}=\``))!;
      return [...row.split('|')[2]!.matchAll(/`([a-z0-9-]+)`/g)].map(([, word]) => word!);
    };
    expect(listed('FAKE_GPU')).to.deep.equal(['l4', 'a10g', 't4', 'l40s']);
    const codes = new Map<string, number>();
    for (const state of listed('FAKE_GPU_STATE').filter((name) => name !== 'hang')) {
      const { code, text } = await ask(
        { FAKE_GPU_STATE: state },
        '--query-gpu=uuid',
        '--format=csv,noheader',
      );
      expect(text, state).to.match(code === 0 ? /^GPU-453f8851-/ : /^[A-Z]/);
      codes.set(state, code);
    }
    expect(Object.fromEntries(codes)).to.deep.equal({
      ...{ idle: 0, busy: 0, hot: 0, 'power-capped': 0, 'memory-fault': 0, 'needs-reset': 0, lost: 0 },
      ...{ unreachable: 255, 'no-device': 6, 'no-driver': 9, 'no-nvml': 255 },
    });
  });

  it('says where the values of each GPU are from', async () => {
    for (const gpu of ['a10g', 'l4', 't4', 'l40s']) {
      const record = await readFile(path.join(STAND_IN, `${gpu}.txt`), 'utf8');
      const [head] = record.split('[busy]');
      expect(head, gpu).to.match(/^# NVIDIA .*driver \d{3}\.[\d.]+.*:? ?[\s\S]*[\w-]+\/[\w-]+@[0-9a-f]{8}, /);
      expect(head, `${gpu} busy`).to.match(/\n# (?:Written, not recorded|Recorded): .*\n$/);
      const known = new Set(GPU_FIELDS.flatMap(({ field, older = field }) => [field, older]));
      const others = [...record.matchAll(/^(\S+) = /gm)].map(([, field]) => field!);
      expect(new Set(others.filter((field) => !known.has(field))), gpu).to.deep.equal(FOR_PEOPLE);
    }
  });

  it('reads its state from a file at each call', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'state-'));
    const file = path.join(folder, 'state');
    const temperature = async (state: string): Promise<string> => {
      await writeFile(file, `${state}\n`);
      const list = ['--query-gpu=temperature.gpu', '--format=csv,noheader,nounits'];
      return (await ask({ FAKE_GPU_STATE: `@${file}` }, ...list)).text;
    };
    try {
      expect(await temperature('idle')).to.equal('33\n');
      expect(await temperature('hot')).to.equal('92\n');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('refuses, as nvidia-smi does, a field that the driver does not have', async () => {
    const query = '--query-gpu=index,utilization.encoder';
    expect(await ask({ FAKE_GPU: 'a10g' }, query, '--format=csv')).to.deep.equal({
      code: 2,
      text: 'Field "utilization.encoder" is not a valid field to query.\n\n',
    });
  });

  it('lists GPUs, and says what it does not know', async () => {
    expect(await ask({ FAKE_GPU: 't4,l4' }, '-L')).to.deep.equal({
      code: 0,
      text:
        'GPU 0: Tesla T4 (UUID: GPU-d37e67a5-91dd-3774-a5cb-99096249601a)\n' +
        'GPU 1: NVIDIA L4 (UUID: GPU-453f8851-d1a3-e72d-4d85-3ef04418205b)\n',
    });
    const wrong: [Record<string, string>, string[], string][] = [
      [{ FAKE_GPU: 'h100' }, ['-L'], 'FAKE_GPU names h100: there is no record of it.\n'],
      [{ FAKE_GPU_STATE: 'sad' }, ['-L'], 'FAKE_GPU_STATE is sad: there is no such state.\n'],
      [{}, [], 'This stand-in for nvidia-smi knows -L, and --query-gpu= with --format=.\n'],
    ];
    for (const [environment, list, text] of wrong)
      expect(await ask(environment, ...list)).to.deep.equal({ code: 2, text });
  });
});
