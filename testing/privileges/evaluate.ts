/** The decision of IAM: IAM User Guide, "Policy evaluation logic", for a role and resources of its own account. */
import { judgeCondition } from './conditions';
import type { Condition, Policy, Principals, Statement } from './document';
import { coversArn, literal, matchesAction } from './patterns';
import { resolve, type Lookup } from './variables';
import type { ApiCall, RequestContext } from './types';

/** Who asks. */
export interface Caller {
  readonly arn: string;
  readonly account: string;
}

/** A policy of the resource that is asked for. */
export interface ResourcePolicy {
  readonly policy: Policy;
  /** Whether permissions of the caller count only where this policy says that its account decides, as with KMS. */
  readonly decides: boolean;
}

export interface Policies {
  readonly caller: Caller;
  readonly identity: readonly Policy[];
  /** Absent: no boundary, or one that could not be read. */
  readonly boundary?: Policy;
  readonly ofResource: (arn: string) => ResourcePolicy | undefined;
}

export interface StatementOf {
  readonly policy: Policy;
  readonly statement: Statement;
}

/** How far a statement fits a call. */
export interface Fit {
  readonly action: boolean;
  readonly resource: boolean;
  /** Not met. */
  readonly failing: readonly Condition[];
  /** Keys that the request does not name and that only AWS knows; and variables without a value. */
  readonly undecided: readonly string[];
}

export interface Verdict {
  readonly allowed: boolean;
  /** `key-policy`: the policy of the resource must allow it, and does not. */
  readonly reason: 'allowed' | 'denied' | 'not-allowed' | 'boundary' | 'key-policy';
  /** The statements that allow it, or that deny it. */
  readonly by: readonly StatementOf[];
  readonly undecided: readonly (StatementOf & { readonly what: string })[];
}

export const fits = ({ action, resource, failing }: Fit): boolean =>
  action && resource && failing.length === 0;

/** What is known of a request beside what it says of itself; keys are compared without case. */
export class Request {
  readonly call: ApiCall;
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(call: ApiCall, context: RequestContext) {
    this.call = call;
    this.#values = new Map(
      Object.entries({ ...context, ...call.context }).map(([key, value]) => [
        key.toLowerCase(),
        typeof value === 'string' ? [value] : value,
      ]),
    );
  }

  readonly lookup: Lookup = (key) => this.#values.get(key.toLowerCase());

  /** A request says itself all that a key of its service is about; keys of `aws:` are AWS's. */
  isUndecided(key: string): boolean {
    return key.toLowerCase().startsWith('aws:') && this.lookup(key) === undefined;
  }
}

export function fitOf(statement: Statement, request: Request): Fit {
  const { call, lookup } = request;
  const { hasVariables, conditions } = statement;
  const action =
    statement.actions.some((pattern) => matchesAction(pattern, call.action)) !== statement.notActions;
  const resources = statement.resources.map((pattern) => resolve(pattern, hasVariables, lookup));
  const missing = resources.flatMap((each) => each.missing);
  const named = resources.some(
    ({ tokens, missing: none }) => none.length === 0 && coversArn(tokens, literal(call.resource)),
  );
  const resource = statement.notResources ? !named && missing.length === 0 : named;
  if (!action || (!resource && missing.length === 0)) return { action, resource, failing: [], undecided: [] };
  const judged = conditions.map((condition) => ({
    condition,
    result: judgeCondition(condition, hasVariables, lookup),
  }));
  return {
    action,
    resource,
    failing: judged.filter(({ result }) => !result.holds).map(({ condition }) => condition),
    undecided: [
      ...missing,
      ...judged.flatMap(({ result }) => result.missing),
      ...conditions.filter(({ key }) => request.isUndecided(key)).map(({ key }) => key),
    ],
  };
}

/** How a policy of a resource speaks of the caller: not at all, by its account, or itself. */
type Address = 'no' | 'account' | 'caller';

function addressed({ principals, notPrincipals }: Statement, { arn, account }: Caller): Address {
  if (principals === undefined) return 'no';
  const named = nameIn(principals, arn, account);
  if (!notPrincipals) return named;
  // Naming the account alone leaves out its root user, and none of its roles.
  return named === 'caller' ? 'no' : 'caller';
}

function nameIn({ anyone, byKind }: Principals, arn: string, account: string): Address {
  if (anyone) return 'caller';
  const list = byKind['AWS'] ?? [];
  if (list.includes(arn) || list.some((each) => isSessionOf(each, arn))) return 'caller';
  return list.some((each) => each === account || each.endsWith(`:iam::${account}:root`)) ? 'account' : 'no';
}

/** `arn:aws:sts::<account>:assumed-role/<role>/<session>`: a session of the role, which the caller has. */
function isSessionOf(principal: string, role: string): boolean {
  const [, account, name] = /^arn:[^:]*:sts::(\d+):assumed-role\/([^/]+)\/.+$/.exec(principal) ?? [];
  return account !== undefined && role.includes(`::${account}:role/`) && role.endsWith(`/${name}`);
}

interface Judged extends StatementOf {
  readonly fit: Fit;
  readonly address: Address;
}

export function judge(policies: Policies, request: Request): Verdict {
  const { caller, identity, boundary, ofResource } = policies;
  const judgedOf = (policy: Policy): Judged[] =>
    policy.statements.map((statement) => ({
      ...{ policy, statement },
      fit: fitOf(statement, request),
      address: addressed(statement, caller),
    }));
  const own = identity.flatMap(judgedOf);
  const limits = boundary && judgedOf(boundary);
  const resource = ofResource(request.call.resource);
  const others = (resource ? judgedOf(resource.policy) : []).filter(({ address }) => address !== 'no');
  const all = [...own, ...(limits ?? []), ...others];
  const undecided = all.flatMap(({ policy, statement, fit }) =>
    fit.undecided.map((what) => ({ policy, statement, what })),
  );
  const verdict = (reason: Verdict['reason'], by: readonly Judged[]): Verdict => ({
    ...{ allowed: reason === 'allowed', reason, undecided },
    by: by.map(({ policy, statement }) => ({ policy, statement })),
  });

  const denying = all.filter(({ statement, fit }) => statement.effect === 'Deny' && fits(fit));
  if (denying.length > 0) return verdict('denied', denying);
  const allowing = (list: readonly Judged[]) =>
    list.filter(({ statement, fit }) => statement.effect === 'Allow' && fits(fit));
  const byIdentity = allowing(own);
  const byResource = allowing(others);
  const direct = byResource.filter(({ address }) => address === 'caller');
  if (resource?.decides === true && byResource.length === 0) return verdict('key-policy', []);
  if (byIdentity.length === 0 && direct.length === 0) return verdict('not-allowed', []);
  if (limits && allowing(limits).length === 0) return verdict('boundary', []);
  return verdict('allowed', [...byIdentity, ...direct]);
}
