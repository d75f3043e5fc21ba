/** What a zone is made of: a log, a role, a task definition, a service, its scaling and its alarms. */
import { getRegionOutput } from '@pulumi/aws/getRegion';
import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as ecs from '@pulumi/aws/ecs';
import * as iam from '@pulumi/aws/iam';
import type * as lb from '@pulumi/aws/lb';
import * as pulumi from '@pulumi/pulumi';
import { Architecture } from '../encode/image/reference';
import { assumedByTasks, executeCommandPolicy } from '../encode/fleet/policies';
import { InputProblems } from '../kit';
import { serviceAlarms } from './alarms';
import type { OriginBalancerNodes } from './balancer';
import type { OriginBaseNodes } from './base';
import { CONTAINER, containerDefinitions } from './container';
import { childOf, made, type Family } from './family';
import { grantId, logGroupName, originName } from './names';
import { REGIONAL } from './neighbours';
import type { NormalZone } from './normal-zones';
import { createScaling, type OriginScalingNodes } from './scaling';
import { TASK_PORTS, type OriginSecurityNodes } from './security';
import { createAlarms } from './watch';

/** The raw resources of one zone. */
export interface OriginZoneNodes extends OriginScalingNodes {
  readonly logGroup: cloudwatch.LogGroup;
  readonly taskRole: iam.Role;
  readonly taskDefinition: ecs.TaskDefinition;
  readonly service: ecs.Service;
  /** By the sections of the runbook. */
  readonly alarms: Readonly<Record<string, cloudwatch.MetricAlarm>>;
}

/** What a zone's resources come after. */
export interface ZoneGround {
  readonly base: OriginBaseNodes;
  readonly balancer: OriginBalancerNodes;
  readonly security: OriginSecurityNodes;
}

export function createZone(family: Family, zone: NormalZone, ground: ZoneGround): OriginZoneNodes {
  const { base, balancer } = ground;
  const logGroup = createLogGroup(family, zone);
  const { taskRole, grants } = createTaskRole(family, zone, base);
  const taskDefinition = createTaskDefinition(family, zone, { base, logGroup, taskRole });
  const targetGroup = balancer.targetGroups[zone.id]!;
  // Without what leads to it, ECS refuses a target group.
  const led = balancer.zoneRules[zone.id] ?? balancer.listener;
  const service = createService(family, zone, ground, {
    ...{ taskDefinition, targetGroup },
    after: [base.executionPolicy, led, ...grants],
  });
  const scaling = createScaling(family, zone, base.cluster, service);
  const alarms = createAlarms(
    family,
    serviceAlarms({ ...family.args, heldRequests: 0, ...family.args.alarms }),
    {
      child: `zone-${zone.id}-alarm`,
      of: `Zone ${zone.id} of ${family.name}`,
      dimensions: {
        origin: { Origin: metricsName(family, zone) },
        targetGroup: {
          LoadBalancer: balancer.loadBalancer.arnSuffix,
          TargetGroup: targetGroup.arnSuffix,
        },
        service: { ClusterName: base.cluster.name, ServiceName: service.name },
        loadBalancer: { LoadBalancer: balancer.loadBalancer.arnSuffix },
      },
    },
  );
  return { logGroup, taskRole, taskDefinition, service, ...scaling, alarms };
}

/** Known before anything exists: the service's name. */
export const metricsName = ({ name }: Family, { id }: NormalZone): string =>
  originName(`${name}-zone-${id}-service`);

function createLogGroup(family: Family, { id }: NormalZone): cloudwatch.LogGroup {
  const { args } = family;
  const { child, tags } = made(family, `zone-${id}-log`);
  const groupArgs: cloudwatch.LogGroupArgs = {
    name: logGroupName(originName(`${family.name}-cluster`), id),
    retentionInDays: args.logRetentionDays,
    tags,
  };
  const { retainOnDelete } = args.protection;
  return new cloudwatch.LogGroup(...childOf(family, 'logGroup', child, groupArgs, { retainOnDelete }));
}

function createTaskRole(
  family: Family,
  { id, storeZone }: NormalZone,
  { cluster }: OriginBaseNodes,
): { readonly taskRole: iam.Role; readonly grants: readonly pulumi.Resource[] } {
  const { store, executeCommand } = family.args;
  const { child, name, tags } = made(family, `zone-${id}-role`);
  const taskRole = new iam.Role(
    ...childOf<iam.RoleArgs>(family, 'taskRole', child, {
      name,
      description: `The live origin of ${id}: reads its store`,
      assumeRolePolicy: cluster.arn.apply(assumedByTasks),
      tags,
    }),
  );
  const grants = [
    store.grantRead(grantId(family.name, id), taskRole.name, {
      ...(storeZone !== REGIONAL && { zones: [storeZone] }),
    }),
    executeCommand ? createExecuteCommandPolicy(family, id, taskRole) : undefined,
  ];
  return { taskRole, grants: grants.filter((each) => pulumi.Resource.isInstance(each)) };
}

