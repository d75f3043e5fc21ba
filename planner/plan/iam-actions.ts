/** Which IAM actions each type of resource takes, as tools/iam-actions keeps it in a file. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { Phase } from './types';

interface Origin {
  readonly package: string;
  readonly version: string;
  readonly date: string;
}

export type WrittenType = { readonly source: string } & { readonly [phase in Phase]?: readonly string[] };

export interface WrittenActions {
  readonly pulumi: string;
  readonly sources: {
    readonly cloudformation: Origin;
    readonly reference: Origin;
    /** The provider whose source says what it calls beyond CloudFormation's handlers. */
    readonly provider: string;
  };
  readonly types: { readonly [type: string]: WrittenType };
}

// From dist/planner/plan to the file in the package's own folder.
const FILE = path.join(__dirname, '../../../planner/plan/iam-actions.json.br');

let written: WrittenActions | undefined;

/** Read and unpacked once: 4 ms. */
export function writtenActions(): WrittenActions {
  written ??= JSON.parse(brotliDecompressSync(readFileSync(FILE)).toString()) as WrittenActions;
  return written;
}
