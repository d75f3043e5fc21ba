/** What a channel is made of: a log, a role, a task definition, a service and its alarms. */
import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as ecs from '@pulumi/aws/ecs';
import * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import { InputProblems, describeAlarm, judging } from '../../kit';
import { CHANNEL_ALARMS, GPU_DIMENSION, type FleetAlarm } from './alarms';
import { ChannelDeployment } from './args';
import type { FleetBaseNodes } from './base';
import { CONTAINER, containerDefinitions } from './container';
import { childOf, made, type Family } from './family';
import type { FleetPoolNodes } from './instances';
import { fleetName, grantId, logGroupName } from './names';
import type { NormalChannel } from './normal-channels';
import { assumedByTasks, executeCommandPolicy } from './policies';
import { PurchaseOption } from './purchase';

/** The raw resources of one channel. */
export interface FleetChannelNodes {
  readonly logGroup: cloudwatch.LogGroup;
  readonly taskRole: iam.Role;
  readonly taskDefinition: ecs.TaskDefinition;
  readonly service: ecs.Service;
  /** By the sections of the runbook. */
  readonly alarms: Readonly<Record<string, cloudwatch.MetricAlarm>>;
}

/** What a channel's resources come after. */
export interface ChannelGround {
  readonly base: FleetBaseNodes;
  readonly pool: FleetPoolNodes;
  readonly clusterCapacityProviders: ecs.ClusterCapacityProviders;
}

export function createChannel(
  family: Family,
  channel: NormalChannel,
  { base, pool, clusterCapacityProviders }: ChannelGround,
): FleetChannelNodes {
  const logGroup = createLogGroup(family, channel);
  const { taskRole, grants } = createTaskRole(family, channel, base);
  const taskDefinition = createTaskDefinition(family, channel, { base, logGroup, taskRole });
  const after = [clusterCapacityProviders, base.executionPolicy, ...grants];
  const service = createService(family, channel, { base, pool, taskDefinition, after });
  const alarms = createChannelAlarms(family, channel);
  return { logGroup, taskRole, taskDefinition, service, alarms };
}

function createLogGroup(family: Family, { id }: NormalChannel): cloudwatch.LogGroup {
  const { args } = family;
  const { child, tags } = made(family, `channel-${id}-log`);
  const groupArgs: cloudwatch.LogGroupArgs = {
    name: logGroupName(fleetName(`${family.name}-cluster`), id),
    retentionInDays: args.logRetentionDays,
    tags,
  };
  const { retainOnDelete } = args.protection;
  return new cloudwatch.LogGroup(...childOf(family, 'logGroup', child, groupArgs, { retainOnDelete }));
}

function createTaskRole(
  family: Family,
  { id, storeZone, environment }: NormalChannel,
  { cluster }: FleetBaseNodes,
): { readonly taskRole: iam.Role; readonly grants: readonly pulumi.Resource[] } {
  const { store, ingest, executeCommand } = family.args;
  const { child, name, tags } = made(family, `channel-${id}-role`);
  const taskRole = new iam.Role(
    ...childOf(family, 'taskRole', child, {
      name,
      description: `The encoder of channel ${id}`,
      assumeRolePolicy: cluster.arn.apply(assumedByTasks),
      tags,
    }),
  );
  const grant = grantId(family.name, id);
  const isRegional = storeZone === 'regional';
  const grants = [
    store.grantWrite(grant, taskRole.name, {
      channels: [id],
      ...(!isRegional && { zones: [storeZone] }),
    }),
    'SRT_PASSPHRASE_SECRET' in environment && ingest?.channels[id] !== undefined
      ? ingest.grantReadPassphrase(grant, taskRole.name, { channels: [id] })
      : undefined,
    executeCommand ? createExecuteCommandPolicy(family, id, taskRole) : undefined,
  ];
  return { taskRole, grants: grants.filter((each) => pulumi.Resource.isInstance(each)) };
}

function createExecuteCommandPolicy(family: Family, id: string, taskRole: iam.Role): iam.RolePolicy {
  const { child, name } = made(family, `channel-${id}-execute`);
  const args: iam.RolePolicyArgs = {
    name,
    role: taskRole.name,
    policy: JSON.stringify(executeCommandPolicy),
  };
  return new iam.RolePolicy(...childOf(family, 'executeCommandPolicy', child, args));
}

function createTaskDefinition(
  family: Family,
  channel: NormalChannel,
  {
    base,
    logGroup,
    taskRole,
  }: { readonly base: FleetBaseNodes; readonly logGroup: cloudwatch.LogGroup; readonly taskRole: iam.Role },
): ecs.TaskDefinition {
  const { child, name, tags } = made(family, `channel-${channel.id}-task`);
  const args: ecs.TaskDefinitionArgs = {
    family: name,
    networkMode: 'host',
    requiresCompatibilities: ['EC2'],
    runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
    executionRoleArn: base.executionRole.arn,
    taskRoleArn: taskRole.arn,
    containerDefinitions: containerDefinitions({
      owner: family.owner,
      channel,
      region: base.cluster.region,
      store: storeOf(family, channel),
      logGroup: logGroup.name,
      stopTimeoutSeconds: family.args.stopTimeoutSeconds,
    }),
    // The revision before must be there for as long as a rollout may go back to it. Revisions cost nothing.
    skipDestroy: true,
    tags,
  };
  return new ecs.TaskDefinition(...childOf(family, 'taskDefinition', child, args));
}

