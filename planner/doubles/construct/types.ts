import type { Fields } from '../../graph/values';
import type { Construction } from './construction';

/** What registers the children of a component: a recording, or the monitor of the engine. */
export interface Host {
  register(resource: HostResource): Promise<HostAnswer>;
  registerOutputs(urn: string, outputs: Fields): Promise<void>;
  /** `provider` is a reference `<urn>::<id>`, or empty for the default one. */
  invoke(token: string, args: Fields, provider: string, version: string): Promise<Fields>;
}

export interface HostResource {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  /** A URN; empty for one that has no parent. */
  readonly parent: string;
  readonly inputs: Fields;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: { readonly [property: string]: readonly string[] };
  readonly provider: string;
  readonly version: string;
  readonly protect: boolean | undefined;
  readonly ignoreChanges: readonly string[];
}

export interface HostAnswer {
  readonly urn: string;
  /** Empty for an unknown one, and for components. */
  readonly id: string;
  readonly outputs: Fields;
}

/** Versions of the packages that a provider brings along, by package: those of its children. */
export type Versions = { readonly [name: string]: string };

/** The outputs of a component: values, also traced ones, at any depth. */
export type Outputs = { readonly [name: string]: unknown };

export interface Followed {
  readonly package: string;
  /** Of the package that the program installs. */
  readonly version: string;
  readonly repository: string;
  /** The tag or the commit that was read. */
  readonly revision: string;
  readonly versions: Versions;
}

/** A component whose children are made in another process: what the provider would make, by our own code. */
export interface ComponentDouble {
  readonly type: string;
  readonly follows: Followed;
  /** Its source file at upstream. */
  readonly source: string;
  /** What upstream does and this does not, for a person. */
  readonly leavesOut: readonly string[];
  readonly make: (component: Construction) => Promise<Outputs>;
}
