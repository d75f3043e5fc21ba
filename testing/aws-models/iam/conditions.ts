/** Condition operators, keys that exist, and whether the actions of the statement have them. */
import { isFields } from '../../../planner/graph/values';
import { CONDITION_OPERATORS } from '../../privileges/conditions';
import { at, closest, listOf, meant, type Problems, wrongKind } from '../problems';
import { namedActions } from './actions';
import type { PolicyKind } from './kinds';
import type { Statement } from './policy';
import {
  globalKey,
  hasService,
  iamSource,
  keyAmong,
  nearestGlobalKey,
  nearestService,
  nearestServiceKey,
  serviceKey,
  type KnownKey,
} from './reference';

const OPERATORS = [...CONDITION_OPERATORS, 'Null'];
const GUIDE = 'IAM User Guide, "IAM JSON policy elements: Condition operators"';

/** By family of operators: the types of keys that they compare, and what their values look like. */
const FAMILIES: readonly (readonly [
  family: RegExp,
  types: RegExp | undefined,
  value: RegExp,
  words: string,
])[] = [
  [/^Numeric/, /Numeric/, /^\s*[-+]?\d+(\.\d+)?\s*$/, 'a number'],
  [/^Date/, /Date/, /^\d/, 'a date such as 2026-11-21T00:00:00Z'],
  [/^Bool/, /Bool/, /^(?:true|false)$/i, 'true or false'],
  [
    /^(?:Not)?IpAddress/,
    /IP/,
    /^[\d.]+(?:\/\d+)?$|^[\da-f:]+(?:\/\d+)?$/i,
    'an address, or a range in CIDR form',
  ],
  [/^Arn/, /ARN|String/, /^(?:arn:|\*)/, 'an ARN'],
  [/^String/, /String|ARN|Bool/, /^/, 'a text'],
];

export function checkConditions(statement: Statement, kind: PolicyKind, problems: Problems): void {
  const root = at(statement.path, 'Condition');
  for (const [operator, keys] of Object.entries(statement.conditions)) {
    const path = at(root, operator);
    const name = operator.replace(/^(?:ForAllValues|ForAnyValue):/, '').replace(/(?<!Null)IfExists$/, '');
    if (!OPERATORS.includes(name)) {
      problems.refuse(path, {
        problem: 'no condition operator',
        allowed: `${OPERATORS.join(', ')}, with IfExists, and after ForAllValues: or ForAnyValue: (${GUIDE})`,
        fix: meant(closest(name, OPERATORS), 'correct the operator'),
      });
      continue;
    }
    if (!isFields(keys)) {
      const allowed = `an object of condition keys (${GUIDE})`;
      problems.refuse(path, { problem: wrongKind(keys), allowed, fix: 'give an object' });
      continue;
    }
    for (const [key, value] of Object.entries(keys)) {
      const known = checkKey(key, at(path, key), statement, kind, problems);
      checkValues(name, known, value, at(path, key), problems);
    }
  }
}

/** Undefined where the key is not known. */
function checkKey(
  key: string,
  path: string,
  statement: Statement,
  kind: PolicyKind,
  problems: Problems,
): KnownKey | undefined {
  const prefix = key.slice(0, key.indexOf(':')).toLowerCase();
  const verdict = kind.looksUp ? 'refused' : 'ineffective';
  // Some keys of all services begin with the name of one, such as lambda:SourceFunctionArn.
  const ofAll = globalKey(key);
  if (ofAll !== undefined) return ofAll;
  if (prefix === 'aws') {
    problems.add(verdict, path, {
      problem: 'there is no such condition key',
      allowed: `keys of all services in the ${iamSource()}`,
      fix: meant(nearestGlobalKey(key), 'correct the key'),
    });
    return undefined;
  }
  if (isOfIdentityProvider(key, statement)) return undefined;
  // Claims of a session that began with a token: which there are only its issuer knows.
  if (prefix.includes('.') || prefix === 'saml') {
    problems.skip(path, 'it is a claim of an identity provider');
    return undefined;
  }
  if (!hasService(prefix)) {
    problems.add(verdict, path, {
      problem: `there is no service ${JSON.stringify(prefix)}`,
      allowed: `keys of the ${iamSource()}`,
      fix: meant(nearestService(prefix), 'correct the key'),
    });
    return undefined;
  }
  const known = serviceKey(prefix, key);
  if (known === undefined) {
    problems.add(verdict, path, {
      problem: 'there is no such condition key',
      allowed: `keys of ${prefix} in the ${iamSource()}`,
      fix: meant(nearestServiceKey(prefix, key), 'correct the key'),
    });
    return undefined;
  }
  const named = namedActions(statement);
  if (named !== undefined && named.length > 0 && !named.some(({ keys }) => keyAmong(keys, key))) {
    problems.ineffective(path, {
      problem: 'no action of the statement has this condition key',
      allowed: `keys that the actions have in the ${iamSource()}`,
      fix: 'move the condition to a statement of the actions that have it',
    });
  }
  return known;
}

