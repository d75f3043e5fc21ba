import { expect } from 'chai';
import { UNKNOWN, type Values } from '../../../policies/core';
import { balancersOutlastBlockingReload } from '../../../policies/rules/media/balancers-outlast-blocking-reload';
import { channelsHaveOneEncoder } from '../../../policies/rules/media/channels-have-one-encoder';
import { encodersAreNotOversubscribed } from '../../../policies/rules/media/encoders-are-not-oversubscribed';
import { liveBucketsExpire } from '../../../policies/rules/media/live-buckets-expire';
import { liveEncodersAreNotOnSpot } from '../../../policies/rules/media/live-encoders-are-not-on-spot';
import { srtIsEncrypted } from '../../../policies/rules/media/srt-is-encrypted';
import { watchedMediaIsNotArchived } from '../../../policies/rules/media/watched-media-is-not-archived';
import { made, said } from './hand-made';

const DISTRIBUTION = 'aws:cloudfront/distribution:Distribution';

const cdn = (domains: Readonly<Record<string, Values[string]>>, from: readonly string[] = []) =>
  made(
    DISTRIBUTION,
    'cdn',
    {
      origins: Object.entries(domains).map(([originId, domainName]) => ({ originId, domainName })),
      orderedCacheBehaviors: [{ pathPattern: '/live/*.m4s', targetOriginId: 'live' }],
    },
    { origins: from },
  );

const bucket = (props: Values) => made('aws:s3/bucket:Bucket', 'segments', props);

describe('rules of media: which bucket CloudFront reads', () => {
  const never = { result: 'violating', found: ['segments of live channels never expire in it'] };
  it('is told by its name in that of the origin', () => {
    const other = cdn({
      live: 'other.s3.eu-west-1.amazonaws.com',
      videos: 'media.s3.eu-west-1.amazonaws.com',
    });
    expect(
      said(liveBucketsExpire, bucket({ bucket: 'media' }), cdn({ live: 'media.s3.amazonaws.com' })),
    ).to.deep.equal(never);
    expect(said(liveBucketsExpire, bucket({ bucket: 'media' }), other).result).to.equal('not applicable');
    expect(
      said(liveBucketsExpire, bucket({ bucketDomainName: 'x.s3.amazonaws.com' }), other).result,
    ).to.equal('not applicable');
  });
  it('is told by where the name comes from, while it is not known', () => {
    const alone = cdn({ live: UNKNOWN }, ['segments']);
    const one = cdn({ live: UNKNOWN, videos: UNKNOWN }, ['segments', 'videos']);
    const elsewhere = cdn({ live: UNKNOWN }, ['videos']);
    expect(said(liveBucketsExpire, bucket({}), alone)).to.deep.equal(never);
    expect(said(liveBucketsExpire, bucket({}), one).result).to.equal('undecided');
    expect(said(liveBucketsExpire, bucket({}), elsewhere).result).to.equal('not applicable');
  });
  it('is any that an origin names, for what must not be archived', () => {
    const archived = { lifecycleRules: [{ enabled: true, transitions: [{ storageClass: 'GLACIER' }] }] };
    const named = bucket({ ...archived, bucketRegionalDomainName: 'media.s3.eu-west-1.amazonaws.com' });
    const reads = (domain: string) => cdn({ videos: domain });
    expect(said(watchedMediaIsNotArchived, named, reads('media.s3.eu-west-1.amazonaws.com')).result).to.equal(
      'violating',
    );
    expect(said(watchedMediaIsNotArchived, named, reads('other.s3.eu-west-1.amazonaws.com')).result).to.equal(
      'not applicable',
    );
  });
});

describe('rules of media: which load balancer CloudFront asks', () => {
  const balancer = made('aws:lb/loadBalancer:LoadBalancer', 'origin', {
    ...{ arn: 'arn:lb/1', dnsName: 'origin.elb.amazonaws.com', idleTimeout: 5 },
  });
  const inVpc = (arn: string) =>
    made('aws:cloudfront/vpcOrigin:VpcOrigin', 'vpc-origin', { vpcOriginEndpointConfig: { arn } });
  it('is told by its name or ARN', () => {
    const asked = [cdn({ live: 'origin.elb.amazonaws.com' }), inVpc('arn:lb/1')];
    for (const each of asked) {
      expect(said(balancersOutlastBlockingReload, balancer, each).result, each.name).to.equal('violating');
    }
    const others = [cdn({ live: 'other.elb.amazonaws.com' }, ['segments']), inVpc('arn:lb/2')];
    expect(said(balancersOutlastBlockingReload, balancer, ...others).result).to.equal('not applicable');
  });
});

const TASK = 'aws:ecs/taskDefinition:TaskDefinition';
const container = (cpu: number) => ({
  name: 'encoder',
  cpu,
  environment: Object.entries({ CHANNEL: 'news', LADDER: 'hevc-2160p30-50', FRAME_RATE: '30' }).map(
    ([name, value]) => ({ name, value }),
  ),
});
const task = (cpu = 4096) =>
  made(TASK, 'task', { arn: 'arn:task/1', containerDefinitions: JSON.stringify([container(cpu)]) });
