/**
 * The recorded graph of a stack: plain JSON, read by the tests, the planner, the exports and local runs.
 * docs/graph.md explains it; schema.ts is its JSON schema.
 */

/** The version of the shape; a reader refuses one that it does not know. */
export const GRAPH_VERSION = 2;

/**
 * A value as the program gave it, or one of the marks: an object with a single key that begins with `$`. An
 * object of the program's own that looks like a mark is wrapped in `$literal`.
 */
export type GraphValue =
  null | boolean | number | string | readonly GraphValue[] | { readonly [key: string]: GraphValue };

/** What stands where a secret was: never its text, only what it refers to. */
export interface SecretMark {
  readonly $secret: { readonly references: readonly OutputName[] };
}

/** A file, a folder or a text given as an asset or an archive: its SHA-256, and where it lies in the package. */
export interface AssetMark {
  readonly $asset: {
    readonly kind: 'asset' | 'archive';
    /** SHA-256 in hexadecimal; absent for one that is at a URI, or that could not be read. */
    readonly hash?: string;
    /** Bytes of content. */
    readonly bytes?: number;
    /** Relative to the program's folder, with `/`. */
    readonly path?: string;
    readonly uri?: string;
    /** The members of an archive that was put together by name. */
    readonly members?: { readonly [name: string]: GraphValue };
  };
}

/** `<urn>#<output>`, where `id` is the resource's id. */
export type OutputName = string;

/** Where in the program something was written. */
export interface Position {
  /** Relative to the program's folder where it is inside it. */
  readonly file: string;
  readonly line: number;
}

/** The options of a resource that are not at their default. */
export interface ResourceOptions {
  readonly protect?: boolean;
  readonly aliases?: readonly GraphValue[];
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deletedWith?: string;
  readonly additionalSecretOutputs?: readonly string[];
  readonly importId?: string;
  readonly customTimeouts?: { readonly create?: string; readonly update?: string; readonly delete?: string };
  readonly hooks?: { readonly [moment: string]: readonly string[] };
  readonly version?: string;
}

/** One resource: made or read by the program, or a component of it. */
export interface GraphResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** False for components and the stack. */
  readonly custom: boolean;
  /**
   * A component whose children another process makes. The graph holds those that its double makes, where there is one
   * (`doubles`), and otherwise none.
   */
  readonly remote: boolean;
  /** Read (`get`), not made. */
  readonly external: boolean;
  readonly parent: string | null;
  readonly id: string | null;
  readonly inputs: { readonly [name: string]: GraphValue };
  readonly outputs: { readonly [name: string]: GraphValue };
  /** The outputs that the double made up (`id` among them); all others repeat an input or the provider's region. */
  readonly computed: readonly string[];
  /** False where there is no double for the type: texts that AWS decides are made up from its declarations. */
  readonly modelled: boolean;
  /** Seven hexadecimal digits from the URN: in every value that was made up for this resource alone. */
  readonly token: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: { readonly [property: string]: readonly string[] };
  /** `<urn>::<id>` of the provider; null for components. */
  readonly provider: string | null;
  readonly options: ResourceOptions;
  readonly position: Position | null;
}

/** A provider that resources of the graph belong to. */
export interface GraphProvider {
  readonly urn: string;
  readonly id: string;
  readonly package: string;
  readonly version: string | null;
  /** False for the one that Pulumi makes where the program gives none. */
  readonly explicit: boolean;
  readonly region: string | null;
  /** The stack's configuration, or the provider's arguments. */
  readonly configuration: { readonly [name: string]: GraphValue };
  readonly defaultTags: { readonly [name: string]: GraphValue };
}

/** One call of a provider's function, or of a resource's method. */
export interface GraphInvoke {
  readonly token: string;
  readonly arguments: { readonly [name: string]: GraphValue };
  readonly result: { readonly [name: string]: GraphValue } | null;
  /** Who answered: a double, or a file that was given. Null: nobody. */
  readonly answeredBy: 'double' | 'given' | null;
  readonly provider: string | null;
}

/** A message of the program. */
export interface GraphLog {
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly urn: string | null;
}

/** What the recorder could not know, and what supplies it. */
export interface Unanswered {
  readonly kind: 'configuration' | 'invoke' | 'call' | 'stack-reference' | 'asset' | 'region';
  readonly name: string;
  readonly message: string;
  readonly remedy: string;
  readonly positions: readonly Position[];
}

/** What stood in for the provider of a remote component, and what it does not do. */
export interface GraphDouble {
  /** Of the component. */
  readonly type: string;
  readonly package: string;
  /** Of the package that the double follows. */
  readonly version: string;
  /** Of the package that the program has. Where it differs, so may the children. */
  readonly asked: string | null;
  readonly repository: string;
  readonly revision: string;
  /** The file there. */
  readonly source: string;
  readonly leavesOut: readonly string[];
}

/** A secret's text, found where it is not marked as one; the graph holds a mark in its place. */
export interface Leak {
  readonly where: string;
}

/** What a program would make. */
export interface Graph {
  readonly version: typeof GRAPH_VERSION;
  readonly recorder: 'program' | 'component';
  readonly project: string;
  readonly stack: string;
  /** Parents and dependencies first, then by URN, so that the same stack always gives the same graph. */
  readonly resources: readonly GraphResource[];
  readonly providers: readonly GraphProvider[];
  readonly invokes: readonly GraphInvoke[];
  readonly calls: readonly GraphInvoke[];
  /** URNs of the resources that were read. */
  readonly reads: readonly string[];
  readonly outputs: { readonly [name: string]: GraphValue };
  readonly logs: readonly GraphLog[];
  readonly unanswered: readonly Unanswered[];
  /** Those of remote components that the program has, by type. */
  readonly doubles: readonly GraphDouble[];
  /** How many resources of each type have no double of their own. */
  readonly notModelled: { readonly [type: string]: number };
  readonly leaks: readonly Leak[];
}
