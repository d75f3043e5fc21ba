import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { generalLifecycle, retentionDays, type TieredSegmentStoreArgs } from '../../../components/storage';
import { KEY_ARN, ZONES, ownTags, recordStore, told, type Recorded } from './store-recording';

const GENERAL = /^video-test-media-general-[0-9a-f]{8}$/;
const unfinished = {
  id: 'unfinished-uploads',
  status: 'Enabled',
  filter: { prefix: '' },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
};

describe('the children of TieredSegmentStore', () => {
  describe('without arguments', () => {
    let store: Recorded;
    let bucket: string;
    before(async () => {
      store = await recordStore({}, {}, told);
      bucket = store.text('media-general', 'bucket');
    });

    it('are a closed, encrypted, expiring bucket with a key, and nothing else', () => {
      expect(store.list).to.deep.equal([
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

    it('are each given exactly these inputs', () => {
      expect(bucket).to.match(GENERAL);
      expect(store.inputs('media-key')).to.deep.equal({
        description: 'Media of media, at rest',
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        tags: ownTags('media-key'),
      });
      expect(store.inputs('media-general')).to.deep.equal({
        bucket,
        forceDestroy: false,
        tags: ownTags('media-general'),
      });
      expect(store.inputs('media-general-access')).to.deep.equal({
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(store.inputs('media-general-ownership')).to.deep.equal({
        bucket,
        rule: { objectOwnership: 'BucketOwnerEnforced' },
      });
      expect(store.inputs('media-general-encryption')).to.deep.equal({
        bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: 'aws:kms',
              kmsMasterKeyId: store.output('media-key', 'arn'),
            },
            bucketKeyEnabled: true,
          },
        ],
      });
      expect(store.inputs('media-general-policy')).to.deep.equal({
        bucket,
        policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'TlsOnly',
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:*',
              Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        }),
      });
      expect(store.inputs('media-general-lifecycle')).to.deep.equal({
        bucket,
        rules: [
          {
            id: 'segments',
            status: 'Enabled',
            filter: { and: { prefix: 'live/', objectSizeGreaterThan: 8192 } },
            expiration: { days: 1 },
          },
          { id: 'inits', status: 'Enabled', filter: { prefix: 'live/' }, expiration: { days: 9 } },
          { id: 'claims', status: 'Enabled', filter: { prefix: 'claims/' }, expiration: { days: 8 } },
          { id: 'bundles', status: 'Enabled', filter: { prefix: 'edge/' }, expiration: { days: 1 } },
          unfinished,
        ],
      });
    });

    it('compose by what the store tells', () => {
      expect(store.graph.outputs).to.deep.equal({
        generalBucketName: bucket,
        generalBucketArn: `arn:aws:s3:::${bucket}`,
        generalBucketDomainName: `${bucket}.s3.us-east-1.amazonaws.com`,
        directoryBucketNames: {},
        directoryBucketArns: {},
        keyArn: store.output('media-key', 'arn'),
        runtimeEnvironment: { regional: { STORE: `s3:${bucket}` } },
      });
    });
  });

  describe('with every argument', () => {
    const FULL: TieredSegmentStoreArgs = {
      zones: { a: { zoneId: 'use1-az4' }, b: { zoneId: pulumi.output('use1-az6') } },
      dvr: '36 hours',
      archive: { keepFor: pulumi.output('30 days') },
      encryption: { type: 'kms', keyArn: KEY_ARN },
      environment: 'dev',
      protection: { forceDestroy: false },
      tags: { team: 'video' },
    };
    let store: Recorded;
    before(async () => {
      store = await recordStore(FULL, {}, told);
    });

    it('are a directory bucket a zone, and no key where one is given', () => {
      expect(store.list.filter((line) => !line.startsWith('media-general'))).to.deep.equal([
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

    it('of a zone are given exactly these inputs', () => {
      const bucket = store.text('media-zone-a', 'bucket');
      expect(bucket).to.match(/^video-test-media-zone-a-[0-9a-f]{8}--use1-az4--x-s3$/);
      expect(store.inputs('media-zone-a')).to.deep.equal({
        bucket,
        type: 'Directory',
        dataRedundancy: 'SingleAvailabilityZone',
        location: { name: 'use1-az4', type: 'AvailabilityZone' },
        forceDestroy: false,
        tags: { ...ownTags('media-zone-a'), team: 'video' },
      });
      expect(store.inputs('media-zone-b')['location']).to.deep.equal({
        name: 'use1-az6',
        type: 'AvailabilityZone',
      });
      expect(store.inputs('media-zone-b')['bucket']).to.match(
        /^video-test-media-zone-b-[0-9a-f]{8}--use1-az6--x-s3$/,
      );
      expect(store.inputs('media-zone-a-encryption')).to.deep.equal({
        bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: KEY_ARN },
            bucketKeyEnabled: true,
          },
        ],
      });
      expect(store.inputs('media-zone-a-lifecycle')).to.deep.equal({
        bucket,
        rules: [
          { id: 'bundles', status: 'Enabled', filter: { prefix: 'edge/' }, expiration: { days: 1 } },
          unfinished,
        ],
      });
      expect(store.policy('media-zone-a-policy').Statement.map(({ Resource }) => Resource)).to.deep.equal([
        store.output('media-zone-a', 'arn'),
      ]);
    });

    it('keep segments for the archive and claims for longer', () => {
      expect(store.inputs('media-general-lifecycle')['rules']).to.deep.equal(
        generalLifecycle(retentionDays(36 * 3600, 30 * 86_400)),
      );
    });

    it('are told to the runtime by zone, with the class of archived segments', () => {
      const general = store.text('media-general', 'bucket');
      const environment = (zone: string) => ({
        STORE: `s3:${general},${store.text(`media-zone-${zone}`, 'bucket')}`,
        SEGMENT_STORAGE_CLASS: 'INTELLIGENT_TIERING',
      });
      expect(store.graph.outputs['runtimeEnvironment']).to.deep.equal({
        a: environment('a'),
        b: environment('b'),
      });
      expect(store.graph.outputs['directoryBucketArns']).to.deep.equal({
        a: store.output('media-zone-a', 'arn'),
        b: store.output('media-zone-b', 'arn'),
      });
    });
  });

  it('without zones tell the runtime of an archive too', async () => {
    const { graph } = await recordStore({ archive: { keepFor: '7 days' } }, {}, told);
    expect(graph.outputs['runtimeEnvironment']).to.have.nested.property(
      'regional.SEGMENT_STORAGE_CLASS',
      'INTELLIGENT_TIERING',
    );
  });

  it("without KMS are encrypted with S3's own keys, and there is no key", async () => {
    const store = await recordStore({ zones: ZONES, encryption: { type: 'sse-s3' } }, {}, told);
    for (const name of ['media-general-encryption', 'media-zone-a-encryption']) {
      expect(store.inputs(name)['rules']).to.deep.equal([
        { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } },
      ]);
    }
    expect(store.query.byType('aws:kms/key:Key')).to.deep.equal([]);
    expect(store.graph.outputs['keyArn']).to.equal('');
  });

  it('are buckets that are there already, read and left as they are', async () => {
    const store = await recordStore(
      {
        existingBucket: 'old-media',
        zones: { a: { zoneId: 'use1-az4', existingBucket: 'old--use1-az4--x-s3' } },
      },
      {},
      told,
    );
    expect(store.list).to.deep.equal([
      'media TieredSegmentStore',
      'media-general Bucket',
      'media-zone-a DirectoryBucket',
    ]);
    for (const [name, id] of [
      ['media-general', 'old-media'],
      ['media-zone-a', 'old--use1-az4--x-s3'],
    ] as const) {
      expect(store.child(name).external, name).to.equal(true);
      expect(store.child(name).id).to.equal(id);
    }
  });

  describe('that hold data', () => {
    const expected = {
      local: [false, false, true, 7],
      dev: [false, false, true, 7],
      staging: [false, false, false, 30],
      prod: [true, true, false, 30],
    } as const;
    const guarded = (store: Recorded, name: string) => {
      const { protect = false, retainOnDelete = false } = store.child(name).options;
      return [protect, retainOnDelete];
    };
    for (const [environment, [protect, retain, destroy, window]] of Object.entries(expected)) {
      it(`in ${environment}: protect ${protect}, retain ${retain}, empty ${destroy}`, async () => {
        const store = await recordStore({
          zones: ZONES,
          environment: environment as keyof typeof expected,
        });
        for (const name of ['media-general', 'media-zone-a', 'media-key']) {
          expect(guarded(store, name), name).to.deep.equal([protect, retain]);
        }
        // Settings stay with a bucket that stays, but can be changed.
        expect(guarded(store, 'media-general-policy')).to.deep.equal([false, retain]);
        expect(store.inputs('media-general')['forceDestroy']).to.equal(destroy);
        expect(store.inputs('media-zone-a')['forceDestroy']).to.equal(destroy);
        expect(store.inputs('media-key')['deletionWindowInDays']).to.equal(window);
      });
    }

    it('are as the resource option says, where it says something', async () => {
      expect(guarded(await recordStore({}, { protect: false }), 'media-general')).to.deep.equal([
        false,
        true,
      ]);
    });

    it('keep what the environment says where protection is left undefined', async () => {
      const protection = { protect: undefined } as unknown as { protect: boolean };
      expect(guarded(await recordStore({ protection }), 'media-general')).to.deep.equal([true, true]);
    });
  });
});
