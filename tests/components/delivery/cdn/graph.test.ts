import path from 'node:path';
import * as acm from '@pulumi/aws/acm';
import * as cloudfront from '@pulumi/aws/cloudfront';
import * as kinesis from '@pulumi/aws/kinesis';
import { Provider } from '@pulumi/aws/provider';
import * as s3 from '@pulumi/aws/s3';
import * as wafv2 from '@pulumi/aws/wafv2';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  CDN_TRANSFORMS,
  StreamingCdn,
  storeReaders,
  type StreamingCdnArgs,
} from '../../../../components/delivery/cdn';
import { LlHlsOrigin } from '../../../../components/origin';
import { TieredSegmentStore } from '../../../../components/storage';
import { assertNames, assertReaches, assertTags, matchGolden } from '../../../../testing';
import { compareGraphs } from '../../../../testing/upgrade';
import { minimal as originArguments } from '../../origin/origin-recording';
import { ACCOUNT, recordProgramOf, type Recorded } from '../../recorded';
import {
  DOMAIN,
  EC_KEY,
  FULL,
  MINIMAL,
  RSA_KEY,
  REFERENCE,
  STAGED,
  cdnWithStore,
  recordCdn,
  told,
} from './cdn-recording';

const GOLDENS = path.resolve(__dirname, '../../../../..', 'tests/components/delivery/cdn/golden');

/** Types that no tag can be put on. */
const UNTAGGED = [
  'aws:cloudfront/cachePolicy:CachePolicy',
  'aws:cloudfront/keyGroup:KeyGroup',
  'aws:cloudfront/monitoringSubscription:MonitoringSubscription',
  'aws:cloudfront/originAccessControl:OriginAccessControl',
  'aws:cloudfront/originRequestPolicy:OriginRequestPolicy',
  'aws:cloudfront/publicKey:PublicKey',
  'aws:cloudfront/realtimeLogConfig:RealtimeLogConfig',
  'aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy',
  'aws:iam/rolePolicy:RolePolicy',
  'aws:route53/record:Record',
];

/** Types that AWS gives no limit of names for, and what is checked in its place. */
const OTHER_NAMES = {
  'aws:cloudfront/keyGroup:KeyGroup': '60 characters, as the others',
  'aws:cloudfront/publicKey:PublicKey': '60 characters, as the others',
  'aws:cloudfront/realtimeLogConfig:RealtimeLogConfig': '60 characters, as the others',
  'aws:route53/record:Record': "the user's own",
};

