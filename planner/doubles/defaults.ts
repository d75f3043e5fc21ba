import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Fields } from '../graph/values';

// From dist/planner/doubles to the file in the package's own folder.
const FILE = path.join(__dirname, '../../../planner/export/terraform/defaults.json');

let judged: { readonly [type: string]: Fields } | undefined;

/** What the AWS provider fills in where a program says nothing, as it was judged (docs/judge.md). */
export function judgedDefaults(type: string): Fields {
  judged ??= existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as { [type: string]: Fields }) : {};
  return judged[type] ?? {};
}
