/** What the origin needs of the components beside it. A TieredSegmentStore has it. */
import type * as pulumi from '@pulumi/pulumi';

/** Where the origin reads. */
export interface OriginStore {
  /** Variables of the runtime by the store's zones; under `regional` where it has none. */
  readonly runtimeEnvironment: Readonly<Record<string, { readonly STORE: pulumi.Output<string> }>>;
  /** Names of the directory buckets by the store's zones: their ends say in which zone they are. */
  readonly directoryBucketNames: pulumi.Output<Record<string, string>>;
  /** Lets a role read. */
  grantRead(id: string, role: pulumi.Input<string>, scope: { readonly zones?: readonly string[] }): unknown;
}

/** The store's only zone where it has no directory buckets, and then the origin's. */
export const REGIONAL = 'regional';