/** The store's variables, once it is known that its directory bucket is where the encoder is. */
export function storeOf(
  family: { readonly owner: string; readonly args: Pick<Family['args'], 'store'> },
  { id, zone, storeZone }: Pick<NormalChannel, 'id' | 'zone' | 'storeZone'>,
) {
  const { runtimeEnvironment, directoryBucketNames } = family.args.store;
  const { STORE, SEGMENT_STORAGE_CLASS } = runtimeEnvironment[storeZone]!;
  const checked = pulumi.all([STORE, directoryBucketNames]).apply(([location, names]) => {
    const bucket = names[storeZone];
    if (bucket === undefined || bucket.endsWith(`--${zone}--x-s3`)) return location;
    const problems = new InputProblems(family.owner);
    problems.add(`channels.${id}.storeZone`, storeZone, {
      because: `its bucket is ${bucket}`,
      allowed: `a zone of the store that is in ${zone}`,
      fix: 'choose another zone of the store, or of the channel',
    });
    problems.throwIfAny();
    return location;
  });
  return { STORE: checked, ...(SEGMENT_STORAGE_CLASS && { SEGMENT_STORAGE_CLASS }) };
}

/** Seconds in which a new task may be unhealthy for the load balancer. */
const GRACE_SECONDS = 60;

interface ServiceGround {
  readonly base: FleetBaseNodes;
  readonly pool: FleetPoolNodes;
  readonly taskDefinition: ecs.TaskDefinition;
  readonly after: readonly pulumi.Resource[];
}

function createService(
  family: Family,
  { id, port, ingest, running, deployment, purchase }: NormalChannel,
  { base, pool, taskDefinition, after }: ServiceGround,
): ecs.Service {
  const { child, name, tags } = made(family, `channel-${id}-service`);
  const handover = deployment === ChannelDeployment.Handover;
  const args: ecs.ServiceArgs = {
    name,
    cluster: base.cluster.arn,
    taskDefinition: taskDefinition.arn,
    desiredCount: running ? 1 : 0,
    capacityProviderStrategies: [{ capacityProvider: pool.capacityProvider.name, weight: 1 }],
    deploymentMinimumHealthyPercent: handover ? 100 : 0,
    deploymentMaximumPercent: handover ? 200 : 100,
    deploymentCircuitBreaker: { enable: true, rollback: true },
    // The port is taken where the old task runs.
    ...(handover && { placementConstraints: [{ type: 'distinctInstance' }] }),
    // As few instances as hold all channels.
    orderedPlacementStrategies: [{ type: 'binpack', field: 'cpu' }],
    // The channel's live edge is in one zone.
    availabilityZoneRebalancing: 'DISABLED',
    enableExecuteCommand: family.args.executeCommand,
    enableEcsManagedTags: true,
    propagateTags: 'SERVICE',
    // An update does not wait: a GPU can be hours away, and alarms tell.
    waitForSteadyState: false,
    ...(ingest && {
      loadBalancers: [
        { targetGroupArn: ingest.targetGroupArn, containerName: CONTAINER, containerPort: port! },
      ],
      healthCheckGracePeriodSeconds: GRACE_SECONDS,
    }),
    // A channel may be on Spot only where its own arguments say so; policies see the choice by this.
    tags: { ...(purchase === PurchaseOption.Spot && { 'media-accept-interruption': 'true' }), ...tags },
  };
  return new ecs.Service(...childOf(family, 'service', child, args, { dependsOn: [...after] }));
}

function createChannelAlarms(
  family: Family,
  { id, source, running }: NormalChannel,
): Record<string, cloudwatch.MetricAlarm> {
  if (!family.args.alarms) return {};
  const specs = CHANNEL_ALARMS.filter(({ sources }) => sources?.includes(source) ?? true);
  return Object.fromEntries(
    specs.map((spec) => [
      spec.id,
      createAlarm(family, spec, {
        child: `channel-${id}-alarm-${spec.id}`,
        of: `Channel ${id} of ${family.name}`,
        dimensions: { Channel: id, ...(spec.ofGpu && GPU_DIMENSION) },
        enabled: running,
      }),
    ]),
  );
}

/** What is watched, and by which name. */
export interface AlarmPlace {
  /** End of the resource's name. */
  readonly child: string;
  /** For people. */
  readonly of: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  /** Whether it tells anybody. */
  readonly enabled: boolean;
}

export function createAlarm(family: Family, spec: FleetAlarm, place: AlarmPlace): cloudwatch.MetricAlarm {
  const { actions = [], advisoryActions = [], runbook } = family.args.alarms ?? {};
  const { child, name, tags } = made(family, place.child);
  const told = [...(spec.advisory ? advisoryActions : actions)];
  const args: cloudwatch.MetricAlarmArgs = {
    name,
    alarmDescription: describeAlarm(spec, place.of, runbook),
    namespace: spec.namespace,
    metricName: spec.metricName,
    dimensions: { ...place.dimensions },
    ...judging(spec),
    actionsEnabled: place.enabled,
    ...(told.length > 0 && { alarmActions: told, okActions: told }),
    tags,
  };
  return new cloudwatch.MetricAlarm(...childOf(family, 'alarm', child, args));
}
