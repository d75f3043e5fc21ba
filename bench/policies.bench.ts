/** How long all rules take for 1,000 resources: as `aws-media policy check` runs them, and as Pulumi's engine asks the pack. */
import { checkGraph } from '../planner/check';
import { ALL_RULES } from '../policies/rules';
import { Analyzer } from '../tests/policies/analyzer';
import { recordStack } from '../tests/stacks/stack-recording';
import type { Graph, GraphResource } from '../planner';

const RESOURCES = 1000;
const AIM_SECONDS = 2;
const ROUNDS = 5;

/** The stack, and as much of it again under other names as is needed; references inside of a copy stay inside of it. */
function ofSize(graph: Graph, size: number): Graph {
  const resources: GraphResource[] = [];
  for (let copy = 0; resources.length < size; copy++) {
    const rename = (text: string): string =>
      copy === 0 ? text : text.replaceAll('::media', `::copy${copy}-media`);
    const again = JSON.parse(rename(JSON.stringify(graph.resources))) as GraphResource[];
    resources.push(...again.slice(0, size - resources.length));
  }
  return { ...graph, resources };
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function timed(what: () => unknown): Promise<number> {
  const start = performance.now();
  await what();
  return (performance.now() - start) / 1000;
}

async function main(): Promise<void> {
  const graph = ofSize((await recordStack('prod')).graph, RESOURCES);
  const checks: number[] = [];
  const first = await timed(() => checkGraph(graph));
  for (let round = 0; round < ROUNDS; round++) checks.push(await timed(() => checkGraph(graph)));
  const analyzer = await Analyzer.start();
  const asked: number[] = [];
  try {
    await analyzer.configure();
    for (let round = 0; round < ROUNDS; round++) asked.push(await timed(() => analyzer.judge(graph)));
  } finally {
    await analyzer.stop();
  }
  const verdict = (seconds: number) => (seconds < AIM_SECONDS ? 'met' : 'missed');
  const [checked, engine] = [median(checks), median(asked)];
  console.log(`${graph.resources.length} resources, ${ALL_RULES.length} rules`);
  console.log(`policy check, first of the process       ${first.toFixed(2)} s`);
  console.log(`policy check, median of ${ROUNDS}                ${checked.toFixed(2)} s`);
  console.log(
    `asked as by the engine, median of ${ROUNDS}      ${engine.toFixed(2)} s, with the serialization of both sides`,
  );
  console.log(
    `aim: less than ${AIM_SECONDS} s, as policy check: ${verdict(first)}; as the engine asks: ${verdict(engine)}`,
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
