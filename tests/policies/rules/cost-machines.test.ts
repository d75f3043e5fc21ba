import * as aws from '@pulumi/aws';
import { expect } from 'chai';
import { stackOf } from '../../../planner/check/from-graph';
import { commitmentsAreOptedInto } from '../../../policies/rules/cost/commitments-are-opted-into';
import { gpuGroupsCanBeEmpty } from '../../../policies/rules/cost/gpu-groups-can-be-empty';
import { instanceTypesAreAllowed } from '../../../policies/rules/cost/instance-types-are-allowed';
import { instancesAreOfACurrentGeneration } from '../../../policies/rules/cost/instances-are-of-a-current-generation';
import { volumesAreGp3 } from '../../../policies/rules/cost/volumes-are-gp3';
import { GoodProgram, both, set, unset, verdicts, without } from '../cases';

const OVERRIDES = 'mixedInstancesPolicy.launchTemplate.overrides';

const good = new GoodProgram(() => {
  const template = new aws.ec2.LaunchTemplate('encoder', {
    instanceType: 'g6.xlarge',
    blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { volumeType: 'gp3', volumeSize: 40 } }],
  });
  const zones = ['eu-west-1a', 'eu-west-1b'];
  const group = new aws.autoscaling.Group('encoders', {
    ...{ minSize: 0, maxSize: 8, availabilityZones: zones },
    launchTemplate: { id: template.id, version: '1' },
  });
  new aws.ecs.CapacityProvider('gpus', {
    autoScalingGroupProvider: { autoScalingGroupArn: group.arn, managedScaling: { status: 'ENABLED' } },
  });
  const web = new aws.ec2.LaunchTemplate('web', { instanceType: 'c8g.large' });
  new aws.autoscaling.Group('web-servers', {
    ...{ minSize: 2, maxSize: 8, desiredCapacity: 2, availabilityZones: zones },
    mixedInstancesPolicy: {
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: web.id },
        overrides: [{ instanceType: 'c8g.large' }, { instanceType: 'c7g.large' }],
      },
    },
  });
  new aws.eks.NodeGroup('nodes', {
    ...{ clusterName: 'video', nodeRoleArn: 'arn:aws:iam::123456789012:role/nodes', subnetIds: [] },
    ...{ instanceTypes: ['m8g.large'], scalingConfig: { minSize: 1, maxSize: 2, desiredSize: 1 } },
  });
  new aws.rds.Instance('users', { instanceClass: 'db.t4g.small', storageType: 'gp3' });
  new aws.ebs.Volume('scratch', { availabilityZone: 'eu-west-1a', size: 10, type: 'gp3' });
  new aws.ec2.Instance('build', { instanceType: 'c8g.xlarge', rootBlockDevice: { volumeType: 'gp3' } });
  const night = new aws.autoscaling.Group('day-encoders', {
    ...{ minSize: 2, maxSize: 8, availabilityZones: zones },
    launchTemplate: { id: template.id, version: '1' },
  });
  new aws.autoscaling.Schedule('night', {
    ...{ scheduledActionName: 'night', autoscalingGroupName: night.name, recurrence: '0 22 * * *' },
    ...{ minSize: 0, maxSize: 8, desiredCapacity: 0 },
  });
  new aws.mediaconvert.Queue('jobs', { pricingPlan: 'ON_DEMAND' });
  new aws.bedrock.ProvisionedModelThroughput('captions', {
    ...{ modelArn: 'arn:aws:bedrock:eu-west-1::foundation-model/x', modelUnits: 1 },
    provisionedModelName: 'captions',
  });
});

