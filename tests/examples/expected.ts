/** What each example makes, tells and refuses. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Recorded } from '../components/recorded';

type Configuration = Readonly<Record<string, string>>;

/** With another configuration than the defaults. */
export interface Variant {
  readonly title: string;
  readonly config: () => Configuration;
  readonly check: (recorded: Recorded) => void;
}

/** A mistake in the configuration, whose message the README quotes. */
export interface Refused {
  readonly config: Configuration;
  /** Without the lines of the stack. */
  readonly message: string;
}

export interface Expected {
  /** Ends a test's name. */
  readonly title: string;
  readonly check: (recorded: Recorded) => void;
  readonly variants?: readonly Variant[];
  readonly refused: readonly Refused[];
}

const namesOf = (recorded: Recorded, type: string): string[] =>
  recorded.query
    .byType(type)
    .map(({ name }) => name)
    .sort();

function newPublicKey(): string {
  return generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).publicKey;
}

/** The file of a public key that is made anew; it goes when the process ends. */
function publicKeyFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'example-key-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'signing.pub.pem');
  writeFileSync(file, newPublicKey());
  return file;
}

/** A region of the example second-region. */
const VIRGINIA = {
  ...{ region: 'us-east-1', zoneId: 'use1-az4', otherZoneId: 'use1-az6', cidrBlock: '10.10.0.0/16' },
  ...{ encoderImage: 'encoder', originImage: 'origin' },
};

const CDN_OF_TWO = {
  news: '/live/news/index.m3u8',
  sport: '/live/sport/index.m3u8',
};

const urls = (host: unknown, paths: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(paths).map(([id, each]) => [id, `https://${String(host)}${each}`]));

