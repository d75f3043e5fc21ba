/** Event patterns of EventBridge. */
import { isFields, type Fields } from '../../../planner/graph/values';
import { at, closest, meant, type Problems, wrongKind } from '../problems';

const GUIDE = 'EventBridge User Guide, "Creating Amazon EventBridge event patterns"';
const OPERATORS = [
  ...['prefix', 'suffix', 'equals-ignore-case', 'anything-but', 'numeric', 'exists', 'cidr', 'wildcard'],
];
/** What every event has at the top; another name there never matches. */
const EVENT = [
  ...['version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail'],
  ...['replay-name', '$or'],
];
const COMPARISONS = ['<', '<=', '=', '>', '>='];

/** @param isEvent whether it is of whole events, as in a rule, and not of messages of any form */
export function checkEventPattern(pattern: unknown, isEvent: boolean, problems: Problems): void {
  if (!isFields(pattern) || Object.keys(pattern).length === 0) {
    const problem = isFields(pattern) ? 'empty' : wrongKind(pattern);
    problems.refuse('', {
      problem,
      allowed: `an object with fields (${GUIDE})`,
      fix: 'give {"source": [...]}',
    });
    return;
  }
  for (const name of isEvent ? Object.keys(pattern) : []) {
    if (EVENT.includes(name)) continue;
    problems.ineffective(at('', name), {
      ...{ problem: 'events have no such field at the top', allowed: `${EVENT.join(', ')} (${GUIDE})` },
      fix: meant(closest(name, EVENT), 'move it into detail'),
    });
  }
  checkFields(pattern, '', problems);
}

function checkFields(pattern: Fields, path: string, problems: Problems): void {
  for (const [name, value] of Object.entries(pattern)) {
    const here = at(path, name);
    if (name === '$or') checkOr(value, here, problems);
    else if (isFields(value)) {
      if (Object.keys(value).length === 0) empty(here, problems);
      checkFields(value, here, problems);
    } else if (Array.isArray(value)) {
      if (value.length === 0) empty(here, problems);
      for (const [n, each] of value.entries()) checkMatch(each, at(here, n), problems);
    } else {
      const allowed = `a list of values, or an object (${GUIDE})`;
      problems.refuse(here, { value, problem: wrongKind(value), allowed, fix: 'put it in a list: ["..."]' });
    }
  }
}

function empty(path: string, problems: Problems): void {
  problems.refuse(path, { problem: 'empty', allowed: `at least one value (${GUIDE})`, fix: 'add one' });
}

function checkOr(value: unknown, path: string, problems: Problems): void {
  if (!Array.isArray(value) || value.length < 2) {
    const allowed = `a list of two patterns or more (${GUIDE})`;
    problems.refuse(path, { problem: wrongKind(value), allowed, fix: 'give the patterns' });
    return;
  }
  for (const [n, each] of (value as readonly unknown[]).entries()) {
    if (isFields(each)) checkFields(each, at(path, n), problems);
    else
      problems.refuse(at(path, n), {
        problem: wrongKind(each),
        allowed: `a pattern (${GUIDE})`,
        fix: 'give an object',
      });
  }
}

function checkMatch(match: unknown, path: string, problems: Problems): void {
  if (!isFields(match)) {
    if (!Array.isArray(match)) return;
    problems.refuse(path, {
      problem: 'a list in a list',
      allowed: `a value (${GUIDE})`,
      fix: 'take the inner list out',
    });
    return;
  }
  const [operator = '', ...others] = Object.keys(match);
  if (!OPERATORS.includes(operator) || others.length > 0) {
    problems.refuse(path, {
      ...{ value: match, problem: 'not one operator that is known' },
      allowed: `one of ${OPERATORS.join(', ')} (${GUIDE})`,
      fix: meant(closest(operator, OPERATORS), 'use one operator'),
    });
    return;
  }
  const value = match[operator];
  const form = formOf(operator, value);
  if (form === undefined) return;
  problems.refuse(at(path, operator), {
    ...{ value, problem: 'not what the operator takes' },
    ...{ allowed: `${form} (${GUIDE})`, fix: 'correct the value' },
  });
}

/** What the operator takes, where the value is not that. */
function formOf(operator: string, value: unknown): string | undefined {
  const isText = typeof value === 'string' && value !== '';
  switch (operator) {
    case 'exists':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'numeric':
      return isNumeric(value) ? undefined : 'one or two pairs of comparison and number, as [">", 0, "<=", 5]';
    case 'cidr':
      return isText && /^[\d.]+\/\d{1,2}$|^[\da-f:]+\/\d{1,3}$/i.test(value)
        ? undefined
        : 'a range such as 10.0.0.0/24';
    case 'wildcard':
      return isText && !value.includes('**') ? undefined : 'a text with single *';
    case 'prefix':
    case 'suffix': {
      const isNested = isFields(value) && Object.keys(value).join() === 'equals-ignore-case';
      return isText || isNested ? undefined : 'a text, or equals-ignore-case with one';
    }
    case 'anything-but':
      return isText ||
        typeof value === 'number' ||
        isFields(value) ||
        (Array.isArray(value) && value.length > 0)
        ? undefined
        : 'a value, a list of them, or an operator';
    default:
      return isText ? undefined : 'a text';
  }
}

function isNumeric(value: unknown): boolean {
  if (!Array.isArray(value) || (value.length !== 2 && value.length !== 4)) return false;
  return (value as readonly unknown[]).every((each, n) =>
    n % 2 === 0 ? COMPARISONS.includes(each as string) : typeof each === 'number',
  );
}
