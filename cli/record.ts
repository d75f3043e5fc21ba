/** `aws-media record [folder]`. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { CommandError } from './exit';
import { print } from './print';
import { addRecordingFlags, isFolder, recordFlagged, type RecordingFlags } from './recording';
import type { Graph } from '../planner';

interface Flags extends RecordingFlags {
  out: string;
  state?: boolean;
}

const AFTER = `
A secret comes from a file (its last end of line is left out) or from an environment variable, never from an
argument, which other users of the machine can read:
  aws-media record live --stack prod --secret-config streamKey=file:stream-key.txt
Its text is nowhere in what is written.

What the program writes, and a summary, are on standard error; standard output has only the JSON. docs/graph.md explains
it. Nothing is sent to AWS or to a Pulumi backend, and none of their credentials are needed or passed on.`;

export function addRecordCommand(program: Command): void {
  const command = program
    .command('record')
    .description('run a Pulumi program against stand-ins, and print what it would make as JSON')
    .argument('[folder]', 'the folder of Pulumi.yaml', '.');
  addRecordingFlags(command)
    .option('--out <file>', 'where the JSON goes', '-')
    .option('--state', 'a state, as `pulumi policy analyze --file` reads it, in place of the graph')
    .addHelpText('after', AFTER)
    .action(run);
}

async function run(folder: string, flags: Flags): Promise<void> {
  const began = Date.now();
  const graph = await recordFlagged(folder, flags, problemsOfOut(flags.out));
  const { toPulumiState } = await import('../planner/index.js');
  await write(flags.out, `${JSON.stringify(flags.state ? toPulumiState(graph) : graph, null, 2)}\n`);
  process.stderr.write(`${summary(graph, (Date.now() - began) / 1000)}\n`);
}

function problemsOfOut(out: string): string[] {
  if (out === '-') return [];
  const folder = path.dirname(path.resolve(out));
  if (!isFolder(folder)) return [`--out ${out}: there is no folder ${path.dirname(out)}; make it first`];
  return isFolder(out) ? [`--out ${out}: this is a folder; give the name of a file`] : [];
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
  await print(text);
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
    ...(others.length > 0 ? ['no double for these: what AWS decides of them is made up', ...others] : []),
    ...graph.unanswered.map(({ message, remedy }) => `not known: ${message}: ${remedy}`),
    ...graph.leaks.map(
      ({ where }) => `a secret's text was without its mark in ${where}; it is not in the JSON`,
    ),
  ].join('\n');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
