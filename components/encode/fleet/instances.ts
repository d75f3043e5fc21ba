/** Launch templates, Auto Scaling groups and capacity providers. */
import * as autoscaling from '@pulumi/aws/autoscaling';
import * as ec2 from '@pulumi/aws/ec2';
import * as ecs from '@pulumi/aws/ecs';
import * as pulumi from '@pulumi/pulumi';
import { EMF_NAMESPACE } from '../../../encoder/contract';
import { InstanceReplacement, FleetPlacement, FleetReservationPreference } from './args';
import type { FleetBaseNodes } from './base';
import { childOf, made, type Family } from './family';
import { fleetName } from './names';
import type { Pool } from './pools';
import { PurchaseOption } from './purchase';
import type { NormalReservation } from './reservations';
import { userData } from './user-data';

/** The raw resources of one pool: instances of one type, bought in one way, in one zone. */
export interface FleetPoolNodes {
  /** Absent where instances are placed anywhere. */
  readonly placementGroup?: ec2.PlacementGroup;
  readonly group: autoscaling.Group;
  readonly capacityProvider: ecs.CapacityProvider;
}

/** Where the ECS image has its root. */
const ROOT_DEVICE = '/dev/xvda';

/** One an instance type: everything else of an instance is the same in all groups. */
export function createLaunchTemplate(
  family: Family,
  base: FleetBaseNodes,
  instanceType: string,
): ec2.LaunchTemplate {
  const { args } = family;
  const { child, name, tags } = made(family, instanceType.replace('.', '-'));
  const script = userData({
    cluster: fleetName(`${family.name}-cluster`),
    metricsNamespace: EMF_NAMESPACE,
    warmPool: args.warmPoolSize > 0,
    preferCachedImages: args.imagesStay,
    stopTimeoutSeconds: args.stopTimeoutSeconds,
  });
  const templateArgs: ec2.LaunchTemplateArgs = {
    name,
    description: `${instanceType} for ${family.name}`,
    updateDefaultVersion: true,
    imageId: args.imageId,
    instanceType,
    iamInstanceProfile: { arn: base.instanceProfile.arn },
    vpcSecurityGroupIds: [
      base.securityGroup.id,
      ...(args.ingest ? [args.ingest.targetSecurityGroupId] : []),
      ...args.securityGroupIds,
    ],
    // Tasks have the host's network, so one hop reaches them all; containers with one of their own stay outside.
    metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      {
        deviceName: ROOT_DEVICE,
        ebs: {
          volumeType: 'gp3',
          volumeSize: args.diskGib,
          encrypted: 'true',
          deleteOnTermination: 'true',
        },
      },
    ],
    monitoring: { enabled: false },
    instanceInitiatedShutdownBehavior: 'terminate',
    userData: Buffer.from(script).toString('base64'),
    tagSpecifications: ['instance', 'volume'].map((resourceType) => ({ resourceType, tags })),
    tags,
  };
  return new ec2.LaunchTemplate(...childOf(family, 'launchTemplate', child, templateArgs));
}

/** Seconds until a new instance counts. An assumption: it boots, pulls the image and starts an encoder. */
const WARM_UP_SECONDS = 180;
/** EC2's limit of a zone. */
const PARTITIONS = 7;

export function createPool(
  family: Family,
  base: FleetBaseNodes,
  pool: Pool,
  template: ec2.LaunchTemplate,
): FleetPoolNodes {
  const { args } = family;
  const placementGroup =
    args.placement === FleetPlacement.Any ? undefined : createPlacementGroup(family, pool);
  // What instances need for as long as there are any.
  const after = [base.instancePolicy, base.egressRule];
  const group = createGroup(family, pool, template, placementGroup, after);
  const provider = made(family, `${pool.key}-provider`);
  const providerArgs: ecs.CapacityProviderArgs = {
    name: provider.name,
    autoScalingGroupProvider: {
      autoScalingGroupArn: group.arn,
      managedDraining: 'ENABLED',
      managedTerminationProtection: 'ENABLED',
      managedScaling: {
        status: 'ENABLED',
        targetCapacity: args.targetCapacity,
        minimumScalingStepSize: 1,
        maximumScalingStepSize: args.maxInstances,
        instanceWarmupPeriod: WARM_UP_SECONDS,
      },
    },
    tags: provider.tags,
  };
  const capacityProvider = new ecs.CapacityProvider(
    ...childOf(family, 'capacityProvider', provider.child, providerArgs),
  );
  return { group, capacityProvider, ...(placementGroup && { placementGroup }) };
}