describe('StreamingCdn in the graph', () => {
  let full: Recorded;
  before(async () => {
    full = await recordProgramOf(() => {
      const provider = new Provider('elsewhere', { region: 'eu-west-1' });
      return told(new StreamingCdn('cdn', FULL, { provider }));
    });
  });

  it('parents every child, and passes the provider on to each', () => {
    const children = full.query.children(full.child('cdn').urn);
    expect(children).to.have.length(31);
    expect(full.resources).to.have.length(32);
    for (const { name, provider } of children) expect(provider, name).to.include('::elsewhere::');
  });

  it('is in us-east-1 with all that has a region, wherever the provider is', async () => {
    const { resources } = await recordCdn({ ...FULL, domain: DOMAIN });
    const regions = resources.flatMap(({ type, inputs }) =>
      inputs['region'] === undefined ? [] : [[type, inputs['region']]],
    );
    expect(regions.map(([, region]) => region)).to.deep.equal(regions.map(() => 'us-east-1'));
    expect([...new Set(regions.map(([type]) => type))].sort()).to.deep.equal([
      'aws:acm/certificate:Certificate',
      'aws:acm/certificateValidation:CertificateValidation',
      'aws:cloudwatch/logDelivery:LogDelivery',
      'aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination',
      'aws:cloudwatch/logDeliverySource:LogDeliverySource',
      'aws:cloudwatch/metricAlarm:MetricAlarm',
    ]);
  });

  it('takes an alias, so that a program may rename it', async () => {
    const cdn = await recordCdn(MINIMAL, { aliases: [{ name: 'live' }] });
    expect(JSON.stringify(cdn.child('cdn').options.aliases)).to.include('"live"');
  });

  it('tags every child that can have tags, the user last', () => {
    assertTags(full.graph, { required: { team: ['video'], 'aws-media:component': ['StreamingCdn'] } });
    const untagged = full.resources.filter(({ custom, inputs }) => custom && !('tags' in inputs));
    expect([...new Set(untagged.map(({ type }) => type))].sort()).to.deep.equal(UNTAGGED);
  });

  it('has names within limits, whatever component, project and stack are called', async () => {
    const title = fc.string({ unit: fc.constantFrom(...'abzAZ09-_.'), minLength: 1, maxLength: 100 });
    const component = fc.stringMatching(/^[A-Za-z0-9_.-]{1,90}$/);
    await fc.assert(
      fc.asyncProperty(component, title, title, async (name, project, stack) => {
        const { graph, resources } = await recordProgramOf(() => void new StreamingCdn(name, FULL), {
          project,
          stack,
        });
        assertNames(graph, { exceptions: OTHER_NAMES });
        for (const { inputs } of resources.filter(({ type }) => type in OTHER_NAMES)) {
          if (inputs['zoneId'] === undefined) expect(inputs['name']).to.match(/^[a-z0-9-]{1,60}$/);
        }
      }),
      { numRuns: 4 },
    );
  });

  it('gives another key another name, so that it can be made before the old one goes', async () => {
    const access = (publicKey: string) => ({ keys: { a: { publicKey } } });
    const nameOf = async (publicKey: string) =>
      (await recordCdn({ ...FULL, access: access(publicKey) })).text('cdn-key-a', 'name');
    expect(await nameOf(EC_KEY)).not.to.equal(await nameOf(RSA_KEY));
    expect(await nameOf(EC_KEY)).to.equal(await nameOf(`${EC_KEY}\n`));
  });

  it('leads from a distribution to its policies, keys, functions, logs and addresses', () => {
    const { graph } = full;
    for (const name of [
      'cdn-cache-playlists',
      'cdn-headers',
      'cdn-origin-request',
      'cdn-keys',
      'cdn-realtime',
    ]) {
      assertReaches(graph, 'cdn-1', name, { property: 'orderedCacheBehaviors', direct: true });
    }
    assertReaches(graph, 'cdn-1', 'cdn-function-token', { property: 'orderedCacheBehaviors' });
    assertReaches(graph, 'cdn-1', 'cdn-oac', { property: 'origins[*].originAccessControlId', direct: true });
    assertReaches(graph, 'cdn-keys', 'cdn-key-2026-10', { property: 'items', direct: true });
    assertReaches(graph, 'cdn-1-a', 'cdn-1', { property: 'aliases[*].name', output: 'domainName' });
    assertReaches(graph, 'cdn-1-log-source', 'cdn-1', { property: 'resourceArn', output: 'arn' });
    assertReaches(graph, 'cdn-1-log-delivery', 'cdn-logs', { property: 'deliveryDestinationArn' });
    assertReaches(graph, 'cdn-realtime', 'cdn-realtime-role', { property: 'endpoint', output: 'arn' });
    expect(full.child('cdn-realtime').dependencies).to.include(full.child('cdn-realtime-policy').urn);
  });

  it('has no cycle with a store: the bucket, then the distribution, then the policy of the bucket', async () => {
    const { graph } = await recordProgramOf(() => void cdnWithStore());
    assertReaches(graph, 'cdn-1', 'media-general', { property: 'origins[*].domainName', direct: true });
    assertReaches(graph, 'media-general-policy', 'cdn-1', {
      property: 'policy',
      output: 'arn',
      direct: true,
    });
  });

  it('takes what other resources answer: an LlHlsOrigin, a web ACL, a stream, a bucket, a certificate', async () => {
    const { graph } = await recordProgramOf(() => {
      const store = new TieredSegmentStore('media', {
        zones: { 'use1-az4': { zoneId: 'use1-az4' } },
        distributions: storeReaders(),
      });
      const stream = new kinesis.Stream('requests');
      const certificate = new acm.Certificate('mine', { region: 'us-east-1', domainName: DOMAIN.name });
      const acl = { scope: 'CLOUDFRONT', defaultAction: { allow: {} }, region: 'us-east-1' };
      const visibilityConfig = {
        cloudwatchMetricsEnabled: false,
        metricName: 'x',
        sampledRequestsEnabled: false,
      };
      const values = new cloudfront.KeyValueStore('keys');
      return void new StreamingCdn('cdn', {
        ...MINIMAL,
        store,
        origin: new LlHlsOrigin('origin', originArguments(store)),
        webAclArn: new wafv2.WebAcl('acl', { ...acl, visibilityConfig }).arn,
        logs: { destinationArn: new s3.Bucket('logs').arn },
        // Recorded streams have a name and no ARN.
        realtimeLogs: {
          streamArn: pulumi.interpolate`arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${stream.name}`,
        },
        domain: { ...DOMAIN, certificateArn: certificate.arn },
        functions: { token: { ...FULL.functions.token, on: ['media'], keyValueStoreArn: values.arn } },
      });
    });
    assertReaches(graph, 'cdn-1', 'media-general', { property: 'origins[*].domainName' });
    assertReaches(graph, 'cdn-1', 'acl', { property: 'webAclId', direct: true });
    assertReaches(graph, 'cdn-1', 'mine', { property: 'viewerCertificate', direct: true });
    assertReaches(graph, 'cdn-realtime', 'requests', { property: 'endpoint' });
    assertReaches(graph, 'cdn-logs', 'logs', { property: 'deliveryDestinationConfiguration' });
    assertReaches(graph, 'cdn-function-token', 'keys', { property: 'keyValueStoreAssociations' });
    const [vpcOrigin] = graph.resources.filter(({ type }) => type.endsWith(':VpcOrigin'));
    assertReaches(graph, 'cdn-1', vpcOrigin!.name, { property: 'origins[*].vpcOriginConfig.vpcOriginId' });
  });

  it('lets each kind of child be changed', async () => {
    const changed = new Map<string, string[]>();
    const transform = Object.fromEntries(
      CDN_TRANSFORMS.map((kind) => [
        kind,
        (args: Record<string, unknown>, opts: pulumi.CustomResourceOptions, name: string) => {
          changed.set(kind, [...(changed.get(kind) ?? []), name]);
          if (kind === 'distribution') args['defaultRootObject'] = 'index.html';
          if (kind === 'publicKey') opts.retainOnDelete = true;
        },
      ]),
    );
    const staged = { http3: false, stagedDeployment: { weightPercent: 1 } };
    const args: StreamingCdnArgs = { ...FULL, ...staged, domain: DOMAIN };
    const cdn = await recordCdn(args, { transform });
    expect([...changed.keys()].sort()).to.deep.equal([...CDN_TRANSFORMS].sort());
    const names = [...new Set([...changed.values()].flat())].sort();
    const children = cdn.resources.filter(({ custom }) => custom).map(({ name }) => name);
    expect(names).to.deep.equal(children.sort());
    expect(cdn.inputs('cdn-2-staging')['defaultRootObject']).to.equal('index.html');
    expect(cdn.child('cdn-key-2026-10').options.retainOnDelete).to.equal(true);
  });

  it('creates nothing and checks nothing where it is only looked up by its URN', async () => {
    let nodes: unknown = 'not looked up';
    const cdn = await recordProgramOf(() => {
      const urn = 'urn:pulumi:test::video::aws-media:index:StreamingCdn::cdn';
      nodes = new StreamingCdn('cdn', {} as StreamingCdnArgs, { urn }).nodes;
    }).catch((error: unknown) => error as Error);
    expect(nodes).to.equal(undefined);
    if (!(cdn instanceof Error)) expect(cdn.list).to.deep.equal([]);
  });

  const golden: [name: string, args: StreamingCdnArgs][] = [
    ['minimal', MINIMAL],
    ['full', FULL],
    ['staged', STAGED],
    ['reference', REFERENCE],
  ];
  for (const [name, args] of golden) {
    it(`has changed in nothing that nobody looked at: ${name}`, async () => {
      const { graph } = await recordCdn(args, {}, told);
      matchGolden(graph, path.join(GOLDENS, `${name}.json`));
    });
  }
});

