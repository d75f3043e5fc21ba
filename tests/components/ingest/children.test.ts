import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import type { SrtIngestArgs } from '../../../components/ingest';
import type { Recorded } from '../storage/store-recording';
import { FULL, KEY_ARN, MINIMAL, NETWORK, SECRET_ARN, ownTags, recordIngest, told } from './ingest-recording';

describe('the children of SrtIngest', () => {
  describe('with the arguments that it must have', () => {
    let ingest: Recorded;
    let id: (name: string) => unknown;
    before(async () => {
      ingest = await recordIngest(MINIMAL, {}, told);
      id = (name) => ingest.child(name).id;
    });

    it('are a load balancer for the zone, a listener, a target group and a secret for the channel', () => {
      expect(ingest.list).to.deep.equal([
        'srt SrtIngest',
        'srt-channel-news TargetGroup',
        'srt-channel-news-listener Listener',
        'srt-channel-news-passphrase Secret',
        'srt-channel-news_studio SecurityGroupIngressRule',
        'srt-targets SecurityGroup',
        'srt-zone-use1-az4 LoadBalancer',
        'srt-zone-use1-az4-group SecurityGroup',
        'srt-zone-use1-az4-health-in SecurityGroupIngressRule',
        'srt-zone-use1-az4-health-out SecurityGroupEgressRule',
        'srt-zone-use1-az4-media-in SecurityGroupIngressRule',
        'srt-zone-use1-az4-media-out SecurityGroupEgressRule',
      ]);
    });

    it('are a load balancer that faces the internet in the public subnet of one zone, with its group from the start', () => {
      const { name, ...rest } = ingest.inputs('srt-zone-use1-az4');
      expect(name).to.match(/^test-srt-zone-use1-az4-[0-9a-f]{8}$/);
      expect(rest).to.deep.equal({
        loadBalancerType: 'network',
        internal: false,
        ipAddressType: 'ipv4',
        securityGroups: [id('srt-zone-use1-az4-group')],
        subnets: [NETWORK.zones['use1-az4'].publicSubnetId],
        enableCrossZoneLoadBalancing: false,
        enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'on',
        enableDeletionProtection: true,
        tags: ownTags('srt-zone-use1-az4'),
      });
    });

    it('are a UDP target group of instances that keeps callers addresses and ends flows on deregistration', () => {
      const { name, ...rest } = ingest.inputs('srt-channel-news');
      expect(name).to.match(/^test-srt-channel-news-[0-9a-f]{8}$/);
      expect(rest).to.deep.equal({
        vpcId: NETWORK.vpcId,
        targetType: 'instance',
        protocol: 'UDP',
        port: 9001,
        preserveClientIp: 'true',
        connectionTermination: true,
        deregistrationDelay: 0,
        healthCheck: {
          protocol: 'TCP',
          port: '9001',
          interval: 10,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
        },
        tags: ownTags('srt-channel-news'),
      });
      expect(ingest.inputs('srt-channel-news-listener')).to.deep.equal({
        loadBalancerArn: ingest.output('srt-zone-use1-az4', 'arn'),
        protocol: 'UDP',
        port: 9001,
        defaultActions: [{ type: 'forward', targetGroupArn: ingest.output('srt-channel-news', 'arn') }],
        tags: ownTags('srt-channel-news-listener'),
      });
    });

    it('are rules that let the source reach the channel, the load balancer the instances, and nobody else anything', () => {
      expect(ingest.inputs('srt-channel-news_studio')).to.deep.equal({
        securityGroupId: id('srt-zone-use1-az4-group'),
        ipProtocol: 'udp',
        fromPort: 9001,
        toPort: 9001,
        cidrIpv4: '203.0.113.7/32',
        description: 'SRT of news from studio',
        tags: ownTags('srt-channel-news_studio'),
      });
      const zone = (what: string, ipProtocol: string) => {
        const ports = { ipProtocol, fromPort: 9000, toPort: 9049 };
        expect(ingest.inputs(`srt-zone-use1-az4-${what}-out`)).to.deep.equal({
          ...ports,
          securityGroupId: id('srt-zone-use1-az4-group'),
          referencedSecurityGroupId: id('srt-targets'),
          description: `To the instances, ${what}`,
          tags: ownTags(`srt-zone-use1-az4-${what}-out`),
        });
        expect(ingest.inputs(`srt-zone-use1-az4-${what}-in`)).to.deep.equal({
          ...ports,
          securityGroupId: id('srt-targets'),
          referencedSecurityGroupId: id('srt-zone-use1-az4-group'),
          description: `From the load balancer of use1-az4, ${what}`,
          tags: ownTags(`srt-zone-use1-az4-${what}-in`),
        });
      };
      zone('media', 'udp');
      zone('health', 'tcp');
      for (const group of ['srt-targets', 'srt-zone-use1-az4-group']) {
        expect(Object.keys(ingest.inputs(group)).sort()).to.deep.equal([
          'description',
          'name',
          'tags',
          'vpcId',
        ]);
      }
    });

    it('are a secret without a value, that can be recovered', () => {
      expect(ingest.inputs('srt-channel-news-passphrase')).to.deep.equal({
        description: 'SRT passphrase of news: one line, or two while it is rotated',
        recoveryWindowInDays: 30,
        tags: ownTags('srt-channel-news-passphrase'),
      });
      expect(ingest.query.byType('aws:secretsmanager/secretVersion:SecretVersion')).to.deep.equal([]);
    });

    it('compose by what the ingest tells', () => {
      const secretArn = ingest.output('srt-channel-news-passphrase', 'arn');
      expect(ingest.graph.outputs).to.deep.equal({
        channels: {
          news: {
            zone: 'use1-az4',
            port: 9001,
            healthPort: 9001,
            address: `srt://${String(ingest.output('srt-zone-use1-az4', 'dnsName'))}:9001`,
            targetGroupArn: ingest.output('srt-channel-news', 'arn'),
            secretArn,
          },
        },
        runtimeEnvironment: {
          news: {
            SOURCE: 'srt',
            HOST: '0.0.0.0',
            SRT_PORT: '9001',
            METRICS_PORT: '9001',
            SRT_PASSPHRASE_SECRET: secretArn,
          },
        },
        securityGroupIds: { 'use1-az4': id('srt-zone-use1-az4-group') },
        targetSecurityGroupId: id('srt-targets'),
      });
    });
  });

  describe('with every argument', () => {
    let ingest: Recorded;
    before(async () => {
      ingest = await recordIngest(FULL, {}, told);
    });

    it('are an accelerator with a listener for the ports of each zone, before an internal load balancer', () => {
      const { name, ...rest } = ingest.inputs('srt-accelerator');
      expect(name).to.match(/^video-test-srt-accelerator-[0-9a-f]{8}$/);
      expect(rest).to.deep.equal({
        enabled: true,
        ipAddressType: 'IPV4',
        attributes: {
          flowLogsEnabled: true,
          flowLogsS3Bucket: 'logs',
          flowLogsS3Prefix: 'global-accelerator',
        },
        tags: ownTags('srt-accelerator', { team: 'video' }),
      });
      for (const [zone, fromPort, toPort] of [
        ['use1-az4', 9000, 9049],
        ['use1-az6', 9100, 9149],
      ] as const) {
        expect(ingest.inputs(`srt-zone-${zone}-listener`)).to.deep.equal({
          acceleratorArn: ingest.output('srt-accelerator', 'arn'),
          protocol: 'UDP',
          portRanges: [{ fromPort, toPort }],
          clientAffinity: 'NONE',
        });
        expect(ingest.inputs(`srt-zone-${zone}-endpoint`)).to.deep.equal({
          listenerArn: ingest.output(`srt-zone-${zone}-listener`, 'arn'),
          endpointConfigurations: [
            {
              endpointId: ingest.output(`srt-zone-${zone}`, 'arn'),
              clientIpPreservationEnabled: true,
              weight: 128,
            },
          ],
        });
        expect(ingest.inputs(`srt-zone-${zone}`)).to.include({
          internal: true,
          enableDeletionProtection: false,
        });
        expect(ingest.inputs(`srt-zone-${zone}`)['subnets']).to.deep.equal([
          NETWORK.zones[zone].privateSubnetId,
        ]);
      }
    });

    it('are found at the one address of the accelerator, each channel at its port', () => {
      const host = String(ingest.output('srt-accelerator', 'dnsName'));
      const channels = ingest.graph.outputs['channels'] as Record<string, { address: string }>;
      expect(Object.entries(channels).map(([id, { address }]) => [id, address])).to.have.deep.members([
        ['news', `srt://${host}:9001`],
        ['sport', `srt://${host}:9101`],
        ['film', `srt://${host}:9002`],
        ['test', `srt://${host}:9003`],
      ]);
    });

    it('check health by HTTP, on the port that was given, as often as was asked', () => {
      expect(ingest.inputs('srt-channel-sport')['healthCheck']).to.deep.equal({
        protocol: 'HTTP',
        port: '9120',
        path: '/healthz',
        matcher: '200',
        interval: 30,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      });
      expect(ingest.inputs('srt-channel-sport')['deregistrationDelay']).to.equal(5);
    });

    it('let each channel be reached by its own sources alone, ranges and prefix lists', () => {
      const rules = ingest.query
        .byType('aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule')
        .filter(({ name }) => name.includes('-channel-'))
        .map(({ name, inputs }) => [
          name,
          inputs['cidrIpv4'] ?? inputs['prefixListId'],
          inputs['fromPort'],
          inputs['toPort'],
        ]);
      expect(rules).to.have.deep.members([
        ['srt-channel-news_studio', '203.0.113.0/24', 9001, 9001],
        ['srt-channel-news_van', 'pl-0123456789abcdef0', 9001, 9001],
        ['srt-channel-sport_van', 'pl-0123456789abcdef0', 9101, 9101],
        ['srt-channel-film_studio', '203.0.113.0/24', 9002, 9002],
        ['srt-channel-film_van', 'pl-0123456789abcdef0', 9002, 9002],
        ['srt-channel-test_studio', '203.0.113.0/24', 9003, 9003],
      ]);
    });

    it('are secrets for new passphrases alone, with the key that was given, gone at once in dev', () => {
      const secrets = ingest.query.byType('aws:secretsmanager/secret:Secret');
      expect(secrets.map(({ name }) => name).sort()).to.deep.equal([
        'srt-channel-news-passphrase',
        'srt-channel-sport-passphrase',
      ]);
      for (const { inputs } of secrets) {
        expect(inputs).to.include({ kmsKeyId: KEY_ARN, recoveryWindowInDays: 0 });
      }
      const environment = ingest.graph.outputs['runtimeEnvironment'] as Record<
        string,
        Record<string, string>
      >;
      expect(environment['film']).to.include({ SRT_PASSPHRASE_SECRET: SECRET_ARN });
      expect(environment['test']).not.to.have.property('SRT_PASSPHRASE_SECRET');
      expect(environment['news']).to.include({ SRT_LATENCY_MS: '400', SRT_STREAM_ID: 'feed-1' });
    });
  });

  it('that are private are internal load balancers, without an accelerator', async () => {
    const ingest = await recordIngest({ ...MINIMAL, entry: 'private' });
    expect(ingest.inputs('srt-zone-use1-az4')['internal']).to.equal(true);
    expect(ingest.list.filter((line) => /Accelerator|EndpointGroup/.test(line))).to.deep.equal([]);
  });

  it('have the static address that was given', async () => {
    const allocationId = 'eipalloc-0123456789abcdef0';
    const zones = { 'use1-az4': { ports: { from: 9000, to: 9049 }, allocationId } };
    const inputs = (await recordIngest({ ...MINIMAL, zones })).inputs('srt-zone-use1-az4');
    expect(inputs).not.to.have.property('subnets');
    expect(inputs['subnetMappings']).to.deep.equal([
      { subnetId: NETWORK.zones['use1-az4'].publicSubnetId, allocationId },
    ]);
  });

  it('take sources that are known later, of either kind', async () => {
    const sources = {
      studio: pulumi.output('203.0.113.0/24'),
      van: pulumi.output('pl-0123456789abcdef0'),
    };
    const ingest = await recordIngest({ ...MINIMAL, sources });
    expect(ingest.inputs('srt-channel-news_studio')).to.include({ cidrIpv4: '203.0.113.0/24' });
    expect(ingest.inputs('srt-channel-news_studio')).not.to.have.property('prefixListId');
    expect(ingest.inputs('srt-channel-news_van')).to.include({ prefixListId: 'pl-0123456789abcdef0' });
    expect(ingest.inputs('srt-channel-news_van')).not.to.have.property('cidrIpv4');
  });

  describe('that last', () => {
    const expected = { local: [false, 0], dev: [false, 0], staging: [false, 30], prod: [true, 30] } as const;
    const lasting = ['srt-zone-use1-az4', 'srt-accelerator', 'srt-channel-news-passphrase'];
    for (const [environment, [protect, days]] of Object.entries(expected)) {
      it(`in ${environment}: protect ${protect}, secrets recoverable for ${days} days`, async () => {
        const args: SrtIngestArgs = {
          ...MINIMAL,
          entry: 'accelerator',
          environment: environment as keyof typeof expected,
        };
        const ingest = await recordIngest(args);
        for (const { name, options } of ingest.resources.filter(({ custom }) => custom)) {
          expect(options.protect ?? false, name).to.equal(protect && lasting.includes(name));
        }
        expect(ingest.inputs('srt-zone-use1-az4')['enableDeletionProtection']).to.equal(protect);
        expect(ingest.inputs('srt-channel-news-passphrase')['recoveryWindowInDays']).to.equal(days);
      });
    }

    it('are as the resource option says, where it says something', async () => {
      const ingest = await recordIngest(MINIMAL, { protect: false });
      expect(ingest.child('srt-zone-use1-az4').options.protect).not.to.equal(true);
      expect(ingest.inputs('srt-zone-use1-az4')['enableDeletionProtection']).to.equal(false);
    });
  });
});
