/** Statements of IAM policies, in the one shape that the grammar's many short forms mean. */
import { document } from './read';
import type { Resource } from './resource';
import { isValues, itemsOf, type Value, type Values } from './values';

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** By kind (`AWS`, `Service`, `Federated`, `CanonicalUser`); `{ AWS: ['*'] }` for the principal `*`. */
  readonly principals: Readonly<Record<string, readonly string[]>>;
  readonly hasNotPrincipal: boolean;
  /** Operator, then key, in lower case. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const list = (value: Value): readonly string[] =>
  itemsOf(value)
    .filter((each) => typeof each === 'string' || typeof each === 'boolean' || typeof each === 'number')
    .map(String);

function statement(value: Values): Statement {
  const principal = value['Principal'];
  const principals: Values =
    typeof principal === 'string' ? { AWS: principal } : isValues(principal) ? principal : {};
  const conditions = isValues(value['Condition']) ? value['Condition'] : {};
  return {
    sid: typeof value['Sid'] === 'string' ? value['Sid'] : undefined,
    effect: value['Effect'] === 'Deny' ? 'Deny' : 'Allow',
    actions: list(value['Action']),
    notActions: list(value['NotAction']),
    resources: list(value['Resource']),
    notResources: list(value['NotResource']),
    principals: Object.fromEntries(Object.entries(principals).map(([kind, who]) => [kind, list(who)])),
    hasNotPrincipal: value['NotPrincipal'] !== undefined,
    conditions: Object.fromEntries(
      Object.entries(conditions).map(([operator, keys]) => [
        operator.toLowerCase(),
        Object.fromEntries(
          Object.entries(isValues(keys) ? keys : {}).map(([key, values]) => [
            key.toLowerCase(),
            list(values),
          ]),
        ),
      ]),
    ),
  };
}

/** The statements of a policy document. @returns undefined where there is no document at the path */
export function statements(resource: Resource | Values, path: string): readonly Statement[] | undefined {
  const policy = document(resource, path);
  if (!policy || Array.isArray(policy)) return undefined;
  return itemsOf((policy as Values)['Statement'])
    .filter(isValues)
    .map(statement);
}

/** How findings name a statement. */
export const called = ({ sid }: Statement, index: number): string =>
  sid ? `statement "${sid}"` : `statement ${index + 1}`;
