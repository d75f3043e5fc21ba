import { expect } from 'chai';
import { TieredSegmentStore, type TieredSegmentStoreOptions } from '../../../components';
import { recordComponent, type Graph } from '../../../testing';
import { assertUpgrade, compareGraphs, type ReplacementTable } from '../../../testing/upgrade';
import { OLD_NAMES, OLD_TYPE, OlderSegmentStore } from './older-store';

/** AWS provider 7.48, resource pages: "Forces new resource". */
const RULES: ReplacementTable = {
  'aws:s3/bucket:Bucket': {
    replaces: ['bucket', 'bucketPrefix', 'objectLockEnabled'],
    updates: ['forceDestroy'],
  },
  'aws:s3/directoryBucket:DirectoryBucket': {
    replaces: ['bucket', 'dataRedundancy', 'location', 'type'],
    updates: ['forceDestroy'],
  },
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration': {
    replaces: ['bucket', 'expectedBucketOwner'],
    updates: ['rules'],
  },
  'aws:kms/key:Key': {
    replaces: ['customerMasterKeySpec', 'keyUsage', 'multiRegion'],
    updates: ['description', 'deletionWindowInDays', 'enableKeyRotation', 'policy'],
  },
};

const BUCKET = 'aws:s3/bucket:Bucket';
const KEY = 'aws:kms/key:Key';
const DIRECTORY = 'aws:s3/directoryBucket:DirectoryBucket';

const older = (protect = false): Promise<Graph> =>
  recordComponent(() => void new OlderSegmentStore('media', { protect }));

const present = (options: TieredSegmentStoreOptions = {}): Promise<Graph> =>
  recordComponent(
    () =>
      void new TieredSegmentStore(
        'media',
        { zones: { a: { zoneId: 'use1-az4' } }, environment: 'dev' },
        options,
      ),
  );

const was = (name: string) => (_: object, opts: { aliases?: unknown }) => {
  opts.aliases = [{ name }];
};

/** What somebody writes who comes from the older version. */
const COMING_FROM_OLDER: TieredSegmentStoreOptions = {
  aliases: [{ type: OLD_TYPE }],
  transform: {
    key: was('media-encryption'),
    generalBucket(args, opts, name) {
      was('media-bucket')(args, opts);
      args.bucket = OLD_NAMES.bucket;
      expect(name).to.equal('media-general');
    },
    generalEncryption: was('media-bucket-encryption'),
    directoryBucket(args, opts) {
      was('media-edge-a')(args, opts);
      args.bucket = OLD_NAMES.zone;
    },
  },
};

describe('an update of an older TieredSegmentStore', () => {
  it('loses nothing with aliases and the old names of the buckets', async () => {
    const check = assertUpgrade(await older(), await present(COMING_FROM_OLDER), { replaces: RULES });
    expect(
      check.aliased.map(({ from, urn }) => [from, urn].map((each) => each.split('::').at(-1))),
    ).to.deep.equal([
      ['media', 'media'],
      ['media-encryption', 'media-key'],
      ['media-bucket', 'media-general'],
      ['media-edge-a', 'media-zone-a'],
      ['media-bucket-encryption', 'media-general-encryption'],
    ]);
    const kept = check.steps.filter(({ oldUrn }) => oldUrn !== undefined);
    expect(kept.map(({ operation }) => operation)).to.not.include.members(['replace', 'delete']);
    expect(check.created).to.have.length.greaterThan(0);
    // The key's ARN holds digits of the key's URN here, and is another only in the recordings.
    const encryption = check.updates.find(({ urn }) => urn.endsWith('::media-general-encryption'));
    expect(encryption).to.equal(undefined);
  });

  it('names the buckets and the key as lost without aliases, and the aliases that would keep them', async () => {
    const { renamed, deleted } = compareGraphs(await older(), await present(), { replaces: RULES });
    const lost = [...renamed, ...deleted].filter(({ severity }) => severity === 'loss');
    expect(lost.map(({ type }) => type).sort()).to.deep.equal([KEY, BUCKET, DIRECTORY].sort());
    const bucket = renamed.find(({ type }) => type === BUCKET);
    const parent = 'urn:pulumi:stack::project::aws-media:index:TieredSegmentStore';
    expect(bucket?.message).to.equal(
      `urn:pulumi:stack::project::${OLD_TYPE}$${BUCKET}::media-bucket is deleted, and ${parent}$${BUCKET}::media-general ` +
        `created in its place: aliases: [{ name: 'media-bucket' }] (and an alias of its parent ${parent}::media) ` +
        'would keep it; its data are lost',
    );
    const present_ = await present();
    const old = await older();
    expect(() => assertUpgrade(old, present_, { replaces: RULES })).to.throw(
      Error,
      /^the update of project\/stack is not safe:\n {2}renamed \(loss\): /,
    );
  });

  it('names the buckets as lost where their names are forgotten, as a name replaces', async () => {
    const { transform, ...options } = COMING_FROM_OLDER;
    const { replaces } = compareGraphs(
      await older(),
      await present({
        ...options,
        transform: {
          ...transform,
          generalBucket: was('media-bucket'),
          directoryBucket: was('media-edge-a'),
        },
      }),
      { replaces: RULES },
    );
    const lost = replaces.filter(({ severity }) => severity === 'loss');
    expect(lost.map(({ type, property }) => [type, property])).to.deep.equal([
      [BUCKET, 'bucket'],
      [DIRECTORY, 'bucket'],
    ]);
  });

  it('is refused by the engine, and loses nothing, where the older one is protected', async () => {
    const { renamed, deleted } = compareGraphs(await older(true), await present(), { replaces: RULES });
    const found = [...renamed, ...deleted].filter(({ type }) => [KEY, BUCKET, DIRECTORY].includes(type));
    expect(found.map(({ severity }) => severity)).to.deep.equal(['blocked', 'blocked', 'blocked']);
  });

  it('to itself changes nothing', async () => {
    const { steps } = compareGraphs(await present(), await present());
    expect([...new Set(steps.map(({ operation }) => operation))]).to.deep.equal(['same']);
  });
});
