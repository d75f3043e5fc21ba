import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
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

export interface ProgramRecordingOptions {
  /** The folder of Pulumi.yaml. */
  readonly folder: string;
  readonly stack: string;
  /** Wins over Pulumi.yaml and Pulumi.<stack>.yaml. Keys with or without the project's name. */
  readonly config?: { readonly [key: string]: string };
  /** As `config`, and the values are secret. */
  readonly secretConfig?: { readonly [key: string]: string };
  /** Outputs of other stacks: `{ 'organization/network/prod': 'outputs.json' }`, or the outputs themselves. */
  readonly stackReferences?: { readonly [name: string]: Fields | string };
  /** Results of provider functions that have no double, by token: a JSON file, or the result itself. */
  readonly answers?: { readonly [token: string]: Fields | string };
  /** @default 'organization', as the engine's with no service behind it */
  readonly organization?: string;
  /** Seconds until a program that does not end is stopped. @default 60 */
  readonly timeoutSeconds?: number;
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
  const root = realpathSync(options.folder);
  const { config = {}, secretConfig = {} } = options;
  const project = readProject(root, options.stack, { config, secretConfig });
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
    if (ended.code !== 0)
      throw failure(ended, recording, project, options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS);
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

function failure(ended: Ended, recording: Recording, project: Project, seconds: number): RecordingError {
  const lines: string[] = [];
  const unanswered = [...recording.unanswered];
  for (const error of ended.errors) {
    const at = callerOf(error.stack);
    const position = at ? placed(at.file, at.line, project.folder) : undefined;
    const where = position ? ` (${position.file}:${position.line})` : '';
    if (error.key !== undefined) {
      const flag = error.secret === true ? '--secret-config' : '--config';
      const missing: Unanswered = {
        ...{ kind: 'configuration', name: error.key, positions: position ? [position] : [] },
        message: `the configuration has no ${error.key}`,
        remedy: `${flag} ${error.key}=<value>, or a line in Pulumi.<stack>.yaml`,
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
    lines.push(`the program did not end in ${seconds} s and was stopped; ${waiting(ended)}`);
  else if (lines.length === 0 && ended.pending.length > 0) {
    lines.push(`the program ended before its resources were registered; ${waiting(ended)}`);
  }
  if (lines.length === 0)
    lines.push(`the program ended with code ${ended.code ?? 'none'}:\n${ended.output}`.trimEnd());
  return new RecordingError(recording.redact([...new Set(lines)].join('\n')), unanswered);
}

function waiting({ pending, handles }: Ended): string {
  const kept = handles.filter(
    (handle) => !/^(PipeWrap|TCPSocketWrap|TCPServerWrap|TTYWrap|Immediate)$/.test(handle),
  );
  const counts = [...new Set(kept)].map((each) => `${kept.filter((other) => other === each).length} ${each}`);
  return [
    pending.length > 0 ? `pending: ${pending.join('; ')}` : 'no promise of Pulumi is pending',
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
  const shown = frames.map((line) => line.replaceAll(`file://${folder}/`, '').replaceAll(`${folder}/`, ''));
  return [`${name}: ${message}`, ...shown].join('\n');
}
