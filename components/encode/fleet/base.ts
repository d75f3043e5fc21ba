/** What the channels of a fleet share: the cluster, the instances' network and roles. */
import * as ec2 from '@pulumi/aws/ec2';
import * as ecs from '@pulumi/aws/ecs';
import * as iam from '@pulumi/aws/iam';
import * as vpc from '@pulumi/aws/vpc';
import * as pulumi from '@pulumi/pulumi';
import { EMF_NAMESPACE } from '../../../encoder/contract';
import { childOf, made, type Family } from './family';
import { assumedByInstances, assumedByTasks, executionPolicy, instancePolicy } from './policies';

/** What all channels of a fleet share: the cluster, roles and groups, as raw resources. */
export interface FleetBaseNodes {
  readonly cluster: ecs.Cluster;
  readonly securityGroup: ec2.SecurityGroup;
  readonly egressRule: vpc.SecurityGroupEgressRule;
  readonly instanceRole: iam.Role;
  readonly instancePolicy: iam.RolePolicy;
  readonly instanceProfile: iam.InstanceProfile;
  readonly executionRole: iam.Role;
  readonly executionPolicy: iam.RolePolicy;
}

export function createBase(family: Family): FleetBaseNodes {
  const cluster = createCluster(family);
  const { securityGroup, egressRule } = createSecurityGroup(family);
  return {
    ...{ cluster, securityGroup, egressRule },
    ...createInstanceRole(family, cluster),
    ...createExecutionRole(family, cluster),
  };
}

function createCluster(family: Family): ecs.Cluster {
  const { child, name, tags } = made(family, 'cluster');
  const args: ecs.ClusterArgs = {
    name,
    settings: [{ name: 'containerInsights', value: family.args.containerInsights }],
    tags,
  };
  return new ecs.Cluster(...childOf(family, 'cluster', child, args));
}

function createSecurityGroup(family: Family): Pick<FleetBaseNodes, 'securityGroup' | 'egressRule'> {
  const { child, name, tags } = made(family, 'instances');
  const args: ec2.SecurityGroupArgs = {
    name,
    // Cannot be changed in place, so it says nothing that could.
    description: 'Encoder instances: HTTPS out, nothing in',
    vpcId: family.args.network.vpcId,
    tags,
  };
  const securityGroup = new ec2.SecurityGroup(...childOf(family, 'securityGroup', child, args));
  const egress = made(family, 'instances-https');
  const egressArgs: vpc.SecurityGroupEgressRuleArgs = {
    securityGroupId: securityGroup.id,
    description: 'AWS services, by endpoints or NAT',
    cidrIpv4: '0.0.0.0/0',
    ipProtocol: 'tcp',
    ...{ fromPort: 443, toPort: 443, tags: egress.tags },
  };
  return {
    securityGroup,
    egressRule: new vpc.SecurityGroupEgressRule(...childOf(family, 'egressRule', egress.child, egressArgs)),
  };
}

function createInstanceRole(
  family: Family,
  cluster: ecs.Cluster,
): Pick<FleetBaseNodes, 'instanceRole' | 'instancePolicy' | 'instanceProfile'> {
  const { child, name, tags } = made(family, 'instance');
  const instanceRole = new iam.Role(
    ...childOf(family, 'instanceRole', child, {
      name,
      description: 'Encoder instances: the ECS agent, Session Manager and a metric, no media',
      assumeRolePolicy: assumedByInstances,
      tags,
    }),
  );
  const policy = made(family, 'instance-policy');
  const policyArgs: iam.RolePolicyArgs = {
    name: policy.name,
    role: instanceRole.name,
    policy: pulumi.jsonStringify(cluster.arn.apply((arn) => instancePolicy(arn, EMF_NAMESPACE))),
  };
  const profile = made(family, 'instance-profile');
  const profileArgs: iam.InstanceProfileArgs = {
    name: profile.name,
    role: instanceRole.name,
    tags: profile.tags,
  };
  return {
    instanceRole,
    instancePolicy: new iam.RolePolicy(...childOf(family, 'instancePolicy', policy.child, policyArgs)),
    instanceProfile: new iam.InstanceProfile(
      ...childOf(family, 'instanceProfile', profile.child, profileArgs),
    ),
  };
}

function createExecutionRole(
  family: Family,
  cluster: ecs.Cluster,
): Pick<FleetBaseNodes, 'executionRole' | 'executionPolicy'> {
  const { child, name, tags } = made(family, 'execution');
  const executionRole = new iam.Role(
    ...childOf(family, 'executionRole', child, {
      name,
      description: 'What the ECS agent does for encoder tasks: pulls images, writes logs',
      assumeRolePolicy: cluster.arn.apply(assumedByTasks),
      tags,
    }),
  );
  const images = pulumi.all([...family.args.channels.values()].map(({ image }) => image));
  const policy = made(family, 'execution-policy');
  const args: iam.RolePolicyArgs = {
    name: policy.name,
    role: executionRole.name,
    policy: pulumi.jsonStringify(
      pulumi
        .all([cluster.arn, family.args.image, images])
        .apply(([arn, image, others]) => executionPolicy(arn, [image, ...others])),
    ),
  };
  return {
    executionRole,
    executionPolicy: new iam.RolePolicy(...childOf(family, 'executionPolicy', policy.child, args)),
  };
}
