import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { stackOf } from '../../../planner/check/from-graph';
import { balancersRefuseDeletion } from '../../../policies/rules/resilience/balancers-refuse-deletion';
import { balancersStandInSeveralZones } from '../../../policies/rules/resilience/balancers-stand-in-several-zones';
import { deploymentsRollBack } from '../../../policies/rules/resilience/deployments-roll-back';
import { failoverRecordsAreChecked } from '../../../policies/rules/resilience/failover-records-are-checked';
import { groupsAskTheirBalancer } from '../../../policies/rules/resilience/groups-ask-their-balancer';
import { groupsStandInSeveralZones } from '../../../policies/rules/resilience/groups-stand-in-several-zones';
import { instancesComeFromATemplate } from '../../../policies/rules/resilience/instances-come-from-a-template';
import { managedChannelsHaveTwoPipelines } from '../../../policies/rules/resilience/managed-channels-have-two-pipelines';
import { natIsInEveryZone } from '../../../policies/rules/resilience/nat-is-in-every-zone';
import { onlyEncodersStandClose } from '../../../policies/rules/resilience/only-encoders-stand-close';
import { spotHasAChoice } from '../../../policies/rules/resilience/spot-has-a-choice';
import { targetsAreChecked } from '../../../policies/rules/resilience/targets-are-checked';
import { vpcsHaveThreeZones } from '../../../policies/rules/resilience/vpcs-have-three-zones';
import { GoodProgram, both, set, unset, verdicts, without } from '../cases';

const ZONES = ['a', 'b', 'c'];
const DISTRIBUTION = 'mixedInstancesPolicy.instancesDistribution';

const good = new GoodProgram(() => {
  const vpc = new aws.ec2.Vpc('vpc', { cidrBlock: '10.0.0.0/16' });
  const subnets = ZONES.map(
    (zone, index) =>
      new aws.ec2.Subnet(`subnet-${zone}`, {
        ...{ vpcId: vpc.id, cidrBlock: `10.0.${index}.0/24`, availabilityZone: `eu-west-1${zone}` },
      }),
  );
  ZONES.forEach((zone, index) => new aws.ec2.NatGateway(`nat-${zone}`, { subnetId: subnets[index]!.id }));
  const ids = subnets.map(({ id }) => id);
  new aws.lb.LoadBalancer('web', { subnets: ids, enableDeletionProtection: true });
  for (const zone of [0, 1]) {
    new aws.lb.LoadBalancer(`srt-${ZONES[zone]}`, {
      ...{ loadBalancerType: 'network', subnets: [ids[zone]!], enableDeletionProtection: true },
    });
  }
  const targets = new aws.lb.TargetGroup('servers', { vpcId: vpc.id, port: 80, protocol: 'HTTP' });
  const template = new aws.ec2.LaunchTemplate('server', { instanceType: 'c8g.large' });
  const specification = { id: template.id, version: '1' };
  const group = new aws.autoscaling.Group('web-servers', {
    ...{ minSize: 2, maxSize: 8, vpcZoneIdentifiers: ids, launchTemplate: specification },
    ...{ targetGroupArns: [targets.arn], healthCheckType: 'ELB' },
  });
  new aws.autoscaling.Attachment('servers-of-web', {
    ...{ autoscalingGroupName: group.name, lbTargetGroupArn: targets.arn },
  });
  for (const zone of [1, 2]) {
    new aws.autoscaling.Group(`encoders-${ZONES[zone]}`, {
      ...{ minSize: 0, maxSize: 8, vpcZoneIdentifiers: [ids[zone]!], launchTemplate: specification },
    });
  }
  new aws.autoscaling.Group('batch', {
    ...{ minSize: 0, maxSize: 8, availabilityZones: ['eu-west-1a', 'eu-west-1b'] },
    mixedInstancesPolicy: {
      instancesDistribution: {
        onDemandPercentageAboveBaseCapacity: 0,
        spotAllocationStrategy: 'price-capacity-optimized',
      },
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: template.id },
        overrides: [{ instanceType: 'g5.xlarge' }, { instanceType: 'g6.xlarge' }],
      },
    },
  });
  new aws.ec2.Instance('probe', { launchTemplate: specification });
  new aws.ec2.PlacementGroup('racks', { strategy: 'cluster', tags: { role: 'encoding' } });
  new aws.route53.Record('live', {
    ...{ zoneId: 'Z1', name: 'live', type: 'A', setIdentifier: 'first', ttl: 60, records: ['192.0.2.1'] },
    ...{ failoverRoutingPolicies: [{ type: 'PRIMARY' }], healthCheckId: 'check-1' },
  });
  new aws.medialive.Channel('news', {
    ...{ channelClass: 'STANDARD', destinations: [], inputAttachments: [] },
    inputSpecification: { codec: 'AVC', inputResolution: 'HD', maximumBitrate: 'MAX_20_MBPS' },
    encoderSettings: {
      ...{ audioDescriptions: [], outputGroups: [], videoDescriptions: [] },
      timecodeConfig: { source: 'SYSTEMCLOCK' },
    },
  });
  new aws.ecs.Service('origin', { deploymentCircuitBreaker: { enable: true, rollback: true } });
});

