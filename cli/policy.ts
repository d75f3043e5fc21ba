/** `aws-media policy check <env|path>`, `policy config` and `policy rules`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import type { CheckOptions, PolicyReport } from '../planner/check';
import { CommandError, EXIT_CODES } from './exit';
import { print } from './print';
import { addRecordingFlags, type RecordingFlags } from './recording';
import { recordTarget, targetOf } from './target';

interface Flags extends RecordingFlags {
  profile: string;
  policyConfig?: string;
  json?: boolean;
  markdown?: boolean;
  sarif?: boolean;
  root?: string;
}

const AFTER = `
The program runs against stand-ins for AWS: no Pulumi CLI, no account and no network are needed. docs/policies.md explains
the rules, the profiles and the file of --policy-config, which is the one of \`pulumi preview --policy-pack-config\`.

Exit codes: 0 nothing mandatory was found, 1 something was, or the program could not be recorded, 2 wrong usage.`;

export function addPolicyCommands(program: Command): void {
  const policy = program.command('policy').description('judge a program by cost, security and media rules');
  const check = policy
    .command('check')
    .description('record a program, and judge what it would make')
    .argument('<env|path>', 'as dev, or the folder of Pulumi.yaml');
  addRecordingFlags(check)
    .option('--profile <name>', 'starter, production or regulated', 'production')
    .option('--policy-config <file>', 'levels, settings and exemptions')
    .option('--json', 'the report as JSON')
    .option('--markdown', 'the report for a comment or a job summary')
    .option('--sarif', 'the report for code scanning')
    .option('--root <folder>', "the repository's folder, which places in --sarif are relative to", '.')
    .addHelpText('after', AFTER)
    .action(run);
  policy
    .command('config')
    .description('the file for `pulumi preview --policy-pack-config` that a profile is')
    .option('--profile <name>', 'starter, production or regulated', 'production')
    .action(config);
  policy
    .command('rules')
    .description('the rules as JSON: id, family, severity, levels, controls, settings')
    .action(rules);
}

async function run(target: string, flags: Flags): Promise<void> {
  const planner = await import('../planner/check/index.js');
  const found = await targetOf('policy check', target, flags.stack);
  const problems: string[] = [];
  if ([flags.json, flags.markdown, flags.sarif].filter(Boolean).length > 1) {
    problems.push('--json, --markdown, --sarif: give one of them');
  }
  let options: CheckOptions = {};
  try {
    const configured =
      flags.policyConfig === undefined ? {} : planner.readPolicyConfiguration(flags.policyConfig);
    options = { ...configured, profile: await profileOf(flags.profile) };
  } catch (error) {
    problems.push(...(error as Error).message.split('\n'));
  }
  const graph = await recordTarget(found, flags, problems);
  for (const { message, remedy } of graph.unanswered)
    process.stderr.write(`not known: ${message}: ${remedy}\n`);
  let report: PolicyReport;
  try {
    report = planner.checkGraph(graph, options);
  } catch (error) {
    throw new CommandError((error as Error).message, EXIT_CODES.usage);
  }
  if (flags.json) await print(`${JSON.stringify(report, null, 2)}\n`);
  else if (flags.markdown) await print(planner.formatPolicyMarkdown(report));
  else if (flags.sarif) {
    const below = path.relative(path.resolve(flags.root ?? '.'), path.resolve(found.folder)) || '.';
    const sarif = planner.toSarif(report, { version: version(), folder: below });
    await print(`${JSON.stringify(sarif, null, 2)}\n`);
  } else await print(planner.formatPolicyText(report));
  if (!report.ok) process.exitCode = EXIT_CODES.failure;
}

async function profileOf(name: string) {
  const { PROFILES } = await import('../policies/core/index.js');
  const profile = PROFILES.find((each) => each === name);
  if (profile) return profile;
  throw new CommandError(`--profile ${name}: allowed are ${PROFILES.join(', ')}`, EXIT_CODES.usage);
}

async function config({ profile }: { profile: string }): Promise<void> {
  const { levelsOf } = await import('../policies/profiles.js');
  await print(`${JSON.stringify(levelsOf(await profileOf(profile)), null, 2)}\n`);
}

async function rules(): Promise<void> {
  const { ALL_RULES } = await import('../policies/rules/index.js');
  const shown = ALL_RULES.map(
    ({ id, family, title, severity, levels, controls, why, fix, scope, settings }) => {
      return { id, family, title, severity, levels, controls, why, fix, scope, settings: settings ?? {} };
    },
  );
  await print(`${JSON.stringify(shown, null, 2)}\n`);
}

function version(): string {
  const manifest = path.join(__dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
