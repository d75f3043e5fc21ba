/** Policy documents, read once and checked. */
import { isFields, type Fields } from '../../planner/graph/values';

export interface Condition {
  /** As the policy writes it, with `IfExists` and `ForAnyValue:`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

export interface Principals {
  readonly anyone: boolean;
  /** By kind: AWS, Service, Federated, CanonicalUser. */
  readonly byKind: Readonly<Record<string, readonly string[]>>;
}

export interface Statement {
  /** `Sid`, or `#1` for the first where there is none. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** Whether `actions` are those left out. */
  readonly notActions: boolean;
  readonly resources: readonly string[];
  /** Whether `resources` are those left out. */
  readonly notResources: boolean;
  /** Absent in identity policies. */
  readonly principals?: Principals;
  readonly notPrincipals: boolean;
  readonly conditions: readonly Condition[];
  /** Whether `${...}` are variables: in version 2012-10-17 only. */
  readonly hasVariables: boolean;
}

/** A policy, and where it is from. */
export interface Policy {
  /** URN of the resource that holds it, and its name there where it has one. */
  readonly source: string;
  readonly statements: readonly Statement[];
}

/** What is wrong with a policy: nothing can be said of a role that has it. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

/** @throws PolicyError that names the policy and what is wrong with it */
export function readPolicy(source: string, document: unknown): Policy {
  const parsed = typeof document === 'string' ? parse(source, document) : document;
  if (!isFields(parsed)) {
    throw new PolicyError(`${source}: the policy is ${kind(parsed)}; it must be a JSON object`);
  }
  const hasVariables = parsed['Version'] === '2012-10-17';
  const statements = Array.isArray(parsed['Statement']) ? parsed['Statement'] : [parsed['Statement']];
  return {
    source,
    statements: statements.map((each: unknown, n) => {
      const name =
        isFields(each) && typeof each['Sid'] === 'string' && each['Sid'] ? each['Sid'] : `#${n + 1}`;
      const where = `${source}, statement ${name}`;
      if (!isFields(each)) throw new PolicyError(`${where} is ${kind(each)}; it must be an object`);
      return statementOf(where, name, each, hasVariables);
    }),
  };
}

function statementOf(where: string, name: string, given: Fields, hasVariables: boolean): Statement {
  const effect = given['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw new PolicyError(`${where}: Effect is ${JSON.stringify(effect)}; it must be "Allow" or "Deny"`);
  }
  const actions = oneOf(where, given, 'Action', 'NotAction');
  // The resource of a trust or key policy may be left out: it is what the policy is of.
  const resources = oneOf(where, { Resource: '*', ...withoutNot(given) }, 'Resource', 'NotResource');
  checkResources(where, resources.values);
  const principals = given['Principal'] ?? given['NotPrincipal'];
  return {
    ...{ name, effect, hasVariables },
    ...{ actions: actions.values, notActions: actions.isNot },
    ...{ resources: resources.values, notResources: resources.isNot },
    ...(principals !== undefined && { principals: principalsOf(where, principals) }),
    notPrincipals: given['NotPrincipal'] !== undefined,
    conditions: conditionsOf(where, given['Condition']),
  };
}

/** A variable may stand for some of the parts. */
function checkResources(where: string, values: readonly string[]): void {
  for (const value of values) {
    if (value === '*' || value.includes('${') || /^arn:(?:[^:]*:){4}./s.test(value)) continue;
    throw new PolicyError(
      `${where}: the resource ${JSON.stringify(value)} is no ARN; give all six parts, as arn:aws:s3:::bucket/*, or "*"`,
    );
  }
}

/** So that the default of `Resource` does not meet a `NotResource`. */
function withoutNot(given: Fields): Fields {
  return given['NotResource'] === undefined ? given : { Resource: undefined, ...given };
}

function oneOf(where: string, given: Fields, plain: string, not: string) {
  const [values, others] = [given[plain], given[not]];
  if ((values === undefined) === (others === undefined)) {
    throw new PolicyError(`${where}: give exactly one of ${plain} and ${not}`);
  }
  const isNot = values === undefined;
  return { isNot, values: texts(`${where}: ${isNot ? not : plain}`, isNot ? others : values) };
}

function texts(where: string, value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((each) => {
    if (typeof each === 'string' || typeof each === 'boolean' || typeof each === 'number')
      return String(each);
    throw new PolicyError(`${where} holds ${kind(each)}; it must be text, or a list of texts`);
  });
}

function principalsOf(where: string, given: unknown): Principals {
  if (given === '*') return { anyone: true, byKind: {} };
  if (!isFields(given)) {
    throw new PolicyError(
      `${where}: Principal is ${kind(given)}; it must be "*" or an object such as {"AWS": ...}`,
    );
  }
  const byKind = Object.fromEntries(
    Object.entries(given).map(([of, value]) => [of, texts(`${where}: Principal.${of}`, value)]),
  );
  return { anyone: byKind['AWS']?.includes('*') ?? false, byKind };
}

function conditionsOf(where: string, given: unknown): Condition[] {
  if (given === undefined) return [];
  if (!isFields(given)) throw new PolicyError(`${where}: Condition is ${kind(given)}; it must be an object`);
  return Object.entries(given).flatMap(([operator, keys]) => {
    if (!isFields(keys)) {
      throw new PolicyError(`${where}: ${operator} is ${kind(keys)}; it must be an object of condition keys`);
    }
    return Object.entries(keys).map(([key, value]) => ({
      ...{ operator, key },
      values: texts(`${where}: ${operator} ${key}`, value),
    }));
  });
}

function parse(source: string, document: string): unknown {
  try {
    return JSON.parse(document);
  } catch (error) {
    throw new PolicyError(`${source}: the policy is not JSON: ${(error as Error).message}`);
  }
}

function kind(value: unknown): string {
  if (value === undefined) return 'missing';
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
