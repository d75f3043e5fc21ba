import * as aws from '@pulumi/aws';
import * as awsx from '@pulumi/awsx';
import * as eks from '@pulumi/eks';
import { expect } from 'chai';
import { describeFinding, judgeTogether, type Verdict } from '../../../planner/judge';
import { recordComponent } from '../../../testing';
import { requireJudge } from '../../judge/require-judge';
import type { Graph } from '../../../planner';

const PROGRAMS: { readonly [name: string]: () => void } = {
  'a VPC of awsx with defaults': () => void new awsx.ec2.Vpc('net'),
  'a VPC of awsx with isolated subnets, one NAT gateway and endpoints': () => {
    const net = new awsx.ec2.Vpc('net', {
      cidrBlock: '10.20.0.0/16',
      numberOfAvailabilityZones: 2,
      natGateways: { strategy: 'Single' },
      subnetSpecs: [{ type: 'Public' }, { type: 'Private' }, { type: 'Isolated' }],
      vpcEndpointSpecs: [{ serviceName: 'com.amazonaws.us-east-1.s3' }],
      tags: { team: 'video' },
    });
    new aws.ec2.SecurityGroup('in', { vpcId: net.vpcId });
  },
  'a service of awsx behind a load balancer': () => {
    const net = new awsx.ec2.Vpc('net', { numberOfAvailabilityZones: 2 });
    const cluster = new aws.ecs.Cluster('live');
    const balancer = new awsx.lb.ApplicationLoadBalancer('live', { subnetIds: net.publicSubnetIds });
    new awsx.ecs.FargateService('live', {
      cluster: cluster.arn,
      networkConfiguration: { subnets: net.privateSubnetIds },
      taskDefinitionArgs: {
        container: {
          name: 'origin',
          image: 'nginx',
          cpu: 256,
          memory: 512,
          essential: true,
          portMappings: [{ containerPort: 80, targetGroup: balancer.defaultTargetGroup }],
        },
      },
    });
  },
  'a cluster of eks with defaults': () => void new eks.Cluster('c'),
  'a cluster of eks in a VPC of awsx': () => {
    const net = new awsx.ec2.Vpc('net', { numberOfAvailabilityZones: 2 });
    const cluster = new eks.Cluster('c', {
      vpcId: net.vpcId,
      publicSubnetIds: net.publicSubnetIds,
      privateSubnetIds: net.privateSubnetIds,
      instanceType: 't3.medium',
      desiredCapacity: 2,
      createOidcProvider: true,
      tags: { team: 'video' },
    });
    new aws.ssm.Parameter('endpoint', { type: 'String', value: cluster.eksCluster.endpoint });
  },
};

const NODES = ['c-launchTemplate imageId', 'c-coredns addonVersion', 'c-kube-proxy addonVersion'];

/** What the components make of AWS's answers, so that no plan knows it. */
const NOT_KNOWN: { readonly [name: string]: readonly string[] } = {
  'a service of awsx behind a load balancer': ['live cpu', 'live memory'],
  'a cluster of eks with defaults': [...NODES, 'c-vpc-cni addonVersion'],
  'a cluster of eks in a VPC of awsx': [...NODES, 'c-vpc-cni addonVersion'],
};

/** Kubernetes' own resources are no business of the AWS provider's. */
const OF_KUBERNETES = /^kubernetes:.* is not of the AWS provider$/;

describe('the judge of programs with remote components', function () {
  this.timeout(180_000);
  const graphs: { [name: string]: Graph } = {};
  let verdicts: { [name: string]: Verdict };

  before(async function () {
    const tools = await requireJudge(this);
    for (const [name, program] of Object.entries(PROGRAMS)) {
      graphs[name] = await recordComponent(program, { config: { 'aws:region': 'us-east-1' } });
    }
    verdicts = await judgeTogether(graphs, tools);
  });

  for (const name of Object.keys(PROGRAMS)) {
    it(`finds nothing in ${name}`, () => {
      const { findings, gaps, plan } = verdicts[name]!;
      expect(findings.map(describeFinding)).to.deep.equal([]);
      const others = gaps.filter(({ message }) => !OF_KUBERNETES.test(message));
      const said = others.map(({ urn, reason, property, message }) =>
        reason === 'value' ? `${urn.slice(urn.lastIndexOf('::') + 2)} ${property}` : `${urn}: ${message}`,
      );
      expect(said).to.have.members([...(NOT_KNOWN[name] ?? [])]);
      const made = graphs[name]!.resources.filter(
        ({ type, custom, external }) => custom && !external && type.startsWith('aws:'),
      );
      expect(plan?.resource_changes).to.have.length(made.length);
    });
  }
});
