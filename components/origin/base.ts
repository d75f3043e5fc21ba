/** What the services share: the cluster and the role that starts their tasks. */
import * as ecs from '@pulumi/aws/ecs';
import * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import { assumedByTasks, executionPolicy } from '../encode/fleet/policies';
import { childOf, made, type Family } from './family';

/** As raw resources. */
export interface OriginBaseNodes {
  readonly cluster: ecs.Cluster;
  readonly executionRole: iam.Role;
  readonly executionPolicy: iam.RolePolicy;
}

export function createBase(family: Family): OriginBaseNodes {
  const { args } = family;
  const { child, name, tags } = made(family, 'cluster');
  const cluster = new ecs.Cluster(
    ...childOf<ecs.ClusterArgs>(family, 'cluster', child, {
      name,
      settings: [{ name: 'containerInsights', value: args.containerInsights }],
      tags,
    }),
  );
  const role = made(family, 'execution');
  const executionRole = new iam.Role(
    ...childOf<iam.RoleArgs>(family, 'executionRole', role.child, {
      name: role.name,
      description: 'What Fargate does for tasks of the origin: pulls the image, writes logs',
      assumeRolePolicy: cluster.arn.apply(assumedByTasks),
      tags: role.tags,
    }),
  );
  const policy = made(family, 'execution-policy');
  const document = pulumi
    .all([cluster.arn, args.image])
    .apply(([arn, image]) => executionPolicy(arn, [image]));
  return {
    cluster,
    executionRole,
    executionPolicy: new iam.RolePolicy(
      ...childOf<iam.RolePolicyArgs>(family, 'executionPolicy', policy.child, {
        name: policy.name,
        role: executionRole.name,
        policy: pulumi.jsonStringify(document),
      }),
    ),
  };
}
