import type { Graph, GraphResource } from '../../planner/graph/types';
import { letsPass, judgeCondition } from './conditions';
import type { Policy, Statement } from './document';
import { fitOf, fits, judge, Request, type StatementOf, type Verdict } from './evaluate';
import { keyCalls, type KeyCall } from './key-calls';
import { coversArn, hasWildcard, matchesAction, literal, tokensOf } from './patterns';
import { findRole, rolePolicies, type NotEvaluated, type RolePolicies } from './role-policies';
import { resolve } from './variables';
import type { ApiCall, CallRecording, RequestContext } from './types';

/** What is known beside the graph and the calls. */
export interface LeastPrivilegeOptions {
  /**
   * Condition keys of all calls; those of a call come before.
   * Known without it: `aws:SecureTransport` is true, the role's own `aws:PrincipalArn`, `aws:PrincipalAccount`,
   * `aws:PrincipalType` and `aws:PrincipalTag/...`, and the call's `aws:RequestedRegion` and `aws:ResourceAccount`
   * where its ARN says them.
   */
  readonly context?: RequestContext;
  /** Whether S3's own calls of KMS are added, for the graph's buckets that are encrypted with a key. @default true */
  readonly keyCalls?: boolean;
}

/** A call that was made and that the role does not allow, with the reason. */
export interface DeniedCall {
  readonly call: ApiCall;
  readonly reason: Exclude<Verdict['reason'], 'allowed'>;
  /** What denies it, or what comes nearest to allowing it. */
  readonly message: string;
}

/** Where a grant is. */
export interface GrantPlace {
  /** URN of the resource that holds the policy, with its name there. */
  readonly policy: string;
  /** `Sid`, or `#1` for the first where there is none. */
  readonly statement: string;
}

/** An action on a resource, or a value of a condition, that no call needed. */
export interface UnusedGrant extends GrantPlace {
  readonly action: string;
  readonly resource: string;
  /** The value that no call had; absent where the whole grant was not used. */
  readonly condition?: { readonly operator: string; readonly key: string; readonly value: string };
  readonly message: string;
}

/** A wildcard that lets more pass than was used. */
export interface WideGrant extends GrantPlace {
  readonly of: 'action' | 'resource';
  readonly pattern: string;
  /** What would have been enough. */
  readonly enough: readonly string[];
  readonly message: string;
}

/** How what a role allows differs from the calls that were made. */
export interface LeastPrivilege {
  readonly denied: readonly DeniedCall[];
  readonly unused: readonly UnusedGrant[];
  readonly wide: readonly WideGrant[];
  readonly notEvaluated: readonly NotEvaluated[];
}

/**
 * Compares what a role may do, by the policies of a recorded graph, with the calls that were made in its name.
 * @param role URN, name, or the resource
 * @throws PolicyError where a policy can't be read, or has a condition operator that is not known
 * @throws RangeError where there is no such role, or more than one
 */
export function leastPrivilege(
  graph: Graph,
  role: string | GraphResource,
  calls: readonly ApiCall[] | CallRecording,
  options: LeastPrivilegeOptions = {},
): LeastPrivilege {
  const policies = rolePolicies(graph, findRole(graph, role));
  const { calls: made, unknown } = 'calls' in calls ? calls : { calls, unknown: [] };
  const all: readonly (ApiCall | KeyCall)[] =
    options.keyCalls === false ? made : [...made, ...keyCalls(graph, made)];
  const judged = all.map((call) => {
    const request = new Request(call, contextOf(policies, call, options.context));
    return { call, request, verdict: judge(policies, request) };
  });
  const requests = judged.filter(({ verdict }) => verdict.allowed).map(({ request }) => request);
  const grants = policies.identity.flatMap((policy) =>
    policy.statements.filter(({ effect }) => effect === 'Allow').map((statement) => ({ policy, statement })),
  );
  return {
    denied: judged
      .filter(({ verdict }) => !verdict.allowed)
      .map(({ call, request, verdict }) => denied(policies, call, request, verdict)),
    unused: grants.flatMap((grant) => unusedOf(grant, requests)),
    wide: grants.flatMap((grant) => wideOf(grant, requests)),
    notEvaluated: unique([
      ...policies.notEvaluated,
      ...unknown.map((what) => ({
        what,
        where: 'the recorded calls',
        why: 'no table says what the command needs: give recordCalls one',
      })),
      ...judged.flatMap(({ verdict }) =>
        verdict.undecided.map(({ policy, statement, what }) => ({
          what,
          where: `${policy.source}, statement ${statement.name}`,
          why: 'the calls do not say it: give it with `context`',
        })),
      ),
      ...elsewhere(graph, policies, all),
    ]),
  };
}

