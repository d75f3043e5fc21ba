/** What a command looks at: a stack of the project here, an environment of this package, or the folder of any program. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Graph } from '../planner';
import { CommandError, EXIT_CODES } from './exit';
import { isPlain, recordOwnStack } from './own-stack';
import { isFolder, recordFlagged, type RecordingFlags } from './recording';

/** Of this package: it has a Pulumi.yaml and the environments. */
const OWN = path.join(__dirname, '..', '..');

export interface Target {
  readonly folder: string;
  readonly stack?: string;
}

/**
 * A folder with a project is a path, also where an environment is called so.
 * @param command for the message
 * @throws CommandError where it is neither
 */
export async function targetOf(command: string, target: string, asked: string | undefined): Promise<Target> {
  if (isProject(target)) return { folder: target };
  const { stacksOf } = await import('../planner/record/project.js');
  const folders = ['.', OWN].filter(isProject);
  const found = folders.find((folder) => stacksOf(folder).includes(target));
  if (found !== undefined) {
    if (asked === undefined) return { folder: found, stack: target };
    throw new CommandError(
      `--stack ${asked}: ${target} is a stack already; give a folder to choose another of its stacks`,
      EXIT_CODES.usage,
    );
  }
  const known = [...new Set(folders.flatMap((folder) => stacksOf(folder)))].sort();
  const environments = known.length > 0 ? `environments here are ${known.join(', ')}` : 'there are none here';
  const what = isFolder(target)
    ? `the folder ${target} has no Pulumi.yaml, and no environment is called so`
    : `there is no folder and no environment of this name`;
  throw new CommandError(
    `${command} ${target}: ${what}; ${environments}; or give the folder of a Pulumi.yaml`,
    EXIT_CODES.usage,
  );
}

const isProject = (folder: string): boolean =>
  ['Pulumi.yaml', 'Pulumi.yml'].some((name) => existsSync(path.join(folder, name)));

/**
 * Records what a command looks at; what the program writes goes to standard error.
 * @throws CommandError with everything that is wrong with the flags, or the program's own error
 */
export async function recordTarget(
  { folder, stack }: Target,
  flags: RecordingFlags,
  problems: readonly string[] = [],
): Promise<Graph> {
  const seconds = Number(flags.timeout);
  const isOwn = stack !== undefined && path.resolve(folder) === OWN;
  if (isOwn && problems.length === 0 && isPlain(flags) && seconds >= 1 && seconds <= 3600) {
    return recordOwnStack(folder, stack, seconds);
  }
  return recordFlagged(folder, { ...flags, ...(stack !== undefined && { stack }) }, problems);
}
