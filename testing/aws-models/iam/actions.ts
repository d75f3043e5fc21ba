/** Actions that exist, of services that the kind of policy is about. */
import { hasWildcard } from '../../privileges/patterns';
import { meant, type Problems } from '../problems';
import type { PolicyKind } from './kinds';
import type { Statement } from './policy';
import {
  actionsLike,
  hasService,
  iamSource,
  nearestAction,
  nearestService,
  type KnownAction,
} from './reference';

/** The actions that a statement names; undefined where it names all, or all but some. */
export function namedActions({ actions }: Statement): readonly KnownAction[] | undefined {
  if (actions.isNot || actions.values.some(({ text }) => text === '*')) return undefined;
  return actions.values.flatMap(({ text }) => actionsLike(text));
}

export function checkActions({ actions }: Statement, kind: PolicyKind, problems: Problems): void {
  for (const { path, text } of actions.values) {
    if (text !== '*') checkAction(text, path, kind, problems);
  }
}

function checkAction(value: string, path: string, kind: PolicyKind, problems: Problems): void {
  const colon = value.indexOf(':');
  const prefix = value.slice(0, colon);
  if (colon <= 0 || hasWildcard(prefix)) {
    const allowed =
      '"*", or a service, a colon and an action (IAM User Guide, "IAM JSON policy elements: Action")';
    problems.refuse(path, {
      value,
      problem: 'no service before a colon',
      allowed,
      fix: 'write s3:GetObject',
    });
    return;
  }
  const { services, looksUp } = kind;
  if (services !== undefined && !services.includes(prefix.toLowerCase())) {
    const allowed = services.map((each) => `${each}:...`).join(', ');
    const problem = `no action of a ${kind.name}`;
    problems.add(looksUp ? 'refused' : 'ineffective', path, { value, problem, allowed, fix: 'remove it' });
    return;
  }
  const verdict = looksUp ? 'refused' : 'ineffective';
  if (!hasService(prefix)) {
    problems.add(verdict, path, {
      ...{ value, problem: `there is no service ${prefix}` },
      allowed: `prefixes of the ${iamSource()}`,
      fix: meant(nearestService(prefix), 'correct the prefix'),
    });
  } else if (actionsLike(value).length === 0) {
    const isPattern = hasWildcard(value);
    problems.add(verdict, path, {
      ...{ value, problem: isPattern ? 'no action matches' : `there is no such action` },
      allowed: `actions of ${prefix} in the ${iamSource()}`,
      fix: isPattern ? 'correct the pattern' : meant(nearestAction(value), 'correct the name'),
    });
  }
}
