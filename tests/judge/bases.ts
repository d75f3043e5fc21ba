/** One planned state of each type, from which tools/replacement changes one input at a time. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { judgeTogether, type JudgeTools, type Verdict } from '../../planner/judge';
import { recordComponent } from '../../testing';
import { CORRECT } from './correct';
import type { Graph } from '../../planner';

/** Stands for a value of a program that the plan does not know. */
const GIVEN = '$given';

const FILE = path.resolve(__dirname, '../../../tools/replacement/bases.json');

/** The verdicts of the programs that AWS would take: they use types that no component of ours does yet. */
export async function verdictsOfCorrect(tools: JudgeTools): Promise<readonly Verdict[]> {
  const graphs: { [name: string]: Graph } = {};
  for (const [name, program] of Object.entries(CORRECT)) {
    graphs[name] = await recordComponent(program, { config: { 'aws:region': 'us-east-1' } });
  }
  return Object.values(await judgeTogether(graphs, tools));
}

/** Keeps the first planned state of each type; what is not known there is left out. */
export async function keepBases(verdicts: readonly Verdict[]): Promise<void> {
  const bases: { [type: string]: object } = {};
  for (const { plan } of verdicts) {
    for (const { address, type, change } of plan?.resource_changes ?? []) {
      if (!type.startsWith('aws_') || change.after === null || type in bases) continue;
      const { after, after_unknown: unknown } = change;
      const own = plan?.configuration?.root_module?.resources?.find((each) => each.address === address);
      // Given, and not known before the update: what tools/replacement puts there does not matter.
      const given = Object.keys(own?.expressions ?? {}).filter((name) => unknown[name] === true);
      const set = Object.entries(after).filter(([, value]) => value !== null);
      bases[type] = Object.fromEntries(
        [...set, ...given.map((name): [string, unknown] => [name, GIVEN])].sort(([a], [b]) =>
          a < b ? -1 : 1,
        ),
      );
    }
  }
  const sorted = Object.fromEntries(Object.entries(bases).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(FILE, `${JSON.stringify(sorted, null, 2)}\n`);
}
