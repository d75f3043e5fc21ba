/** The policies that a recorded graph gives to a role, and those of the resources that it asks for. */
import { GraphQuery } from '../../planner/graph/query';
import { markOf } from '../../planner/graph/values';
import type { Graph, GraphResource, GraphValue } from '../../planner/graph/types';
import { checkOperators } from './conditions';
import { readPolicy, type Policy } from './document';
import type { Policies, ResourcePolicy } from './evaluate';

export const ROLE = 'aws:iam/role:Role';
const POLICY = 'aws:iam/policy:Policy';
const KEY = 'aws:kms/key:Key';
const KEY_POLICY = 'aws:kms/keyPolicy:KeyPolicy';
const BUCKETS = [
  'aws:s3/bucket:Bucket',
  'aws:s3/bucketV2:BucketV2',
  'aws:s3/directoryBucket:DirectoryBucket',
];
const BUCKET_POLICY = 'aws:s3/bucketPolicy:BucketPolicy';

/** What the judgement leaves out. */
export interface NotEvaluated {
  /** A policy, a variable, a condition key or a command. */
  readonly what: string;
  /** Where it is met. */
  readonly where: string;
  readonly why: string;
}

export interface RolePolicies extends Policies {
  readonly role: GraphResource;
  readonly notEvaluated: readonly NotEvaluated[];
}