function createPlacementGroup(family: Family, { key }: Pool): ec2.PlacementGroup {
  const { child, name, tags } = made(family, `${key}-placement`);
  const isPartition = family.args.placement === FleetPlacement.Partition;
  const args: ec2.PlacementGroupArgs = {
    name,
    strategy: family.args.placement,
    ...(isPartition && { partitionCount: PARTITIONS }),
    tags,
  };
  return new ec2.PlacementGroup(...childOf(family, 'placementGroup', child, args));
}

function createGroup(
  family: Family,
  { key, zone, instanceType, purchase, hasWarmPool }: Pool,
  template: ec2.LaunchTemplate,
  placementGroup: ec2.PlacementGroup | undefined,
  after: readonly pulumi.Resource[],
): autoscaling.Group {
  const { args } = family;
  const { child, name, tags } = made(family, key);
  // The version, and not $Latest: a change is seen in the plan, and a refresh begins with it.
  const version = pulumi.interpolate`${template.latestVersion}`;
  const isSpot = purchase === PurchaseOption.Spot;
  const groupArgs: autoscaling.GroupArgs = {
    name,
    minSize: 0,
    maxSize: args.maxInstances,
    vpcZoneIdentifiers: [args.network.zones[zone]!.privateSubnetId],
    healthCheckType: 'EC2',
    healthCheckGracePeriod: WARM_UP_SECONDS,
    // ECS protects the instances that have tasks.
    protectFromScaleIn: true,
    // ECS decides how many there are.
    waitForCapacityTimeout: '0',
    ...(isSpot
      ? {
          capacityRebalance: true,
          mixedInstancesPolicy: {
            instancesDistribution: {
              onDemandBaseCapacity: 0,
              onDemandPercentageAboveBaseCapacity: 0,
              spotAllocationStrategy: 'price-capacity-optimized',
              ...(args.spotMaxPrice !== undefined && { spotMaxPrice: String(args.spotMaxPrice) }),
            },
            launchTemplate: {
              launchTemplateSpecification: { launchTemplateId: template.id, version },
              // One type: a task reserves CPU units by what its GPU can do.
              overrides: [{ instanceType }],
            },
          },
        }
      : { launchTemplate: { id: template.id, version } }),
    ...reservationOf(args.reservations.get(key)),
    ...(hasWarmPool && { warmPool: { poolState: 'Stopped', minSize: args.warmPoolSize } }),
    ...(placementGroup && { placementGroup: placementGroup.name }),
    ...(args.instanceReplacement === InstanceReplacement.Rolling && {
      instanceRefresh: {
        strategy: 'Rolling',
        preferences: {
          // A new instance first, then the old one is drained.
          minHealthyPercentage: 100,
          maxHealthyPercentage: 110,
          instanceWarmup: String(WARM_UP_SECONDS),
          // All are protected while they have tasks; managed draining moves these.
          scaleInProtectedInstances: 'Refresh',
        },
      },
    }),
    tags: [
      // ECS sets it by itself; without it here the next update would remove it.
      { key: 'AmazonECSManaged', value: 'true', propagateAtLaunch: true },
      ...Object.entries(tags).map(([tag, value]) => ({ key: tag, value, propagateAtLaunch: true })),
    ],
  };
  return new autoscaling.Group(...childOf(family, 'group', child, groupArgs, { dependsOn: [...after] }));
}

const EC2_PREFERENCE = {
  [FleetReservationPreference.First]: 'capacity-reservations-first',
  [FleetReservationPreference.Only]: 'capacity-reservations-only',
  [FleetReservationPreference.None]: 'none',
} as const;

/** Of the group and not of the launch template, which all pools of the type have, and which cannot fall back. */
function reservationOf(
  reservation: NormalReservation | undefined,
): Pick<autoscaling.GroupArgs, 'capacityReservationSpecification'> {
  if (!reservation) return {};
  const { preference, ids, resourceGroupArn } = reservation;
  const target = {
    ...(ids.length > 0 && { capacityReservationIds: [...ids] }),
    ...(resourceGroupArn !== undefined && { capacityReservationResourceGroupArns: [resourceGroupArn] }),
  };
  return {
    capacityReservationSpecification: {
      capacityReservationPreference: EC2_PREFERENCE[preference],
      ...(Object.keys(target).length > 0 && { capacityReservationTarget: target }),
    },
  };
}