describe('rules of the cost of machines', () => {
  good.tries(instanceTypesAreAllowed, {
    violating: {
      'a series for training': {
        change: set('encoder', 'instanceType', 'p5.48xlarge'),
        at: 'encoder',
        found: ['p5.48xlarge is of a series that is not allowed'],
      },
      'a series that begins with an allowed letter': {
        change: set('build', 'instanceType', 'mac2.metal'),
        at: 'build',
        found: ['mac2.metal is of a series that is not allowed'],
      },
      'a size beyond the largest, in one of several types': {
        change: set('web-servers', `${OVERRIDES}.1.instanceType`, 'c7g.metal'),
        at: 'web-servers',
        found: ['c7g.metal is larger than 16xlarge'],
      },
      'a large type of nodes': {
        change: set('nodes', 'instanceTypes', ['m8g.24xlarge']),
        at: 'nodes',
        found: ['m8g.24xlarge is larger than 16xlarge'],
      },
    },
    nearMisses: {
      'the largest size itself': set('encoder', 'instanceType', 'g6.16xlarge'),
      'the series gr': set('encoder', 'instanceType', 'gr6.4xlarge'),
      'a small size': set('build', 'instanceType', 't4g.nano'),
    },
    notApplicable: {
      'a group that leaves the type to its template': {
        change: (graph) => graph,
        at: 'encoders',
        reason: 'it names no instance type',
      },
    },
  });

  good.tries(instancesAreOfACurrentGeneration, {
    violating: {
      'GPUs of an old generation': {
        change: set('encoder', 'instanceType', 'g3.4xlarge'),
        at: 'encoder',
        found: ['g3.4xlarge has two newer generations or more'],
      },
      'an old database': {
        change: set('users', 'instanceClass', 'db.t2.small'),
        at: 'users',
        found: ['t2.small has two newer generations or more'],
      },
    },
    nearMisses: {
      'the generation before the current one': set('encoder', 'instanceType', 'g4dn.xlarge'),
      'a series whose name begins alike': set('build', 'instanceType', 'm4x.large'),
    },
  });

  good.tries(gpuGroupsCanBeEmpty, {
    violating: {
      'GPUs that are kept without work': {
        change: set('encoders', 'minSize', 1),
        at: 'encoders',
        found: ['it keeps at least 1 GPU instances whether or not there is work'],
      },
      'a night that keeps some': {
        change: set('night', 'minSize', 1),
        at: 'day-encoders',
        found: ['it keeps at least 2 GPU instances whether or not there is work'],
      },
      'GPUs in a group that names one type with them': {
        change: set('web-servers', `${OVERRIDES}.1.instanceType`, 'g6.xlarge'),
        at: 'web-servers',
        found: ['it keeps at least 2 GPU instances whether or not there is work'],
      },
      'GPUs that nothing takes away': {
        change: both(set('encoders', 'desiredCapacity', 3), without('gpus')),
        at: 'encoders',
        found: ['nothing takes its 3 GPU instances away when there is no work'],
      },
      'GPUs of a provider that does not scale': {
        change: both(
          set('encoders', 'desiredCapacity', 1),
          set('gpus', 'autoScalingGroupProvider.managedScaling.status', 'DISABLED'),
        ),
        at: 'encoders',
        found: ['nothing takes its 1 GPU instances away when there is no work'],
      },
      'a warm pool that runs': {
        change: set('encoders', 'warmPool', { poolState: 'Running', minSize: 1 }),
        at: 'encoders',
        found: ['its warm pool keeps 1 GPU instances running'],
      },
    },
    nearMisses: {
      'a warm pool that is stopped': set('encoders', 'warmPool', { poolState: 'Stopped', minSize: 1 }),
      'a wish for instances that a provider revises': set('encoders', 'desiredCapacity', 3),
    },
    notApplicable: {
      'servers without GPUs': {
        change: set('web-servers', 'minSize', 4),
        at: 'web-servers',
        reason: 'it has no GPU instances',
      },
    },
  });

  good.tries(volumesAreGp3, {
    violating: {
      'a volume without a type': {
        change: unset('scratch', 'type'),
        at: 'scratch',
        found: ['a volume is gp2'],
      },
      'a block device of a template': {
        change: set('encoder', 'blockDeviceMappings.0.ebs.volumeType', 'gp2'),
        at: 'encoder',
        found: ['a volume is gp2'],
      },
      'a root of an instance': {
        change: set('build', 'rootBlockDevice.volumeType', 'standard'),
        at: 'build',
        found: ['a volume is standard'],
      },
      'a database whose operations gp3 has too': {
        change: both(unset('users', 'storageType'), set('users', 'iops', 16000)),
        at: 'users',
        found: ['a volume is io1 with 16000 operations a second, which gp3 has too'],
      },
      'a device whose operations gp3 has too': {
        change: set('encoder', 'blockDeviceMappings.0.ebs', { volumeType: 'io2', iops: 4000 }),
        at: 'encoder',
        found: ['a volume is io2 with 4000 operations a second, which gp3 has too'],
      },
      'a database without a type': {
        change: unset('users', 'storageType'),
        at: 'users',
        found: ['a volume is gp2'],
      },
    },
    nearMisses: {
      'a database with more operations than gp3 has': both(
        unset('users', 'storageType'),
        set('users', 'iops', 16001),
      ),
      'a template that leaves the type to its image': unset(
        'encoder',
        'blockDeviceMappings.0.ebs.volumeType',
      ),
    },
  });

  good.tries(commitmentsAreOptedInto, {
    violating: {
      'slots that are reserved': {
        change: set('jobs', 'pricingPlan', 'RESERVED'),
        at: 'jobs',
        found: ['transcoding slots are reserved for a term'],
      },
      'a model by the month': {
        change: set('captions', 'commitmentDuration', 'OneMonth'),
        at: 'captions',
        found: ['model throughput is committed to for a term'],
      },
    },
    nearMisses: { 'a queue that is paused': set('jobs', 'status', 'PAUSED') },
  });

  it('lets a Savings Plan be bought by who has allowed its type alone', async () => {
    const plan = new GoodProgram(() => {
      new aws.savingsplans.SavingsPlan('three-years', { commitment: '1.0', savingsPlanOfferingId: 'x' });
    });
    const stack = stackOf(await plan.graph());
    expect(verdicts(commitmentsAreOptedInto, stack).get('three-years')).to.deep.equal({
      result: 'violating',
      found: ['a Savings Plan commits to a sum an hour for a term'],
    });
    const allowed = ['aws:savingsplans/savingsPlan:SavingsPlan'];
    expect(verdicts(commitmentsAreOptedInto, stack, { allowed }).get('three-years')).to.deep.equal({
      result: 'compliant',
    });
  });
});
