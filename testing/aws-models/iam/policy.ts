/** A policy document: grammar, then what it names. */
import { isFields } from '../../../planner/graph/values';
import { at, closest, listOf, meant, type Problems, wrongKind } from '../problems';
import { checkActions } from './actions';
import { checkConditions, checkVariables } from './conditions';
import type { PolicyKind } from './kinds';
import { checkPrincipals } from './principals';
import { checkResources } from './resources';

/** Where the resource with the policy is. */
export interface Place {
  /** `aws`, `aws-cn`, `aws-us-gov`; absent where the region is not known. */
  readonly partition?: string;
}

/** One statement, read. Lists are lists, also where the document has one text. */
export interface Statement {
  /** In the document: `Statement[0]`. */
  readonly path: string;
  readonly allows: boolean;
  readonly actions: Element;
  readonly resources: Element;
  readonly principals: unknown;
  /** By operator, then by key. */
  readonly conditions: Readonly<Record<string, unknown>>;
}

/** An element that has a form with `Not`. */
export interface Element {
  readonly path: string;
  readonly isNot: boolean;
  /** Each with its path. */
  readonly values: readonly { readonly path: string; readonly text: string }[];
}

const TOP = ['Version', 'Id', 'Statement'];
const ELEMENTS = [
  ...['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'NotPrincipal'],
  'Condition',
];
const VERSIONS = ['2012-10-17', '2008-10-17'];
const GRAMMAR = 'IAM User Guide, "Grammar of the IAM JSON policy language"';

/** The statements that could be read; all problems are in `problems`. */
export function checkPolicy(
  document: unknown,
  kind: PolicyKind,
  place: Place,
  problems: Problems,
): readonly Statement[] {
  if (!isFields(document)) {
    const allowed = `a JSON object (${GRAMMAR})`;
    problems.refuse('', { problem: wrongKind(document), allowed, fix: 'give an object' });
    return [];
  }
  members(document, TOP, '', problems);
  const version = document['Version'];
  if (version !== undefined && !VERSIONS.includes(version as string)) {
    const allowed = `${VERSIONS.join(', ')} (${GRAMMAR})`;
    problems.refuse('Version', {
      value: version,
      problem: 'no version of the language',
      allowed,
      fix: 'give 2012-10-17',
    });
  }
  const given = document['Statement'];
  if (given === undefined || (Array.isArray(given) && given.length === 0)) {
    const allowed = `at least one statement (${GRAMMAR})`;
    problems.refuse('Statement', { problem: 'no statement', allowed, fix: 'add a statement' });
    return [];
  }
  const paths = Array.isArray(given) ? given.map((_, n) => at('Statement', n)) : ['Statement'];
  const statements = listOf(given).flatMap((each, n) => {
    const read = statement(each, paths[n]!, kind, problems);
    return read === undefined ? [] : [read];
  });
  checkSids(listOf(given), paths, kind, problems);
  for (const each of statements) {
    checkActions(each, kind, problems);
    checkResources(each, kind, place, problems);
    checkConditions(each, kind, problems);
    checkPrincipals(each.principals, each.path, kind, place, problems);
    checkVariables(each, version === '2012-10-17', problems);
  }
  return statements;
}

function statement(
  given: unknown,
  path: string,
  kind: PolicyKind,
  problems: Problems,
): Statement | undefined {
  if (!isFields(given)) {
    const allowed = `an object (${GRAMMAR})`;
    problems.refuse(path, { problem: wrongKind(given), allowed, fix: 'give an object' });
    return undefined;
  }
  members(given, ELEMENTS, path, problems);
  const effect = given['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') {
    const [value, allowed] = [effect, `"Allow" or "Deny" (${GRAMMAR})`];
    problems.refuse(at(path, 'Effect'), {
      value,
      problem: typeof effect === 'string' ? 'no effect' : wrongKind(effect),
      allowed,
      fix: 'give Allow or Deny',
    });
  }
  demand(given, 'Principal', kind.principal, path, kind, problems);
  demand(given, 'Resource', kind.resource, path, kind, problems);
  const conditions = given['Condition'] ?? {};
  if (!isFields(conditions)) {
    const allowed = `an object of operators (${GRAMMAR})`;
    problems.refuse(at(path, 'Condition'), {
      problem: wrongKind(conditions),
      allowed,
      fix: 'give an object',
    });
  }
  const actions = element(given, 'Action', path, problems);
  if (actions === undefined) {
    const allowed = `one of Action and NotAction (${GRAMMAR})`;
    problems.refuse(at(path, 'Action'), { problem: 'missing', allowed, fix: 'add Action' });
    return undefined;
  }
  const none = { path: at(path, 'Resource'), isNot: false, values: [] };
  return {
    ...{ path, allows: effect === 'Allow', actions },
    resources: element(given, 'Resource', path, problems) ?? none,
    principals: given['Principal'] ?? given['NotPrincipal'],
    conditions: isFields(conditions) ? conditions : {},
  };
}

/** Undefined where there is neither form. */
function element(
  given: Readonly<Record<string, unknown>>,
  name: string,
  path: string,
  problems: Problems,
): Element | undefined {
  const isNot = given[name] === undefined;
  const own = isNot ? `Not${name}` : name;
  const value = given[own];
  if (value === undefined) return undefined;
  const here = at(path, own);
  if (Array.isArray(value) && value.length === 0) {
    problems.refuse(here, { problem: 'an empty list', allowed: `at least one (${GRAMMAR})`, fix: 'add one' });
  }
  const values = listOf(value).flatMap((text, n) => {
    const where = Array.isArray(value) ? at(here, n) : here;
    if (typeof text === 'string' && text !== '') return [{ path: where, text }];
    problems.refuse(where, {
      value: text,
      problem: text === '' ? 'empty' : wrongKind(text),
      ...{ allowed: `a text (${GRAMMAR})`, fix: 'give a text' },
    });
    return [];
  });
  return { path: here, isNot, values };
}

function demand(
  given: Readonly<Record<string, unknown>>,
  name: 'Principal' | 'Resource',
  wish: PolicyKind['principal'],
  path: string,
  kind: PolicyKind,
  problems: Problems,
): void {
  const found = [name, `Not${name}`].filter((each) => given[each] !== undefined);
  if (found.length === 0 && wish === 'required') {
    const allowed = `each statement of a ${kind.name} has one (${GRAMMAR})`;
    problems.refuse(at(path, name), { problem: 'missing', allowed, fix: `add ${name}` });
  }
  for (const each of wish === 'none' ? found : []) {
    const allowed = `none in a ${kind.name}, which is of what it is attached to (${GRAMMAR})`;
    problems.refuse(at(path, each), {
      problem: `${each} is not allowed here`,
      allowed,
      fix: `remove ${each}`,
    });
  }
}

function members(
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
  path: string,
  problems: Problems,
): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    problems.refuse(at(path, name), {
      problem: 'no element of a policy',
      ...{ allowed: `${known.join(', ')} (${GRAMMAR})`, fix: meant(closest(name, known), 'remove it') },
    });
  }
  for (const name of ['Action', 'Resource', 'Principal']) {
    if (given[name] === undefined || given[`Not${name}`] === undefined) continue;
    const allowed = `one of ${name} and Not${name} (${GRAMMAR})`;
    problems.refuse(at(path, `Not${name}`), { problem: 'both forms', allowed, fix: 'remove one' });
  }
}

function checkSids(
  statements: readonly unknown[],
  paths: readonly string[],
  kind: PolicyKind,
  problems: Problems,
): void {
  const seen = new Set<string>();
  for (const [n, each] of statements.entries()) {
    const sid = isFields(each) ? each['Sid'] : undefined;
    if (sid === undefined) continue;
    const path = at(paths[n]!, 'Sid');
    if (typeof sid !== 'string' || (kind.plainSids && !/^[A-Za-z0-9]*$/.test(sid))) {
      const allowed = 'letters and digits (IAM User Guide, "IAM JSON policy elements: Sid")';
      problems.refuse(path, {
        value: sid,
        problem: 'characters that it may not have',
        allowed,
        fix: 'rename it',
      });
    } else if (kind.plainSids && sid !== '' && seen.has(sid)) {
      const allowed = `each Sid once (${GRAMMAR})`;
      problems.refuse(path, { value: sid, problem: 'twice in the policy', allowed, fix: 'rename one' });
    }
    if (typeof sid === 'string') seen.add(sid);
  }
}