const service = made('aws:ecs/service:Service', 'service', {
  taskDefinition: 'arn:task/1',
  capacityProviderStrategies: [{ capacityProvider: 'gpu' }],
});
const provider = (name: string, autoScalingGroupArn: string) =>
  made('aws:ecs/capacityProvider:CapacityProvider', `provider-${name}`, {
    name,
    autoScalingGroupProvider: { autoScalingGroupArn },
  });
const group = (arn: string, props: Values) =>
  made('aws:autoscaling/group:Group', `group-${arn}`, { arn, ...props });
const template = (id: string, props: Values) =>
  made('aws:ec2/launchTemplate:LaunchTemplate', `template-${id}`, { id, name: `name-${id}`, ...props });

describe('rules of media: which instances a service runs on', () => {
  const spot = { instanceMarketOptions: { marketType: 'spot' }, instanceType: 'g6.xlarge' };
  const onDemand = { instanceType: 'g6.xlarge' };
  const two = [provider('gpu', 'arn:1'), provider('other', 'arn:2')];
  const judged = (props: Values, ...more: Parameters<typeof said>[1][]) =>
    said(liveEncodersAreNotOnSpot, service, task(), ...two, group('arn:1', props), ...more);

  it('is told by names and ARNs from service to launch template', () => {
    const templates = [template('lt-1', onDemand), template('lt-2', spot)];
    const other = group('arn:2', { launchTemplate: { id: 'lt-2' } });
    expect(judged({ launchTemplate: { id: 'lt-1' } }, other, ...templates).result).to.equal('compliant');
    expect(judged({ launchTemplate: { id: 'lt-2' } }, ...templates).result).to.equal('violating');
    expect(judged({ launchTemplate: { name: 'name-lt-2' } }, ...templates).result).to.equal('violating');
  });
  it('is told of groups with several types', () => {
    const mixed = (launchTemplateId: string, instanceType: string) => ({
      mixedInstancesPolicy: {
        launchTemplate: { launchTemplateSpecification: { launchTemplateId }, overrides: [{ instanceType }] },
      },
    });
    const templates = [template('lt-1', onDemand), template('lt-2', spot)];
    expect(judged(mixed('lt-2', 'g6.xlarge'), ...templates).result).to.equal('violating');
    expect(judged(mixed('lt-1', 'g6.xlarge'), ...templates).result).to.equal('compliant');
    const share = (instanceType: string) =>
      said(
        encodersAreNotOversubscribed,
        service,
        task(2048),
        ...two,
        group('arn:1', mixed('lt-1', instanceType)),
        ...templates,
      ).result;
    expect(share('g6.xlarge')).to.equal('compliant');
    expect(share('g5.xlarge')).to.equal('violating');
  });
  it('is waited for where not even the names are known', () => {
    const unknown = made(service.type, 'service', {
      ...{ taskDefinition: 'arn:task/1', capacityProviderStrategies: UNKNOWN },
    });
    expect(said(liveEncodersAreNotOnSpot, unknown, task())).to.deep.equal({
      result: 'undecided',
      path: 'capacityProviderStrategies',
    });
    expect(said(liveEncodersAreNotOnSpot, service, ...two).result).to.equal('not applicable');
  });
});

describe('rules of media: how many tasks encode a channel', () => {
  const scaling = (resourceId: string) =>
    made('aws:appautoscaling/target:Target', 'scaling', { resourceId, maxCapacity: 4 });
  const named = made(service.type, 'service', { ...service.props, name: 'news', desiredCount: 1 });

  it('is told by the name of the service in what is scaled', () => {
    expect(said(channelsHaveOneEncoder, named, task(), scaling('service/live/news'))).to.deep.equal({
      result: 'violating',
      found: ['4 tasks may encode one channel'],
    });
    expect(said(channelsHaveOneEncoder, named, task(), scaling('service/live/sports')).result).to.equal(
      'compliant',
    );
  });
});

describe('rules of media: SRT of a task that is not known yet', () => {
  const unknown = (...from: string[]) =>
    made(TASK, 'task', { containerDefinitions: UNKNOWN }, { containerDefinitions: from });
  const secret = made('aws:secretsmanager/secret:Secret', 'secret', {});
  const targets = (protocol: string) =>
    made('aws:lb/targetGroup:TargetGroup', `to-${protocol}`, { protocol });
  const runs = (what: string, ...groups: string[]) =>
    made('aws:ecs/service:Service', `of-${what}`, {}, { taskDefinition: [what], loadBalancers: groups });

  it('is encrypted where a secret goes into it', () => {
    expect(said(srtIsEncrypted, unknown('secret'), secret).result).to.equal('compliant');
  });
  it('does not come in where its service answers TCP alone', () => {
    expect(
      said(srtIsEncrypted, unknown(), runs('task', 'to-HTTP'), targets('HTTP'), runs('other', 'to-UDP')),
    ).to.deep.equal({ result: 'not applicable', reason: 'it takes no SRT' });
  });
  it('is waited for where UDP comes in, or nothing is known', () => {
    for (const others of [
      [runs('task', 'to-HTTP', 'to-UDP'), targets('HTTP'), targets('UDP')],
      [runs('task', 'to-TCP_UDP'), targets('TCP_UDP')],
      [runs('task')],
      [],
    ]) {
      expect(said(srtIsEncrypted, unknown(), ...others)).to.deep.equal({
        result: 'undecided',
        path: 'containerDefinitions',
      });
    }
  });
});
