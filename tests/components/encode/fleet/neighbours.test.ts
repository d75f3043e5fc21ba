import { unknown } from '@pulumi/pulumi/output';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { NvencEncodeFleet, type NvencEncodeFleetArgs } from '../../../../components/encode/fleet';
import { CHANNEL_ALARMS } from '../../../../components/encode/fleet/alarms';
import { SrtIngest } from '../../../../components/ingest';
import { TieredSegmentStore } from '../../../../components/storage';
import { ENCODER_ENVIRONMENT } from '../../../../encoder/contract';
import { parseEnvironment } from '../../../../encoder/environment';
import { viewOf } from '../../../../testing';
import { recordProgramOf, type Recorded } from '../../storage/store-recording';
import { NETWORK, STORE_ZONES, container, makeStore, minimal, refusal, variables } from './fleet-recording';

const LADDER = 'hevc-2160p30-50' as const;
const ZONES = { 'use1-az4': { ports: { from: 9000, to: 9049 } } };

const makeIngest = (): SrtIngest =>
  new SrtIngest('contribution', {
    network: NETWORK,
    entry: 'private',
    zones: ZONES,
    sources: { studio: '203.0.113.7/32' },
    environment: 'dev',
    channels: {
      news: { zone: 'use1-az4', port: 9001, healthPort: 9011, latencyMs: 200 },
      open: { zone: 'use1-az4', port: 9002, passphrase: false },
    },
  });

const recordWith = (
  change: (store: TieredSegmentStore) => Partial<NvencEncodeFleetArgs>,
): Promise<Recorded> =>
  recordProgramOf(() => {
    const store = makeStore();
    void new NvencEncodeFleet('live', { ...minimal(store), ...change(store) });
  });

describe('NvencEncodeFleet beside an SrtIngest', () => {
  let fleet: Recorded;
  before(async () => {
    fleet = await recordWith(() => ({
      network: NETWORK,
      ingest: makeIngest(),
      channels: {
        news: { zone: 'use1-az4', ladder: LADDER },
        open: { zone: 'use1-az4', ladder: LADDER },
        test: { zone: 'use1-az6', ladder: LADDER, source: 'test', metricsPort: 9464 },
      },
    }));
  });

  it('takes ports and settings of a channel from it, and the runtime takes them', () => {
    const env = parseEnvironment(ENCODER_ENVIRONMENT, variables(fleet, 'news'));
    expect(env).to.deep.include({ SOURCE: 'srt', SRT_PORT: 9001, METRICS_PORT: 9011, SRT_LATENCY_MS: 200 });
    expect(container(fleet, 'news')['portMappings']).to.deep.equal([
      { containerPort: 9001, hostPort: 9001, protocol: 'udp' },
      { containerPort: 9011, hostPort: 9011, protocol: 'tcp' },
    ]);
  });

  it('registers the task with the target group of its channel', () => {
    const { loadBalancers, healthCheckGracePeriodSeconds } = fleet.inputs('live-channel-news-service');
    expect(healthCheckGracePeriodSeconds).to.equal(60);
    const [group] = fleet.query
      .byType('aws:lb/targetGroup:TargetGroup')
      .filter(({ name }) => name.includes('news'));
    expect(loadBalancers).to.deep.equal([
      { targetGroupArn: group!.outputs['arn'], containerName: 'encoder', containerPort: 9001 },
    ]);
    expect(fleet.inputs('live-channel-test-service')).not.to.have.property('loadBalancers');
  });

  it('lets its load balancers reach the instances', () => {
    const groups = fleet.inputs('live-g5-xlarge')['vpcSecurityGroupIds'] as string[];
    const [ofIngest] = fleet.query
      .byType('aws:ec2/securityGroup:SecurityGroup')
      .filter(({ name }) => /targets?|instances/.test(name) && name.startsWith('contribution'));
    expect(groups).to.deep.equal([fleet.child('live-instances').id, ofIngest!.id]);
  });

  it('has the secret’s ARN in the environment, never a passphrase, and may read that secret alone', () => {
    const arn = variables(fleet, 'news')['SRT_PASSPHRASE_SECRET'];
    expect(arn).to.match(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:/);
    expect(variables(fleet, 'open')).not.to.have.property('SRT_PASSPHRASE_SECRET');
    const policy = fleet.policy('contribution-live-news-passphrase');
    expect(policy.Statement).to.have.length(1);
    expect(policy.Statement[0]!['Action']).to.equal('secretsmanager:GetSecretValue');
    expect(policy.Statement[0]!['Resource']).to.deep.equal([arn]);
    expect(fleet.list).not.to.include('contribution-live-open-passphrase RolePolicy');
    expect(fleet.child('live-channel-news-service').dependencies).to.include(
      fleet.child('contribution-live-news-passphrase').urn,
    );
  });

  for (const [change, path, reason] of [
    [{ source: 'udp' }, 'channels.news.source', 'is "udp" (the ingest has the channel, and it is of SRT)'],
    [{ zone: 'use1-az6' }, 'channels.news.zone', 'is "use1-az6" (the ingest has the channel in use1-az4)'],
    [{ port: 9009 }, 'channels.news.port', 'is 9009 (the ingest sends to port 9001); allowed: 9001'],
    [{ metricsPort: 9009 }, 'channels.news.metricsPort', 'is 9009 (the ingest sends to port 9011)'],
    [
      { environment: { SRT_LATENCY_MS: '300' } },
      'channels.news.environment.SRT_LATENCY_MS',
      'is "300" (the fleet sets it)',
    ],
  ] as const) {
    it(`refuses what the ingest has otherwise: ${JSON.stringify(change)}`, async () => {
      const ingest = {
        targetSecurityGroupId: 'sg-0123456789abcdef0',
        channels: { news: { zone: 'use1-az4', port: 9001, healthPort: 9011, targetGroupArn: 'arn' } },
        runtimeEnvironment: { news: { SOURCE: 'srt', SRT_LATENCY_MS: '200' } },
        grantReadPassphrase: () => undefined,
      };
      const channels = { news: { zone: 'use1-az4', ladder: LADDER, ...change } };
      const { errors } = await refusal({ network: NETWORK, ingest, channels });
      expect(errors.map(({ propertyPath }) => propertyPath)).to.deep.equal([path]);
      expect(errors[0]!.reason).to.satisfy((text: string) => text.startsWith(reason), errors[0]!.reason);
    });
  }
});

