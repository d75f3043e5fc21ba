/** What the provider fills in, by type: what the doubles answer besides what they make up. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { same } from '../../planner/graph/values';
import type { Verdict } from '../../planner/judge';

const FILE = path.resolve(__dirname, '../../../planner/export/terraform/defaults.json');

/** A default that was another in two programs comes from something else, and is left out. */
export async function keepDefaults(verdicts: readonly Verdict[]): Promise<void> {
  const found: { [type: string]: { [property: string]: unknown } } = {};
  const contradicted = new Set<string>();
  for (const { defaults } of verdicts) {
    for (const [urn, filledIn] of Object.entries(defaults)) {
      const type = urn.split('::')[2]!.split('$').pop()!;
      const known = (found[type] ??= {});
      for (const [property, value] of Object.entries(filledIn)) {
        // The region is the provider's, and part of an object is not what the program gave.
        if (property === 'region' || typeof value === 'object' || value === 'Managed by Terraform') continue;
        if (property in known && !same(known[property], value)) contradicted.add(`${type} ${property}`);
        known[property] = value;
      }
    }
  }
  const kept = Object.entries(found)
    .map(([type, known]): [string, object] => [
      type,
      Object.fromEntries(
        Object.entries(known)
          .filter(([property]) => !contradicted.has(`${type} ${property}`))
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    ])
    .filter(([, known]) => Object.keys(known).length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  await writeFile(FILE, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}
