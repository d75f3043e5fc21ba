/** The file by which `status` and `down` find a running launcher. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LocalStatus } from './launcher';

interface StateFile {
  readonly pid: number;
  readonly id: string;
  readonly statusUrl: string;
}

const file = (folder: string): string => path.join(folder, 'run.json');

export async function writeState(folder: string, status: LocalStatus): Promise<void> {
  const statusUrl = status.urls!.metricsUrl.replace(/metrics$/, 'status');
  const state: StateFile = { pid: status.pid, id: status.id, statusUrl };
  await writeFile(file(folder), JSON.stringify(state));
}

export async function removeState(folder: string): Promise<void> {
  await rm(file(folder), { force: true });
}

/** The status of what runs there, or undefined. A file that a killed launcher left behind counts for nothing. */
export async function runningStatus(folder: string): Promise<LocalStatus | undefined> {
  try {
    const state = JSON.parse(await readFile(file(folder), 'utf8')) as StateFile;
    const response = await fetch(state.statusUrl, { signal: AbortSignal.timeout(2000) });
    const status = (await response.json()) as LocalStatus;
    return status.id === state.id ? status : undefined;
  } catch {
    return undefined;
  }
}
