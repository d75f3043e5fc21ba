/** What nodes are made from: their role, and launch templates. */
import * as ec2 from '@pulumi/aws/ec2';
import * as iam from '@pulumi/aws/iam';
import type * as pulumi from '@pulumi/pulumi';
import { assumedByInstances } from '../encode/fleet/policies';
import { childOf, made, type ClusterPlace, type Family } from './family';
import { NODE_POLICIES, managedPolicyArn } from './policies';

export interface NodeRole {
  readonly role: iam.Role;
  readonly policies: readonly iam.RolePolicyAttachment[];
}

export function createNodeRole(family: Family, { arn }: ClusterPlace): NodeRole {
  const { child, name, tags } = made(family, 'node');
  const role = new iam.Role(
    ...childOf(family, 'nodeRole', child, {
      name,
      description: 'Nodes of encoders: the kubelet, the VPC CNI and pulling images, no media',
      assumeRolePolicy: assumedByInstances,
      tags,
    }),
  );
  const policies = NODE_POLICIES.map((policy) => {
    const args: iam.RolePolicyAttachmentArgs = {
      role: role.name,
      policyArn: arn.apply((cluster) => managedPolicyArn(cluster, policy)),
    };
    return new iam.RolePolicyAttachment(
      ...childOf(family, 'nodePolicy', made(family, `node-${policy}`).child, args),
    );
  });
  return { role, policies };
}

/** Where Amazon Linux 2023 has its root. */
const ROOT_DEVICE = '/dev/xvda';

export interface LaunchTemplateWishes {
  readonly description: string;
  readonly securityGroupIds: readonly pulumi.Input<string>[];
  readonly userData?: string;
}

/** Neither an image nor an instance type: the node groups say these. */
export function createLaunchTemplate(
  family: Family,
  suffix: string,
  { description, securityGroupIds, userData }: LaunchTemplateWishes,
): ec2.LaunchTemplate {
  const { child, name, tags } = made(family, suffix);
  const args: ec2.LaunchTemplateArgs = {
    name,
    description,
    updateDefaultVersion: true,
    vpcSecurityGroupIds: [...securityGroupIds],
    // Pods with the host's network reach it; those with one of their own do not.
    metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      {
        deviceName: ROOT_DEVICE,
        ebs: { ...DISK, volumeSize: family.args.diskGib },
      },
    ],
    ...(userData !== undefined && { userData: Buffer.from(userData).toString('base64') }),
    tagSpecifications: ['instance', 'volume'].map((resourceType) => ({ resourceType, tags })),
    tags,
  };
  return new ec2.LaunchTemplate(...childOf(family, 'launchTemplate', child, args));
}

const DISK = { volumeType: 'gp3', encrypted: 'true', deleteOnTermination: 'true' } as const;
