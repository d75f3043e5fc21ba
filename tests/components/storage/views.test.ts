import * as cloudfront from '@pulumi/aws/cloudfront';
import * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import { unknown } from '@pulumi/pulumi/output';
import { expect } from 'chai';
import { TieredSegmentStore } from '../../../components/storage';
import { viewOf, type Graph, type GraphValue } from '../../../testing';
import { Recorded, ZONES, recordProgramOf, told } from './store-recording';

/** A value that no preview knows. */
const later = (): pulumi.Output<string> => pulumi.output(unknown as unknown as string);

/** A store with all that it can be used with. */
const recordUsed = (): Promise<Recorded> =>
  recordProgramOf(() => {
    const store = new TieredSegmentStore('media', { zones: ZONES, distributions: { cdn: {} } });
    const cdn = new cloudfront.Distribution('cdn', {
      enabled: true,
      origins: [{ originId: 'segments', domainName: store.generalBucketDomainName }],
      defaultCacheBehavior: {
        targetOriginId: 'segments',
        viewerProtocolPolicy: 'https-only',
        allowedMethods: ['GET', 'HEAD'],
        cachedMethods: ['GET', 'HEAD'],
      },
      restrictions: { geoRestriction: { restrictionType: 'none' } },
      viewerCertificate: { cloudfrontDefaultCertificate: true },
    });
    store.grantCloudFrontRead('cdn', cdn.arn);
    const role = new iam.Role('task', { assumeRolePolicy: '{}' });
    store.grantWrite('news', role.name, { channels: ['news'] });
    store.grantRead('origin', role.name);
    return told(store);
  });

/** Strings at any depth, JSON in strings too, by path. */
function* strings(value: GraphValue, path: string): Generator<[path: string, text: string]> {
  if (typeof value === 'string') {
    yield [path, value];
    if (value.startsWith('{')) yield* strings(JSON.parse(value) as GraphValue, `${path}:`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* strings(item, `${path}.${key}`);
  }
}

const inputStrings = (graph: Graph): [path: string, text: string][] =>
  graph.resources.flatMap(({ name, inputs }) => [...strings(inputs, name)]);

/** Where inputs are unknown, and by whose outputs, by names. */
function open(graph: Graph): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const visit = (value: GraphValue, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('$unknown' in value) {
      found[path] = (value['$unknown'] as string[]).map((of) => of.slice(of.lastIndexOf('::') + 2)).sort();
    } else for (const [key, item] of Object.entries(value)) visit(item, `${path}.${key}`);
  };
  for (const { name, inputs, custom } of graph.resources) if (custom) visit(inputs, name);
  return found;
}

describe('TieredSegmentStore in both views of what AWS decides', () => {
  let store: Recorded;
  before(async () => {
    store = await recordUsed();
  });

  it('known: every input is a plain value', () => {
    expect(open(viewOf(store.graph, 'known'))).to.deep.equal({});
  });

  it('unknown: leaves open exactly the inputs that hold an output, and names whose', () => {
    const found = Object.entries(open(viewOf(store.graph, 'unknown')));
    // A bucket's name is the program's own, and its id as well.
    const decided = found.filter(([path]) => !path.endsWith('.bucket'));
    const key = '.rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId';
    const used = ['media-general#arn', 'media-key#arn', 'media-zone-a#arn'];
    expect(Object.fromEntries(decided)).to.deep.equal({
      'cdn.origins.0.domainName': ['media-general#bucketRegionalDomainName'],
      [`media-general-encryption${key}`]: ['media-key#arn'],
      'media-general-policy.policy': ['cdn#arn', 'media-general#arn'],
      'media-key-policy.keyId': ['media-key#id'],
      'media-key-policy.policy': ['cdn#arn'],
      'media-news-write.policy': used,
      'media-news-write.role': ['task#id'],
      'media-origin-read.policy': used,
      'media-origin-read.role': ['task#id'],
      [`media-zone-a-encryption${key}`]: ['media-key#arn'],
      'media-zone-a-policy.policy': ['media-zone-a#arn'],
    });
  });

  for (const view of ['known', 'unknown'] as const) {
    it(`${view}: no input has the text of a value that was missing when it was put together`, () => {
      const all = inputStrings(viewOf(store.graph, view));
      expect(all.length).to.be.above(50);
      const broken = all.filter(([, text]) => /undefined|null|NaN|\[object|Calling \[/.test(text));
      expect(broken).to.deep.equal([]);
    });

    it(`${view}: names of policies, tags, lifecycle and location are as they are in the other`, () => {
      const seen = new Recorded(viewOf(store.graph, view));
      expect(seen.inputs('media-zone-a')['location']).to.deep.equal({
        name: 'use1-az4',
        type: 'AvailabilityZone',
      });
      expect(seen.inputs('media-news-write')['name']).to.match(/^video-test-media-news-write-[0-9a-f]{8}$/);
      expect(seen.inputs('media-general-lifecycle')['rules']).to.have.length(5);
      expect(seen.inputs('media-key')['tags']).to.deep.equal({
        Name: 'media-key',
        'aws-media:component': 'TieredSegmentStore',
      });
    });
  }

  it('builds every resource where arguments are not known yet, and leaves open what they decide', async () => {
    const seen = await recordProgramOf(() => {
      const made = new TieredSegmentStore('media', {
        zones: { a: { zoneId: later() } },
        dvr: later(),
        archive: { keepFor: later() },
        encryption: { keyArn: later() },
        distributions: { cdn: { distributionArn: later() }, other: {} },
        tags: { team: later() },
      });
      made.grantCloudFrontRead('other', later());
      made.grantWrite('news', later());
    });
    expect(seen.list).to.deep.equal([
      'media TieredSegmentStore',
      'media-general Bucket',
      'media-general-access BucketPublicAccessBlock',
      'media-general-encryption BucketServerSideEncryptionConfiguration',
      'media-general-lifecycle BucketLifecycleConfiguration',
      'media-general-ownership BucketOwnershipControls',
      'media-general-policy BucketPolicy',
      'media-news-write RolePolicy',
      'media-zone-a DirectoryBucket',
      'media-zone-a-encryption BucketServerSideEncryptionConfiguration',
      'media-zone-a-lifecycle BucketLifecycleConfiguration',
      'media-zone-a-policy BucketPolicy',
    ]);
    expect(Object.keys(open(seen.graph)).sort()).to.deep.equal([
      'media-general-encryption.rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId',
      'media-general-lifecycle.rules',
      'media-general-policy.policy',
      'media-general.tags.team',
      'media-news-write.policy',
      'media-news-write.role',
      'media-zone-a-encryption.rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId',
      'media-zone-a-lifecycle.rules',
      'media-zone-a.bucket',
      'media-zone-a.location.name',
      'media-zone-a.tags.team',
    ]);
    expect(seen.inputs('media-general')['bucket']).to.match(/^video-test-media-general-/);
  });
});
