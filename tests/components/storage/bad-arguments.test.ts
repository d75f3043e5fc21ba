import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import type { TieredSegmentStoreArgs } from '../../../components/storage';
import { normalise, type NormalArgs } from '../../../components/storage/normalise';
import { rejection } from '../../support/rejection';
import { known } from '../known';
import { DISTRIBUTION_ARN, KEY_ARN, ZONES, lateFailure, recordStore, refusal } from './store-recording';

/** For the name of a test. */
const shown = (args: unknown): string =>
  JSON.stringify(args, (_, value: unknown) => (pulumi.Output.isInstance(value) ? '...' : value)).slice(
    0,
    100,
  );

describe('bad arguments of TieredSegmentStore', () => {
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
    [{ zones: [] }, 'zones', "is []; allowed: an object; to correct it: write { a: { zoneId: 'use1-az4' } }"],
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
      'is 1 (there is no such property); allowed: zoneId, existingBucket; to correct it: write zoneId',
    ],
    [
      { existingBucket: 's3://x' },
      'existingBucket',
      'is "s3://x"; allowed: the name of a general purpose bucket: 3 to 63 of a-z, 0-9, dots and hyphens; to correct it: give its name alone, without s3:// or arn:',
    ],
    [{ existingBucket: '' }, 'existingBucket', 'is ""; allowed: the name'],
    [{ existingBucket: 'x--use1-az6--x-s3' }, 'existingBucket', 'is "x--use1-az6--x-s3"; allowed: the name'],
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
    [null, 'args', 'is null; allowed: an object; to correct it: write { zones: {'],
    [{ zones: null }, 'zones', 'is null; allowed: an object'],
    [{ zones: pulumi.output(ZONES) }, 'zones', 'is "known later"; allowed: an object'],
    [
      { zones: { a: 'use1-az4' } },
      'zones.a',
      'is "use1-az4"; allowed: an object; to correct it: write { zoneId:',
    ],
    [{ allowUnlistedZones: 'yes' }, 'allowUnlistedZones', 'is "yes"; allowed: true, false'],
    [
      { distributions: ['cdn'] },
      'distributions',
      'is ["cdn"]; allowed: an object; to correct it: write { cdn: {} }',
    ],
    [{ distributions: { CDN: {} } }, 'distributions.CDN', 'is "CDN" (the id); allowed: 1 to 16 of'],
    [
      { distributions: { cdn: { distributionArn: DISTRIBUTION_ARN, arn: 1 } } },
      'distributions.cdn.arn',
      'is 1 (there is no such property); allowed: distributionArn;',
    ],
    [
      { existingBucket: 'old-media', dvr: '2 days' },
      'dvr',
      'is "2 days" (existingBucket keeps its own lifecycle); allowed: none; to correct it: remove it, and change the lifecycle where the bucket is made',
    ],
    [
      { existingBucket: 'old-media', archive: { keepFor: '2 days' } },
      'archive',
      'is {"keepFor":"2 days"} (existingBucket keeps its own lifecycle)',
    ],
    [
      { existingBucket: 'old-media', distributions: { cdn: {} } },
      'distributions',
      'is {"cdn":{}} (existingBucket keeps its own policy)',
    ],
    [
      { existingBucket: 'old-media', encryption: { type: 'sse-s3' } },
      'encryption.type',
      'is "sse-s3" (no bucket is made: those that are there already keep their own encryption); allowed: none; to correct it: remove it; where they are encrypted with a key of KMS, give keyArn',
    ],
    [{ environment: null }, 'environment', 'is null; allowed: local, dev, staging, prod'],
    [{ environment: pulumi.output('dev') }, 'environment', 'is "known later"; allowed: local, dev'],
    [
      { protection: true },
      'protection',
      'is true; allowed: an object; to correct it: write { protect: true }',
    ],
    [
      { archive: { keepfor: '2 days', keepFor: '2 days' } },
      'archive.keepfor',
      'is "2 days" (there is no such property); allowed: keepFor; to correct it: write keepFor',
    ],
    [
      { tags: 'team' },
      'tags',
      'is "team"; allowed: an object of texts; to correct it: write { team: \'video\' }',
    ],
    [
      { tags: Object.fromEntries(Array.from({ length: 49 }, (_, n) => [`t${n}`, ''])) },
      'tags',
      'is "49 tags"; allowed: at most 47 tags',
    ],
    [{ dvr: null }, 'dvr', 'is null; allowed: a number'],
  ];
  for (const [args, path, reason] of CASES) {
    it(`${shown(args)}: says what is wrong with ${path}`, async () => {
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
      const later = pulumi.output(read(normalise('TieredSegmentStore "media"', args)));
      const error = (await rejection(known(later))) as Error;
      expect(error).to.be.instanceOf(pulumi.InputPropertiesError);
      expect(error.message.split('\n  ')[1]!.slice(0, message.length)).to.equal(message);
    });
  }

  it('that are known later fail the program in the same words', async () => {
    expect(await lateFailure(() => recordStore({ dvr: pulumi.output('x') }))).to.include(
      'dvr is "x"; allowed: a number, a space and a unit',
    );
  });

  it('among the transforms are named with what was meant', async () => {
    const { errors } = await refusal({}, { transform: { generalbucket: {}, keys: {} } });
    expect(
      errors.map(({ propertyPath, reason }) => `${propertyPath} ${reason.split('; ').at(-1)}`),
    ).to.deep.equal([
      'transform.generalbucket to correct it: write generalBucket',
      'transform.keys to correct it: write key',
    ]);
  });

  it('are all reported at once, before any resource exists', async () => {
    const { message, errors } = await refusal({
      dvr: 'x',
      archive: { keepFor: 'y' },
      zones: { a: { zoneId: 'z' } },
      distributions: { cdn: { distributionArn: 'a' } },
      environment: 'e',
      encryption: { type: 't' },
      tags: { 'aws:t': '' },
    });
    expect(errors.map(({ propertyPath }) => propertyPath)).to.have.members([
      'dvr',
      'archive.keepFor',
      'zones.a.zoneId',
      'distributions.cdn.distributionArn',
      'environment',
      'encryption.type',
      'tags["aws:t"]',
    ]);
    expect(message.split('\n')[0]).to.equal('TieredSegmentStore "media" has 7 bad arguments:');
  });
});
