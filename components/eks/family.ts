/** What all children of a fleet on EKS share. */
import type * as eks from '@pulumi/eks';
import type * as pulumi from '@pulumi/pulumi';
import { fleetName } from '../encode/fleet/names';
import type { Pool } from '../encode/fleet/pools';
import { childrenOf, maker, transformed, type Child, type Transform } from '../kit';
import type { KubernetesObjectArgs, NvencEncodeFleetOnEksTransforms } from './args';
import { LABEL, NVENC_ENCODE_FLEET_ON_EKS } from './names';
import type { NormalEksFleet } from './normalise';
import type { Packages } from './packages';

export interface Family {
  readonly component: pulumi.ComponentResource;
  readonly name: string;
  /** As errors name it. */
  readonly owner: string;
  readonly args: NormalEksFleet;
  readonly transform: NvencEncodeFleetOnEksTransforms;
  readonly packages: Packages;
}

/** The cluster, as far as the fleet uses it. */
export interface ClusterPlace {
  readonly cluster: eks.Cluster;
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly region: pulumi.Output<string>;
  /** That which EKS made: nodes and control plane reach each other by it. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Of Kubernetes. */
  readonly provider: pulumi.ProviderResource;
}

/** Names and tags of a child, by the end of its name. */
export const made = maker(NVENC_ENCODE_FLEET_ON_EKS, fleetName);

/** A child's constructor's arguments. */
export const childOf = childrenOf<NvencEncodeFleetOnEksTransforms>();

/**
 * The arguments of a constructor of `@pulumi/eks`: its components are made in another process, to which the component's
 * own provider of AWS has to be given by name.
 */
export function componentOf<Args extends object>(
  family: Family,
  kind: 'cluster' | 'nodeGroup',
  name: string,
  args: Args,
  opts: pulumi.ResourceOptions = {},
): [name: string, args: Args, opts: pulumi.ComponentResourceOptions] {
  const [child, changed, options] = childOf(family, kind, name, args, opts);
  const aws = family.component.getProvider('aws:eks/cluster:Cluster');
  return [child, changed, { ...options, ...(aws && { providers: [aws] }) }];
}

/** A Kubernetes object's constructor's arguments. */
export function objectOf<Args extends object>(
  family: Family,
  { provider }: Pick<ClusterPlace, 'provider'>,
  kind: keyof NvencEncodeFleetOnEksTransforms,
  name: string,
  args: Args,
  opts: pulumi.CustomResourceOptions = {},
): Child<Args> {
  const change = family.transform[kind] as Transform<KubernetesObjectArgs> | undefined;
  const [child, changed, options] = transformed<KubernetesObjectArgs>(
    change,
    name,
    args as KubernetesObjectArgs,
    { parent: family.component, provider, ...opts },
  );
  return [child, changed as Args, options];
}

/** Labels of Kubernetes' own convention. */
export const labelsOf = ({ args }: Family, what: string): Record<string, string> => ({
  'app.kubernetes.io/name': what,
  'app.kubernetes.io/part-of': 'aws-media',
  'app.kubernetes.io/managed-by': 'pulumi',
  [LABEL.fleet]: args.label,
});

/** What every node of a pool is labelled with. */
export const poolLabels = ({ args }: Family, pool: Pool): Record<string, string> => ({
  [LABEL.fleet]: args.label,
  [LABEL.pool]: pool.key,
});
