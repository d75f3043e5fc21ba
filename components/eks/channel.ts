/** What a channel is made of: a role with its association, a service account, a Deployment, and the ingest's target group. */
import * as autoscaling from '@pulumi/aws/autoscaling';
import * as awsEks from '@pulumi/aws/eks';
import * as iam from '@pulumi/aws/iam';
import type { DeploymentArgs } from '@pulumi/kubernetes/apps/v1/deployment';
import type { ServiceAccountArgs } from '@pulumi/kubernetes/core/v1/serviceAccount';
import * as pulumi from '@pulumi/pulumi';
import { ChannelDeployment } from '../encode/fleet/args';
import { grantId } from '../encode/fleet/names';
import type { NormalChannel } from '../encode/fleet/normal-channels';
import { childOf, labelsOf, made, objectOf, type ClusterPlace, type Family } from './family';
import { LABEL, serviceAccountName } from './names';
import type { EksPoolNodes } from './nodes';
import { podTemplate } from './pod';
import { assumedByPods } from './policies';

/** The raw resources of one channel. */
export interface EksChannelNodes {
  readonly role: iam.Role;
  readonly podIdentity: awsEks.PodIdentityAssociation;
  readonly serviceAccount: pulumi.CustomResource;
  readonly deployment: pulumi.CustomResource;
  /** Where the ingest has the channel: its pool's instances are its targets. */
  readonly attachment?: autoscaling.Attachment;
}

/** What a channel's resources come after. */
export interface ChannelGround {
  readonly place: ClusterPlace;
  readonly namespace: pulumi.Resource;
  readonly pool: EksPoolNodes;
  /** What the cluster needs to give roles to pods. */
  readonly agent: pulumi.Resource | undefined;
}

export function createChannel(
  family: Family,
  channel: NormalChannel,
  ground: ChannelGround,
): EksChannelNodes {
  const { place, namespace, pool, agent } = ground;
  const { role, grants } = createRole(family, channel, place);
  const podIdentity = createPodIdentity(family, channel, place, role);
  const serviceAccount = createServiceAccount(family, channel, place, namespace);
  const attachment = createAttachment(family, channel, pool);
  const after = [serviceAccount, podIdentity, ...grants, pool.nodeGroup ?? pool.nodePool, agent, attachment];
  const deployment = createDeployment(
    family,
    channel,
    place,
    after.filter((each) => pulumi.Resource.isInstance(each)),
  );
  return { role, podIdentity, serviceAccount, deployment, ...(attachment && { attachment }) };
}

function createRole(
  family: Family,
  { id, storeZone, environment }: NormalChannel,
  { arn }: ClusterPlace,
): { readonly role: iam.Role; readonly grants: readonly pulumi.Resource[] } {
  const { store, ingest, namespace } = family.args;
  const { child, name, tags } = made(family, `channel-${id}-role`);
  const role = new iam.Role(
    ...childOf(family, 'channelRole', child, {
      name,
      description: `The encoder of channel ${id}`,
      assumeRolePolicy: arn.apply((cluster) => assumedByPods(cluster, namespace, serviceAccountName(id))),
      tags,
    }),
  );
  const grant = grantId(family.name, id);
  const grants = [
    store.grantWrite(grant, role.name, {
      channels: [id],
      ...(storeZone !== 'regional' && { zones: [storeZone] }),
    }),
    'SRT_PASSPHRASE_SECRET' in environment && ingest?.channels[id] !== undefined
      ? ingest.grantReadPassphrase(grant, role.name, { channels: [id] })
      : undefined,
  ];
  return { role, grants: grants.filter((each) => pulumi.Resource.isInstance(each)) };
}

function createPodIdentity(
  family: Family,
  { id }: NormalChannel,
  { name: clusterName }: ClusterPlace,
  role: iam.Role,
): awsEks.PodIdentityAssociation {
  const { child, tags } = made(family, `channel-${id}-identity`);
  const args: awsEks.PodIdentityAssociationArgs = {
    clusterName,
    namespace: family.args.namespace,
    serviceAccount: serviceAccountName(id),
    roleArn: role.arn,
    tags,
  };
  return new awsEks.PodIdentityAssociation(...childOf(family, 'podIdentity', child, args));
}

function createServiceAccount(
  family: Family,
  { id }: NormalChannel,
  place: ClusterPlace,
  namespace: pulumi.Resource,
): pulumi.CustomResource {
  const { child } = made(family, `channel-${id}-account`);
  const args: ServiceAccountArgs = {
    metadata: {
      name: serviceAccountName(id),
      namespace: family.args.namespace,
      labels: { ...labelsOf(family, 'encoder'), [LABEL.channel]: id },
    },
    automountServiceAccountToken: false,
  };
  return new family.packages.kubernetes.core.v1.ServiceAccount(
    ...objectOf(family, place, 'serviceAccount', child, args, { dependsOn: [namespace] }),
  );
}

/** All instances of the pool are targets; healthy is that one where the channel listens. */
function createAttachment(
  family: Family,
  { id, ingest }: NormalChannel,
  { nodeGroup }: EksPoolNodes,
): autoscaling.Attachment | undefined {
  if (!ingest || !nodeGroup) return undefined;
  const { child } = made(family, `channel-${id}-targets`);
  const args: autoscaling.AttachmentArgs = {
    // Not `.resources` of the output: that is a member of outputs themselves.
    autoscalingGroupName: nodeGroup.nodeGroup
      .apply(({ resources }) => resources)
      .apply((resources) => resources[0]!.autoscalingGroups[0]!.name),
    lbTargetGroupArn: ingest.targetGroupArn,
  };
  return new autoscaling.Attachment(...childOf(family, 'attachment', child, args));
}

function createDeployment(
  family: Family,
  channel: NormalChannel,
  place: ClusterPlace,
  after: readonly pulumi.Resource[],
): pulumi.CustomResource {
  const { id, running, deployment } = channel;
  const { child } = made(family, `channel-${id}`);
  const labels = { ...labelsOf(family, 'encoder'), [LABEL.channel]: id };
  const handover = deployment === ChannelDeployment.Handover;
  const args: DeploymentArgs = {
    metadata: {
      name: id,
      namespace: family.args.namespace,
      labels,
      // An update does not wait: a GPU can be hours away.
      annotations: { 'pulumi.com/skipAwait': 'true' },
    },
    spec: {
      replicas: running ? 1 : 0,
      revisionHistoryLimit: 3,
      // The new pod cannot be where the old one has the ports, so at a handover it starts on another node.
      strategy: handover
        ? { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
        : { type: 'Recreate' },
      selector: { matchLabels: { [LABEL.channel]: id } },
      template: podTemplate(family, channel, place, labels),
    },
  };
  return new family.packages.kubernetes.apps.v1.Deployment(
    ...objectOf(family, place, 'deployment', child, args, { dependsOn: [...after] }),
  );
}
