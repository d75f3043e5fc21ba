/** `aws-media record [folder]`. */
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { CommandError, EXIT_CODES } from './exit';
import type { Graph, ProgramRecordingOptions } from '../planner';

interface Flags {
  stack?: string;
  config?: string[];
  configFile?: string;
  secretConfig?: string[];
  stackRef?: string[];
  answer?: string[];
  out: string;
  state?: boolean;
  timeout: string;
  typeCheck: boolean;
}

const AFTER = `
A secret comes from a file (its last end of line is left out) or from an environment variable, never from an
argument, which other users of the machine can read:
  aws-media record live --stack prod --secret-config streamKey=file:stream-key.txt
Its text is nowhere in what is written.

What the program writes, and a summary, are on standard error; standard output has only the JSON. docs/graph.md explains
it. Nothing is sent to AWS or to a Pulumi backend, and none of their credentials are needed or passed on.`;

export function addRecordCommand(program: Command): void {
  const several = (value: string, before: string[] = []) => [...before, value];
  program
    .command('record')
    .description('run a Pulumi program against stand-ins, and print what it would make as JSON')
    .argument('[folder]', 'the folder of Pulumi.yaml', '.')
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
    .option('--out <file>', 'where the JSON goes', '-')
    .option('--state', 'a state, as `pulumi policy analyze --file` reads it, in place of the graph')
    .option('--timeout <seconds>', 'how long the program may take', '60')
    .option('--no-type-check', 'only transpile TypeScript: seconds faster, and type errors are not found')
    .addHelpText('after', AFTER)
    .action(run);
}

async function run(folder: string, flags: Flags): Promise<void> {
  const { recordProgram, RecordingError, toPulumiState } = await import('../planner/index.js');
  const options = await readFlags(folder, flags);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  for (const signal of SIGNALS) process.once(signal, interrupt);
  const began = Date.now();
  try {
    const graph = await recordProgram({
      ...{ ...options, signal: interrupted.signal },
      onOutput: (line) => process.stderr.write(`${line}\n`),
    });
    await write(flags.out, `${JSON.stringify(flags.state ? toPulumiState(graph) : graph, null, 2)}\n`);
    process.stderr.write(`${summary(graph, (Date.now() - began) / 1000)}\n`);
  } catch (error) {
    if (interrupted.signal.aborted) throw new CommandError('interrupted');
    // What is wrong with the files is found before the program starts.
    if (error instanceof CommandError) throw error;
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
async function readFlags(folder: string, flags: Flags): Promise<ProgramRecordingOptions> {
  const problems: string[] = [];
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
  if (flags.out !== '-' && !isFolder(path.dirname(path.resolve(flags.out)))) {
    problems.push(`--out ${flags.out}: there is no folder ${path.dirname(flags.out)}; make it first`);
  } else if (flags.out !== '-' && isFolder(flags.out)) {
    problems.push(`--out ${flags.out}: this is a folder; give the name of a file`);
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
  flags: Flags,
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

function isFolder(file: string): boolean {
  return existsSync(file) && statSync(file).isDirectory();
}

/** A file is whole or as it was: an interrupted run leaves no half of one. */
async function write(out: string, text: string): Promise<void> {
  if (out !== '-') {
    const part = `${out}.${process.pid}.part`;
    try {
      writeFileSync(part, text);
      renameSync(part, out);
    } catch (error) {
      rmSync(part, { force: true });
      throw new CommandError(`--out ${out} can't be written: ${(error as Error).message}`);
    }
    return;
  }
  await new Promise<void>((resolve, reject) => {
    // A reader that has seen enough, as `head`, is no failure.
    const ended = (error?: NodeJS.ErrnoException | null) =>
      error && error.code !== 'EPIPE' ? reject(error) : resolve();
    process.stdout.once('error', ended);
    process.stdout.write(text, ended);
  });
}

/** For a person: what was found, and what to look at. */
export function summary(graph: Graph, seconds: number): string {
  const made = graph.resources.filter(({ custom, external }) => custom && !external).length;
  const components = graph.resources.filter(({ custom }) => !custom).length - 1;
  const counts = [
    counted(made, 'resource'),
    ...(components > 0 ? [counted(components, 'component')] : []),
    ...(graph.reads.length > 0 ? [counted(graph.reads.length, 'read')] : []),
    ...(graph.invokes.length > 0 ? [`${counted(graph.invokes.length, 'call')} of provider functions`] : []),
  ];
  const others = Object.entries(graph.notModelled).map(([type, count]) => `  ${count} ${type}`);
  return [
    ...graph.logs.map(({ severity, message }) => `${severity}: ${message}`),
    `${graph.project}, stack ${graph.stack}: ${counts.join(', ')}; ${seconds.toFixed(1)} s`,
    ...(others.length > 0
      ? ['no double for these: their outputs are their inputs, an id and an arn', ...others]
      : []),
    ...graph.unanswered.map(({ message, remedy }) => `not known: ${message}: ${remedy}`),
    ...graph.leaks.map(
      ({ where }) => `a secret's text was without its mark in ${where}; it is not in the JSON`,
    ),
  ].join('\n');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