describe('rules of the resilience of networks and machines', () => {
  good.tries(balancersStandInSeveralZones, {
    violating: {
      'a balancer in one zone': {
        change: set('web', 'subnets', ['subnet-1']),
        at: 'web',
        found: ['it stands in 1 of at least 2 zones'],
      },
      'a balancer of one zone whose sisters are gone': {
        change: without('srt-b'),
        at: 'srt-a',
        found: ['it stands in 1 of at least 2 zones'],
      },
    },
    nearMisses: { 'a balancer in two zones': set('web', 'subnets', ['subnet-1', 'subnet-2']) },
  });

  good.tries(groupsStandInSeveralZones, {
    violating: {
      'a group of one zone whose sisters are gone': {
        change: without('encoders-b'),
        at: 'encoders-c',
        found: ['it stands in 1 of at least 2 zones'],
      },
    },
    nearMisses: {
      'a group in two zones': set('web-servers', 'vpcZoneIdentifiers', ['subnet-1', 'subnet-2']),
    },
  });

  good.tries(vpcsHaveThreeZones, {
    violating: {
      'two zones': {
        change: without('subnet-c'),
        at: 'vpc',
        found: ['it has subnets in 2 of at least 3 zones'],
      },
      'three subnets of two zones': {
        change: set('subnet-c', 'availabilityZone', 'eu-west-1b'),
        at: 'vpc',
        found: ['it has subnets in 2 of at least 3 zones'],
      },
    },
    nearMisses: {
      'zones by their ids': both(
        set('subnet-a', 'availabilityZoneId', 'euw1-az1'),
        set('subnet-b', 'availabilityZoneId', 'euw1-az2'),
      ),
    },
  });

  good.tries(natIsInEveryZone, {
    violating: {
      'a zone without a gateway': {
        change: without('nat-c'),
        at: 'vpc',
        found: ['2 of its 3 zones have a NAT gateway'],
      },
    },
    nearMisses: {
      'fewer zones altogether': both(without('nat-c'), without('subnet-c')),
    },
    notApplicable: {
      'a network without gateways': {
        change: both(without('nat-a'), without('nat-b'), without('nat-c')),
        at: 'vpc',
        reason: 'it has no NAT gateway',
      },
    },
  });

  good.tries(balancersRefuseDeletion, {
    violating: {
      'a balancer that can be deleted': {
        change: unset('srt-a', 'enableDeletionProtection'),
        at: 'srt-a',
        found: ['its deletion protection is off'],
      },
    },
    nearMisses: { 'the truth as a text': set('web', 'enableDeletionProtection', 'true') },
  });

  good.tries(groupsAskTheirBalancer, {
    violating: {
      'a group of target groups': {
        change: both(unset('web-servers', 'healthCheckType'), without('servers-of-web')),
        at: 'web-servers',
        found: ['it asks EC2 alone whether its instances are healthy'],
      },
      'a group that is attached': {
        change: both(set('web-servers', 'healthCheckType', 'EC2'), unset('web-servers', 'targetGroupArns')),
        at: 'web-servers',
        found: ['it asks EC2 alone whether its instances are healthy'],
      },
    },
    nearMisses: { 'a group without a balancer': set('batch', 'healthCheckType', 'EC2') },
    notApplicable: {
      'a group without a balancer': {
        change: (graph) => graph,
        at: 'batch',
        reason: 'no load balancer sends it anything',
      },
    },
  });

  good.tries(instancesComeFromATemplate, {
    violating: {
      'an instance of its own': {
        change: unset('probe', 'launchTemplate'),
        at: 'probe',
        found: ['it comes from no launch template'],
      },
    },
    nearMisses: { 'an instance with a type of its own': set('probe', 'instanceType', 't4g.small') },
  });

  good.tries(onlyEncodersStandClose, {
    violating: {
      'another role': {
        change: both(set('racks', 'tags.role', 'web'), set('racks', 'tagsAll', { role: 'web' })),
        at: 'racks',
        found: ['its strategy is cluster, and its tag "role" is not encoding'],
      },
      'no role': {
        change: both(unset('racks', 'tags'), set('racks', 'tagsAll', {})),
        at: 'racks',
        found: ['its strategy is cluster, and its tag "role" is not encoding'],
      },
    },
    nearMisses: {
      'another role that is spread': both(
        set('racks', 'tags.role', 'web'),
        set('racks', 'strategy', 'spread'),
      ),
    },
  });

  good.tries(spotHasAChoice, {
    violating: {
      'the cheapest pool by default': {
        change: unset('batch', `${DISTRIBUTION}.spotAllocationStrategy`),
        at: 'batch',
        found: ['its Spot instances are chosen by lowest-price'],
      },
      'one type': {
        change: unset('batch', 'mixedInstancesPolicy.launchTemplate.overrides.0'),
        at: 'batch',
        found: ['it chooses among 1 of at least 2 instance types'],
      },
    },
    nearMisses: {
      'types by what they have': set('batch', 'mixedInstancesPolicy.launchTemplate.overrides', [
        { instanceRequirements: { vcpuCount: { min: 4 }, memoryMib: { min: 16384 } } },
      ]),
      'another careful strategy': set(
        'batch',
        `${DISTRIBUTION}.spotAllocationStrategy`,
        'capacity-optimized',
      ),
    },
    notApplicable: {
      'a group that is on demand by default': {
        change: unset('batch', `${DISTRIBUTION}.onDemandPercentageAboveBaseCapacity`),
        at: 'batch',
        reason: 'it takes no Spot instances',
      },
    },
  });

  good.tries(targetsAreChecked, {
    violating: {
      'no check': {
        change: set('servers', 'healthCheck', { enabled: false }),
        at: 'servers',
        found: ['its health check is off'],
      },
    },
    nearMisses: { 'a check of another path': set('servers', 'healthCheck', { path: '/healthz' }) },
    notApplicable: {
      'a function': {
        change: set('servers', 'targetType', 'lambda'),
        at: 'servers',
        reason: 'a function has no health',
      },
    },
  });

  good.tries(deploymentsRollBack, {
    violating: {
      'no circuit breaker': {
        change: unset('origin', 'deploymentCircuitBreaker'),
        at: 'origin',
        found: ['a deployment of it that fails is not undone'],
      },
      'a circuit breaker that only stops': {
        change: set('origin', 'deploymentCircuitBreaker.rollback', false),
        at: 'origin',
        found: ['a deployment of it that fails is not undone'],
      },
    },
    nearMisses: { 'a controller that is named': set('origin', 'deploymentController', { type: 'ECS' }) },
    notApplicable: {
      'a service of CodeDeploy': {
        change: set('origin', 'deploymentController', { type: 'CODE_DEPLOY' }),
        at: 'origin',
        reason: 'something else deploys it',
      },
    },
  });

  good.tries(managedChannelsHaveTwoPipelines, {
    violating: {
      'one pipeline': {
        change: set('news', 'channelClass', 'SINGLE_PIPELINE'),
        at: 'news',
        found: ['it has one pipeline'],
      },
    },
    nearMisses: { 'a channel that is stopped': set('news', 'startChannel', false) },
  });

  good.tries(failoverRecordsAreChecked, {
    violating: {
      'no check': {
        change: unset('live', 'healthCheckId'),
        at: 'live',
        found: ['nothing tells when it fails'],
      },
      'an alias that asks nobody': {
        change: both(
          unset('live', 'healthCheckId'),
          set('live', 'aliases', [{ name: 'web', zoneId: 'Z2', evaluateTargetHealth: false }]),
        ),
        at: 'live',
        found: ['nothing tells when it fails'],
      },
    },
    nearMisses: {
      'an alias that asks its target': both(
        unset('live', 'healthCheckId'),
        set('live', 'aliases', [{ name: 'web', zoneId: 'Z2', evaluateTargetHealth: true }]),
      ),
    },
    notApplicable: {
      'a secondary': {
        change: set('live', 'failoverRoutingPolicies.0.type', 'SECONDARY'),
        at: 'live',
        reason: 'it is no primary of a failover',
      },
    },
  });

  it('is content with one NAT gateway for the whole region', async () => {
    const regional = new GoodProgram(() => {
      const vpc = new aws.ec2.Vpc('vpc', { cidrBlock: '10.0.0.0/16' });
      for (const zone of ['a', 'b']) {
        const place = { cidrBlock: '10.0.0.0/24', availabilityZone: `eu-west-1${zone}` };
        new aws.ec2.Subnet(`subnet-${zone}`, { vpcId: vpc.id, ...place });
      }
      new aws.ec2.NatGateway('nat', { vpcId: vpc.id, availabilityMode: 'regional' });
    });
    const said = verdicts(natIsInEveryZone, stackOf(await regional.graph(), 'unknown'));
    expect([...said.values()]).to.deep.equal([{ result: 'compliant' }]);
  });

  it('counts one zone where one subnet is chosen out of three', async () => {
    const chosen = new GoodProgram(() => {
      const subnets = ZONES.map(
        (zone) => new aws.ec2.Subnet(zone, { vpcId: 'vpc-1', availabilityZone: `eu-west-1${zone}` }),
      );
      const first = pulumi.all(subnets.map(({ id }) => id)).apply(([id]) => id!);
      new aws.lb.LoadBalancer('web', { subnets: [first] });
      new aws.lb.LoadBalancer('all', { subnets: pulumi.all(subnets.map(({ id }) => id)) });
    });
    for (const view of ['known', 'unknown'] as const) {
      const said = verdicts(balancersStandInSeveralZones, stackOf(await chosen.graph(), view));
      expect(Object.fromEntries(said), view).to.deep.equal({
        web: { result: 'violating', found: ['it stands in 1 of at least 2 zones'] },
        all: { result: 'compliant' },
      });
    }
  });
});
