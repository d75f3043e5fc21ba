/** What `aws-media plan` says of a program before it is deployed: plain JSON; schema.ts is its JSON schema. */

/** The name of the schema, in every plan. */
export const PLAN_SCHEMA_NAME = 'pulumi-aws-media/plan';
/** The version of the shape; a reader refuses one that it does not know. */
export const PLAN_VERSION = 1;

/** Where a figure or a list is from, and of which day that is. */
export interface Source {
  readonly name: string;
  /** Day of the content, or the day on which it was read: YYYY-MM-DD. */
  readonly date: string;
}

/** The stack, a component, or what stands outside of components. Parents come first. */
export interface PlannedComponent {
  readonly urn: string;
  /** Names from the stack down; empty for the stack itself. Two components of different types can have the same. */
  readonly path: string;
  readonly type: string;
  /** URN of the component that it is in, or of the stack; null for the stack. */
  readonly parent: string | null;
  /** How many of each type it has itself, without those of the components in it. */
  readonly counts: { readonly [type: string]: number };
  /** Paths of its own resources. */
  readonly resources: readonly PlannedResource[];
}

export interface PlannedResource {
  readonly path: string;
  readonly type: string;
  /** Read, not made. */
  readonly external: boolean;
}

export const ENDPOINT_KINDS = [
  'watch',
  'contribute',
  'distribution',
  'accelerator',
  'balancer',
  'dashboard',
  'other',
] as const;
/** One of {@link ENDPOINT_KINDS}. */
export type EndpointKind = (typeof ENDPOINT_KINDS)[number];

export interface Endpoint {
  readonly kind: EndpointKind;
  /** The channel or the resource. */
  readonly name: string;
  /** What AWS decides is in angle brackets: `https://<cdn/cdn-1 domainName>/live/news/index.m3u8`. */
  readonly address: string;
  /** Whether it is whole before the deployment. */
  readonly known: boolean;
}

/** Instances of one type in one zone that one capacity provider or Auto Scaling group has. */
export interface Pool {
  /** Path of the Auto Scaling group. */
  readonly group: string;
  /** Zones by id or name. */
  readonly zones: readonly string[];
  readonly instanceTypes: readonly string[];
  readonly purchase: 'on-demand' | 'spot' | 'mixed';
  /** vCPUs of an instance; null where the type is not known here. */
  readonly vcpus: number | null;
  /** Of the group. */
  readonly minSize: number | null;
  readonly maxSize: number | null;
  /** Tasks that ask for this pool, at the services' desired counts. */
  readonly tasks: readonly PooledTask[];
  /** Instances that hold all tasks at once, by first fit of the CPU that they reserve; null where that is not known. */
  readonly instances: number | null;
}

export interface PooledTask {
  /** The channel, or the service's path. */
  readonly name: string;
  readonly count: number;
  /** CPU units that one reserves; 1,024 are a vCPU. */
  readonly cpuUnits: number;
  /** What limits how many an instance has, its share of that, and how many it has; from the fleet's own data. */
  readonly limit: { readonly resource: string; readonly share: number; readonly perInstance: number } | null;
}

export interface FargateService {
  readonly path: string;
  readonly zones: readonly string[];
  /** vCPUs and MiB of one task. */
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly desired: number;
  /** The most that its scaling allows; the desired count where nothing scales it. */
  readonly most: number;
}

export const PHASES = ['create', 'read', 'update', 'delete'] as const;
/** One of {@link PHASES}. */
export type Phase = (typeof PHASES)[number];

export interface TypeActions {
  readonly type: string;
  readonly count: number;
  /** CloudFormation's type, or `reference`; null where nobody says. */
  readonly source: string | null;
  readonly actions: { readonly [phase in Phase]: readonly string[] };
}

export interface Permissions {
  readonly sources: readonly Source[];
  readonly types: readonly TypeActions[];
  /** All of them, each once, in alphabetical order. */
  readonly actions: readonly string[];
  /** Of functions of the provider that the program calls. */
  readonly invokes: readonly { readonly token: string; readonly actions: readonly string[] | null }[];
  /** Types and functions for which nobody says what it takes. */
  readonly notKnown: readonly string[];
}

