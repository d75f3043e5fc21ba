import * as aws from '@pulumi/aws';
import { databaseIsNotPublic } from '../../../policies/rules/network/database-is-not-public';
import { instanceHasNoPublicAddress } from '../../../policies/rules/network/instance-has-no-public-address';
import { instanceMetadataNeedsAToken } from '../../../policies/rules/network/instance-metadata-needs-a-token';
import { kubernetesApiIsNotOpenToEverybody } from '../../../policies/rules/network/kubernetes-api-is-not-open-to-everybody';
import { loadBalancerDropsInvalidHeaders } from '../../../policies/rules/network/load-balancer-drops-invalid-headers';
import { subnetGivesNoPublicAddresses } from '../../../policies/rules/network/subnet-gives-no-public-addresses';
import { taskHasNoPublicAddress } from '../../../policies/rules/network/task-has-no-public-address';
import { GoodProgram, both, set, unset } from '../cases';

const good = new GoodProgram(() => {
  const subnet = new aws.ec2.Subnet('private', { vpcId: 'vpc-1', cidrBlock: '10.0.0.0/24' });
  new aws.ec2.DefaultSubnet('default', { availabilityZone: 'eu-west-1a', mapPublicIpOnLaunch: false });
  new aws.ec2.Instance('instance', {
    ami: 'ami-1',
    instanceType: 'g6.xlarge',
    subnetId: subnet.id,
    metadataOptions: { httpTokens: 'required' },
  });
  new aws.ec2.LaunchTemplate('template', {
    networkInterfaces: [{ subnetId: subnet.id, associatePublicIpAddress: 'false' }],
    metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 2 },
  });
  const network = { subnets: [subnet.id], assignPublicIp: false };
  new aws.ecs.Service('origin', { networkConfiguration: network });
  new aws.scheduler.Schedule('nightly', {
    flexibleTimeWindow: { mode: 'OFF' },
    scheduleExpression: 'rate(1 day)',
    target: {
      arn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/jobs',
      roleArn: 'arn:aws:iam::123456789012:role/nightly',
      ecsParameters: { taskDefinitionArn: 'arn:task', networkConfiguration: network },
    },
  });
  new aws.rds.Instance('database', { instanceClass: 'db.t4g.small' });
  new aws.dms.ReplicationInstance('replication', {
    replicationInstanceClass: 'dms.t3.medium',
    replicationInstanceId: 'replication',
    publiclyAccessible: false,
  });
  new aws.eks.Cluster('cluster', {
    roleArn: 'arn:aws:iam::123456789012:role/cluster',
    vpcConfig: { subnetIds: [subnet.id], endpointPrivateAccess: true, endpointPublicAccess: false },
  });
  new aws.alb.LoadBalancer('balancer', { dropInvalidHeaderFields: true });
  new aws.lb.LoadBalancer('srt', { loadBalancerType: 'network' });
});

describe('rules of public addresses', () => {
  good.tries(subnetGivesNoPublicAddresses, {
    violating: {
      'a subnet that gives addresses': {
        change: set('private', 'mapPublicIpOnLaunch', true),
        at: 'private',
        found: ['instances in it get public addresses'],
      },
      'a default subnet, which does so unless it is told not to': {
        change: unset('default', 'mapPublicIpOnLaunch'),
        at: 'default',
        found: ['instances in it get public addresses'],
      },
    },
    nearMisses: { 'addresses of IPv6': set('private', 'assignIpv6AddressOnCreation', true) },
  });
  good.tries(instanceHasNoPublicAddress, {
    violating: {
      'an instance with an address': {
        change: set('instance', 'associatePublicIpAddress', true),
        at: 'instance',
        found: ['it asks for a public address'],
      },
      'a template that writes true as a text': {
        change: set('template', 'networkInterfaces.0.associatePublicIpAddress', 'true'),
        at: 'template',
        found: ['it asks for a public address'],
      },
    },
    nearMisses: {
      'a template that says nothing': unset('template', 'networkInterfaces.0.associatePublicIpAddress'),
    },
  });
  good.tries(taskHasNoPublicAddress, {
    violating: {
      'tasks with addresses': {
        change: set('origin', 'networkConfiguration.assignPublicIp', true),
        at: 'origin',
        found: ['its tasks get public addresses'],
      },
      'a schedule whose tasks have addresses': {
        change: set('nightly', 'target.ecsParameters.networkConfiguration.assignPublicIp', true),
        at: 'nightly',
        found: ['its tasks get public addresses'],
      },
    },
    nearMisses: {
      'tasks on instances, without a network of their own': unset('origin', 'networkConfiguration'),
    },
  });
  good.tries(databaseIsNotPublic, {
    violating: {
      'a public database': {
        change: set('database', 'publiclyAccessible', true),
        at: 'database',
        found: ['it can be reached from the internet'],
      },
      'a replication that says nothing': {
        change: unset('replication', 'publiclyAccessible'),
        at: 'replication',
        found: ['it can be reached from the internet'],
      },
    },
    nearMisses: { 'a database that says no': set('database', 'publiclyAccessible', false) },
  });
  good.tries(kubernetesApiIsNotOpenToEverybody, {
    violating: {
      'an API that nobody speaks of': {
        change: unset('cluster', 'vpcConfig.endpointPublicAccess'),
        at: 'cluster',
        found: ['its API is open to 0.0.0.0/0'],
      },
      'an API for a company and for everybody': {
        change: both(
          set('cluster', 'vpcConfig.endpointPublicAccess', true),
          set('cluster', 'vpcConfig.publicAccessCidrs', ['203.0.113.0/24', '0.0.0.0/0']),
        ),
        at: 'cluster',
        found: ['its API is open to 0.0.0.0/0'],
      },
    },
    nearMisses: {
      'an API for a company': both(
        set('cluster', 'vpcConfig.endpointPublicAccess', true),
        set('cluster', 'vpcConfig.publicAccessCidrs', ['203.0.113.0/24']),
      ),
    },
  });
  good.tries(loadBalancerDropsInvalidHeaders, {
    violating: {
      'a load balancer that says nothing': {
        change: unset('balancer', 'dropInvalidHeaderFields'),
        at: 'balancer',
        found: ['it passes on headers that are not valid'],
      },
    },
    nearMisses: { 'a truth as a text': set('balancer', 'dropInvalidHeaderFields', 'true') },
    notApplicable: {
      'a network load balancer': {
        change: unset('balancer', 'tags'),
        at: 'srt',
        reason: 'only application load balancers read headers',
      },
    },
  });
  good.tries(instanceMetadataNeedsAToken, {
    violating: {
      'an instance that says nothing': {
        change: unset('instance', 'metadataOptions'),
        at: 'instance',
        found: ['it answers without a token'],
      },
      'a template that leaves it open': {
        change: set('template', 'metadataOptions.httpTokens', 'optional'),
        at: 'template',
        found: ['it answers without a token'],
      },
      'answers that go far': {
        change: set('template', 'metadataOptions.httpPutResponseHopLimit', 3),
        at: 'template',
        found: ['its answers may make 3 hops, more than 2'],
      },
    },
    nearMisses: { 'no metadata at all': set('template', 'metadataOptions', { httpEndpoint: 'disabled' }) },
    notApplicable: {
      'an instance of a template': {
        change: both(unset('instance', 'metadataOptions'), set('instance', 'launchTemplate', { id: 'lt-1' })),
        at: 'instance',
        reason: 'its launch template decides',
      },
    },
  });
});
