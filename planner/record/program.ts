import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProgramProcess } from './process';
import { readGiven } from './given-files';
import { callerOf } from './inside';
import { placed } from './options';
import { readProject } from './project';
import { Recording } from './recording';
import { RecordingServer } from './server';
import type { Fields } from '../graph/values';
import type { Graph, Unanswered } from '../graph/types';
import type { Project } from './project';
import type { Ended } from './process';

/** Which program `recordProgram` runs, and what it gives to it. */
export interface ProgramRecordingOptions {
  /** The folder of Pulumi.yaml. */
  readonly folder: string;
  readonly stack: string;
  /** Wins over Pulumi.yaml and Pulumi.<stack>.yaml. Keys with or without the project's name. */
  readonly config?: { readonly [key: string]: string };
  /** As `config`, and the values are secret. */
  readonly secretConfig?: { readonly [key: string]: string };
  /** The file of the stack's configuration. @default Pulumi.<stack>.yaml */
  readonly configFile?: string;
  /** Outputs of other stacks: `{ 'organization/network/prod': 'outputs.json' }`, or the outputs themselves. */
  readonly stackReferences?: { readonly [name: string]: Fields | string };
  /** Results of provider functions that have no double, by token: a JSON file, or the result itself. */
  readonly answers?: { readonly [token: string]: Fields | string };
  /** @default 'organization', as the engine's with no service behind it */
  readonly organization?: string;
  /** Seconds until a program that does not end is stopped. @default 60 */
  readonly timeoutSeconds?: number;
  /**
   * False: TypeScript is only transpiled, which takes seconds less.
   * @default as Pulumi: checked, unless tsconfig.json has `noCheck` or PULUMI_NODEJS_TRANSPILE_ONLY is `true`
   */
  readonly typeCheck?: boolean;
  /** Each line that the program writes, to standard output or error, without the secrets that are known by then. */
  readonly onOutput?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Why a program could not be recorded: what it threw, what nobody answered, or what it waits for. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  readonly unanswered: readonly Unanswered[];

  constructor(message: string, unanswered: readonly Unanswered[]) {
    super(message);
    this.unanswered = unanswered;
  }
}

/**
 * Records a Pulumi program as `pulumi preview` would run it, with no engine, account or network.
 * @throws RecordingError where the program fails, lacks something or does not end
 * @throws Error where the project's files, or those that were given, are wrong
 */
export async function recordProgram(options: ProgramRecordingOptions): Promise<Graph> {
  if (!existsSync(options.folder)) throw new Error(`there is no folder ${options.folder}`);
  const root = realpathSync(options.folder);
  const { config = {}, secretConfig = {} } = options;
  const { configFile } = options;
  const project = readProject(root, options.stack, {
    ...{ config, secretConfig },
    ...(configFile !== undefined && { configFile }),
  });
  const recording = new Recording({
    ...{ project: project.name, stack: options.stack, folder: project.folder },
    configuration: project.configuration,
    stackReferences: readGiven('stack reference', options.stackReferences ?? {}),
    answers: readGiven('answer', options.answers ?? {}),
  });
  const server = await RecordingServer.start(recording);
  try {
    const ended = await run(project, server.address, recording, options);
    options.signal?.throwIfAborted();
    // One that awaits what nothing settles, or that calls process.exit, looks as if all were well.
    if (ended.code !== 0 || !recording.complete) throw failure(ended, recording, project, options);
    return recording.finish('program');
  } finally {
    recording.transforms.close();
    server.stop();
  }
}

const DEFAULT_TIMEOUT_SECONDS = 60;