const textOf = (value: GraphValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

const listOf = (value: GraphValue | undefined): readonly GraphValue[] =>
  Array.isArray(value) ? (value as readonly GraphValue[]) : [];

/**
 * By URN, by name, or the resource itself.
 * @throws RangeError with the roles that there are
 */
export function findRole(graph: Graph, role: string | GraphResource): GraphResource {
  if (typeof role !== 'string') return role;
  const roles = graph.resources.filter(({ type }) => type === ROLE);
  const found = roles.filter(({ urn, name }) => urn === role || name === role);
  if (found.length === 1) return found[0]!;
  const known = roles.map(({ urn }) => urn).join(', ') || 'none';
  throw new RangeError(
    found.length === 0
      ? `no role ${role} in stack ${graph.stack}; there are ${known}`
      : `${found.length} roles are named ${role}; give the URN of one: ${found.map(({ urn }) => urn).join(', ')}`,
  );
}

/** @throws PolicyError where a policy can't be read, or has a condition operator that is not known */
export function rolePolicies(graph: Graph, role: GraphResource): RolePolicies {
  const gathering = new Gathering(graph, role);
  return gathering.all();
}

class Gathering {
  readonly #graph: Graph;
  readonly #query: GraphQuery;
  readonly #role: GraphResource;
  readonly #notEvaluated: NotEvaluated[] = [];

  constructor(graph: Graph, role: GraphResource) {
    this.#graph = graph;
    this.#query = new GraphQuery(graph);
    this.#role = role;
  }

  all(): RolePolicies {
    const identity = [...this.#inline(), ...this.#attached()];
    const boundary = this.#boundary();
    const arn = textOf(this.#role.outputs['arn']) ?? '';
    const resources = this.#resourcePolicies();
    return {
      role: this.#role,
      caller: { arn, account: arn.split(':')[4] ?? '' },
      identity,
      ...(boundary && { boundary }),
      ofResource: (of) => resources.find(({ isOf }) => isOf(of))?.policy,
      notEvaluated: this.#notEvaluated,
    };
  }

  #skip(what: string, where: string, why: string): undefined {
    this.#notEvaluated.push({ what, where, why });
    return undefined;
  }

  /** Undefined, and named, where the text is not in the graph. */
  #read(source: string, document: GraphValue | undefined): Policy | undefined {
    const mark = markOf(document);
    if (mark === '$secret' || mark === '$unknown') {
      return this.#skip(source, this.#role.urn, `its document is ${mark.slice(1)} in the graph`);
    }
    const policy = readPolicy(source, document);
    for (const statement of policy.statements) {
      checkOperators(`${source}, statement ${statement.name}`, statement);
    }
    return policy;
  }

  #inline(): Policy[] {
    const { urn, inputs } = this.#role;
    const own = listOf(inputs['inlinePolicies']).map((each, n) => {
      const { name, policy } = each as { readonly [key: string]: GraphValue };
      return policy === undefined
        ? undefined
        : this.#read(`${urn} inlinePolicies[${n}] ${textOf(name) ?? ''}`.trim(), policy);
    });
    const added = this.#query
      .byType('aws:iam/rolePolicy:RolePolicy')
      .filter((each) => this.#isOfRole(each, 'role'))
      .map((each) => this.#read(each.urn, each.inputs['policy']));
    return [...own, ...added].filter((policy) => policy !== undefined);
  }

  #attached(): Policy[] {
    const role = this.#role;
    const arns: { arn: GraphValue | undefined; where: string }[] = listOf(
      role.inputs['managedPolicyArns'],
    ).map((arn) => ({ arn, where: role.urn }));
    for (const each of this.#graph.resources) {
      if (each.type === 'aws:iam/rolePolicyAttachment:RolePolicyAttachment' && this.#isOfRole(each, 'role')) {
        arns.push({ arn: each.inputs['policyArn'], where: each.urn });
      }
      if (each.type === 'aws:iam/policyAttachment:PolicyAttachment') {
        const roles = listOf(each.inputs['roles']);
        if (roles.some((name) => this.#isRole(name)))
          arns.push({ arn: each.inputs['policyArn'], where: each.urn });
      }
    }
    const seen = new Set<GraphValue | undefined>();
    return arns
      .filter(({ arn }) => !seen.has(arn) && seen.add(arn))
      .map(({ arn, where }) => this.#managed(arn, where))
      .filter((policy) => policy !== undefined);
  }

  #boundary(): Policy | undefined {
    const arn = this.#role.inputs['permissionsBoundary'];
    return arn === undefined ? undefined : this.#managed(arn, `${this.#role.urn} permissionsBoundary`);
  }

  #managed(arn: GraphValue | undefined, where: string): Policy | undefined {
    const named = textOf(arn);
    if (named === undefined) return this.#skip('a policy', where, 'its ARN is not in the graph');
    const policy = this.#query
      .byType(POLICY)
      .find(({ outputs, id }) => outputs['arn'] === named || id === named);
    if (policy) return this.#read(policy.urn, policy.inputs['policy']);
    return this.#skip(
      named,
      where,
      /^arn:[^:]*:iam::aws:policy\//.test(named) ? 'AWS managed' : 'the policy is not in the graph',
    );
  }

  #isOfRole({ inputs, propertyDependencies }: GraphResource, input: string): boolean {
    const value = inputs[input];
    if (markOf(value) !== undefined) return propertyDependencies[input]?.includes(this.#role.urn) ?? false;
    return this.#isRole(value);
  }

  #isRole(value: GraphValue | undefined): boolean {
    const { id, outputs } = this.#role;
    return value !== undefined && (value === id || value === outputs['name'] || value === outputs['arn']);
  }

  #resourcePolicies(): { isOf: (arn: string) => boolean; policy: ResourcePolicy }[] {
    return this.#graph.resources.flatMap((each) => {
      const found = this.#resourcePolicy(each);
      return found ? [found] : [];
    });
  }

  #resourcePolicy(each: GraphResource) {
    if (each.type === KEY || each.type === KEY_POLICY) {
      const key = each.type === KEY ? each : this.#keyOf(each);
      const arn = textOf(key?.outputs['arn']);
      const policy =
        each.inputs['policy'] === undefined ? undefined : this.#read(each.urn, each.inputs['policy']);
      // Without a policy of its own a key leaves it to the account: KMS Developer Guide, "Default key policy".
      if (!policy || arn === undefined) return undefined;
      return { isOf: (of: string) => of === arn, policy: { policy, decides: true } };
    }
    if (each.type !== BUCKET_POLICY) return undefined;
    const bucket = this.#graph.resources.find(
      ({ type, id, outputs }) =>
        BUCKETS.includes(type) && (id ?? outputs['bucket']) === each.inputs['bucket'],
    );
    const arn = textOf(bucket?.outputs['arn']);
    const policy = this.#read(each.urn, each.inputs['policy']);
    if (!policy || arn === undefined) return undefined;
    return {
      isOf: (of: string) => of === arn || of.startsWith(`${arn}/`),
      policy: { policy, decides: false },
    };
  }

  #keyOf({ inputs }: GraphResource): GraphResource | undefined {
    const named = inputs['keyId'];
    return this.#query.byType(KEY).find(({ id, outputs }) => named === id || named === outputs['arn']);
  }
}