/** By example. */
export const EXPECTED: Readonly<Record<string, Expected>> = {
  'tiered-segment-store': {
    title: 'makes a store with a zone, two roles and a grant for each',
    check: (recorded) => {
      expect(recorded.resources.map(({ name }) => name).sort()).to.deep.equal([
        ...['encoder-news', 'media', 'media-general', 'media-general-access', 'media-general-encryption'],
        ...['media-general-lifecycle', 'media-general-ownership', 'media-general-policy', 'media-key'],
        ...['media-news-write', 'media-origin-read', 'media-zone-a', 'media-zone-a-encryption'],
        ...['media-zone-a-lifecycle', 'media-zone-a-policy', 'origin'],
      ]);
      const [general, zone] = ['media-general', 'media-zone-a'].map((name) => recorded.text(name, 'bucket'));
      expect(recorded.graph.outputs['storeOfZoneA']).to.equal(`s3:${general},${zone}`);
    },
    refused: [
      {
        config: { zoneId: 'us-east-1a' },
        message:
          'zones.a.zoneId is "us-east-1a"; allowed: the id of a zone, as use1-az4; to correct it: take the ZoneId, not the ZoneName, of `aws ec2 describe-availability-zones`',
      },
      {
        config: { zoneId: 'use1-az1' },
        message:
          'zones.a.zoneId is "use1-az1" (not a zone with S3 Express One Zone, as of 2026-11-21); allowed: use1-az4, use1-az5, use1-az6 (us-east-1); to correct it: choose one of these, or set allowUnlistedZones if AWS has added this one',
      },
    ],
  },

  'media-vpc': {
    title: 'makes a network of two zones with one NAT gateway, and says why',
    check: (recorded) => {
      expect(namesOf(recorded, 'aws:ec2/natGateway:NatGateway')).to.deep.equal(['media-nat-use1-az4']);
      expect(namesOf(recorded, 'aws:ec2/subnet:Subnet')).to.have.length(6);
      expect(recorded.graph.outputs['egress']).to.match(
        /^outside prod the cheaper way out is taken: one NAT gateway/,
      );
    },
    variants: [
      {
        title: 'takes the zones of the configuration',
        config: () => ({ zones: '["use1-az5", "use1-az4"]' }),
        check: (recorded) => {
          expect(namesOf(recorded, 'aws:ec2/natGateway:NatGateway')).to.deep.equal(['media-nat-use1-az5']);
          expect(recorded.graph.outputs['privateSubnets']).to.deep.equal({
            'use1-az4': recorded.child('media-private-use1-az4').id,
            'use1-az5': recorded.child('media-private-use1-az5').id,
          });
          const [logs] = recorded.query.byType('aws:cloudwatch/logGroup:LogGroup');
          expect(logs?.inputs['retentionInDays']).to.equal(7);
        },
      },
    ],
    refused: [
      {
        config: { zones: '["use1-az4"]' },
        message: `zones is ["use1-az4"] (1 zones); allowed: ids of 2 to 6 Availability Zones of one region; to correct it: write ['use1-az4', 'use1-az6']`,
      },
    ],
  },

  'srt-ingest': {
    title: 'tells addresses and secrets by channel',
    check: (recorded) => {
      const host = String(recorded.output('srt-zone-use1-az4', 'dnsName'));
      expect(recorded.graph.outputs['addresses']).to.deep.equal({
        news: `srt://${host}:9001`,
        sport: `srt://${host}:9002`,
      });
      expect(recorded.graph.outputs['secrets']).to.deep.equal({
        news: recorded.output('srt-channel-news-passphrase', 'arn'),
        sport: recorded.output('srt-channel-sport-passphrase', 'arn'),
      });
    },
    refused: [
      {
        config: { contributor: '203.0.113.7' },
        message:
          'sources.studio is "203.0.113.7"; allowed: an IPv4 range in CIDR form, as 203.0.113.7/32, or the id of a prefix list, as pl-0123456789abcdef0; to correct it: write 203.0.113.7/32',
      },
    ],
  },

  'nvenc-encode-fleet': {
    title: 'places two channels on G6',
    check: (recorded) => {
      expect(namesOf(recorded, 'aws:ecs/service:Service')).to.deep.equal([
        'live-channel-demo-service',
        'live-channel-news-service',
      ]);
      const { placements, cluster } = recorded.graph.outputs as {
        placements: Record<string, object>;
        cluster: string;
      };
      expect(cluster).to.equal(recorded.text('live-cluster', 'name'));
      expect(placements['news']).to.include({
        ...{ instanceType: 'g6.xlarge', purchase: 'committed', channelsPerInstance: 2 },
      });
      expect(placements['demo']).to.include({ instanceType: 'g6.xlarge' });
    },
    refused: [
      {
        config: { image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/encoder:latest' },
        message:
          'image is "123456789012.dkr.ecr.us-east-1.amazonaws.com/encoder:latest" (a tag without a digest: what it names may be another image tomorrow); allowed: registry/repository:tag@sha256:<64 hexadecimal digits>; to correct it: add the digest (`docker buildx imagetools inspect` and `aws ecr describe-images` show it), or set allowMutableTag: true',
      },
    ],
  },

  'nvenc-encode-fleet-eks': {
    title: 'places two channels on G6 in one zone of two',
    check: (recorded) => {
      expect(namesOf(recorded, 'kubernetes:apps/v1:Deployment')).to.deep.equal([
        'live-channel-demo',
        'live-channel-news',
      ]);
      const { placements, instances, cluster, namespace, kubeconfig } = recorded.graph.outputs as {
        placements: Record<string, object>;
        instances: Record<string, number>;
        cluster: string;
        namespace: string;
        kubeconfig: string;
      };
      expect(placements['news']).to.include({
        ...{ instanceType: 'g6.xlarge', zone: 'use1-az4', channelsPerInstance: 2 },
      });
      expect(instances).to.deep.equal({ 'use1-az4-g6-xlarge-on-demand': 1 });
      expect(cluster).to.match(/^nvenc-encode-fleet-eks-dev-live-cluster-[0-9a-f]{8}$/);
      expect(namespace).to.match(/^nvenc-encode-fleet-eks-dev-live-[0-9a-f]{8}$/);
      expect(kubeconfig).to.include('get-token');
    },
    refused: [
      {
        config: { otherZoneId: 'use1-az4' },
        message:
          'network.zones is ["use1-az4"] (the control plane of EKS is in two zones at least; channels may still be in one (`zones`)); allowed: two zones or more, or a cluster that is there; to correct it: give the network another zone, or give `cluster`',
      },
    ],
  },

  'll-hls-origin': {
    title: 'tells what a distribution needs',
    check: (recorded) => {
      expect(recorded.graph.outputs).to.deep.equal({
        vpcOrigin: {
          vpcOriginId: recorded.child('origin-vpc-origin').id,
          domainName: recorded.output('origin-balancer', 'dnsName'),
          readTimeoutSeconds: 30,
          keepaliveTimeoutSeconds: 50,
        },
        services: { 'use1-az4': recorded.text('origin-zone-use1-az4-service', 'name') },
      });
      expect(recorded.inputs('origin-zone-use1-az4-scaling')).to.include({ minCapacity: 2, maxCapacity: 8 });
    },
    refused: [
      {
        config: { otherZoneId: 'use1-az4' },
        message:
          'network.zones is ["use1-az4"] (an Application Load Balancer has subnets in two zones or more); allowed: at least two zones with VPC origins; to correct it: give the network another zone; tasks run in those of `zones` alone',
      },
    ],
  },

  'streaming-cdn': {
    title: 'tells where channels are and what the bucket needs',
    check: (recorded) => {
      const { outputs } = recorded.graph;
      expect(outputs['urls']).to.deep.equal(urls(recorded.output('cdn-1', 'domainName'), CDN_OF_TWO));
      expect(outputs['keyPairIds']).to.deep.equal({});
      expect(outputs['bucketPolicyStatement']).to.deep.include({
        Resource: 'arn:aws:s3:::segments/live/*',
        Condition: { StringEquals: { 'aws:SourceArn': [recorded.output('cdn-1', 'arn')] } },
      });
    },
    variants: [
      {
        title: 'asks for signatures where it is given the file of a public key',
        config: () => ({ publicKeyFile: publicKeyFile() }),
        check: (recorded) => {
          expect(recorded.graph.outputs['keyPairIds']).to.deep.equal({
            first: recorded.child('cdn-key-first').id,
          });
        },
      },
    ],
    refused: [
      {
        config: { pageOrigin: 'www.example.com' },
        message: `cors.origins[0] is "www.example.com"; allowed: '*', or an origin as browsers send it: https://www.example.com, https://*.example.com; to correct it: leave out path and final slash`,
      },
    ],
  },

  'live-path': {
    title: 'leads from the contributor to the viewer',
    check: (recorded) => {
      const { watch, address, secretArn } = recorded.graph.outputs;
      expect(watch).to.equal(
        `https://${String(recorded.output('cdn-1', 'domainName'))}/live/news/index.m3u8`,
      );
      expect(address).to.equal(`srt://${String(recorded.output('srt-zone-use1-az4', 'dnsName'))}:9001`);
      expect(secretArn).to.equal(recorded.output('srt-channel-news-passphrase', 'arn'));
      // The store's bucket lets the distribution read, and the images are those that are built here.
      const [statement] = recorded
        .policy('media-general-policy')
        .Statement.filter(({ Sid }) => /cloudfront/i.test(String(Sid)));
      expect(JSON.stringify(statement)).to.include(recorded.output('cdn-1', 'arn'));
      const containers = recorded.text('live-channel-news-task', 'containerDefinitions');
      expect(containers).to.include(recorded.output('encoder-repository', 'repositoryUrl'));
    },
    refused: [
      {
        config: { otherZoneId: 'use1-az4' },
        message:
          'zones[1] is "use1-az4" (it is there twice); allowed: each zone once; to correct it: remove one',
      },
      {
        config: { contributor: '203.0.113.7' },
        message:
          'sources.studio is "203.0.113.7"; allowed: an IPv4 range in CIDR form, as 203.0.113.7/32, or the id of a prefix list, as pl-0123456789abcdef0; to correct it: write 203.0.113.7/32',
      },
    ],
  },

  'existing-bucket-cdn': {
    title: 'reads the bucket, changes nothing of it, and tells what its policy needs',
    check: (recorded) => {
      expect(recorded.graph.reads.map((urn) => urn.split('::').at(-1))).to.deep.equal(['segments']);
      expect(recorded.list.filter((each) => /Bucket/.test(each))).to.deep.equal(['segments Bucket']);
      expect(recorded.graph.outputs['bucketPolicyStatement']).to.deep.equal({
        ...{ Sid: 'CloudFrontReads', Effect: 'Allow', Action: 's3:GetObject' },
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Resource: 'arn:aws:s3:::our-segments/live/*',
        Condition: { StringEquals: { 'aws:SourceArn': [recorded.output('cdn-1', 'arn')] } },
      });
    },
    refused: [
      {
        config: { originDomainName: 'https://origin.example.com' },
        message:
          'origin.domainName is "https://origin.example.com"; allowed: a domain name, as origin.example.com; to correct it: give the name alone, without https:// and path',
      },
    ],
  },

  'existing-vpc': {
    title: 'looks the VPC and its subnets up, and makes no network',
    check: (recorded) => {
      const asked = recorded.graph.invokes.map((each) => [
        each.token.split(':').at(-1),
        each.arguments['tags'],
      ]);
      expect(asked).to.deep.include.members([
        ['getVpc', { Name: 'media' }],
        ['getSubnet', { Tier: 'public' }],
        ['getSubnet', { Tier: 'private' }],
      ]);
      const vpc = recorded.graph.invokes.find(({ token }) => token.endsWith('getVpc'))?.result?.['id'];
      expect(recorded.inputs('origin-balancer-group')['vpcId']).to.equal(vpc);
      const types = new Set(recorded.resources.map(({ type }) => type));
      for (const made of ['vpc:Vpc', 'subnet:Subnet', 'natGateway:NatGateway', 'routeTable:RouteTable']) {
        expect(types).not.to.include(`aws:ec2/${made}`);
      }
    },
    variants: [
      {
        title: 'takes the VPC by its id',
        config: () => ({ vpcId: 'vpc-0123456789abcdef0' }),
        check: (recorded) => {
          expect(recorded.graph.invokes.map(({ token }) => token)).not.to.include('aws:ec2/getVpc:getVpc');
          expect(recorded.inputs('origin-balancer-group')['vpcId']).to.equal('vpc-0123456789abcdef0');
        },
      },
    ],
    refused: [
      {
        config: { zoneId: 'use1-az1', otherZoneId: 'use1-az6' },
        message:
          'zones.use1-az1.zoneId is "use1-az1" (not a zone with S3 Express One Zone, as of 2026-11-21); allowed: use1-az4, use1-az5, use1-az6 (us-east-1); to correct it: choose one of these, or set allowUnlistedZones if AWS has added this one',
      },
      {
        config: { otherZoneId: 'use1-az4' },
        message:
          'network.zones["use1-az4"].publicSubnetId is absent; allowed: the id of a subnet, as subnet-0123456789abcdef0; to correct it: give its id, not its ARN or name',
      },
    ],
  },

  'signed-playback': {
    title: 'asks for signatures of one channel, and of the other for none',
    check: (recorded) => {
      const { outputs } = recorded.graph;
      expect(outputs['keyPairIds']).to.deep.equal({ first: recorded.child('cdn-key-first').id });
      expect(Object.keys(outputs['urls'] as object).sort()).to.deep.equal(['news', 'open']);
      const { orderedCacheBehaviors } = recorded.inputs('cdn-1') as unknown as {
        orderedCacheBehaviors: { pathPattern: string; trustedKeyGroups?: string[] }[];
      };
      const signed = (pattern: RegExp) =>
        orderedCacheBehaviors
          .filter(({ pathPattern }) => pattern.test(pathPattern))
          .map(({ trustedKeyGroups = [] }) => trustedKeyGroups.length);
      expect(new Set(signed(/^\/live\/open\//))).to.deep.equal(new Set([0]));
      expect(new Set(signed(/^\/live\/\*\//))).to.deep.equal(new Set([1]));
    },
    variants: [
      {
        title: 'trusts two keys while one takes over from the other',
        config: () => ({ publicKeys: JSON.stringify({ first: newPublicKey(), second: newPublicKey() }) }),
        check: (recorded) => {
          expect(Object.keys(recorded.graph.outputs['keyPairIds'] as object)).to.deep.equal([
            ...['first', 'second'],
          ]);
        },
      },
    ],
    refused: [
      {
        config: { pageOrigin: '*' },
        message:
          'cors.origins is ["*"] (browsers refuse * together with cookies); allowed: origins by name; to correct it: name the pages, or set cors.credentials to false, for signed URLs without cookies',
      },
      {
        config: { publicKeys: '{"first":"ssh-rsa AAAA"}' },
        message:
          'access.keys["first"].publicKey is "a key that is not shown" (it cannot be read); allowed: a public key in PEM: RSA of 2048 bits, or ECDSA P-256; to correct it: give the whole file, from BEGIN to END',
      },
    ],
  },

  'test-your-stack': {
    title: 'makes a store and the role of a function that reads it',
    check: (recorded) => {
      expect(recorded.graph.outputs).to.deep.equal({
        segments: recorded.text('media-general', 'bucket'),
        thumbnailsRole: recorded.output('thumbnails', 'arn'),
      });
    },
    refused: [
      {
        config: { dvr: 'week' },
        message: `dvr is "week"; allowed: a number, a space and a unit: seconds, minutes, hours, days or weeks; above 0, at most 3650 days; to correct it: write it as '12 hours' or '30 days'`,
      },
    ],
  },

  'second-region': {
    title: 'makes everything of a region with its own provider, and nothing with the default one',
    check: (recorded) => {
      const { resources, providers, outputs } = recorded.graph;
      const regions = new Map(providers.map(({ urn, id, region }) => [`${urn}::${id}`, region]));
      const used = resources
        .filter(({ type }) => type.startsWith('aws:'))
        .map(({ name, provider }) => [name.split('-')[0], regions.get(provider ?? '')] as const);
      expect(new Set(used.map((each) => each.join(' ')))).to.deep.equal(
        new Set(['first us-east-1', 'second us-west-2']),
      );
      const hosts = ['first', 'second'].map((name) => recorded.output(`${name}-cdn-1`, 'domainName'));
      expect(outputs['watch']).to.deep.equal({
        first: `https://${String(hosts[0])}/live/news/index.m3u8`,
        second: `https://${String(hosts[1])}/live/news/index.m3u8`,
      });
      expect(Object.keys(outputs['contribute'] as object)).to.deep.equal(['first', 'second']);
    },
    refused: [
      {
        config: { regions: JSON.stringify({ first: VIRGINIA, second: VIRGINIA }) },
        message:
          'separateFrom[0] is "10.10.0.0/16" (cidrBlock, 10.10.0.0/16, overlaps it); allowed: blocks apart from cidrBlock; to correct it: choose another cidrBlock',
      },
    ],
  },
};
