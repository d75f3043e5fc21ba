import * as aws from '@pulumi/aws';
import { computeRunsInPrivateSubnets } from '../../../policies/rules/network/compute-runs-in-private-subnets';
import { networkLogsItsFlows } from '../../../policies/rules/network/network-logs-its-flows';
import { networkReachesS3ByAnEndpoint } from '../../../policies/rules/network/network-reaches-s3-by-an-endpoint';
import { vpcEndpointHasAPolicy } from '../../../policies/rules/network/vpc-endpoint-has-a-policy';
import { GoodProgram, both, set, unset, without, type Change } from '../cases';

const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const OWN = {
  Effect: 'Allow',
  Principal: '*',
  Action: '*',
  Resource: '*',
  Condition: { StringEquals: { 'aws:PrincipalAccount': '123456789012' } },
};

const good = new GoodProgram(() => {
  const vpc = new aws.ec2.Vpc('vpc', { cidrBlock: '10.0.0.0/16' });
  const internet = new aws.ec2.InternetGateway('internet', { vpcId: vpc.id });
  const open = new aws.ec2.Subnet('open', { vpcId: vpc.id, cidrBlock: '10.0.0.0/24' });
  const closed = new aws.ec2.Subnet('closed', { vpcId: vpc.id, cidrBlock: '10.0.1.0/24' });
  const nat = new aws.ec2.NatGateway('nat', { subnetId: open.id, allocationId: 'eipalloc-1' });
  const outside = new aws.ec2.RouteTable('outside', { vpcId: vpc.id });
  new aws.ec2.Route('to-the-internet', {
    routeTableId: outside.id,
    destinationCidrBlock: '0.0.0.0/0',
    gatewayId: internet.id,
  });
  new aws.ec2.RouteTableAssociation('open-outside', { subnetId: open.id, routeTableId: outside.id });
  const inside = new aws.ec2.RouteTable('inside', {
    vpcId: vpc.id,
    routes: [{ cidrBlock: '0.0.0.0/0', natGatewayId: nat.id }],
  });
  new aws.ec2.RouteTableAssociation('closed-inside', { subnetId: closed.id, routeTableId: inside.id });
  new aws.autoscaling.Group('encoders', { minSize: 0, maxSize: 4, vpcZoneIdentifiers: [closed.id] });
  new aws.ecs.Service('origin', { networkConfiguration: { subnets: [closed.id] } });
  new aws.ec2.FlowLog('flows', { vpcId: vpc.id, trafficType: 'REJECT', logDestination: 'arn:log' });
  new aws.ec2.VpcEndpoint('s3', {
    vpcId: vpc.id,
    serviceName: 'com.amazonaws.eu-west-1.s3',
    policy: policy(OWN),
  });
  new aws.ec2.VpcEndpoint('registry', {
    vpcId: vpc.id,
    serviceName: 'com.amazonaws.eu-west-1.ecr.dkr',
    vpcEndpointType: 'Interface',
  });
});

/** Puts a resource where another is: the property's value and what it came from. */
const into =
  (name: string, property: string, from: string, to: string): Change =>
  (graph) => {
    const all = graph.resources as unknown as readonly {
      readonly name: string;
      readonly urn: string;
      readonly propertyDependencies: Record<string, string[]>;
    }[];
    const urnOf = (wanted: string) => all.find((each) => each.name === wanted)!.urn;
    const { propertyDependencies } = all.find((each) => each.name === name)!;
    propertyDependencies[property] = propertyDependencies[property]!.map((urn) =>
      urn === urnOf(from) ? urnOf(to) : urn,
    );
  };

describe('rules of VPCs', () => {
  good.tries(computeRunsInPrivateSubnets, {
    violating: {
      'encoders in a public subnet': {
        change: into('encoders', 'vpcZoneIdentifiers', 'closed', 'open'),
        at: 'encoders',
        found: ['it may run in open, whose routes lead to an internet gateway'],
      },
      'tasks in a public subnet': {
        change: into('origin', 'networkConfiguration', 'closed', 'open'),
        at: 'origin',
        found: ['it may run in open, whose routes lead to an internet gateway'],
      },
    },
    nearMisses: { 'a public subnet that nothing runs in': without('closed-inside') },
    notApplicable: {
      "somebody else's subnets": {
        change: without('closed'),
        at: 'encoders',
        reason: 'it names no subnet of this stack',
      },
    },
  });
  describe('whose routes stand in their table', () => {
    good.tries(computeRunsInPrivateSubnets, {
      violating: {
        'a table whose NAT gateway became an internet gateway': {
          change: both(into('inside', 'routes', 'nat', 'internet'), without('origin')),
          at: 'encoders',
          found: ['it may run in closed, whose routes lead to an internet gateway'],
        },
      },
      nearMisses: {},
    });
  });
  good.tries(networkLogsItsFlows, {
    violating: {
      'a VPC without a log': {
        change: without('flows'),
        at: 'vpc',
        found: ['no flow log says what it rejects'],
      },
      'a log of what was let through': {
        change: set('flows', 'trafficType', 'ACCEPT'),
        at: 'vpc',
        found: ['no flow log says what it rejects'],
      },
    },
    nearMisses: { 'a log of everything': set('flows', 'trafficType', 'ALL') },
  });
  good.tries(networkReachesS3ByAnEndpoint, {
    violating: {
      'a VPC without an endpoint': {
        change: without('s3'),
        at: 'vpc',
        found: ['it has no endpoint for s3'],
      },
      'an endpoint of another service whose name begins alike': {
        change: set('s3', 'serviceName', 'com.amazonaws.eu-west-1.s3express'),
        at: 'vpc',
        found: ['it has no endpoint for s3'],
      },
    },
    nearMisses: { 'an interface endpoint': set('s3', 'vpcEndpointType', 'Interface') },
    notApplicable: {
      'a VPC without subnets': {
        change: both(without('open'), without('closed')),
        at: 'vpc',
        reason: 'no subnet of it is of this stack',
      },
    },
  });
  good.tries(vpcEndpointHasAPolicy, {
    violating: {
      'an endpoint without a policy': {
        change: unset('s3', 'policy'),
        at: 's3',
        found: ['it has no policy'],
      },
      'a policy that is none': {
        change: set('s3', 'policy', policy({ ...OWN, Condition: {} })),
        at: 's3',
        found: ['statement 1 allows everything to everybody'],
      },
    },
    nearMisses: {
      'named buckets for everybody': set(
        's3',
        'policy',
        policy(OWN, { ...OWN, Condition: {}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::layers/*' }),
      ),
    },
    notApplicable: {
      'an endpoint of a firewall': {
        change: set('s3', 'vpcEndpointType', 'GatewayLoadBalancer'),
        at: 's3',
        reason: 'endpoints of its kind have no policies',
      },
      'a service without policies': {
        change: unset('s3', 'tags'),
        at: 'registry',
        reason: 'its service is let off',
      },
    },
  });
});