async function run(
  project: Project,
  address: string,
  recording: Recording,
  options: ProgramRecordingOptions,
): Promise<Ended> {
  const program = new ProgramProcess({
    runner: runnerOf(project.folder),
    folder: project.folder,
    configuration: project.configuration,
    runtime: project.runtime,
    typeCheck: options.typeCheck ?? true,
    onOutput: (line) => options.onOutput?.(recording.redact(line)),
    arguments: [
      ...['--monitor', address, '--engine', address, '--project', project.name, '--stack', options.stack],
      ...['--organization', options.organization ?? 'organization', '--root-directory', project.root],
      ...['--pwd', project.folder, '--dry-run', '--parallel', '16', project.entry],
    ],
    onCalled: ({ token, file, line }) => recording.calledAt(token, file, line),
  });
  return program.ended((options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000, options.signal);
}

/** The program's own SDK has the runner that goes with it. */
function runnerOf(folder: string): string {
  const from = createRequire(path.join(folder, 'program.js'));
  try {
    return from.resolve('@pulumi/pulumi/cmd/run');
  } catch {
    const installed = existsSync(path.join(folder, 'node_modules'));
    throw new Error(
      `${folder} can't load @pulumi/pulumi; ${installed ? 'add it to package.json and ' : ''}run npm install there`,
    );
  }
}

function failure(
  ended: Ended,
  recording: Recording,
  project: Project,
  { stack, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: ProgramRecordingOptions,
): RecordingError {
  const lines: string[] = [];
  const unanswered = [...recording.unanswered];
  for (const error of ended.errors) {
    const at = callerOf(error.stack) ?? syntaxErrorAt(error.stack);
    const position = at ? placed(at.file, at.line, project.folder) : undefined;
    const where = position ? ` (${position.file}:${position.line})` : '';
    if (error.key !== undefined) {
      const missing: Unanswered = {
        ...{ kind: 'configuration', name: error.key, positions: position ? [position] : [] },
        message: `the configuration has no ${error.key}`,
        remedy: `${flagFor(error.key, error.secret)}, or a line in Pulumi.${stack}.yaml`,
      };
      if (!unanswered.some(({ name }) => name === missing.name)) unanswered.push(missing);
    } else if (!unanswered.some(({ message }) => error.message.includes(message))) {
      lines.push(`the program failed${where}: ${ownStack(error, project.folder)}`);
    }
  }
  for (const each of unanswered.filter(({ kind }) => kind !== 'region' && kind !== 'asset')) {
    const where = each.positions.map(({ file, line }) => `${file}:${line}`).join(', ');
    lines.push(`${each.message}${where ? ` (${where})` : ''}: give ${each.remedy}`);
  }
  if (ended.timedOut)
    lines.push(
      `the program did not end in ${timeoutSeconds} s and was stopped; ` +
        (ended.busy ? busy(recording, project) : waiting(ended, project)),
    );
  else if (lines.length === 0) lines.push(early(ended, project));
  return new RecordingError(recording.redact([...new Set(lines)].join('\n')), unanswered);
}

function flagFor(key: string, secret: boolean | undefined): string {
  return secret === true
    ? `--secret-config ${key}=file:<path> (or ${key}=env:<NAME>)`
    : `--config ${key}=<value>`;
}

function busy(recording: Recording, { runtime, folder }: Project): string {
  const what = 'it was busy, and so could not say what with';
  return runtime.typescript && !recording.made && existsSync(path.join(folder, 'tsconfig.json'))
    ? `${what}; type checking can take that long: give --no-type-check, a longer --timeout, or noCheck in tsconfig.json`
    : what;
}

/** Of a program that ended without an error of its own before it was done. */
function early(ended: Ended, project: Project): string {
  const { exitedAt } = ended;
  if (exitedAt) {
    const { file, line } = placed(exitedAt.file, exitedAt.line, project.folder);
    return `the program ended itself with process.exit (${file}:${line}) before it was done`;
  }
  if (ended.pending.length > 0)
    return `the program ended before its resources were registered; ${waiting(ended, project)}`;
  if (ended.code === 0 || ended.code === UNSETTLED) {
    const at = callerOf(ended.output) ?? awaitedAt(ended.output);
    const place = at ? placed(at.file, at.line, project.folder) : undefined;
    return `the program awaits a promise that nothing settles${place ? ` (${place.file}:${place.line})` : ''}`;
  }
  return `the program ended with code ${ended.code ?? 'none'}:\n${relative(ended.output, project.folder)}`.trimEnd();
}

/** Node's exit code where an await at the top level of a module is never settled. */
const UNSETTLED = 13;

/** Node's warning of such an await. */
function awaitedAt(output: string): { file: string; line: number } | undefined {
  const match = /top-level await at (?:file:\/\/)?(\/[^\n]+?):(\d+)$/m.exec(output);
  return match?.[1] === undefined ? undefined : { file: decodeURI(match[1]), line: Number(match[2]) };
}

/** The stack of an error in the program's text begins with its place. */
function syntaxErrorAt(stack: string): { file: string; line: number } | undefined {
  const match = /^(?:file:\/\/)?(\/[^\n]+):(\d+)\n/.exec(stack);
  return match?.[1] === undefined ? undefined : { file: match[1], line: Number(match[2]) };
}

function waiting({ pending, handles }: Ended, project: Project): string {
  const kept = handles.filter(
    (handle) => !/^(PipeWrap|TCPSocketWrap|TCPServerWrap|TTYWrap|Immediate|FSReq\w*)$/.test(handle),
  );
  const counts = [...new Set(kept)].map((each) => `${kept.filter((other) => other === each).length} ${each}`);
  const named = pending.map((each) =>
    each.replace(/\((file:[^)]*):(\d+)\)/, (_, uri: string, line: string) => {
      const place = placed(fileURLToPath(uri), Number(line), project.folder);
      return `(${place.file}:${place.line})`;
    }),
  );
  return [
    pending.length > 0 ? `pending: ${named.join('; ')}` : 'no promise of Pulumi is pending',
    counts.length > 0 ? `open: ${counts.join(', ')}` : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
}

/** The error as Node shows it, without the frames of libraries, and with no path of this machine. */
function ownStack(
  { stack, name, message }: { stack: string; name: string; message: string },
  folder: string,
): string {
  const frames = stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && line.includes(folder) && !line.includes('/node_modules/'));
  return [`${name}: ${message}`, ...frames].map((line) => relative(line, folder)).join('\n');
}

function relative(text: string, folder: string): string {
  return text
    .replaceAll(`file://${folder}/`, '')
    .replaceAll(`${folder}/`, '')
    .replaceAll(/(?:file:\/\/)?\/[^\s:()']*\/node_modules\//g, 'node_modules/');
}
