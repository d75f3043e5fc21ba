/** What the fleet needs of the components beside it. A TieredSegmentStore and an SrtIngest have it. */
import type * as pulumi from '@pulumi/pulumi';

/** Where channels write. */
export interface FleetStore {
  /** Variables of the runtime by the store's zones; under `regional` where it has none. */
  readonly runtimeEnvironment: Readonly<
    Record<
      string,
      { readonly STORE: pulumi.Output<string>; readonly SEGMENT_STORAGE_CLASS?: pulumi.Output<string> }
    >
  >;
  /** Names of the directory buckets by the store's zones: their ends say in which zone they are. */
  readonly directoryBucketNames: pulumi.Output<Record<string, string>>;
  /** Lets a role write. */
  grantWrite(
    id: string,
    role: pulumi.Input<string>,
    scope: { readonly channels: readonly string[]; readonly zones?: readonly string[] },
  ): unknown;
}

/** What an ingest knows of a channel. */
export interface FleetIngestChannel {
  /** Id of the zone. */
  readonly zone: string;
  /** UDP port of the task. */
  readonly port: number;
  /** TCP port of the task for health and metrics. */
  readonly healthPort: number;
  readonly targetGroupArn: pulumi.Input<string>;
  /** ARN of the passphrase's secret; absent where the channel is not encrypted. */
  readonly secretArn?: pulumi.Input<string>;
}

/** Load balancers of contributions. */
export interface FleetIngest {
  /** Security group for the instances, which lets the load balancers in. */
  readonly targetSecurityGroupId: pulumi.Input<string>;
  readonly channels: Readonly<Record<string, FleetIngestChannel>>;
  /** Variables of the runtime by channel, the ports among them: ARNs of secrets, never their values. */
  readonly runtimeEnvironment: Readonly<Record<string, object>>;
  /** Lets a role read the passphrases of channels that have one. */
  grantReadPassphrase(
    id: string,
    role: pulumi.Input<string>,
    scope: { readonly channels: readonly string[] },
  ): unknown;
}
