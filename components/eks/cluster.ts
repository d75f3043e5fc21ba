/** The cluster: the user's, or a new one with nodes for the system; and the provider for what is in it. */
import * as awsEks from '@pulumi/aws/eks';
import type * as ec2 from '@pulumi/aws/ec2';
import type * as eks from '@pulumi/eks';
import type * as pulumi from '@pulumi/pulumi';
import { childOf, componentOf, made, type ClusterPlace, type Family } from './family';
import { NVENC_ENCODE_FLEET_ON_EKS, nodeGroupPrefix } from './names';
import { createLaunchTemplate, type NodeRole } from './node-base';
import type { NewCluster } from './normalise';

/** The raw resources of the cluster. */
export interface EksClusterNodes {
  /** That which was made, or given. */
  readonly cluster: eks.Cluster;
  /** For the cluster's Kubernetes API. */
  readonly provider: pulumi.ProviderResource;
  /** Absent where the cluster was given. */
  readonly systemLaunchTemplate?: ec2.LaunchTemplate;
  /** Absent where the cluster was given. */
  readonly systemNodeGroup?: eks.ManagedNodeGroup;
  /** Absent where the cluster was given. */
  readonly podIdentityAgent?: awsEks.Addon;
}

export function isNew(cluster: eks.Cluster | NewCluster): cluster is NewCluster {
  return 'apiSources' in cluster;
}

/** What is known of the cluster; new where none was given. */
export function createCluster(family: Family): ClusterPlace {
  const { cluster: given } = family.args;
  const cluster = isNew(given) ? createNew(family, given) : given;
  const { eksCluster } = cluster;
  const { kubernetes } = family.packages;
  const child = `${family.name}-kubernetes`;
  const provider = new kubernetes.Provider(
    ...childOf(family, 'provider', child, { kubeconfig: cluster.kubeconfigJson }),
  );
  return {
    ...{ cluster, provider, name: eksCluster.name, arn: eksCluster.arn, region: eksCluster.region },
    securityGroupId: eksCluster.vpcConfig.clusterSecurityGroupId,
  };
}

function createNew(family: Family, { apiSources, version }: NewCluster): eks.Cluster {
  const { args, packages } = family;
  const { child, name } = made(family, 'cluster');
  const { protect } = args.protection;
  const clusterArgs: eks.ClusterOptions = {
    name,
    ...(version !== undefined && { version }),
    vpcId: args.network.vpcId,
    privateSubnetIds: Object.values(args.network.zones).map(({ privateSubnetId }) => privateSubnetId),
    authenticationMode: packages.eks.AuthenticationMode.Api,
    endpointPrivateAccess: true,
    endpointPublicAccess: apiSources.length > 0,
    ...(apiSources.length > 0 && { publicAccessCidrs: [...apiSources] }),
    enabledClusterLogTypes: ['api', 'audit', 'authenticator'],
    deletionProtection: protect,
    // Nodes are made here, and have the security group that EKS makes by itself.
    skipDefaultNodeGroup: true,
    createInstanceRole: false,
    skipDefaultSecurityGroups: true,
    // Without Name, which @pulumi/eks gives each of its own.
    tags: { 'aws-media:component': NVENC_ENCODE_FLEET_ON_EKS, ...args.tags },
  };
  return new packages.eks.Cluster(
    ...componentOf(family, 'cluster', child, clusterArgs, protect ? { protect } : {}),
  );
}

/** What a new cluster needs to run its own pods, and to give roles to those of channels. */
export function createSystem(
  family: Family,
  place: ClusterPlace,
  role: NodeRole,
): Pick<EksClusterNodes, 'systemLaunchTemplate' | 'systemNodeGroup' | 'podIdentityAgent'> {
  const { args, packages } = family;
  if (!isNew(args.cluster)) return {};
  const { instanceType, count } = args.cluster.systemNodes;
  const systemLaunchTemplate = createLaunchTemplate(family, 'system-nodes', {
    description: `System nodes of ${family.name}`,
    securityGroupIds: [place.securityGroupId],
  });
  const { child, tags } = made(family, 'system');
  const isArm = /^[a-z]+\d+g/.test(instanceType);
  const groupArgs: eks.ManagedNodeGroupArgs = {
    cluster: place.cluster,
    nodeGroupNamePrefix: nodeGroupPrefix(child),
    nodeRoleArn: role.role.arn,
    instanceTypes: [instanceType],
    amiType: isArm ? 'AL2023_ARM_64_STANDARD' : 'AL2023_x86_64_STANDARD',
    scalingConfig: { minSize: count, maxSize: count, desiredSize: count },
    subnetIds: Object.values(args.network.zones).map(({ privateSubnetId }) => privateSubnetId),
    launchTemplate: { id: systemLaunchTemplate.id, version: versionOf(systemLaunchTemplate) },
    tags,
  };
  const systemNodeGroup = new packages.eks.ManagedNodeGroup(
    ...componentOf(family, 'nodeGroup', child, groupArgs, { dependsOn: [...role.policies] }),
  );
  const agent = made(family, 'pod-identity-agent');
  const addonArgs: awsEks.AddonArgs = {
    clusterName: place.name,
    addonName: 'eks-pod-identity-agent',
    resolveConflictsOnCreate: 'OVERWRITE',
    resolveConflictsOnUpdate: 'OVERWRITE',
    tags: agent.tags,
  };
  const podIdentityAgent = new awsEks.Addon(
    ...childOf(family, 'addon', agent.child, addonArgs, { dependsOn: [systemNodeGroup] }),
  );
  return { systemLaunchTemplate, systemNodeGroup, podIdentityAgent };
}

/** The version, and not $Latest: a change is seen in the plan, and EKS replaces the instances by it. */
export const versionOf = ({ latestVersion }: ec2.LaunchTemplate): pulumi.Output<string> =>
  latestVersion.apply(String);
