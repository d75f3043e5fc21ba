/** What a command looks at: an environment of this package, or the folder of any Pulumi program. */
import path from 'node:path';
import { CommandError, EXIT_CODES } from './exit';
import { isFolder, type RecordingFlags } from './recording';
import { ENVIRONMENTS } from '../components/kit/environments';

/** The package's own folder, which has Pulumi.yaml and the environments. */
const ROOT = path.join(__dirname, '..', '..');

export interface Target {
  readonly folder: string;
  readonly stack: string | undefined;
}

/**
 * @param target `dev`, or a folder; a folder that is called like an environment is meant as `./dev`
 * @throws CommandError where it is neither
 */
export function targetOf(target: string, { stack }: Pick<RecordingFlags, 'stack'>): Target {
  if (ENVIRONMENTS.some((each) => each === target)) {
    if (stack !== undefined && stack !== target) {
      throw new CommandError(
        `${target} --stack ${stack}: an environment is a stack already; leave --stack out, or give a folder`,
        EXIT_CODES.usage,
      );
    }
    return { folder: ROOT, stack: target };
  }
  if (!isFolder(target)) {
    throw new CommandError(
      `${target}: allowed is an environment (${ENVIRONMENTS.join(', ')}) or the folder of a Pulumi program; there is no such folder`,
      EXIT_CODES.usage,
    );
  }
  return { folder: target, stack };
}
