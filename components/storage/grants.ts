/** The arguments of a grant to a role, checked before its policy exists. */
import type * as pulumi from '@pulumi/pulumi';
import { CHANNEL_PATTERN } from '../../encoder/contract';
import { InputProblems, grantId, matching, roleName, rule, type Judge } from '../kit';

/** What a grant is limited to. */
export interface GrantScope {
  /** Ids of channels. In a directory bucket permission is for the whole bucket. @default all */
  readonly channels?: readonly string[];
  /** Keys of zones. @default all */
  readonly zones?: readonly string[];
}

const SCOPE_FIX = 'correct it, or leave the property out for all';
const channelId = rule(matching(CHANNEL_PATTERN), '1 to 63 of a-z, 0-9 and inner hyphens', SCOPE_FIX);

function eachOf(problems: InputProblems, path: string, given: unknown, judge: Judge<unknown>): void {
  if (given === undefined) return;
  if (!Array.isArray(given) || given.length === 0) {
    problems.add(path, given, { allowed: 'a list of at least one', fix: SCOPE_FIX });
  } else given.forEach((value: unknown, index) => problems.judge(`${path}[${index}]`, value, judge));
}

/**
 * @param owner as errors name it
 * @param zones by the keys that a scope may name
 * @returns the role, judged later where it is known later
 * @throws pulumi.InputPropertiesError with everything that is wrong
 */
export function checkGrant(
  owner: string,
  zones: Readonly<Record<string, unknown>>,
  id: string,
  role: pulumi.Input<string>,
  scope: GrantScope,
): pulumi.Input<string> {
  const problems = new InputProblems(owner);
  problems.judge('id', id, grantId);
  const name = problems.check('role', role, roleName);
  problems.checkNames('', scope, ['channels', 'zones']);
  const known = Object.keys(zones);
  const allowed = known.join(', ') || 'none: the store has no zones';
  const zone = rule((value) => known.includes(value as string), allowed, SCOPE_FIX);
  eachOf(problems, 'channels', scope.channels, channelId);
  eachOf(problems, 'zones', scope.zones, zone);
  problems.throwIfAny();
  return name;
}
