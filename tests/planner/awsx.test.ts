import { createRequire } from 'node:module';
import * as awsx from '@pulumi/awsx';
import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { COMPONENT_DOUBLES, FOLLOWED } from '../../planner/doubles/components';
import { sizeFor } from '../../planner/doubles/awsx/fargate-sizes';
import { subnetsOf } from '../../planner/doubles/awsx/subnets';
import { GRAPH_SCHEMA } from '../../planner/graph/schema';
import { recordProgram } from '../../planner/record/program';
import { GraphQuery, recordComponent, viewOf } from '../../testing';
import { rejection } from '../support/rejection';
import { withProgram } from './programs';
import type { SubnetSpec } from '../../planner/doubles/awsx/subnets';
import type { Graph, GraphResource } from '../../testing';

const load = createRequire(__filename);
const AT = { project: 'demo', stack: 'dev', config: { 'aws:region': 'eu-west-1' } };

/** `subnet net-public-1 in vpc net`, for everything under a component, in the graph's order. */
function childrenOf(graph: Graph, component: string): string[] {
  const short = (urn: string) => `${urn.split(/[:$]/).at(-3) ?? ''} ${urn.split('::').at(-1) ?? ''}`;
  return graph.resources
    .filter(({ urn, parent }) => parent !== null && urn.includes(`${component}$`))
    .map(({ urn, parent }) => `${short(urn)} in ${short(parent ?? '')}`)
    .sort();
}

function only(graph: Graph, type: string, name?: string): GraphResource {
  const found = new GraphQuery(graph).byType(type).filter((each) => name === undefined || each.name === name);
  expect(found, `${type} ${name ?? ''}`).to.have.length(1);
  return found[0]!;
}

async function vpcOf(args: awsx.ec2.VpcArgs, more: object = {}): Promise<Graph> {
  return recordComponent(() => void new awsx.ec2.Vpc('net', args), { ...AT, ...more });
}

/** The blocks of the subnets, by name. */
function blocks(graph: Graph): { [name: string]: unknown } {
  return Object.fromEntries(
    new GraphQuery(graph)
      .byType('aws:ec2/subnet:Subnet')
      .map(({ name, inputs }) => [name, inputs['cidrBlock']]),
  );
}