/** Whether a role may make a call, by the graph. */
export function isAllowed(
  graph: Graph,
  role: string | GraphResource,
  call: ApiCall,
  options: Pick<LeastPrivilegeOptions, 'context'> = {},
): boolean {
  const policies = rolePolicies(graph, findRole(graph, role));
  return judge(policies, new Request(call, contextOf(policies, call, options.context))).allowed;
}

function contextOf(
  { caller, role }: RolePolicies,
  call: ApiCall,
  given: RequestContext = {},
): RequestContext {
  const [, , , region, account] = call.resource.split(':');
  const tags = role.outputs['tagsAll'] ?? role.inputs['tags'] ?? {};
  return {
    'aws:SecureTransport': 'true',
    'aws:PrincipalArn': caller.arn,
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalType': 'AssumedRole',
    ...Object.fromEntries(
      Object.entries(tags)
        .filter((tag): tag is [string, string] => typeof tag[1] === 'string')
        .map(([tag, value]) => [`aws:PrincipalTag/${tag}`, value]),
    ),
    ...(region && { 'aws:RequestedRegion': region }),
    ...(account && { 'aws:ResourceAccount': account }),
    ...given,
  };
}

const said = ({ action, resource }: ApiCall): string => `${action} on ${resource}`;

function denied(
  policies: RolePolicies,
  call: ApiCall | KeyCall,
  request: Request,
  { reason, by }: Verdict,
): DeniedCall {
  const because = 'because' in call ? ` (which S3 asks for ${said(call.because)})` : '';
  const what = `${said(call)}${because}`;
  const names = by.map(named).join(' and ');
  const messages: Readonly<Record<Verdict['reason'], string>> = {
    allowed: '',
    denied: `${what} is denied by ${names}`,
    boundary: `${what} is allowed, but not by the permissions boundary ${policies.boundary?.source}`,
    'key-policy': `${what} is not allowed by the key's own policy; name the role there, or the account's root`,
    'not-allowed': `${what}: no statement allows it; ${nearest(policies, request)}`,
  };
  return { call, reason: reason as DeniedCall['reason'], message: messages[reason] };
}

const named = ({ policy, statement }: StatementOf): string => `${statement.name} of ${policy.source}`;

/** The statement that comes nearest: all but its condition, then the same resource, then the same action. */
function nearest({ identity }: RolePolicies, request: Request): string {
  const near = identity
    .flatMap((policy) => policy.statements.map((statement) => ({ policy, statement })))
    .filter(({ statement }) => statement.effect === 'Allow')
    .map((of) => ({ of, fit: fitOf(of.statement, request) }));
  const condition = near.find(({ fit }) => fit.action && fit.resource);
  if (condition) {
    const failing = condition.fit.failing.map(
      ({ operator, key, values }) => `${operator} ${key} ${values.join(' or ')}`,
    );
    return `${named(condition.of)} would, but asks for ${failing.join(' and ')}`;
  }
  const resource = near.find(({ fit }) => fit.action);
  if (resource) {
    const { resources, notResources } = resource.of.statement;
    return `${named(resource.of)} allows the action ${notResources ? 'except on' : 'on'} ${resources.join(', ')} only`;
  }
  const action = near.find(({ fit }) => fit.resource);
  if (!action)
    return identity.length === 0 ? 'the role has no policy' : 'none is about the action or the resource';
  const { actions, notActions } = action.of.statement;
  return `${named(action.of)} allows on it ${notActions ? 'all but ' : ''}${actions.join(', ')} only`;
}