describe('an update of StreamingCdn', () => {
  const signed = (keys: Record<string, { publicKey: string }>): StreamingCdnArgs => ({
    ...MINIMAL,
    access: { keys },
    cors: { origins: ['https://www.example.com'] },
  });

  it('renamed with an alias loses nothing and replaces no distribution', async () => {
    const before = await recordProgramOf(() => void new StreamingCdn('live', MINIMAL));
    const after = await recordProgramOf(
      () => void new StreamingCdn('cdn', MINIMAL, { aliases: [{ name: 'live' }] }),
    );
    const check = compareGraphs(before.graph, after.graph);
    expect([...check.renamed, ...check.deleted]).to.deep.equal([]);
    const replaced = check.replaces.map(({ type }) => type);
    expect(replaced).not.to.include('aws:cloudfront/distribution:Distribution');
    expect(check.replaces.filter(({ severity }) => severity === 'loss')).to.deep.equal([]);
  });

  it('rotates keys: the new one beside the old, then without it, and the distribution is never replaced', async () => {
    const old = { '2026-10': { publicKey: RSA_KEY } };
    const both = { ...old, '2026-11': { publicKey: EC_KEY } };
    const [first, second, third] = await Promise.all(
      [old, both, { '2026-11': { publicKey: EC_KEY } }].map((keys) => recordCdn(signed(keys))),
    );
    const added = compareGraphs(first!.graph, second!.graph);
    expect(added.created.map(({ urn }) => urn.split('::').at(-1))).to.deep.equal(['cdn-key-2026-11']);
    expect([...added.deleted, ...added.replaces, ...added.renamed]).to.deep.equal([]);
    const removed = compareGraphs(second!.graph, third!.graph);
    expect(removed.created).to.deep.equal([]);
    expect(removed.deleted.map(({ urn }) => urn.split('::').at(-1))).to.deep.equal(['cdn-key-2026-10']);
    expect(removed.deleted[0]!.severity).not.to.equal('loss');
  });

  it('changes nothing of a distribution when channels are added, removed or moved', async () => {
    const pictureOf = (cdn: Recorded) =>
      cdn.resources
        .filter(({ custom }) => custom)
        .map(({ urn, inputs, options, dependencies }) => ({ urn, inputs, options, dependencies }));
    const record = (channels: StreamingCdnArgs['channels']) =>
      recordCdn({ ...MINIMAL, distributions: 2, channels });
    const before = pictureOf(await record({ news: {} }));
    expect(pictureOf(await record({ news: {}, sport: {} }))).to.deep.equal(before);
    expect(pictureOf(await record({ sport: { distribution: 2 } }))).to.deep.equal(before);
  });

  it('adds a distribution beside the others and changes nothing of theirs but what they are called', async () => {
    const one = await recordCdn({ ...MINIMAL, domain: DOMAIN });
    const two = await recordCdn({ ...MINIMAL, domain: DOMAIN, distributions: 2 });
    const { created, deleted, replaces } = compareGraphs(one.graph, two.graph);
    expect([...deleted, ...replaces]).to.deep.equal([]);
    const names = created.map(({ urn }) => urn.split('::').at(-1)!);
    for (const name of names) expect(name).to.match(/^cdn-2/);
    expect(two.inputs('cdn-1')).to.deep.equal({ ...one.inputs('cdn-1'), comment: 'cdn, 1 of 2' });
  });
});