/** Claims of a token: `oidc.eks.eu-west-1.amazonaws.com/id/1A2B:sub` in a trust policy. */
function isOfIdentityProvider(key: string, { principals }: Statement): boolean {
  const issuer = key.slice(0, key.lastIndexOf(':'));
  const federated = isFields(principals) ? listOf(principals['Federated']) : [];
  return federated.some(
    (each) =>
      typeof each === 'string' &&
      (each === issuer || each.endsWith(`:oidc-provider/${issuer}`) || /:saml-provider\//.test(each)),
  );
}

function checkValues(
  operator: string,
  key: KnownKey | undefined,
  given: unknown,
  path: string,
  problems: Problems,
): void {
  const texts = listOf(given);
  if (Array.isArray(given) && given.length === 0) {
    problems.refuse(path, {
      problem: 'an empty list',
      allowed: `at least one value (${GUIDE})`,
      fix: 'add one',
    });
  }
  for (const [n, value] of texts.entries()) {
    const where = Array.isArray(given) ? at(path, n) : path;
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      const allowed = `a text, a number, true or false (${GUIDE})`;
      problems.refuse(where, { value, problem: wrongKind(value), allowed, fix: 'give a text' });
    } else checkValue(operator, String(value), where, problems);
  }
  const family = FAMILIES.find(([pattern]) => pattern.test(operator));
  if (key === undefined || family?.[1] === undefined || family[1].test(key.type)) return;
  problems.ineffective(path, {
    problem: `${operator} compares ${family[3]}, and the key is of type ${key.type}`,
    allowed: `an operator for ${key.type} (${GUIDE})`,
    fix: 'use the operator of that type',
  });
}

function checkValue(operator: string, value: string, path: string, problems: Problems): void {
  const isNull = operator === 'Null';
  const [, , pattern, words] = FAMILIES.find(([family]) => family.test(operator)) ?? [];
  const form = isNull ? /^(?:true|false)$/i : pattern;
  if (form === undefined || form.test(value) || value.includes('${')) return;
  problems.ineffective(path, {
    ...{ value, problem: `nothing that ${operator} can compare` },
    allowed: `${isNull ? 'true or false' : words} (${GUIDE})`,
    fix: 'correct the value',
  });
}

/** Policy variables, `${aws:username}`: the key exists, and the version knows variables. */
export function checkVariables(
  { path: root, resources, conditions }: Statement,
  hasVariables: boolean,
  problems: Problems,
): void {
  const texts = [
    ...resources.values,
    ...Object.entries(conditions).flatMap(([operator, keys]) =>
      Object.entries(isFields(keys) ? keys : {}).flatMap(([key, given]) =>
        listOf(given).flatMap((text) =>
          typeof text === 'string' ? [{ path: at(at(at(root, 'Condition'), operator), key), text }] : [],
        ),
      ),
    ),
  ];
  for (const { path, text } of texts) {
    for (const [whole, inside = ''] of text.matchAll(/\$\{([^}]*)\}/g)) {
      const key = inside.split(',')[0]!.trim();
      if (['*', '?', '$'].includes(key)) continue;
      const prefix = key.slice(0, key.indexOf(':'));
      const known = prefix.toLowerCase() === 'aws' ? globalKey(key) : serviceKey(prefix, key);
      const source = 'IAM User Guide, "IAM policy elements: Variables and tags"';
      if (!hasVariables) {
        problems.ineffective(path, {
          ...{ value: text, problem: `${whole} is plain text in this version of the language` },
          ...{
            allowed: `variables in version 2012-10-17 only (${source})`,
            fix: 'give Version "2012-10-17"',
          },
        });
      } else if (known === undefined && hasService(prefix === 'aws' ? 'iam' : prefix)) {
        problems.ineffective(path, {
          ...{ value: text, problem: `there is no condition key ${key}` },
          allowed: `a key of the ${iamSource()} (${source})`,
          fix: meant(nearestGlobalKey(key), 'correct the variable'),
        });
      }
    }
  }
}