function createExecuteCommandPolicy(family: Family, id: string, taskRole: iam.Role): iam.RolePolicy {
  const { child, name } = made(family, `zone-${id}-execute`);
  const args: iam.RolePolicyArgs = {
    name,
    role: taskRole.name,
    policy: JSON.stringify(executeCommandPolicy),
  };
  return new iam.RolePolicy(...childOf(family, 'executeCommandPolicy', child, args));
}

interface TaskGround {
  readonly base: OriginBaseNodes;
  readonly logGroup: cloudwatch.LogGroup;
  readonly taskRole: iam.Role;
}

const CPU_ARCHITECTURE = { [Architecture.Amd64]: 'X86_64', [Architecture.Arm64]: 'ARM64' } as const;

function createTaskDefinition(
  family: Family,
  zone: NormalZone,
  { base, logGroup, taskRole }: TaskGround,
): ecs.TaskDefinition {
  const { args, component } = family;
  const { child, name, tags } = made(family, `zone-${zone.id}-task`);
  const taskArgs: ecs.TaskDefinitionArgs = {
    family: name,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: CPU_ARCHITECTURE[args.architecture] },
    ...{ cpu: String(args.cpu), memory: String(args.memoryMiB) },
    executionRoleArn: base.executionRole.arn,
    taskRoleArn: taskRole.arn,
    containerDefinitions: containerDefinitions({
      args,
      store: storeOf(family, zone),
      metricsName: metricsName(family, zone),
      region: getRegionOutput({}, { parent: component }).region,
      logGroup: logGroup.name,
    }),
    tags,
  };
  return new ecs.TaskDefinition(...childOf(family, 'taskDefinition', child, taskArgs));
}

/** The zone's own bucket, whose end says where it is: another one would be slow, and paid for by the byte. */
function storeOf(family: Family, { id, storeZone, placedIn }: NormalZone): pulumi.Output<string> {
  const { runtimeEnvironment, directoryBucketNames } = family.args.store;
  const { STORE } = runtimeEnvironment[storeZone]!;
  return pulumi.all([STORE, directoryBucketNames]).apply(([location, names]) => {
    const bucket = names[storeZone];
    if (bucket === undefined || placedIn.some((zone) => bucket.endsWith(`--${zone}--x-s3`))) return location;
    const problems = new InputProblems(family.owner);
    problems.add(`zones[${JSON.stringify(id)}].storeZone`, storeZone, {
      because: `its bucket is ${bucket}`,
      allowed: `a zone of the store that is in ${id}`,
      fix: 'choose another zone of the store',
    });
    problems.throwIfAny();
    return location;
  });
}

/** Seconds in which a new task may be unhealthy for the load balancer. */
const GRACE_SECONDS = 60;

interface ServiceGround {
  readonly taskDefinition: ecs.TaskDefinition;
  readonly targetGroup: lb.TargetGroup;
  readonly after: readonly pulumi.Resource[];
}

function createService(
  family: Family,
  zone: NormalZone,
  { base, security }: ZoneGround,
  { taskDefinition, targetGroup, after }: ServiceGround,
): ecs.Service {
  const { args } = family;
  const { child, name, tags } = made(family, `zone-${zone.id}-service`);
  const serviceArgs: ecs.ServiceArgs = {
    name,
    cluster: base.cluster.arn,
    taskDefinition: taskDefinition.arn,
    desiredCount: zone.minTasks,
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    networkConfiguration: {
      subnets: zone.placedIn.map((id) => args.network.zones[id]!.privateSubnetId),
      securityGroups: [security.taskSecurityGroup.id],
      assignPublicIp: false,
    },
    loadBalancers: [
      { targetGroupArn: targetGroup.arn, containerName: CONTAINER, containerPort: TASK_PORTS.media },
    ],
    healthCheckGracePeriodSeconds: GRACE_SECONDS,
    // New tasks are healthy before old ones leave.
    ...{ deploymentMinimumHealthyPercent: 100, deploymentMaximumPercent: 200 },
    deploymentCircuitBreaker: { enable: true, rollback: true },
    availabilityZoneRebalancing: zone.placedIn.length > 1 ? 'ENABLED' : 'DISABLED',
    enableExecuteCommand: args.executeCommand,
    enableEcsManagedTags: true,
    propagateTags: 'SERVICE',
    tags,
  };
  return new ecs.Service(
    ...childOf(family, 'service', child, serviceArgs, {
      dependsOn: [...after],
      // Scaling decides it from then on.
      ignoreChanges: ['desiredCount'],
    }),
  );
}
