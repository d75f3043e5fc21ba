/** Reads what `nvidia-smi --query-gpu` prints. */
import { gpuField, type GpuCell } from './gpu-fields';

/** First two fields of each query, which tell the GPU. */
export const IDENTITY = ['index', 'uuid'] as const;

/** Words in place of a value that tell of the GPU, and not of the field. */
const FAULT_WORDS = {
  lost: /^\[GPU is lost\]$/,
  reset_required: /^\[GPU requires reset\]$/,
} as const;

/** In place of a temperature, which every GPU has: the GPU does not answer its driver. */
const UNREADABLE = /^(?:ERR!|\[Unknown Error\])$/;

/** Faults that no field of their own tells of. */
export const WORD_FAULTS = ['lost', 'reset_required', 'unreadable'] as const;
export type WordFault = (typeof WORD_FAULTS)[number];

export interface GpuReading {
  readonly index: string;
  readonly uuid: string;
  /** By field, of today's name, in nvidia-smi's units, flags as 1 and 0; without those that the GPU does not report. */
  readonly values: ReadonlyMap<string, number>;
  /** What words in place of values tell of the GPU. */
  readonly faults: readonly WordFault[];
}

/**
 * Reads `--format=csv,noheader,nounits`, a line a GPU. A line that does not begin with a GPU's index and UUID is none
 * of it; a value that cannot be read (`[N/A]`, `[Not Supported]`, `ERR!`) is left out alone.
 * @param fields as queried; the first two are `index` and `uuid`
 */
export function readGpus(csv: string, fields: readonly string[]): readonly GpuReading[] {
  return csv.split('\n').flatMap((line) => {
    const [index = '', uuid = '', ...cells] = line.split(',').map((cell) => cell.trim());
    const names = fields.slice(IDENTITY.length);
    if (!/^\d{1,3}$/.test(index) || !/^GPU-[\w-]{1,64}$/.test(uuid) || cells.length > names.length) return [];
    const values = new Map<string, number>();
    const faults = new Set<WordFault>();
    cells.forEach((cell, i) => {
      const name = names[i]!;
      const row = gpuField(name);
      const value = READERS[row?.cell ?? 'number'](cell);
      if (value !== undefined) values.set(row?.field ?? name, value);
      if (FAULT_WORDS.lost.test(cell)) faults.add('lost');
      if (FAULT_WORDS.reset_required.test(cell)) faults.add('reset_required');
      if (name === 'temperature.gpu' && UNREADABLE.test(cell)) faults.add('unreadable');
    });
    return [{ index, uuid, values, faults: WORD_FAULTS.filter((fault) => faults.has(fault)) }];
  });
}

const FLAGS: Readonly<Record<string, number>> = { Active: 1, Yes: 1, 'Not Active': 0, No: 0 };

const READERS: Readonly<Record<GpuCell, (cell: string) => number | undefined>> = {
  number: (cell) => (/^\d{1,12}(?:\.\d{1,6})?$/.test(cell) ? Number(cell) : undefined),
  flag: (cell) => (Object.hasOwn(FLAGS, cell) ? FLAGS[cell] : undefined),
  // `GPU Reset`, `Node Reboot`, `Drain and Reset`: which it is, the runbook has nvidia-smi say.
  action: (cell) => {
    if (cell === 'None') return 0;
    return /\b(?:Reset|Reboot|Drain|Recover)/i.test(cell) && !cell.startsWith('[') ? 1 : undefined;
  },
};