describe('the doubles of awsx', function () {
  this.timeout(40_000);

  it('follow the version that is installed', () => {
    const installed = (name: string) =>
      load(`@pulumi/${name}/package.json`) as {
        version: string;
        dependencies: { [name: string]: string };
      };
    for (const { package: name, version, versions } of FOLLOWED) {
      expect(installed(name).version, `@pulumi/${name}`).to.equal(version);
      expect(installed(name).dependencies['@pulumi/aws'], `aws of ${name}`).to.equal(
        `^${versions['aws'] ?? ''}`,
      );
    }
    expect(FOLLOWED.map((each) => each.package).sort()).to.deep.equal(['awsx', 'eks']);
    for (const { type, source, leavesOut } of COMPONENT_DOUBLES) {
      expect(source, type).to.match(/\.ts$/);
      expect(leavesOut, type).to.be.an('array').that.is.not.empty;
    }
  });

  it('make of a Vpc with defaults what awsx makes: three zones, a NAT gateway in each', async () => {
    const graph = await vpcOf({});
    const zone = (n: number) => [
      ...[`Subnet net-public-${n} in Vpc net`, `RouteTable net-public-${n} in Subnet net-public-${n}`],
      `RouteTableAssociation net-public-${n} in RouteTable net-public-${n}`,
      ...[`Route net-public-${n} in RouteTable net-public-${n}`, `Eip net-${n} in Subnet net-public-${n}`],
      ...[`NatGateway net-${n} in Subnet net-public-${n}`, `Subnet net-private-${n} in Vpc net`],
      `RouteTable net-private-${n} in Subnet net-private-${n}`,
      `RouteTableAssociation net-private-${n} in RouteTable net-private-${n}`,
      `Route net-private-${n} in RouteTable net-private-${n}`,
    ];
    expect(childrenOf(graph, 'awsx:ec2:Vpc')).to.deep.equal(
      ['Vpc net in Vpc net', 'InternetGateway net in Vpc net', ...[1, 2, 3].flatMap(zone)].sort(),
    );
    expect(blocks(graph)).to.deep.equal({
      ...{
        'net-private-1': '10.0.0.0/19',
        'net-private-2': '10.0.64.0/19',
        'net-private-3': '10.0.128.0/19',
      },
      ...{ 'net-public-1': '10.0.32.0/20', 'net-public-2': '10.0.96.0/20', 'net-public-3': '10.0.160.0/20' },
    });
    const route = only(graph, 'aws:ec2/route:Route', 'net-private-2');
    expect(
      new GraphQuery(graph).references(route).map(({ path, to }) => [path, to.split('::').at(-1)]),
    ).to.deep.equal([
      ['natGatewayId', 'net-2#id'],
      ['routeTableId', 'net-private-2#id'],
    ]);
    const component = only(graph, 'awsx:ec2:Vpc');
    expect([component.remote, component.modelled]).to.deep.equal([true, true]);
    expect(graph.notModelled).to.deep.equal({});
    expect(
      graph.doubles.map(({ type, version, asked, source }) => [type, version, asked, source]),
    ).to.deep.equal([['awsx:ec2:Vpc', '3.9.0', '3.9.0', 'awsx/ec2/vpc.ts']]);
    expect(GRAPH_SCHEMA.required).to.include('doubles');
  });

  it('lead from an output of the component to the child that it is of', async () => {
    const graph = await recordComponent(() => {
      const net = new awsx.ec2.Vpc('net', { numberOfAvailabilityZones: 2 });
      new aws.ec2.SecurityGroup('mine', { vpcId: net.vpcId, tags: { cidr: net.vpc.cidrBlock } });
      new aws.ec2.Instance('one', {
        ami: 'ami-1',
        instanceType: 't3.micro',
        subnetId: net.privateSubnetIds[1]!,
      });
    }, AT);
    const query = new GraphQuery(graph);
    const urn = 'urn:pulumi:dev::demo::awsx:ec2:Vpc$aws:ec2/vpc:Vpc';
    expect(
      query.references(only(graph, 'aws:ec2/securityGroup:SecurityGroup')).map(({ path, to }) => [path, to]),
    ).to.deep.include(['vpcId', `${urn}::net#id`]);
    expect(
      query.references(only(graph, 'aws:ec2/instance:Instance')).map(({ path, to }) => [path, to]),
    ).to.deep.include(['subnetId', `${urn}$aws:ec2/subnet:Subnet::net-private-2#id`]);
    expect(only(graph, 'aws:ec2/securityGroup:SecurityGroup').inputs['tags']).to.deep.equal({
      cidr: '10.0.0.0/16',
    });
    const unknown = only(viewOf(graph, 'unknown'), 'awsx:ec2:Vpc').outputs;
    expect(unknown['vpcId']).to.deep.equal({ $unknown: [`${urn}::net#id`] });
  });

  it('give one graph by both recorders', async () => {
    const code = `
      const net = new awsx.ec2.Vpc('net', { tags: { team: 'video' }, natGateways: { strategy: 'Single' } });
      const web = new awsx.lb.ApplicationLoadBalancer('web', { subnets: net.publicSubnets });
      const container = { name: 'app', image: 'nginx', cpu: 512, memory: 700, portMappings: [{ targetGroup: web.defaultTargetGroup }] };
      const task = new awsx.ecs.FargateTaskDefinition('app', { container });
      return { dns: web.loadBalancer.dnsName, ids: net.privateSubnetIds, task: task.taskDefinition.arn };`;
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    const make = new Function('awsx', code) as (sdk: unknown) => object;
    const program = await withProgram(
      { 'index.js': `const awsx = require('@pulumi/awsx');\nmodule.exports = async () => { ${code} };` },
      async (folder) => recordProgram({ folder, stack: 'dev', config: AT.config }),
    );
    const component = await recordComponent(() => make(awsx), AT);
    const placeless = ({ resources, ...rest }: Graph) => ({
      ...{ ...rest, recorder: 'any', logs: [] },
      resources: resources.map((resource) => ({ ...resource, position: null })),
    });
    expect(placeless(program)).to.deep.equal(placeless(component));
    expect(component.resources.length).to.be.greaterThan(40);
  });

  it('put the tags of the component, and the default ones, on every child that takes tags', async () => {
    const graph = await vpcOf(
      {
        tags: { team: 'video' },
        subnetStrategy: 'Auto',
        subnetSpecs: [{ type: 'Public', tags: { role: 'edge' } }, { type: 'Private' }],
        vpcEndpointStrategy: 'Auto',
        vpcEndpointSpecs: [{ serviceName: 'com.amazonaws.eu-west-1.ecr.api', vpcEndpointType: 'Interface' }],
      },
      { config: { ...AT.config, 'aws:defaultTags': '{"tags":{"Environment":"dev"}}' } },
    );
    const without = ['Route', 'RouteTableAssociation', 'SecurityGroupRule'];
    const tagged = graph.resources.filter(
      ({ type, parent }) =>
        parent?.includes('awsx:ec2:Vpc') && !without.includes(type.split(':').at(-1) ?? ''),
    );
    expect(tagged).to.have.length(22);
    for (const { urn, inputs, outputs } of tagged) {
      expect(inputs['tags'], urn).to.deep.include({ team: 'video' });
      expect(outputs['tagsAll'], urn).to.deep.include({ team: 'video', Environment: 'dev' });
    }
    expect(only(graph, 'aws:ec2/subnet:Subnet', 'net-public-1').inputs['tags']).to.deep.equal({
      ...{ Name: 'net-public-1', SubnetType: 'Public', role: 'edge', team: 'video' },
    });
  });

  it('keep secrets secret, and give the provider of the component to its children', async () => {
    const graph = await recordComponent(() => {
      const provider = new aws.Provider('us', { region: 'us-east-1' });
      const tags = { hidden: pulumi.secret('hush-hush-hush') };
      new awsx.ec2.Vpc(
        'net',
        { tags, numberOfAvailabilityZones: 1 },
        { providers: [provider], protect: true },
      );
    }, AT);
    expect(JSON.stringify(graph)).not.to.include('hush-hush-hush');
    expect(graph.leaks).to.deep.equal([]);
    const children = graph.resources.filter(({ parent }) => parent?.includes('awsx:ec2:Vpc'));
    expect(new Set(children.map(({ provider }) => provider?.split('::')[3]))).to.deep.equal(new Set(['us']));
    expect(children.every(({ options }) => options.protect === true)).to.equal(true);
    expect(only(graph, 'aws:ec2/subnet:Subnet', 'net-public-1').inputs['availabilityZone']).to.equal(
      'us-east-1a',
    );
  });

  it('lay subnets out by each strategy', async () => {
    const specs = [
      { type: 'Public', cidrMask: 26 },
      { type: 'Private', name: 'gpu' },
      { type: 'Isolated' },
    ] as const;
    const laid = async (args: awsx.ec2.VpcArgs) =>
      Object.values(
        blocks(await vpcOf({ numberOfAvailabilityZones: 1, cidrBlock: '10.8.0.0/20', ...args })),
      ).sort();
    expect(await laid({ subnetStrategy: 'Auto' })).to.deep.equal(['10.8.0.0/21', '10.8.8.0/22']);
    expect(await laid({ subnetStrategy: 'Auto', subnetSpecs: [...specs] })).to.deep.equal([
      ...['10.8.0.0/26', '10.8.4.0/22', '10.8.8.0/22'],
    ]);
    expect(await laid({ subnetStrategy: 'Legacy', subnetSpecs: [...specs] })).to.deep.equal([
      ...['10.8.0.0/21', '10.8.8.0/26', '10.8.9.0/24'],
    ]);
    expect(
      await laid({ subnetStrategy: 'AutoMerge', subnetSpecs: [{ type: 'Isolated', cidrMask: 24 }] }),
    ).to.deep.equal([...['10.8.0.0/21', '10.8.12.0/24', '10.8.8.0/22']]);
    const cidrBlocks = (block: string) => ({ cidrBlocks: [block] });
    expect(
      await laid({
        subnetStrategy: 'Exact',
        subnetSpecs: [
          { type: 'Private', ...cidrBlocks('10.8.0.0/21') },
          { type: 'Public', ...cidrBlocks('10.8.8.0/21') },
        ],
      }),
    ).to.deep.equal(['10.8.0.0/21', '10.8.8.0/21']);
  });

  it('lay old layouts out as recorded of upstream, also those that begin beside their own border', () => {
    const laid = (cidrBlock: string, ...specs: [string, number][]) =>
      subnetsOf({
        ...{
          name: 'v',
          cidrBlock,
          zones: ['us-east-1a'],
          strategy: 'Legacy',
          zoneMask: undefined,
          nameTags: 'Legacy',
        },
        specs: specs.map(([type, cidrMask], n): SubnetSpec => ({ type, cidrMask, name: `s${n}` })),
      }).map((subnet) => subnet.cidrBlock);
    expect(laid('10.0.0.0/18', ['Isolated', 22], ['Public', 21])).to.deep.equal([
      '10.0.0.0/21',
      '10.0.8.0/22',
    ]);
    expect(laid('10.0.0.0/16', ['Isolated', 27], ['Public', 27], ['Isolated', 17])).to.deep.equal([
      ...['10.0.0.0/27', '10.0.0.32/27', '10.0.128.32/17'],
    ]);
    expect(laid('10.0.0.0/16', ['Isolated', 22], ['Private', 21], ['Private', 18])).to.deep.equal([
      ...['10.0.0.0/21', '10.0.64.0/18', '10.0.128.0/22'],
    ]);
  });

  it('refuse what awsx refuses, and say what to give instead', async () => {
    const refused = async (args: awsx.ec2.VpcArgs) =>
      String(await rejection(vpcOf(args))).replace(/^Error: (?:.*\[awsx:ec2:Vpc\]: )?/, '');
    expect(await refused({ numberOfAvailabilityZones: 4 })).to.equal(
      'net: 4 availability zones are asked for, and the region has 3; give availabilityZoneNames, or another region',
    );
    expect(
      await refused({ natGateways: { strategy: 'None', elasticIpAllocationIds: ['eipalloc-1'] } }),
    ).to.equal('net: natGateways.elasticIpAllocationIds has 1; with the strategy None, give 0');
    expect(await refused({ subnetSpecs: [{ type: 'Private' }] })).to.match(
      /^net: NAT gateways stand in public subnets/,
    );
    expect(
      await refused({
        subnetStrategy: 'Exact',
        subnetSpecs: [{ type: 'Private' }, { type: 'Public', cidrMask: 24 }],
      }),
    ).to.match(
      /^the strategy Exact leaves no addresses over, and there are some before net-private-2 .*; add specs of type Unused$/,
    );
  });

  it('make load balancers, a repository and an image', async () => {
    const graph = await recordComponent(() => {
      const net = new awsx.ec2.Vpc('net', { natGateways: { strategy: 'None' } });
      const web = new awsx.lb.ApplicationLoadBalancer('web', {
        subnetIds: net.publicSubnetIds,
        listener: { port: 443, certificateArn: 'arn:c' },
      });
      new awsx.lb.NetworkLoadBalancer('srt', {
        subnets: net.publicSubnets,
        listeners: [{ port: 9000, protocol: 'UDP' }],
      });
      const repository = new awsx.ecr.Repository('Images');
      const image = new awsx.ecr.Image('app', { repositoryUrl: repository.url, context: './app' });
      return { dns: web.loadBalancer.dnsName, image: image.imageUri };
    }, AT);
    expect(childrenOf(graph, 'ApplicationLoadBalancer')).to.deep.equal([
      ...['Listener web-0', 'LoadBalancer web', 'SecurityGroup web', 'TargetGroup web'].map(
        (child) => `${child} in ApplicationLoadBalancer web`,
      ),
    ]);
    const vpcId = only(graph, 'aws:ec2/vpc:Vpc').id;
    expect(only(graph, 'aws:lb/targetGroup:TargetGroup', 'web').inputs).to.deep.equal({
      ...{ port: 443, protocol: 'HTTPS', targetType: 'ip', vpcId },
    });
    expect(only(graph, 'aws:lb/loadBalancer:LoadBalancer', 'srt').inputs).to.deep.include({
      ...{ loadBalancerType: 'network', enableHttp2: false, idleTimeout: 0 },
    });
    expect(only(graph, 'aws:lb/listener:Listener', 'srt-0').inputs).to.deep.include({
      port: 9000,
      protocol: 'UDP',
    });
    expect(childrenOf(graph, 'awsx:ecr:Repository')).to.deep.equal([
      ...['LifecyclePolicy images in Repository Images', 'Repository images in Repository Images'],
    ]);
    expect(graph.outputs['dns']).to.match(/^web-[0-9a-f]{7}-[0-9a-f]{7}\.eu-west-1\.elb\.amazonaws\.com$/);
    expect(graph.outputs['image']).to.match(
      /^123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/images-[0-9a-f]{7}@sha256:[0-9a-f]{64}$/,
    );
    expect(graph.leaks).to.deep.equal([]);
  });

  it('make a service with its task definition, roles, logs and the size that its containers need', async () => {
    const graph = await recordComponent(() => {
      const web = new awsx.lb.ApplicationLoadBalancer('web', { defaultTargetGroupPort: 8080 });
      const portMappings = [{ containerPort: 8080, targetGroup: web.defaultTargetGroup }];
      new awsx.ecs.FargateService('api', {
        assignPublicIp: true,
        taskDefinitionArgs: {
          container: { name: 'app', image: 'nginx', cpu: 1024, memory: 1500, portMappings },
        },
      });
    }, AT);
    expect(childrenOf(graph, 'FargateService')).to.deep.equal([
      ...['FargateTaskDefinition api in FargateService api', 'LogGroup api in FargateTaskDefinition api'],
      'Role api-execution in FargateTaskDefinition api',
      'Role api-task in FargateTaskDefinition api',
      'RolePolicyAttachment api-execution-9a42f520 in FargateTaskDefinition api',
      ...['SecurityGroup api-sg in FargateService api', 'Service api in FargateService api'],
      'TaskDefinition api in FargateTaskDefinition api',
    ]);
    const task = only(graph, 'aws:ecs/taskDefinition:TaskDefinition');
    expect([task.inputs['cpu'], task.inputs['memory'], task.inputs['networkMode']]).to.deep.equal([
      '1024',
      '2048',
      'awsvpc',
    ]);
    const group = only(graph, 'aws:lb/targetGroup:TargetGroup');
    expect(only(graph, 'aws:ecs/service:Service').inputs['loadBalancers']).to.deep.equal([
      { containerName: 'app', containerPort: 8080, targetGroupArn: group.outputs['arn'] },
    ]);
    expect(JSON.parse(task.inputs['containerDefinitions'] as string)).to.deep.equal([
      {
        ...{ cpu: 1024, image: 'nginx', memory: 1500, name: 'app' },
        portMappings: [{ containerPort: 8080, hostPort: 8080 }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': only(graph, 'aws:cloudwatch/logGroup:LogGroup').id,
            ...{ 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'app' },
          },
        },
      },
    ]);
    expect(sizeFor([{ cpu: 256, memory: 100, memoryReservation: 600 }])).to.deep.equal({
      cpu: '256',
      memory: '1024',
    });
    expect(() => sizeFor([{ memory: 300 * 1024 }])).to.throw('Fargate has at most 32 vCPU with 244 GB');
  });

  it('leave a component without a double as one resource, and say so', async () => {
    const graph = await recordComponent(() => void new awsx.cloudtrail.Trail('audit', {}), AT);
    expect(graph.notModelled).to.deep.equal({ 'awsx:cloudtrail:Trail': 1 });
    expect(graph.doubles).to.deep.equal([]);
    expect(graph.logs.map(({ severity, message }) => [severity, message])).to.deep.equal([
      ['warning', 'awsx:cloudtrail:Trail has no double: its children are not in the graph'],
    ]);
  });
});
