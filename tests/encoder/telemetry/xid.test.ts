import { execFile } from 'node:child_process';
import { mkdtemp, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { startGpuMetrics, type GpuMetrics } from '../../../encoder/telemetry/gpu';
import { readXids } from '../../../encoder/telemetry/xid';
import { CANNED, fakePrograms, standIn, type FakePrograms } from './fake-nvidia-smi';

const run = promisify(execFile);

describe('errors of the driver (Xid)', () => {
  const systemPath = process.env['PATH'];
  let folder: string;
  let kernelLog: string;
  let kernel: FileHandle;
  let registry: Registry;
  let logged: { level: number; xid?: number; pci?: string }[];
  let fake: FakePrograms;
  let metrics: GpuMetrics | undefined;

  /** A pipe that is empty and not at its end is to a reader what the kernel's log is. */
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'kernel-'));
    kernelLog = path.join(folder, 'kmsg');
    await run('mkfifo', [kernelLog]);
    kernel = await open(kernelLog, 'r+');
    registry = new Registry();
    logged = [];
    fake = await fakePrograms({ 'nvidia-smi': standIn('l4') });
    process.env['PATH'] = fake.path;
  });

  afterEach(async () => {
    await metrics?.close();
    metrics = undefined;
    process.env['PATH'] = systemPath;
    await kernel.close();
    await fake.remove();
    await rm(folder, { recursive: true });
  });

  /** Starts it, writes to the log after the first reading, and waits for the second. */
  async function count(file: string, lines: string): Promise<Record<string, number> | undefined> {
    const log = pino({}, { write: (line) => logged.push(JSON.parse(line) as (typeof logged)[number]) });
    let reads = 0;
    await new Promise<void>((resolve, reject) => {
      const onRead = (): void => {
        if (++reads === 1) kernel.write(lines).catch(reject);
        if (reads === 3) resolve();
      };
      metrics = startGpuMetrics({ registry, log, intervalMs: 20, kernelLog: file, onRead });
    });
    const all = await registry.getMetricsAsJSON();
    const found = all.find(({ name }) => name === 'media_gpu_xid_errors_total');
    return (
      found && Object.fromEntries(found.values.map(({ labels, value }) => [String(labels['xid']), value]))
    );
  }

  it('are counted by number, those since the start alone, and logged with the GPU', async () => {
    const records = await readFile(path.join(CANNED, 'kernel-log.txt'), 'utf8');
    await kernel.write('3,7,1000,-;NVRM: Xid (PCI:0000:00:1e): 31, before the start\n');
    const counted = await count(kernelLog, `${records}3,9,9,-;NVRM: Xid (PCI:0000:00:1e): 158, pid=1\n`);
    expect(counted).to.deep.equal({
      ...{
        13: 0,
        31: 0,
        43: 1,
        45: 0,
        48: 0,
        63: 1,
        64: 0,
        74: 0,
        79: 1,
        94: 0,
        95: 0,
        119: 0,
        120: 0,
        154: 0,
      },
      158: 1,
    });
    expect(logged.filter(({ xid }) => xid).map(({ level, xid, pci }) => [level, xid, pci])).to.deep.equal([
      [50, 63, '0000:10:1c'],
      [50, 79, '0000:44:00'],
      [50, 43, '0000:03:00'],
      [50, 158, '0000:00:1e'],
    ]);
  });

  it('have no series where the log cannot be read: unknown is not zero', async () => {
    expect(await count(path.join(folder, 'none'), '')).to.equal(undefined);
  });

  it('are lines of the driver alone, whatever the log has', () => {
    expect(readXids('NVRM: Xid (PCI:0000:00:1e): 79')).to.deep.equal([{ pci: '0000:00:1e', xid: '79' }]);
    for (const line of [
      'Xid (PCI:0000:00:1e): 79',
      'NVRM: Xid 79',
      'NVRM: Xid (): 79',
      'NVRM: Xid (0:0): 1e3',
    ])
      expect(readXids(line), line).to.deep.equal([]);
  });
});
