/** What a command looks at: a stack of the project here, an environment of this package, or the folder of any program. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { CommandError, EXIT_CODES } from './exit';
import { isFolder } from './recording';

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
  const folders = ['.', path.join(__dirname, '..', '..')].filter(isProject);
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