describe('NvencEncodeFleet beside a store', () => {
  it('is told of an archive, and writes as the store says', async () => {
    const fleet = await recordProgramOf(() => {
      const store = new TieredSegmentStore('media', {
        zones: STORE_ZONES,
        archive: { keepFor: '30 days' },
      });
      void new NvencEncodeFleet('live', minimal(store));
    });
    expect(variables(fleet, 'news')['SEGMENT_STORAGE_CLASS']).to.equal('INTELLIGENT_TIERING');
  });

  it('takes the only zone of a store, by whatever key, and a store without zones', async () => {
    const storeOf = async (args: ConstructorParameters<typeof TieredSegmentStore>[1]) => {
      const fleet = await recordProgramOf(
        () => void new NvencEncodeFleet('live', minimal(new TieredSegmentStore('media', args))),
      );
      return variables(fleet, 'news')['STORE'];
    };
    expect(await storeOf({ zones: { a: { zoneId: 'use1-az4' } } })).to.match(
      /,video-test-media-zone-a-[0-9a-f]{8}--use1-az4--x-s3$/,
    );
    expect(await storeOf({})).to.match(/^s3:video-test-media-general-[0-9a-f]{8}$/);
  });
});

describe('NvencEncodeFleet in the views of its graph', () => {
  it('is the same with what a preview does not know yet', async () => {
    const later = <T>(): pulumi.Output<T> => pulumi.output(unknown as unknown as T) as pulumi.Output<T>;
    const fleet = await recordWith(() => ({
      network: { vpcId: later<string>(), zones: { 'use1-az4': { privateSubnetId: later<string>() } } },
      image: later<string>(),
    }));
    expect(fleet.list.filter((line) => line.startsWith('live'))).to.have.length(19 + CHANNEL_ALARMS.length);
    expect(fleet.inputs('live-channel-news-service')['desiredCount']).to.equal(1);
  });

  it('refers to what AWS decides, and holds none of the double’s answers, in the view of exports', async () => {
    const fleet = await recordWith(() => ({}));
    const view = viewOf(fleet.graph, 'unknown');
    const service = view.resources.find(({ name }) => name === 'live-channel-news-service')!;
    expect(JSON.stringify(service.inputs['taskDefinition'])).to.include('$unknown');
    expect(JSON.stringify(service.inputs['cluster'])).to.include('$unknown');
    const both = viewOf(fleet.graph, 'both');
    const group = both.resources.find(({ type }) => type === 'aws:autoscaling/group:Group')!;
    expect(JSON.stringify(group.inputs['launchTemplate'])).to.include('live-g5-xlarge');
  });
});
