import { Provider } from '@pulumi/aws/provider';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import fc from 'fast-check';
import { NAME_RULES, UNNAMED_TYPES } from '../../../components/kit';
import {
  TieredSegmentStore,
  generalLifecycle,
  grantPolicy,
  retentionDays,
  type Statement,
  type TieredSegmentStoreArgs,
} from '../../../components/storage';
import { normalise, type NormalArgs } from '../../../components/storage/normalise';
import { ACCOUNT, record, settled, valueOf, type RecordedResource } from '../../support/component-mocks';
import { rejection } from '../../support/rejection';
import { KEY_ARN, recordStore, storeOutputs } from './store-doubles';

const COMPONENT = 'aws-media:index:TieredSegmentStore::media';
const GENERAL = 'video-test-media-general-039cf822';
const DIRECTORY = 'video-test-media-zone-a-43b33f1e--use1-az4--x-s3';
const DIRECTORY_ARN = `arn:aws:s3express:us-east-1:${ACCOUNT}:bucket/${DIRECTORY}`;
const ZONES = { a: { zoneId: 'use1-az4' } };

/** A resource whose output is not known in a preview. */
class Zone extends pulumi.CustomResource {
  declare readonly zoneId: pulumi.Output<string>;

  constructor(name: string) {
    super('test:index:Zone', name, { zoneId: undefined });
  }
}

const list = (resources: readonly RecordedResource[]): string[] =>
  resources.map(({ type, name }) => `${name} ${type.slice(type.lastIndexOf(':') + 1)}`).sort();

/** The only resource of that name. */
function child(resources: readonly RecordedResource[], name: string): RecordedResource {
  const found = resources.filter((resource) => resource.name === name);
  expect(found, name).to.have.length(1);
  return found[0]!;
}

const inputsOf = (resources: readonly RecordedResource[], name: string) => child(resources, name).inputs;
const tags = (name: string) => ({ Name: name, 'aws-media:component': 'TieredSegmentStore' });

async function refusal(args: unknown): Promise<InstanceType<typeof pulumi.InputPropertiesError>> {
  const resources: string[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => {
      resources.push(name);
      return { id: name, state: inputs as Record<string, unknown> };
    },
    call: () => ({}),
  });
  let thrown: unknown;
  try {
    new TieredSegmentStore('media', args as TieredSegmentStoreArgs);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).to.be.instanceOf(pulumi.InputPropertiesError);
  expect(resources, 'resources that exist').to.deep.equal([]);
  return thrown as InstanceType<typeof pulumi.InputPropertiesError>;
}

