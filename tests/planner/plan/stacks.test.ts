import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { planOf, type Plan } from '../../../planner/plan';
import { writtenActions } from '../../../planner/plan/iam-actions';
import { QUOTAS } from '../../../planner/plan/quota-data';
import { actionsLike } from '../../../testing/aws-models/iam/reference';
import { recordStack } from '../../stacks/stack-recording';
import { expectPlan, nodeOf, reached } from './planned';
import type { Recorded } from '../../components/recorded';

describe('the plan of the stacks', function () {
  this.timeout(60_000);
  let dev: Plan;
  let prod: Plan;
  let recorded: Recorded;

  before(async () => {
    recorded = await recordStack('prod');
    prod = planOf(recorded.graph);
    dev = planOf((await recordStack('dev')).graph);
  });

  it('follows its schema, which refuses what is not in it', () => {
    expectPlan(dev);
    expectPlan(prod);
    expectPlan({ ...dev, version: 2 }, false);
    expectPlan({ ...dev, extra: 1 }, false);
    expectPlan({ ...dev, needs: { ...dev.needs, quotas: [{ name: 'half' }] } }, false);
  });

  it('has every resource of the graph once, under its component', () => {
    const listed = prod.components.flatMap(({ resources }) => resources.map(({ path }) => path));
    const made = recorded.resources.filter(({ custom }) => custom);
    expect(listed.sort()).to.deep.equal(made.map((each) => recorded.query.path(each)).sort());
    expect(prod.totals.resources).to.equal(made.length);
    for (const { counts, resources } of prod.components) {
      const sum = Object.values(counts).reduce((all, each) => all + each, 0);
      expect(sum).to.equal(resources.length);
    }
    const fleet = prod.components.find(({ type }) => type === 'aws-media:index:NvencEncodeFleet')!;
    expect(fleet).to.include({ path: 'live' });
    expect(fleet.counts['aws:ecs/service:Service']).to.equal(25);
    expect(prod.components.find(({ urn }) => urn === fleet.parent)).to.include({ path: '', parent: null });
  });

  it('names each channel’s addresses, and says of what AWS decides that it is not known yet', () => {
    const of = (plan: Plan, kind: string) => plan.endpoints.filter((each) => each.kind === kind);
    expect(of(dev, 'watch')).to.deep.equal([
      {
        ...{ kind: 'watch', name: 'demo', known: false },
        address: 'https://<cdn/cdn-1 domainName>/live/demo/index.m3u8',
      },
    ]);
    expect(of(dev, 'contribute').map(({ address }) => address)).to.deep.equal([
      'srt://<srt/srt-zone-use1-az4 dnsName>:9000',
    ]);
    expect(of(dev, 'balancer').map(({ address }) => address)).to.deep.equal([
      '<srt/srt-zone-use1-az4 dnsName> (UDP 9000)',
    ]);
    expect(of(prod, 'watch')).to.have.length(25);
    expect(of(prod, 'contribute').map(({ address }) => address)).to.include(
      'srt://<srt/srt-accelerator dnsName>:9107',
    );
    expect(of(prod, 'accelerator')).to.have.length(1);
  });

  it('counts the instances that carry the reference load, by zone, with what limits each', () => {
    const used = prod.capacity.pools.filter(({ tasks }) => tasks.length > 0);
    const rows = used.map(({ zones, instanceTypes, tasks, instances }) => [
      ...[zones.join(), instanceTypes.join(), tasks.length, instances],
      tasks[0]!.limit?.resource,
      tasks[0]!.limit?.perInstance,
    ]);
    expect(rows).to.have.deep.members([
      ['use1-az4', 'g6.xlarge', 9, 5, 'vcpu', 2],
      ['use1-az5', 'g5.xlarge', 8, 8, 'nvenc', 1],
      ['use1-az6', 'g6.xlarge', 8, 4, 'vcpu', 2],
    ]);
    expect(prod.capacity.pools.length).to.be.greaterThan(used.length);
    expect(prod.capacity.fargate.map(({ zones, desired, most }) => [...zones, desired, most])).to.deep.equal([
      ['use1-az4', 1, 10],
      ['use1-az5', 1, 10],
      ['use1-az6', 1, 10],
    ]);
  });

  it('says which quotas are too low, with the command that raises each', () => {
    const raise = (plan: Plan) =>
      plan.needs.quotas
        .filter(({ verdict }) => verdict === 'raise')
        .map(({ code, needed }) => [code, needed]);
    expect(raise(prod)).to.deep.equal([
      ['L-DB2E81BA', 68],
      ['L-3032A538', 30],
    ]);
    expect(raise(dev)).to.deep.equal([
      ['L-DB2E81BA', 4],
      ['L-3032A538', 10],
    ]);
    expect(prod.needs.quotas[0]!.where).to.equal(
      'aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-DB2E81BA --desired-value 68',
    );
    const one = (name: string) => prod.needs.quotas.find((each) => each.name === name);
    expect(one(QUOTAS.networkListeners.name)).to.include({
      needed: 9,
      of: 'srt/srt-zone-use1-az4',
      verdict: 'ok',
    });
    expect(one(QUOTAS.natGateways.name)).to.include({ needed: 1 });
    expect(one(QUOTAS.addresses.name)).to.include({ needed: 3, default: 5 });
    expect(one(QUOTAS.gSpot.name)).to.equal(undefined);
    for (const { source } of prod.needs.quotas) expect(source.date).to.match(/^\d{4}-\d\d-\d\d$/);
  });

  it('knows the actions of every type, each of which the service authorization reference has', () => {
    for (const { needs } of [dev, prod]) expect(needs.permissions.notKnown).to.deep.equal([]);
    const unknown = prod.needs.permissions.actions.filter((action) => actionsLike(action).length === 0);
    expect(unknown).to.deep.equal([]);
    const of = (type: string) => prod.needs.permissions.types.find((each) => each.type === type)!;
    expect(of('aws:ec2/vpc:Vpc').actions.create).to.include('ec2:CreateVpc');
    expect(of('aws:ec2/vpc:Vpc').source).to.equal('AWS::EC2::VPC');
    expect(of('aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock')).to.deep.include({
      source: 'reference',
      actions: {
        create: ['s3:PutBucketPublicAccessBlock'],
        read: ['s3:GetBucketPublicAccessBlock'],
        update: [],
        delete: ['s3:PutBucketPublicAccessBlock'],
      },
    });
    expect(prod.needs.permissions.sources.map(({ date }) => date)).to.deep.equal([
      '2026-10-20',
      '2026-09-26',
    ]);
  });

  it('has actions for most types of the installed provider', () => {
    const { types, pulumi } = writtenActions();
    const manifest = readFileSync(require.resolve('@pulumi/aws/package.json'), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    expect(pulumi).to.equal(`@pulumi/aws ${version}`);
    expect(Object.keys(types).length).to.be.greaterThan(800);
  });

  it('lists each role that is handed to a service, once, with that service', () => {
    const passed = Object.fromEntries(
      dev.needs.passedRoles.map(({ role, services }) => [role, services.join()]),
    );
    expect(passed).to.deep.include({
      'live/live-instance': 'ec2.amazonaws.com',
      'live/live-execution': 'ecs-tasks.amazonaws.com',
      'live/live-channel-demo-role': 'ecs-tasks.amazonaws.com',
      'network/network-flow-logs': 'vpc-flow-logs.amazonaws.com',
      'encoder/encoder-build-role': 'codebuild.amazonaws.com',
    });
    const roles = dev.components.flatMap(({ resources }) =>
      resources.filter(({ type }) => type === 'aws:iam/role:Role').map(({ path }) => path),
    );
    expect(Object.keys(passed).sort()).to.deep.equal(roles.sort());
  });

  it('names the service-linked roles, of Spot only where it is bought', () => {
    const services = (plan: Plan) => plan.needs.serviceLinkedRoles.map(({ service }) => service).sort();
    const always = [
      ...['autoscaling.amazonaws.com', 'ecs.amazonaws.com', 'ecs.application-autoscaling.amazonaws.com'],
      ...['elasticloadbalancing.amazonaws.com', 'vpcorigin.cloudfront.amazonaws.com'],
    ];
    expect(services(dev)).to.deep.equal(always);
    expect(services(prod)).to.deep.equal([...always, 'globalaccelerator.amazonaws.com'].sort());
  });

  it('says what to see to before and after: addresses that are nobody’s, secrets without a value', () => {
    expect(dev.needs.before).to.deep.equal([
      {
        what: 'your own addresses in place of 192.0.2.1/32, which is for documentation alone (RFC 5737)',
        for: ['srt/srt-channel-demo_studio'],
      },
    ]);
    expect(prod.needs.after.map((each) => each.for.length)).to.deep.equal([25]);
    expect(prod.needs.slow.map((each) => each.for[0])).to.include.members([
      'cdn/cdn-1',
      'origin/origin-vpc-origin',
    ]);
  });

  it('says what destroy leaves: in prod what is protected and kept, in dev only what AWS deletes later', () => {
    const kinds = (plan: Plan) => [...new Set(plan.destroy.map(({ kind }) => kind))].sort();
    expect(kinds(dev)).to.deep.equal(['delayed', 'stays']);
    expect(kinds(prod)).to.deep.equal(['delayed', 'refuses', 'stays']);
    const guarded = prod.destroy
      .filter(({ kind }) => kind === 'refuses')
      .flatMap(({ resources }) => resources);
    expect(guarded).to.include.members(['media/media-key', 'media/media-general', 'origin/origin-balancer']);
    expect(dev.destroy.find(({ kind }) => kind === 'delayed')!.what).to.contain('(7 days)');
  });

  it('draws the way of the data from contributor to viewer through each zone’s own bucket', () => {
    for (const plan of [dev, prod]) {
      expect([...reached(plan, nodeOf(plan, 'contributors'))]).to.include(nodeOf(plan, 'viewers'));
    }
    const labels = new Map(prod.flow.nodes.map(({ id, label }) => [id, label.split('\n')[0]!]));
    const written = prod.flow.edges
      .filter(({ label }) => label === 'writes')
      .map(({ from, to }) => [prod.flow.nodes.find(({ id }) => id === from)!.zone, labels.get(to)]);
    expect(written).to.have.deep.members(
      ['use1-az4', 'use1-az5', 'use1-az6'].flatMap((zone) => [
        [zone, 'media-general'],
        [zone, `media-zone-${zone}`],
      ]),
    );
    const encoders = prod.flow.nodes.filter(({ label }) => /^\d+ channels/.test(label));
    expect(encoders.map(({ zone, resources }) => [zone, resources.length])).to.have.deep.members([
      ['use1-az4', 9],
      ['use1-az5', 8],
      ['use1-az6', 8],
    ]);
    const readers = prod.flow.edges.filter(({ label }) => label === 'reads').map(({ to }) => to);
    for (const { id } of encoders) expect(readers).to.not.include(id);
    // The buckets of the images' builds are not of the flow.
    expect(prod.flow.nodes.filter(({ kind }) => kind === 'bucket')).to.have.length(4);
    expect(prod.flow.edges.find(({ to }) => to === encoders[0]!.id)!.label).to.equal('UDP 9000-9008');
  });
});
