import * as aws from '@pulumi/aws';
import * as awsx from '@pulumi/awsx';
import * as eks from '@pulumi/eks';
import { expect } from 'chai';
import { GraphQuery, recordComponent } from '../../testing';
import { rejection } from '../support/rejection';
import type { Graph, GraphResource } from '../../testing';

/** What the recorder says of whatever could not be registered. */
const PREFIX = /^Error: (?:.*\[eks:index:\w+\]: )?/;
const AT = { project: 'demo', stack: 'dev', config: { 'aws:region': 'eu-west-1' } };

function children(graph: Graph, parent: string): string[] {
  return graph.resources
    .filter((each) => each.parent?.endsWith(`::${parent}`))
    .map(({ type, name }) => `${type.split(':').at(-1) ?? ''} ${name}`)
    .sort();
}

function only(graph: Graph, type: string, name?: string): GraphResource {
  const found = new GraphQuery(graph).byType(type).filter((each) => name === undefined || each.name === name);
  expect(found, `${type} ${name ?? ''}`).to.have.length(1);
  return found[0]!;
}

describe('the doubles of eks', function () {
  this.timeout(40_000);

  it('make of a cluster with defaults what eks makes: roles, groups, add-ons, nodes, aws-auth', async () => {
    const graph = await recordComponent(() => void new eks.Cluster('c'), AT);
    expect(children(graph, 'c')).to.deep.equal([
      ...[
        'Addon c-coredns',
        'Addon c-kube-proxy',
        'Cluster c-eksCluster',
        'ConfigMap c-nodeAccess',
        'Group c',
      ],
      ...['InstanceProfile c-instanceProfile', 'LaunchTemplate c-launchTemplate'],
      ...['SecurityGroup c-eksClusterSecurityGroup', 'SecurityGroup c-nodeSecurityGroup'],
      ...['SecurityGroupRule c-eksClusterIngressRule', 'SecurityGroupRule c-eksClusterInternetEgressRule'],
      'SecurityGroupRule c-eksExtApiServerClusterIngressRule',
      ...['SecurityGroupRule c-eksNodeClusterIngressRule', 'SecurityGroupRule c-eksNodeIngressRule'],
      'SecurityGroupRule c-eksNodeInternetEgressRule',
      ...[
        'ServiceRole c-eksRole',
        'ServiceRole c-instanceRole',
        'VpcCniAddon c-vpc-cni',
        'kubernetes c-eks-k8s',
      ],
    ]);
    expect(children(graph, 'c-eksRole')).to.deep.equal([
      'Role c-eksRole-role',
      'RolePolicyAttachment c-eksRole-4b490823',
    ]);
    expect(children(graph, 'c-vpc-cni')).to.deep.equal(['Addon c-vpc-cni']);
    expect(graph.notModelled).to.deep.equal({ 'kubernetes:core/v1:ConfigMap': 1 });
    expect(only(graph, 'aws:eks/cluster:Cluster').options.ignoreChanges).to.deep.equal([
      ...['accessConfig.bootstrapClusterCreatorAdminPermissions', 'bootstrapSelfManagedAddons'],
    ]);
    expect(only(graph, 'aws:autoscaling/group:Group').inputs).to.deep.include({
      minSize: 1,
      maxSize: 2,
      desiredCapacity: 2,
    });
    expect(only(graph, 'aws:ec2/launchTemplate:LaunchTemplate').inputs['instanceType']).to.equal('t3.medium');
    const provider = only(graph, 'pulumi:providers:kubernetes');
    expect(only(graph, 'kubernetes:core/v1:ConfigMap').provider).to.equal(
      `${provider.urn}::${provider.id ?? ''}`,
    );
    expect(
      graph.doubles.map(({ type, version, leavesOut }) => [
        type,
        version,
        leavesOut.includes('storage classes'),
      ]),
    ).to.deep.equal([['eks:index:Cluster', '4.3.0', true]]);
  });

  it('give a cluster to node groups and add-ons: network, role and name reach them', async () => {
    const graph = await recordComponent(() => {
      const net = new awsx.ec2.Vpc('net', { natGateways: { strategy: 'Single' } });
      const { vpcId, publicSubnetIds, privateSubnetIds } = net;
      const cluster = new eks.Cluster('c', {
        ...{ vpcId, publicSubnetIds, privateSubnetIds, skipDefaultNodeGroup: true, createInstanceRole: true },
        ...{ authenticationMode: eks.AuthenticationMode.ApiAndConfigMap, tags: { team: 'video' } },
      });
      const role = cluster.instanceRoles.apply((roles) => roles[0]!);
      new eks.ManagedNodeGroup('gpu', {
        ...{ cluster, nodeRole: role, instanceTypes: ['g5.xlarge'], gpu: true },
        ...{
          operatingSystem: eks.OperatingSystem.AL2023,
          scalingConfig: { minSize: 0, maxSize: 4, desiredSize: 1 },
        },
      });
      new eks.NodeGroupV2('spot', { cluster, spotPrice: '1', instanceType: 'm7g.large' });
      new eks.Addon('csi', { cluster, addonName: 'aws-ebs-csi-driver', configurationValues: { a: 1 } });
      return { name: cluster.eksCluster.name };
    }, AT);
    const cluster = only(graph, 'aws:eks/cluster:Cluster');
    const subnets = new GraphQuery(graph).byType('aws:ec2/subnet:Subnet');
    const ids = (kind: string) => subnets.filter(({ name }) => name.includes(kind)).map(({ id }) => id);
    expect(graph.outputs['name']).to.equal(cluster.id);
    const managed = only(graph, 'aws:eks/nodeGroup:NodeGroup');
    expect(managed.inputs).to.deep.include({
      ...{ clusterName: cluster.id, amiType: 'AL2023_x86_64_NVIDIA', instanceTypes: ['g5.xlarge'] },
      scalingConfig: { minSize: 0, maxSize: 4, desiredSize: 1 },
      nodeRoleArn: only(graph, 'aws:iam/role:Role', 'c-instanceRole-role').outputs['arn'],
    });
    expect(managed.inputs['subnetIds']).to.have.members([...ids('public'), ...ids('private')]);
    expect(only(graph, 'aws:autoscaling/group:Group').inputs['vpcZoneIdentifiers']).to.have.members(
      ids('private'),
    );
    expect(
      only(graph, 'aws:ec2/launchTemplate:LaunchTemplate', 'spot-launchTemplate').inputs,
    ).to.deep.include({
      instanceMarketOptions: { marketType: 'spot', spotOptions: { maxPrice: '1' } },
    });
    expect(only(graph, 'aws:eks/addon:Addon', 'csi').inputs).to.deep.equal({
      ...{ addonName: 'aws-ebs-csi-driver', clusterName: cluster.id, configurationValues: '{"a":1}' },
    });
    expect(only(graph, 'aws:eks/accessEntry:AccessEntry').inputs).to.deep.include({ type: 'EC2_LINUX' });
    const images = graph.invokes.filter(({ token }) => token === 'aws:ssm/getParameter:getParameter');
    expect(images.map((each) => each.arguments['name'])).to.deep.equal([
      '/aws/service/eks/optimized-ami/1.34/amazon-linux-2023/arm64/standard/recommended/image_id',
    ]);
    expect(
      only(graph, 'aws:ec2/securityGroup:SecurityGroup', 'spot-nodeSecurityGroup').inputs['tags'],
    ).to.deep.equal({
      ...{ Name: 'spot-nodeSecurityGroup', team: 'video' },
      [`kubernetes.io/cluster/${cluster.id ?? ''}`]: 'owned',
    });
  });

  it('make a cluster in auto mode without nodes, groups and add-ons of its own', async () => {
    const graph = await recordComponent(
      () =>
        void new eks.Cluster('auto', {
          autoMode: { enabled: true },
          authenticationMode: eks.AuthenticationMode.Api,
          createInstanceRole: false,
        }),
      AT,
    );
    expect(children(graph, 'auto')).to.deep.equal([
      ...['Addon auto-coredns', 'Cluster auto-eksCluster', 'InstanceProfile auto-instanceProfile'].slice(
        0,
        2,
      ),
      ...['ServiceRole auto-eksRole', 'ServiceRole auto-nodeRole', 'kubernetes auto-eks-k8s'],
    ]);
    expect(only(graph, 'aws:eks/cluster:Cluster').inputs).to.deep.include({
      ...{ bootstrapSelfManagedAddons: false, storageConfig: { blockStorage: { enabled: true } } },
    });
    const component = only(graph, 'eks:index:Cluster').outputs;
    expect(component['nodeSecurityGroupId']).to.match(/^sg-[0-9a-f]{17}$/);
  });

  it('refuse what eks refuses, and say what to give instead', async () => {
    const refused = async (args: eks.ClusterArgs) =>
      String(await rejection(recordComponent(() => void new eks.Cluster('c', args), AT))).replace(PREFIX, '');
    expect(await refused({ autoMode: { enabled: true } })).to.equal(
      "c: autoMode works with access entries; give authenticationMode: 'API' or 'API_AND_CONFIG_MAP'",
    );
    expect(await refused({ subnetIds: ['subnet-1'], privateSubnetIds: ['subnet-2'] })).to.equal(
      'c: give subnetIds, or publicSubnetIds and privateSubnetIds',
    );
    const mixed = await rejection(
      recordComponent(() => {
        const cluster = new eks.Cluster('c');
        const nodeRole = new aws.iam.Role('r', { assumeRolePolicy: '{}' });
        new eks.ManagedNodeGroup('n', { cluster, nodeRole, nodeRoleArn: 'arn:aws:iam::1:role/r' });
      }, AT),
    );
    expect(String(mixed).replace(PREFIX, '')).to.equal('n: give nodeRole or nodeRoleArn; both are given');
  });
});