describe('TieredSegmentStore', () => {
  describe('without arguments', () => {
    it('is a closed, encrypted, expiring bucket with a key, and nothing else', async () => {
      const { resources } = await recordStore();
      expect(list(resources)).to.deep.equal([
        'media TieredSegmentStore',
        'media-general Bucket',
        'media-general-access BucketPublicAccessBlock',
        'media-general-encryption BucketServerSideEncryptionConfiguration',
        'media-general-lifecycle BucketLifecycleConfiguration',
        'media-general-ownership BucketOwnershipControls',
        'media-general-policy BucketPolicy',
        'media-key Key',
      ]);
    });

    it('gives each child exactly these inputs', async () => {
      const { resources } = await recordStore();
      expect(inputsOf(resources, 'media-key')).to.deep.equal({
        description: 'Media of media, at rest',
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        tags: tags('media-key'),
      });
      expect(inputsOf(resources, 'media-general')).to.deep.equal({
        bucket: GENERAL,
        forceDestroy: false,
        tags: tags('media-general'),
      });
      expect(inputsOf(resources, 'media-general-access')).to.deep.equal({
        bucket: GENERAL,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(inputsOf(resources, 'media-general-ownership')).to.deep.equal({
        bucket: GENERAL,
        rule: { objectOwnership: 'BucketOwnerEnforced' },
      });
      expect(inputsOf(resources, 'media-general-encryption')).to.deep.equal({
        bucket: GENERAL,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: KEY_ARN },
            bucketKeyEnabled: true,
          },
        ],
      });
      expect(inputsOf(resources, 'media-general-policy')).to.deep.equal({
        bucket: GENERAL,
        policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'TlsOnly',
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:*',
              Resource: [`arn:aws:s3:::${GENERAL}`, `arn:aws:s3:::${GENERAL}/*`],
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        }),
      });
      expect(inputsOf(resources, 'media-general-lifecycle')).to.deep.equal({
        bucket: GENERAL,
        rules: [
          {
            id: 'segments',
            status: 'Enabled',
            filter: { and: { prefix: 'live/', objectSizeGreaterThan: 8192 } },
            expiration: { days: 1 },
          },
          { id: 'claims', status: 'Enabled', filter: { prefix: 'claims/' }, expiration: { days: 8 } },
          { id: 'bundles', status: 'Enabled', filter: { prefix: 'edge/' }, expiration: { days: 1 } },
          {
            id: 'unfinished-uploads',
            status: 'Enabled',
            filter: { prefix: '' },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      });
    });

    it('tells what composes', async () => {
      const { result } = await recordStore();
      const { store } = result;
      expect(await valueOf(store.generalBucketName)).to.equal(GENERAL);
      expect(await valueOf(store.generalBucketArn)).to.equal(`arn:aws:s3:::${GENERAL}`);
      expect(await valueOf(store.generalBucketDomainName)).to.equal(`${GENERAL}.s3.us-east-1.amazonaws.com`);
      expect(await valueOf(store.keyArn)).to.equal(KEY_ARN);
      expect(await valueOf(store.directoryBucketNames)).to.deep.equal({});
      expect(await valueOf(store.directoryBucketArns)).to.deep.equal({});
      expect(Object.keys(store.runtimeEnvironment)).to.deep.equal(['regional']);
      expect(await valueOf(store.runtimeEnvironment['regional']!.STORE)).to.equal(`s3:${GENERAL}`);
    });
  });

  describe('with everything', () => {
    const FULL: TieredSegmentStoreArgs = {
      zones: { a: { zoneId: 'use1-az4' }, b: { zoneId: pulumi.output('use1-az6') } },
      dvr: '36 hours',
      archive: { keepFor: pulumi.output('30 days') },
      encryption: { type: 'kms', keyArn: KEY_ARN.replace('1111-2222', 'aaaa-bbbb') },
      environment: 'dev',
      protection: { forceDestroy: false },
      tags: { team: 'video' },
    };

    it('has a directory bucket a zone, and no key where one is given', async () => {
      const { resources } = await recordStore(FULL);
      expect(list(resources).filter((line) => !line.startsWith('media-general'))).to.deep.equal([
        'media TieredSegmentStore',
        'media-zone-a DirectoryBucket',
        'media-zone-a-encryption BucketServerSideEncryptionConfiguration',
        'media-zone-a-lifecycle BucketLifecycleConfiguration',
        'media-zone-a-policy BucketPolicy',
        'media-zone-b DirectoryBucket',
        'media-zone-b-encryption BucketServerSideEncryptionConfiguration',
        'media-zone-b-lifecycle BucketLifecycleConfiguration',
        'media-zone-b-policy BucketPolicy',
      ]);
    });

    it('gives the children of a zone exactly these inputs', async () => {
      const { resources } = await recordStore(FULL);
      expect(inputsOf(resources, 'media-zone-a')).to.deep.equal({
        bucket: DIRECTORY,
        type: 'Directory',
        dataRedundancy: 'SingleAvailabilityZone',
        location: { name: 'use1-az4', type: 'AvailabilityZone' },
        forceDestroy: false,
        tags: { ...tags('media-zone-a'), team: 'video' },
      });
      expect(inputsOf(resources, 'media-zone-b')['location']).to.deep.equal({
        name: 'use1-az6',
        type: 'AvailabilityZone',
      });
      expect(inputsOf(resources, 'media-zone-b')['bucket']).to.match(
        /^video-test-media-zone-b-[0-9a-f]{8}--use1-az6--x-s3$/,
      );
      expect(inputsOf(resources, 'media-zone-a-encryption')).to.deep.equal({
        bucket: DIRECTORY,
        rules: [
          {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: 'aws:kms',
              kmsMasterKeyId: KEY_ARN.replace('1111-2222', 'aaaa-bbbb'),
            },
            bucketKeyEnabled: true,
          },
        ],
      });
      expect(inputsOf(resources, 'media-zone-a-lifecycle')).to.deep.equal({
        bucket: DIRECTORY,
        rules: [
          { id: 'bundles', status: 'Enabled', filter: { prefix: 'edge/' }, expiration: { days: 1 } },
          {
            id: 'unfinished-uploads',
            status: 'Enabled',
            filter: { prefix: '' },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      });
      const policy = JSON.parse(String(inputsOf(resources, 'media-zone-a-policy')['policy']));
      expect(policy.Statement[0].Resource).to.equal(DIRECTORY_ARN);
    });

    it('keeps segments for the archive and claims for longer', async () => {
      const { resources } = await recordStore(FULL);
      expect(inputsOf(resources, 'media-general-lifecycle')['rules']).to.deep.equal(
        generalLifecycle(retentionDays(36 * 3600, 30 * 86_400)),
      );
    });

    it('tells each zone its STORE', async () => {
      const { result } = await recordStore(FULL);
      const { store } = result;
      expect(Object.keys(store.runtimeEnvironment)).to.deep.equal(['a', 'b']);
      expect(await valueOf(store.runtimeEnvironment['a']!.STORE)).to.equal(`s3:${GENERAL},${DIRECTORY}`);
      expect((await valueOf(store.directoryBucketArns))['a']).to.equal(DIRECTORY_ARN);
    });
  });

  it("without KMS encrypts with S3's own keys and has no key", async () => {
    const { resources, result } = await recordStore({ zones: ZONES, encryption: { type: 'sse-s3' } });
    for (const name of ['media-general-encryption', 'media-zone-a-encryption']) {
      expect(inputsOf(resources, name)['rules']).to.deep.equal([
        { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } },
      ]);
    }
    expect(list(resources).filter((line) => line.endsWith(' Key'))).to.deep.equal([]);
    expect(await valueOf(result.store.keyArn)).to.equal('');
  });

  it('reads buckets that are there already and changes nothing of theirs', async () => {
    const { resources, result } = await recordStore({
      existingBucket: 'old-media',
      zones: { a: { zoneId: 'use1-az4', existingBucket: 'old--use1-az4--x-s3' } },
    });
    expect(list(resources)).to.deep.equal([
      'media TieredSegmentStore',
      'media-general Bucket',
      'media-zone-a DirectoryBucket',
    ]);
    expect([child(resources, 'media-general').id, child(resources, 'media-zone-a').id]).to.deep.equal([
      'old-media',
      'old--use1-az4--x-s3',
    ]);
    expect(await valueOf(result.store.runtimeEnvironment['a']!.STORE)).to.equal(
      's3:old-media,old--use1-az4--x-s3',
    );
    expect(await valueOf(result.store.generalBucketArn)).to.equal('arn:aws:s3:::old-media');
  });

  describe('protection', () => {
    const expected = {
      local: [false, false, true, 7],
      dev: [false, false, true, 7],
      staging: [false, false, false, 30],
      prod: [true, true, false, 30],
    } as const;
    for (const [environment, [protect, retain, destroy, window]] of Object.entries(expected)) {
      it(`in ${environment}: protect ${protect}, retain ${retain}, empty ${destroy}`, async () => {
        const { resources } = await recordStore({
          zones: ZONES,
          environment: environment as keyof typeof expected,
        });
        for (const name of ['media-general', 'media-zone-a', 'media-key']) {
          const { protect: isProtected, retainOnDelete } = child(resources, name);
          expect([isProtected, retainOnDelete], name).to.deep.equal([protect, retain]);
        }
        // Settings stay with a bucket that stays, but can be changed.
        const { protect: isProtected, retainOnDelete } = child(resources, 'media-general-policy');
        expect([isProtected, retainOnDelete]).to.deep.equal([false, retain]);
        expect(inputsOf(resources, 'media-general')['forceDestroy']).to.equal(destroy);
        expect(inputsOf(resources, 'media-zone-a')['forceDestroy']).to.equal(destroy);
        expect(inputsOf(resources, 'media-key')['deletionWindowInDays']).to.equal(window);
      });
    }

    it('is what the resource option says, where it says something', async () => {
      const { resources } = await recordStore({}, { protect: false });
      expect(child(resources, 'media-general').protect).to.equal(false);
    });
  });

  describe('bad arguments', () => {
    const CASES: [args: unknown, path: string, reason: string][] = [
      [
        { dvr: '1 fortnight' },
        'dvr',
        "is \"1 fortnight\"; allowed: a number, a space and a unit: seconds, minutes, hours, days or weeks; above 0, at most 3650 days; to correct it: write it as '12 hours' or '30 days'",
      ],
      [{ dvr: '0 days' }, 'dvr', 'is "0 days"; allowed: a number'],
      [{ dvr: '3651 days' }, 'dvr', 'is "3651 days"; allowed: a number'],
      [{ dvr: 3600 }, 'dvr', 'is 3600; allowed: a number'],
      [{ archive: {} }, 'archive.keepFor', 'is absent; allowed: a number'],
      [
        { archive: true },
        'archive',
        "is true; allowed: an object; to correct it: write { keepFor: '90 days' }",
      ],
      [
        { dvr: '2 days', archive: { keepFor: '1 day' } },
        'archive.keepFor',
        'is "1 day" (shorter than dvr, "2 days"); allowed: at least as long as dvr; to correct it: raise it, or leave archive out',
      ],
      [
        { zones: [] },
        'zones',
        "is []; allowed: an object; to correct it: write { a: { zoneId: 'use1-az4' } }",
      ],
      [
        { zones: { a: {} } },
        'zones.a.zoneId',
        'is absent; allowed: the id of a zone, as use1-az4; to correct it: take the ZoneId, not the ZoneName, of `aws ec2 describe-availability-zones`',
      ],
      [
        { zones: { a: { zoneId: 'us-east-1a' } } },
        'zones.a.zoneId',
        'is "us-east-1a"; allowed: the id of a zone',
      ],
      [
        { zones: { 'A b': { zoneId: 'use1-az4' } } },
        'zones.A b',
        'is "A b" (the id); allowed: 1 to 16 of a-z, 0-9 and hyphens, a letter first; to correct it: rename it; it stays for the life of the bucket',
      ],
      [
        { zones: { a: { zoneId: 'use1-az4' }, b: { zoneId: 'use1-az4' } } },
        'zones.b.zoneId',
        'is "use1-az4" (zones.a has it too); allowed: one entry a zone; to correct it: remove one of the two',
      ],
      [
        { zones: { a: { zoneId: 'use1-az4', existingBucket: 'x--use1-az6--x-s3' } } },
        'zones.a.existingBucket',
        'is "x--use1-az6--x-s3"; allowed: the name of a directory bucket of the zone, ending in --use1-az4--x-s3; to correct it: give a bucket of this zone, or the zone of this bucket',
      ],
      [
        { zones: { a: { zoneId: 'use1-az4', zone: 1 } } },
        'zones.a.zone',
        'is 1 (there is no such property); allowed: zoneId, existingBucket; to correct it: correct the name or remove the property',
      ],
      [
        { existingBucket: 's3://x' },
        'existingBucket',
        'is "s3://x"; allowed: the name of a general purpose bucket: 3 to 63 of a-z, 0-9, dots and hyphens; to correct it: give its name alone, without s3:// or arn:',
      ],
      [{ existingBucket: '' }, 'existingBucket', 'is ""; allowed: the name'],
      [
        { existingBucket: 'x--use1-az6--x-s3' },
        'existingBucket',
        'is "x--use1-az6--x-s3"; allowed: the name',
      ],
      [
        { encryption: 'kms' },
        'encryption',
        'is "kms"; allowed: an object; to correct it: write { type: \'sse-s3\' }',
      ],
      [
        { encryption: { type: 'none' } },
        'encryption.type',
        'is "none"; allowed: kms, sse-s3; to correct it: choose one',
      ],
      [
        { encryption: { keyArn: 'alias/x' } },
        'encryption.keyArn',
        'is "alias/x"; allowed: the ARN of a key, as arn:aws:kms:us-east-1:123456789012:key/...; to correct it: give the ARN of the key itself: directory buckets take no alias',
      ],
      [
        { encryption: { type: 'sse-s3', keyArn: KEY_ARN } },
        'encryption.keyArn',
        `is "${KEY_ARN}" (type is sse-s3); allowed: none; to correct it: remove keyArn, or set type to 'kms'`,
      ],
      [
        { environment: 'production' },
        'environment',
        'is "production"; allowed: local, dev, staging, prod; to correct it: choose one',
      ],
      [
        { protection: { protect: 'yes' } },
        'protection.protect',
        'is "yes"; allowed: true, false; to correct it: write true or false',
      ],
      [{ protection: { protected: true } }, 'protection.protected', 'is true (there is no such property)'],
      [{ tags: { 'aws:x': 'y' } }, 'tags["aws:x"]', 'is "aws:x" (the key); allowed: 1 to 128'],
      [{ zone: {} }, 'zone', 'is {} (there is no such property); allowed: zones,'],
    ];
    for (const [args, path, reason] of CASES) {
      it(`${JSON.stringify(args)}: says what is wrong with ${path}`, async () => {
        const { errors } = await refusal(args);
        expect(errors.map(({ propertyPath }) => propertyPath)).to.deep.equal([path]);
        expect(errors[0]!.reason.slice(0, reason.length)).to.equal(reason);
      });
    }

    const LATE: [args: TieredSegmentStoreArgs, read: (normal: NormalArgs) => unknown, message: string][] = [
      [{ dvr: pulumi.output('x') }, ({ days }) => days, 'dvr is "x"; allowed: a number'],
      [
        { dvr: '2 days', archive: { keepFor: pulumi.output('1 day') } },
        ({ days }) => days,
        'archive.keepFor is ["1 day","2 days"] (shorter than dvr, "2 days")',
      ],
      [
        { zones: { a: { zoneId: pulumi.output('us-east-1a') } } },
        ({ zones }) => zones.get('a')!.zoneId,
        'zones.a.zoneId is "us-east-1a"; allowed: the id of a zone',
      ],
      [
        { zones: { a: { zoneId: pulumi.output('use1-az4'), existingBucket: 'x--use1-az6--x-s3' } } },
        ({ zones }) => zones.get('a')!.existingBucket,
        'zones.a.existingBucket is ["x--use1-az6--x-s3","use1-az4"]; allowed: the name of a directory bucket',
      ],
      [
        { existingBucket: pulumi.output('S') },
        ({ existingBucket }) => existingBucket,
        'existingBucket is "S"; allowed',
      ],
      [
        { encryption: { keyArn: pulumi.output('k') } },
        (normal) => normal.keyArn,
        'encryption.keyArn is "k"; allowed',
      ],
    ];
    for (const [args, read, message] of LATE) {
      it(`that are known later fail whatever depends on them: ${message}`, async () => {
        const { result } = await record(() =>
          pulumi.output(read(normalise('TieredSegmentStore "media"', args))),
        );
        const error = (await rejection(valueOf(result))) as Error;
        expect(error).to.be.instanceOf(pulumi.InputPropertiesError);
        expect(error.message.split('\n  ')[1]!.slice(0, message.length)).to.equal(message);
      });
    }

    it('are all reported at once, before any resource exists', async () => {
      const { message, errors } = await refusal({
        dvr: 'x',
        archive: { keepFor: 'y' },
        zones: { a: { zoneId: 'z' } },
        environment: 'e',
        encryption: { type: 't' },
        tags: { 'aws:t': '' },
      });
      expect(errors.map(({ propertyPath }) => propertyPath)).to.have.members([
        'dvr',
        'archive.keepFor',
        'zones.a.zoneId',
        'environment',
        'encryption.type',
        'tags["aws:t"]',
      ]);
      expect(message.split('\n')[0]).to.equal('TieredSegmentStore "media" has 6 bad arguments:');
    });
  });

  describe('grants', () => {
    it('are policies of the role, of their own, with exactly what the access needs', async () => {
      const { resources } = await recordStore(
        { zones: { ...ZONES, b: { zoneId: 'use1-az6' } } },
        {},
        {
          then: (store) => [
            store.grantWrite('news', 'encoder-news', { channels: ['news'], zones: ['a'] }),
            store.grantRead('origin', 'origin'),
          ],
        },
      );
      const generalArn = `arn:aws:s3:::${GENERAL}`;
      const { name, role, policy } = inputsOf(resources, 'media-news-write');
      expect([name, role]).to.deep.equal(['video-test-media-news-write-dc19d0d2', 'encoder-news']);
      expect(JSON.parse(String(policy))).to.deep.equal(
        grantPolicy({
          access: 'write',
          generalArn,
          directoryArns: [DIRECTORY_ARN],
          keyArn: KEY_ARN,
          channels: ['news'],
        }),
      );
      const read = JSON.parse(String(inputsOf(resources, 'media-origin-read')['policy']));
      const sessions = (read.Statement as Statement[]).find(({ Sid }) => Sid === 'Sessions')!;
      expect(sessions.Resource).to.have.length(2);
      expect(sessions.Condition).to.deep.equal({ StringEquals: { 's3express:SessionMode': 'ReadOnly' } });
    });

    it('leave the store without a dependency on any role', async () => {
      const { resources } = await recordStore(
        { zones: ZONES },
        {},
        {
          then: (store) => store.grantWrite('news', 'encoder'),
        },
      );
      const others = resources.filter(({ name }) => name !== 'media-news-write');
      expect(others.flatMap(({ dependencies }) => dependencies)).not.to.include('media-news-write');
      expect(child(resources, 'media-news-write').dependencies).to.have.members([
        'media-general',
        'media-zone-a',
        'media-key',
      ]);
    });

    it('refuse a scope that names what is not there, before they exist', async () => {
      const { result, resources } = await recordStore(
        { zones: ZONES },
        {},
        {
          then: (store) =>
            rejection(
              Promise.resolve().then(() =>
                store.grantWrite('x', 'role', { channels: ['News'], zones: ['c'] }),
              ),
            ),
        },
      );
      const error = (await result.then) as InstanceType<typeof pulumi.InputPropertiesError>;
      expect(error.message).to.equal(
        'a grant (write) of TieredSegmentStore "media" has 2 bad arguments:\n' +
          '  channels[0] is "News"; allowed: 1 to 63 of a-z, 0-9 and inner hyphens; to correct it: correct it, or leave the property out for all\n' +
          '  zones[0] is "c"; allowed: a; to correct it: correct it, or leave the property out for all',
      );
      expect(list(resources).filter((line) => line.endsWith('RolePolicy'))).to.deep.equal([]);
    });
  });

  describe('in the graph', () => {
    it('parents every child, and passes the provider on to each', async () => {
      const { resources } = await record(
        () => {
          const aws = new Provider('elsewhere', { region: 'eu-west-1' });
          const store = new TieredSegmentStore('media', { zones: ZONES }, { provider: aws });
          return store.grantRead('origin', 'role');
        },
        { outputs: storeOutputs },
      );
      const children = resources.filter(({ parent }) => parent === COMPONENT);
      expect(children).to.have.length(12);
      for (const { name, provider } of children) expect(provider, name).to.include('elsewhere');
    });

    it('orders the changes that S3 refuses at the same time, and lifecycle after its permission', async () => {
      const { resources } = await recordStore({ zones: ZONES });
      expect(child(resources, 'media-general-ownership').dependencies).to.include('media-general-access');
      expect(child(resources, 'media-general-policy').dependencies).to.include('media-general-ownership');
      expect(child(resources, 'media-zone-a-lifecycle').dependencies).to.include('media-zone-a-policy');
    });

    it('takes an alias, so that a program may rename it', async () => {
      const { resources } = await recordStore({}, { aliases: [{ name: 'store' }] });
      expect(child(resources, 'media').aliasNames).to.deep.equal(['store']);
    });

    it('follows zones by their ids: another order changes nothing, and a new zone no other', async () => {
      const names = async (keys: string[]) => {
        const ids: Record<string, string> = { a: 'use1-az4', b: 'use1-az5', c: 'use1-az6' };
        const zones = Object.fromEntries(keys.map((key) => [key, { zoneId: ids[key]! }]));
        const { resources } = await recordStore({ zones });
        return resources
          .map(({ name, inputs }) => `${name} ${JSON.stringify(inputs)}`)
          .slice(1)
          .sort();
      };
      expect(await names(['b', 'a'])).to.deep.equal(await names(['a', 'b']));
      expect(await names(['c', 'a', 'b'])).to.include.members(await names(['a', 'b']));
    });

    it('has a rule for the name of every child', async () => {
      const { resources } = await recordStore(
        { zones: ZONES },
        {},
        { then: (store) => store.grantRead('o', 'r') },
      );
      const types = new Set(resources.slice(1).map(({ type }) => type));
      expect(
        [...types].filter((type) => !(type in NAME_RULES) && !UNNAMED_TYPES.includes(type)),
      ).to.deep.equal([]);
    });

    it('names every bucket and policy within limits, whatever the component is called', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }), async (name) => {
          fc.pre(!name.includes('::'));
          const { resources } = await record(
            () => new TieredSegmentStore(name, { zones: ZONES }).grantRead('o', 'r'),
            { outputs: storeOutputs },
          );
          for (const { type, inputs } of resources) {
            if (/:(?:Bucket|DirectoryBucket)$/.test(type))
              expect(inputs['bucket']).to.match(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
            if (type.endsWith(':RolePolicy')) expect(inputs['name']).to.match(/^[\w+=,.@-]{1,128}$/);
          }
        }),
        { numRuns: 25 },
      );
    });

    it('lets each kind of child be changed', async () => {
      const { resources } = await recordStore(
        { zones: ZONES, environment: 'dev' },
        {
          transform: {
            key: { deletionWindowInDays: 14 },
            generalBucket: (args, opts) => {
              args.bucket = 'chosen';
              opts.protect = true;
            },
            generalAccess: { skipDestroy: true },
            generalOwnership: { rule: { objectOwnership: 'ObjectWriter' } },
            generalEncryption: { rules: [] },
            generalPolicy: { policy: '{}' },
            generalLifecycle: { rules: [] },
            directoryBucket: (args, _opts, name) => {
              args.bucket = `${name}--use1-az4--x-s3`;
            },
            directoryEncryption: { rules: [] },
            directoryPolicy: { policy: '{}' },
            directoryLifecycle: { rules: [] },
            rolePolicy: { name: 'mine' },
          },
        },
        { then: (store) => store.grantRead('o', 'r') },
      );
      expect(inputsOf(resources, 'media-key')['deletionWindowInDays']).to.equal(14);
      expect(inputsOf(resources, 'media-general')['bucket']).to.equal('chosen');
      expect(child(resources, 'media-general').protect).to.equal(true);
      expect(inputsOf(resources, 'media-general-access')).to.include({ bucket: 'chosen', skipDestroy: true });
      expect(inputsOf(resources, 'media-general-ownership')['rule']).to.deep.equal({
        objectOwnership: 'ObjectWriter',
      });
      expect(inputsOf(resources, 'media-general-policy')['policy']).to.equal('{}');
      expect(inputsOf(resources, 'media-zone-a')['bucket']).to.equal('media-zone-a--use1-az4--x-s3');
      expect(inputsOf(resources, 'media-zone-a-policy')['policy']).to.equal('{}');
      for (const name of [
        'general-encryption',
        'general-lifecycle',
        'zone-a-encryption',
        'zone-a-lifecycle',
      ]) {
        expect(inputsOf(resources, `media-${name}`)['rules'], name).to.deep.equal([]);
      }
      expect(inputsOf(resources, 'media-o-read')['name']).to.equal('mine');
    });
  });

  describe('with outputs that are not known', () => {
    const UNKNOWN = { __pulumiUnknown: true };

    it('still knows every name in a preview, and leaves open what only AWS knows', async () => {
      const { resources, result } = await recordStore(
        { zones: ZONES },
        {},
        {
          preview: true,
          then: (store) => store.grantRead('o', 'r'),
        },
      );
      expect(resources).to.have.length(13);
      expect(inputsOf(resources, 'media-zone-a-lifecycle')['bucket']).to.equal(DIRECTORY);
      expect(await valueOf(result.store.runtimeEnvironment['a']!.STORE)).to.equal(
        `s3:${GENERAL},${DIRECTORY}`,
      );
      for (const name of ['media-general-policy', 'media-zone-a-policy', 'media-o-read']) {
        expect(JSON.parse(JSON.stringify(inputsOf(resources, name)['policy'])), name).to.deep.equal(UNKNOWN);
      }
    });

    it('builds everything in a preview where the zone itself is not known', async () => {
      const { resources } = await record(
        () => {
          const { zoneId } = new Zone('zone');
          return new TieredSegmentStore('media', { zones: { a: { zoneId } } });
        },
        { preview: true },
      );
      expect(JSON.parse(JSON.stringify(inputsOf(resources, 'media-zone-a')['bucket']))).to.deep.equal(
        UNKNOWN,
      );
      expect(list(resources)).to.include('media-zone-a-policy BucketPolicy');
    });
  });

  it('creates nothing and checks nothing where it is only looked up by its URN', async () => {
    // Of another resource: the mock monitor can't return a component that has registered its outputs.
    const { result, resources } = await record(() => new Zone('zone'));
    const urn = await valueOf(result.urn);
    const found = new TieredSegmentStore('media', { dvr: 'wrong' }, { urn });
    expect(await valueOf(found.urn)).to.equal(urn);
    await settled();
    expect(list(resources)).to.deep.equal(['zone Zone']);
  });
});
