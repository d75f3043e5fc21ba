/** Flags and their reading that are common to the commands which record a program. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { CommandError, EXIT_CODES } from './exit';
import type { Graph, ProgramRecordingOptions } from '../planner';

export interface RecordingFlags {
  stack?: string;
  config?: string[];
  configFile?: string;
  secretConfig?: string[];
  stackRef?: string[];
  answer?: string[];
  timeout: string;
  typeCheck: boolean;
}

export function addRecordingFlags(command: Command): Command {
  const several = (value: string, before: string[] = []) => [...before, value];
  return command
    .option('--stack <name>', 'default: the one that has a Pulumi.<name>.yaml, or dev where none has')
    .option('--config <key=value>', 'a value of the configuration; may be repeated', several)
    .option('--config-file <file>', 'in place of Pulumi.<stack>.yaml')
    .option('--secret-config <key=source>', 'a secret, from file:PATH or env:NAME; may be repeated', several)
    .option(
      '--stack-ref <name=file>',
      "another stack's `pulumi stack output --json`; may be repeated",
      several,
    )
    .option('--answer <token=file>', 'the result of a provider function, as JSON; may be repeated', several)
    .option('--timeout <seconds>', 'how long the program may take', '60')
    .option('--no-type-check', 'only transpile TypeScript: seconds faster, and type errors are not found');
}

/**
 * Records the program of a folder; what it writes goes to standard error.
 * @throws CommandError with everything that is wrong with the flags, or the program's own error
 */
export async function recordFlagged(
  folder: string,
  flags: RecordingFlags,
  problems: readonly string[] = [],
): Promise<Graph> {
  const { recordProgram, RecordingError } = await import('../planner/index.js');
  const options = await readFlags(folder, flags, problems);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  for (const signal of SIGNALS) process.once(signal, interrupt);
  try {
    return await recordProgram({
      ...{ ...options, signal: interrupted.signal },
      onOutput: (line) => process.stderr.write(`${line}\n`),
    });
  } catch (error) {
    if (interrupted.signal.aborted) throw new CommandError('interrupted');
    throw new CommandError(
      (error as Error).message,
      error instanceof RecordingError ? EXIT_CODES.failure : EXIT_CODES.usage,
    );
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, interrupt);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** @throws CommandError that lists everything that is wrong with the flags */
async function readFlags(
  folder: string,
  flags: RecordingFlags,
  others: readonly string[],
): Promise<ProgramRecordingOptions> {
  const problems = [...others];
  const pairs = (flag: string, list: readonly string[] | undefined, shape: string) =>
    Object.fromEntries(
      (list ?? []).flatMap((each) => {
        const at = each.indexOf('=');
        if (at > 0) return [[each.slice(0, at), each.slice(at + 1)] as const];
        // What has no `=` may be a secret that was given the wrong way.
        problems.push(`${flag}: allowed is ${shape}`);
        return [];
      }),
    );
  const files = (flag: string, list: readonly string[] | undefined, shape: string) => {
    const all = pairs(flag, list, shape);
    for (const [name, file] of Object.entries(all)) {
      if (!isFile(file)) problems.push(`${flag} ${name}=${file}: there is no such file`);
    }
    return all;
  };
  const seconds = Number(flags.timeout);
  if (!(seconds >= 1 && seconds <= 3600)) {
    problems.push(
      `--timeout ${JSON.stringify(flags.timeout)}: allowed is a number of seconds from 1 to 3600`,
    );
  }
  const secrets = Object.entries(pairs('--secret-config', flags.secretConfig, SOURCES)).map(
    ([key, source]) => [key, secretOf(key, source, problems)] as const,
  );
  const options: ProgramRecordingOptions = {
    ...{ folder, ...(await stackOf(folder, flags, problems)), timeoutSeconds: seconds },
    config: pairs('--config', flags.config, '--config key=value'),
    secretConfig: Object.fromEntries(secrets),
    ...(flags.configFile !== undefined && { configFile: flags.configFile }),
    stackReferences: files('--stack-ref', flags.stackRef, '--stack-ref name=outputs.json'),
    answers: files('--answer', flags.answer, '--answer token=answer.json'),
    typeCheck: flags.typeCheck,
  };
  if (problems.length > 0) throw new CommandError(problems.join('\n'), EXIT_CODES.usage);
  return options;
}

const SOURCES = '--secret-config key=file:PATH or key=env:NAME, so that no secret is among the arguments';

/** The message never repeats the source: it may be the secret itself. */
function secretOf(key: string, source: string, problems: string[]): string {
  const [, kind, name = ''] = /^(file|env):(.+)$/s.exec(source) ?? [];
  if (kind === undefined) problems.push(`--secret-config ${key}: allowed is ${SOURCES}`);
  else if (kind === 'env') {
    const value = process.env[name];
    if (value !== undefined) return value;
    problems.push(`--secret-config ${key}=env:${name}: this environment variable is not set`);
  } else {
    try {
      return readFileSync(name, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      problems.push(`--secret-config ${key}=file:${name} can't be read: ${(error as Error).message}`);
    }
  }
  return '';
}

/** A wrong name would give a graph of a stack that nobody has: right at first sight, without its configuration. */
async function stackOf(
  folder: string,
  flags: RecordingFlags,
  problems: string[],
): Promise<{ stack: string; organization?: string }> {
  const { stacksOf } = await import('../planner/record/project.js');
  const stacks = stacksOf(folder);
  const listed = stacks.join(', ');
  if (flags.stack === undefined) {
    if (stacks.length > 1)
      problems.push(`the project has the stacks ${listed}; give one, as in --stack ${stacks[0]}`);
    return { stack: stacks[0] ?? 'dev' };
  }
  // As Pulumi: the name alone, or organization/name, or organization/project/name.
  const parts = flags.stack.split('/');
  const stack = parts.at(-1) ?? '';
  if (!/^[\w.-]{1,100}$/.test(stack) || parts.length > 3) {
    problems.push(`--stack ${JSON.stringify(flags.stack)}: allowed are 1 to 100 letters, digits and . _ -`);
  } else if (stacks.length > 0 && !stacks.includes(stack) && flags.configFile === undefined) {
    problems.push(
      `--stack ${stack}: there is no Pulumi.${stack}.yaml; the project has the stacks ${listed}. ` +
        'Give one of them, or say with --config-file which file configures this one',
    );
  }
  return { stack, ...(parts.length > 1 && { organization: parts[0]! }) };
}

function isFile(file: string): boolean {
  return existsSync(file) && statSync(file).isFile();
}

export function isFolder(file: string): boolean {
  return existsSync(file) && statSync(file).isDirectory();
}