/** A role that the deployment hands to a service: it takes `iam:PassRole` on it. */
export interface PassedRole {
  /** Path of the role, or its ARN where the program does not make it. */
  readonly role: string;
  /** What `iam:PassedToService` can say. */
  readonly services: readonly string[];
  /** Paths of those that it is given to. */
  readonly to: readonly string[];
}

export interface Quota {
  readonly service: string;
  readonly name: string;
  /** In Service Quotas; null where it is not known. */
  readonly code: string | null;
  /** What this stack takes of it; other stacks of the account are not counted. */
  readonly needed: number;
  /** Of a new account. */
  readonly default: number;
  readonly verdict: 'ok' | 'raise';
  /** Which the needed value is of, such as the one balancer with the most listeners; null for the account and Region. */
  readonly of: string | null;
  /** Where it is raised. */
  readonly where: string;
  readonly source: Source;
  /** False: the default is from memory, and no page was read for it. */
  readonly verified: boolean;
}

export interface ServiceLinkedRole {
  readonly service: string;
  readonly role: string;
  /** Paths or types that take it. */
  readonly for: readonly string[];
  readonly note: string;
}

/** Something to see to, and what it is for. */
export interface Prerequisite {
  readonly what: string;
  readonly for: readonly string[];
}

export interface Slow {
  readonly what: string;
  readonly takes: string;
  readonly for: readonly string[];
  readonly source: Source;
}

export const LEFT_KINDS = ['stays', 'refuses', 'content', 'delayed', 'kept-for-ever'] as const;
/** One of {@link LEFT_KINDS}. */
export type LeftKind = (typeof LEFT_KINDS)[number];

/** What `pulumi destroy` does not take away at once, or not at all. */
export interface Left {
  readonly kind: LeftKind;
  readonly what: string;
  readonly todo: string;
  readonly resources: readonly string[];
}

export interface FlowNode {
  /** A word that Mermaid takes as an id. */
  readonly id: string;
  readonly label: string;
  readonly kind: 'people' | 'accelerator' | 'balancer' | 'service' | 'bucket' | 'distribution';
  /** Path of the component; null for people. */
  readonly component: string | null;
  /** Null where it has no zone, or several. */
  readonly zone: string | null;
  readonly resources: readonly string[];
}

export interface FlowEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

export interface Flow {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  readonly mermaid: string;
}

export interface NotKnown {
  readonly what: string;
  readonly remedy: string;
}

/** What is known of a stack before it is deployed. */
export interface Plan {
  readonly schema: typeof PLAN_SCHEMA_NAME;
  readonly version: typeof PLAN_VERSION;
  readonly project: string;
  readonly stack: string;
  readonly regions: readonly string[];
  readonly totals: {
    readonly resources: number;
    readonly components: number;
    readonly reads: number;
    /** Types without a double of their own, or of other providers than AWS: what is said of them may be less. */
    readonly notModelled: { readonly [type: string]: number };
    /** By package, those of other providers than AWS: nothing below is said of them. */
    readonly otherProviders: { readonly [name: string]: number };
  };
  readonly components: readonly PlannedComponent[];
  readonly endpoints: readonly Endpoint[];
  readonly capacity: { readonly pools: readonly Pool[]; readonly fargate: readonly FargateService[] };
  readonly needs: {
    readonly permissions: Permissions;
    readonly passedRoles: readonly PassedRole[];
    readonly quotas: readonly Quota[];
    readonly serviceLinkedRoles: readonly ServiceLinkedRole[];
    /** What must be there first. */
    readonly before: readonly Prerequisite[];
    /** What somebody has to do once it is deployed. */
    readonly after: readonly Prerequisite[];
    readonly slow: readonly Slow[];
  };
  readonly destroy: readonly Left[];
  readonly flow: Flow;
  readonly notKnown: readonly NotKnown[];
}
