/** `aws-media plan <env | path>`. */
import { Option, type Command } from 'commander';
import { planScreen, type ScreenFlags } from './plan-screen';
import { print } from './print';
import { addRecordingFlags, type RecordingFlags } from './recording';
import { recordTarget, targetOf } from './target';

type Flags = RecordingFlags & ScreenFlags;

const AFTER = `
An environment is a stack of the project in this folder, or else of pulumi-aws-media's own: local, dev, staging, prod. A path
is any folder with a Pulumi.yaml, of a program for Node.

  aws-media plan dev
  aws-media plan ./examples/srt-ingest --markdown > plan.md
  aws-media plan prod --json | jq '.needs.quotas[] | select(.verdict == "raise")'

Nothing is sent to AWS, and no credentials are needed. What the program writes is on standard error. Exit codes: 0 planned,
1 the program fails or lacks something, 2 wrong usage. docs/plan.md explains the parts and where the figures are from.`;

export function addPlanCommand(program: Command): void {
  const command = program
    .command('plan')
    .description('what a stack is and needs before it is deployed: resources, capacity, IAM, quotas, diagram')
    .argument('<environment|path>', 'as dev, or the folder of Pulumi.yaml');
  addRecordingFlags(command)
    .option('--all', 'everything one by one, in place of the first few and counts')
    .addOption(
      new Option('--json', 'the plan as JSON; docs/plan.md names its schema').conflicts([
        'markdown',
        'diagram',
      ]),
    )
    .addOption(new Option('--markdown', 'as Markdown, with the diagram').conflicts(['diagram']))
    .option('--diagram', 'only the data flow, as a Mermaid flowchart')
    .addHelpText('after', AFTER)
    .action(run);
}

async function run(target: string, flags: Flags): Promise<void> {
  const found = await targetOf('plan', target, flags.stack);
  // The program takes seconds, and this process has nothing else to do meanwhile.
  const [graph, { planOf }] = await Promise.all([
    recordTarget(found, flags),
    import('../planner/plan/index.js'),
  ]);
  for (const { severity, message } of graph.logs) process.stderr.write(`${severity}: ${message}\n`);
  await print(planScreen(planOf(graph), flags, process.stdout.columns));
}
