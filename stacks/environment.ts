/** Reads the stack's configuration: typed, with all that is wrong in one message. */
import type { z } from 'zod';
import type { Environment } from '../components';
import { accessProblems } from './access';
import { ConfigurationError } from './configuration-error';
import { ENVIRONMENTS, SETTINGS, type Setting, type Settings } from './settings';

/** Where configuration comes from; pulumi.Config is one. */
export interface Configuration {
  /** What stands before the colon of each key. */
  readonly name: string;
  get(key: string): string | undefined;
  /** Whether the value was set by `pulumi config set --secret`. @default none was */
  isSecret?(key: string): boolean;
}

/** What is configured, with the environment known. */
export interface StackSettings extends Omit<Settings, 'environment'> {
  readonly environment: Environment;
}

/**
 * @param stack name of the stack, which names its environment where the configuration does not
 * @throws ConfigurationError with every key that is wrong
 */
export function readSettings(configuration: Configuration, stack: string): StackSettings {
  const problems: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries<Setting>(SETTINGS)) {
    const name = `${configuration.name}:${key}`;
    if (configuration.isSecret?.(key)) {
      problems.push(
        `${name} is a secret; allowed: what may be read in the stack's state, set without --secret. No key takes a ` +
          'secret: passphrases and keys stay in AWS (docs/stacks.md)',
      );
      continue;
    }
    const value = valueOf(configuration.get(key), setting);
    const result = setting.schema.safeParse(value);
    if (result.success) settings[key] = result.data;
    else {
      for (const { at, message } of result.error.issues.flatMap(eachOf)) {
        const found = key === SECRET_BY_MISTAKE ? 'not shown' : shown(inside(value, at));
        problems.push(`${name}${pathOf(at)} is ${found}; allowed: ${message}`);
      }
    }
  }
  const environment = (settings['environment'] || stack) as Environment;
  if (settings['environment'] === '' && !ENVIRONMENTS.includes(stack)) {
    const name = `${configuration.name}:environment`;
    problems.push(
      `${name} is not set, and the stack's name, ${shown(stack)}, is none; allowed: ${ENVIRONMENTS.join(', ')}`,
    );
  }
  if (problems.length === 0) {
    const found = accessProblems(settings as unknown as Settings);
    problems.push(...found.map((problem) => `${configuration.name}:${problem}`));
  }
  if (problems.length > 0) {
    const count = problems.length === 1 ? 'One value' : `${problems.length} values`;
    const lines = problems.map((problem) => `  ${problem}`).join('\n');
    throw new ConfigurationError(
      `${count} of the configuration of stack ${shown(stack)} cannot be used:\n${lines}\n` +
        `Change Pulumi.${stack}.yaml, or run: pulumi config set --path '<key>' <value>. docs/stacks.md has every key.`,
    );
  }
  return { ...(settings as unknown as Settings), environment };
}

/** Where somebody may have put a private key. */
const SECRET_BY_MISTAKE = 'signingKeys';

/** An issue of zod's: properties that nothing reads one by one, and of a bad key what is allowed of keys. */
function eachOf(
  issue: z.core.$ZodIssue,
): { readonly at: readonly PropertyKey[]; readonly message: string }[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ at: [...issue.path, key], message: 'no such property' }));
  if (issue.code === 'invalid_key') return [{ at: issue.path, message: issue.issues[0]!.message }];
  return [{ at: issue.path, message: issue.message }];
}

/** Pulumi gives every value as text. What is not of its type is judged as it is. */
function valueOf(given: string | undefined, setting: Setting): unknown {
  if (given === undefined) return setting.default;
  if (setting.type === 'string') return given;
  try {
    return JSON.parse(given) as unknown;
  } catch {
    return given;
  }
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');

const inside = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((found, part) => (found as Record<PropertyKey, unknown> | undefined)?.[part], value);

const shown = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value));
