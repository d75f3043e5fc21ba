/** What `make judge` runs: judges every program, keeps the verdicts, prints what was found. */
import { describeFinding, findJudge, judgeTogether } from '../../planner/judge';
import { keepBases, verdictsOfCorrect } from './bases';
import { keepDefaults } from './defaults';
import { PROGRAMS } from './programs';
import { keepPlan } from './scan';
import { keepVerdict } from './verdicts';
import type { Graph } from '../../planner';

async function main(): Promise<void> {
  const tools = await findJudge();
  if (typeof tools === 'string') throw new Error(tools);
  let errors = 0;
  let changed = 0;
  const began = Date.now();
  const graphs: { [name: string]: Graph } = {};
  for (const { name, graph } of PROGRAMS) graphs[name] = await graph();
  const verdicts = await judgeTogether(graphs, tools);
  for (const [name, verdict] of Object.entries(verdicts)) {
    const recorded = graphs[name]!;
    if (await keepVerdict(name, recorded, verdict)) changed += 1;
    if (verdict.plan) await keepPlan(name, verdict.plan);
    const found = verdict.findings.filter(({ severity }) => severity === 'error').length;
    errors += found;
    const resources = recorded.resources.length;
    console.log(`${found === 0 ? 'accepted' : 'REFUSED '}  ${name}: ${resources} resources`);
    for (const finding of verdict.findings) console.log(`    ${describeFinding(finding)}`);
    for (const { message, urn } of verdict.gaps) console.log(`    not judged: ${urn}: ${message}`);
  }
  const all = [...Object.values(verdicts), ...(await verdictsOfCorrect(tools))];
  await keepBases(all);
  await keepDefaults(all);
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  console.log(`${PROGRAMS.length} programs in ${seconds} s; ${errors} errors; ${changed} verdicts changed`);
  if (errors > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
