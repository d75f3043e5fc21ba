/** Programs first on PATH: the project's own stand-in for nvidia-smi, or a few lines of shell that note their arguments. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export const CANNED = path.resolve('tests', 'fixtures', 'nvidia');

/** The stand-in that local runs have: docs/runtime.md, "Without a GPU". */
export const STAND_IN = path.resolve('encoder', 'telemetry', 'fake');

/** Shell that prints a file of tests/fixtures/nvidia. */
export const print = (file: string): string => `cat '${path.join(CANNED, file)}'`;

/** Shell that answers as the stand-in does. */
export const standIn = (gpus: string, state = 'idle'): string =>
  `FAKE_GPU='${gpus}' FAKE_GPU_STATE='${state}' '${path.join(STAND_IN, 'nvidia-smi')}' "$@"`;

export interface FakePrograms {
  /** Where the shell runs; also the place for what it writes. */
  readonly folder: string;
  /** PATH with the programs in front. */
  readonly path: string;
  /** Arguments of each call of nvidia-smi so far, as one text a call. */
  readonly calls: () => Promise<readonly string[]>;
  readonly remove: () => Promise<void>;
}

/** @param programs lines of shell, by the program's name */
export async function fakePrograms(programs: Readonly<Record<string, string>>): Promise<FakePrograms> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fake-nvidia-'));
  for (const [name, shell] of Object.entries(programs)) {
    const file = path.join(folder, name);
    await writeFile(file, `#!/bin/sh\ncd '${folder}'\necho "$*" >> ${name}.calls\n${shell}\n`);
    await chmod(file, 0o755);
  }
  return {
    folder,
    path: `${folder}${path.delimiter}${process.env['PATH']}`,
    calls: async () => {
      const text = await readFile(path.join(folder, 'nvidia-smi.calls'), 'utf8').catch(() => '');
      return text.split('\n').slice(0, -1);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
