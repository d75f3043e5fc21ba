/** `aws-media export terraform [folder]`. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { CommandError, EXIT_CODES } from './exit';
import { print } from './print';
import { addRecordingFlags, isFolder, recordFlagged, type RecordingFlags } from './recording';
import type { Gap } from '../planner/export/terraform';

interface Flags extends RecordingFlags {
  out?: string;
  plan?: boolean;
}

const AFTER = `
With --out the configuration is written to main.tf.json in that folder, else to standard output. What the Terraform AWS
provider does not have is left out and listed on standard error. With --plan the real provider plans it, with no account and
no network, and the plan is printed as \`terraform show -json\` would; it has to be built once (make judge, in a checkout of
pulumi-aws-media). docs/judge.md explains both.`;

export function addExportCommand(program: Command): void {
  const command = program
    .command('export')
    .description('write a Pulumi program in the form of another tool')
    .command('terraform')
    .description('as a Terraform configuration in JSON, or as its plan')
    .argument('[folder]', 'the folder of Pulumi.yaml', '.');
  addRecordingFlags(command)
    .option('--out <folder>', 'where main.tf.json goes, or plan.json; made where it is not there')
    .option('--plan', 'the plan of the real AWS provider, in place of the configuration')
    .addHelpText('after', AFTER)
    .action(run);
}

async function run(folder: string, flags: Flags): Promise<void> {
  const problems =
    flags.out !== undefined &&
    !isFolder(flags.out) &&
    (path.extname(flags.out) === '.json' || existsSync(flags.out))
      ? [`--out ${flags.out}: give a folder; the file in it is ${flags.plan ? 'plan.json' : 'main.tf.json'}`]
      : [];
  const judge = await import('../planner/judge/index.js');
  const tools = flags.plan ? await judge.findJudge() : undefined;
  if (typeof tools === 'string') problems.push(`--plan: ${tools}`);
  const graph = await recordFlagged(folder, flags, problems);
  if (typeof tools === 'object') {
    const verdict = await judge.judge(graph, tools);
    for (const finding of verdict.findings) process.stderr.write(`${judge.describeFinding(finding)}\n`);
    list(verdict.gaps);
    if (!verdict.plan)
      throw new CommandError('the AWS provider refuses it; the reasons are above', EXIT_CODES.failure);
    await write(flags.out, 'plan.json', `${JSON.stringify(verdict.plan, null, 2)}\n`);
    return;
  }
  const { exportTerraform, writeJson } = await import('../planner/export/terraform/index.js');
  const exported = exportTerraform(graph);
  list(exported.gaps);
  await write(flags.out, 'main.tf.json', writeJson(exported.configuration).text);
  const [made, gaps] = [exported.resources.size, exported.gaps.length];
  process.stderr.write(
    `${made} resource${made === 1 ? '' : 's'} exported, ${gaps} gap${gaps === 1 ? '' : 's'}\n`,
  );
}

function list(gaps: readonly Gap[]): void {
  for (const { urn, message } of gaps) {
    process.stderr.write(`left out: ${urn.slice(urn.lastIndexOf('::') + 2)}: ${message}\n`);
  }
}

async function write(out: string | undefined, name: string, text: string): Promise<void> {
  if (out !== undefined) {
    try {
      mkdirSync(out, { recursive: true });
      writeFileSync(path.join(out, name), text);
    } catch (error) {
      throw new CommandError(`--out ${out} can't be written: ${(error as Error).message}`);
    }
    process.stderr.write(`${path.join(out, name)}\n`);
    return;
  }
  await print(text);
}
