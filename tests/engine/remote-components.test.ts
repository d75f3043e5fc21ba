import * as awsx from '@pulumi/awsx';
import * as aws from '@pulumi/aws';
import * as eks from '@pulumi/eks';
import type { PulumiFn } from '@pulumi/pulumi/automation';
import { expect } from 'chai';
import { recordComponent } from '../../testing';
import { RealEngine, RunFailed, disagreements, normalGraph, normalState } from '../../testing/engine';
import { rejection } from '../support/rejection';
import { requireEngine } from './require-engine';

const CONFIG = { 'aws:region': 'eu-west-1' };

/** A network, and something of the program's own in it. */
function network(tags: Record<string, string> = { team: 'video' }, zones = 2) {
  return () => {
    const net = new awsx.ec2.Vpc('net', { tags, numberOfAvailabilityZones: zones });
    new aws.ec2.SecurityGroup('mine', { vpcId: net.vpcId, tags: { block: net.vpc.cidrBlock } });
    return { vpcId: net.vpcId, privateSubnetIds: net.privateSubnetIds };
  };
}

/** The stack, the component, its 22 children and the security group. */
const ALL = 25;

function services() {
  const net = new awsx.ec2.Vpc('net', { natGateways: { strategy: 'Single' } });
  const web = new awsx.lb.ApplicationLoadBalancer('web', { subnetIds: net.publicSubnetIds });
  const repository = new awsx.ecr.Repository('images');
  const image = new awsx.ecr.Image('app', { repositoryUrl: repository.url, context: './app' });
  const portMappings = [{ targetGroup: web.defaultTargetGroup }];
  new awsx.ecs.FargateService('api', {
    networkConfiguration: { subnets: net.privateSubnetIds },
    taskDefinitionArgs: { container: { name: 'app', image: image.imageUri, memory: 900, portMappings } },
  });
  const { vpcId, publicSubnetIds, privateSubnetIds } = net;
  const cluster = new eks.Cluster('gpu', { vpcId, publicSubnetIds, privateSubnetIds });
  new eks.ManagedNodeGroup('nodes', { cluster, nodeRole: cluster.instanceRoles.apply((roles) => roles[0]!) });
  return { dns: web.loadBalancer.dnsName, issuer: cluster.oidcProviderUrl };
}

describe('the real engine with components of awsx and eks', function () {
  this.timeout(90_000);
  let pulumi: string;
  let engine: RealEngine;

  before(function () {
    pulumi = requireEngine(this);
  });

  afterEach(() => engine?.stop());

  it('previews, creates, finds nothing to change, changes tags and destroys a Vpc with its children', async () => {
    engine = await RealEngine.start({ pulumi });
    const stack = await engine.stack('dev', network() as unknown as PulumiFn, { config: CONFIG });

    expect((await stack.preview()).changes).to.deep.equal({ create: ALL });
    expect(engine.aws.done('create')).to.deep.equal([]);
    const up = await stack.up();
    expect(up.changes).to.deep.equal({ create: ALL });
    expect(up.outputs['vpcId']?.value).to.match(/^vpc-[0-9a-f]{17}$/);
    expect(engine.aws.done('create')).to.have.length(ALL - 2);

    const graph = await recordComponent(network(), { project: 'media', stack: 'dev', config: CONFIG });
    const state = normalState((await stack.state()).deployment);
    expect(Object.keys(state.resources).sort()).to.deep.equal(graph.resources.map(({ urn }) => urn).sort());
    expect(disagreements(state, normalGraph(graph))).to.deep.equal([]);

    expect((await stack.preview()).changes).to.deep.equal({ same: ALL });
    const tagged = await stack.preview({ program: network({ team: 'audio' }) as unknown as PulumiFn });
    const updated = tagged.steps.filter(({ op }) => op === 'update');
    expect([...new Set(updated.flatMap(({ diffs }) => diffs))].sort()).to.deep.equal(['tags', 'tagsAll']);
    const fewer = await stack.preview({ program: network(undefined, 1) as unknown as PulumiFn });
    expect(fewer.changes).to.deep.include({ delete: 10 });
    expect((await stack.destroy()).changes).to.deep.equal({ delete: ALL });
  });

  it('previews and creates them where nothing is known before the update', async () => {
    engine = await RealEngine.start({ pulumi, standIn: { previews: 'unknown' } });
    const stack = await engine.stack('dev', services as unknown as PulumiFn, { config: CONFIG });
    const preview = await stack.preview();
    const up = await stack.up();
    expect(up.changes).to.deep.equal(preview.changes);
    expect((await stack.preview()).changes).to.deep.equal({ same: up.changes.create });
  });

  it('has a state that is the recorded graph: load balancer, image, service, cluster, node group', async () => {
    engine = await RealEngine.start({ pulumi });
    const stack = await engine.stack('dev', services as unknown as PulumiFn, { config: CONFIG });
    await stack.up();
    const graph = await recordComponent(services, { project: 'media', stack: 'dev', config: CONFIG });
    const state = normalState((await stack.state()).deployment);
    expect(disagreements(state, normalGraph(graph))).to.deep.equal([]);
    expect(Object.keys(state.resources)).to.have.length(graph.resources.length);
  });

  it('says which components there are, where one has no double', async () => {
    engine = await RealEngine.start({ pulumi });
    const program = (async () => void new awsx.cloudtrail.Trail('audit', {})) as PulumiFn;
    const error = await rejection((await engine.stack('dev', program, { config: CONFIG })).preview());
    expect(error).to.be.instanceOf(RunFailed);
    expect((error as RunFailed).message).to.include(
      'awsx:cloudtrail:Trail has no double; those that have are awsx:ec2:DefaultVpc, awsx:ec2:Vpc, ',
    );
  });
});