/** What of a statement a call fits. */
interface Used {
  readonly request: Request;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

function usesOf(statement: Statement, requests: readonly Request[]): Used[] {
  return requests
    .filter((request) => fits(fitOf(statement, request)))
    .map((request) => ({
      request,
      actions: statement.actions.filter((pattern) => matchesAction(pattern, request.call.action)),
      resources: statement.resources.filter((pattern) => isOf(statement, pattern, request)),
    }));
}

function isOf({ hasVariables }: Statement, pattern: string, { lookup, call }: Request): boolean {
  const { tokens, missing } = resolve(pattern, hasVariables, lookup);
  return missing.length === 0 && coversArn(tokens, literal(call.resource));
}

const place = ({ policy, statement }: { policy: Policy; statement: Statement }): GrantPlace => ({
  policy: policy.source,
  statement: statement.name,
});

function unusedOf(grant: StatementOf, requests: readonly Request[]): UnusedGrant[] {
  const { statement } = grant;
  const uses = usesOf(statement, requests);
  // What a statement leaves out is not granted: it is used as a whole, or not at all.
  const actions = statement.notActions ? [`all but ${statement.actions.join(', ')}`] : statement.actions;
  const resources = statement.notResources
    ? [`all but ${statement.resources.join(', ')}`]
    : statement.resources;
  const unused = actions.flatMap((action) =>
    resources
      .filter(
        (resource) =>
          !uses.some(
            (use) =>
              (statement.notActions || use.actions.includes(action)) &&
              (statement.notResources || use.resources.includes(resource)),
          ),
      )
      .map((resource) => ({
        ...place(grant),
        ...{ action, resource },
        message: `${named(grant)} allows ${action} on ${resource}, which no call needed`,
      })),
  );
  return [...unused, ...(uses.length > 0 ? unusedValues(grant, uses) : [])];
}

/** Values of conditions that no call had, of a statement that was used. */
function unusedValues(grant: StatementOf, uses: readonly Used[]): UnusedGrant[] {
  const { conditions, hasVariables, actions, resources } = grant.statement;
  return conditions.filter(letsPass).flatMap((condition) => {
    const { operator, key, values } = condition;
    const fitting = new Set(
      uses.flatMap(({ request }) => judgeCondition(condition, hasVariables, request.lookup).fitting),
    );
    return values
      .filter((_, n) => !fitting.has(n))
      .map((value) => ({
        ...place(grant),
        ...{
          action: actions.join(', '),
          resource: resources.join(', '),
          condition: { operator, key, value },
        },
        message: `${named(grant)} allows ${actions.join(', ')} with ${key} ${value}, which no call needed`,
      }));
  });
}

function wideOf(grant: StatementOf, requests: readonly Request[]): WideGrant[] {
  const { statement } = grant;
  const uses = usesOf(statement, requests);
  const wide = (of: WideGrant['of'], pattern: string, enough: readonly string[]): WideGrant => ({
    ...place(grant),
    ...{ of, pattern, enough },
    message: `${named(grant)} allows ${pattern}; ${enough.join(', ')} would have been enough`,
  });
  const actions = (among: readonly Used[]): string[] =>
    [...new Set(among.map(({ request }) => request.call.action))].sort();
  const resources = (among: readonly Used[]): string[] => [
    ...new Set(among.map(({ request }) => request.call.resource)),
  ];
  if (uses.length === 0) return [];
  const wideActions = statement.notActions
    ? [wide('action', `all but ${statement.actions.join(', ')}`, actions(uses))]
    : statement.actions.filter(hasWildcard).flatMap((pattern) => {
        const used = actions(uses.filter((use) => use.actions.includes(pattern)));
        return used.length > 0 ? [wide('action', pattern, used)] : [];
      });
  const wideResources = statement.notResources
    ? [wide('resource', `all but ${statement.resources.join(', ')}`, common(resources(uses)))]
    : statement.resources.filter(hasWildcard).flatMap((pattern) => {
        const used = resources(uses.filter((use) => use.resources.includes(pattern)));
        if (used.length === 0) return [];
        const enough = common(used);
        return isNarrower(enough, pattern) ? [wide('resource', pattern, enough)] : [];
      });
  return [...wideActions, ...wideResources];
}

/** Patterns that have the resources: by bucket, or whatever is before the first slash, their common folder. */
function common(resources: readonly string[]): string[] {
  const headOf = (resource: string): string => resource.split('/', 1)[0] ?? '';
  return [...new Set(resources.map(headOf))].flatMap((head) => {
    const members = resources.filter((resource) => headOf(resource) === head);
    const inside = members.filter((resource) => resource !== head);
    return [
      ...(inside.length < members.length ? [head] : []),
      ...(inside.length > 0 ? [`${folderOf(inside)}*`] : []),
    ];
  });
}

function folderOf([first = '', ...others]: readonly string[]): string {
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && other[same] === first[same]) same++;
    length = same;
  }
  return first.slice(0, first.lastIndexOf('/', length - 1) + 1);
}

function isNarrower(enough: readonly string[], pattern: string): boolean {
  const wide = tokensOf(pattern);
  return enough.every((each) => {
    const narrow = tokensOf(each);
    return coversArn(wide, narrow) && !coversArn(narrow, wide);
  });
}

/** Resources that the graph does not have, whose own policies nobody knows. */
function elsewhere(graph: Graph, policies: RolePolicies, calls: readonly ApiCall[]): NotEvaluated[] {
  const known = graph.resources.filter(({ external }) => !external).map(({ outputs }) => outputs['arn']);
  const ownPolicies = /^arn:[^:]*:(s3|s3express|kms|sqs|sns|secretsmanager):/;
  return calls
    .map(({ resource }) => (/^arn:[^:]*:s3:::/.test(resource) ? resource.replace(/\/.*$/s, '') : resource))
    .filter((arn) => ownPolicies.test(arn) && !known.includes(arn) && !policies.ofResource(arn))
    .map((arn) => ({
      what: `the policy of ${arn}`,
      where: 'the resource',
      why: 'the resource is not in the graph, or only read there',
    }));
}

function unique(list: readonly NotEvaluated[]): NotEvaluated[] {
  return [...new Map(list.map((each) => [JSON.stringify(each), each])).values()];
}
