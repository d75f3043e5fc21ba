import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import fc from 'fast-check';
import { EXPRESS_REGIONS, expressZone } from '../../../components/storage';
import { lateFailure, recordStore, refusal, warningsOf } from './store-recording';

const ALL = Object.entries(EXPRESS_REGIONS).flatMap(([region, { prefix, zones }]) =>
  zones.map((zone) => ({ region, prefix, zone })),
);
const storeIn = (zoneId: string, more: object = {}) => ({ zones: { a: { zoneId, ...more } } });

describe('the zones of TieredSegmentStore', () => {
  it("are listed under their region's own prefix, each once", () => {
    for (const { prefix, zone } of ALL) expect(zone).to.match(new RegExp(`^${prefix}-az\\d$`));
    expect(new Set(ALL.map(({ zone }) => zone)).size).to.equal(ALL.length);
    const prefixes = Object.values(EXPRESS_REGIONS).map(({ prefix }) => prefix);
    expect(new Set(prefixes).size).to.equal(prefixes.length);
  });

  it('are told apart: listed, of a listed region but not in its list, of a region that the list does not know', () => {
    for (const { zone } of ALL) expect(expressZone(zone).kind, zone).to.equal('listed');
    expect(expressZone('use1-az1')).to.deep.equal({
      kind: 'unlisted',
      region: 'us-east-1',
      zones: ['use1-az4', 'use1-az5', 'use1-az6'],
    });
    expect(expressZone('euc1-az2')).to.deep.equal({ kind: 'unlisted', region: 'eu-central-1', zones: [] });
    expect(expressZone('sae1-az1').kind).to.equal('unknown');
  });

  it('are never of another region because of how their ids begin', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALL), fc.constantFrom('0', '1', 'x'), ({ prefix }, more) => {
        expect(expressZone(`${prefix}${more}-az1`).kind).to.equal('unknown');
      }),
    );
  });

  it('that are not in the list of their region are refused, with the ones that are', async () => {
    const { errors } = await refusal(storeIn('use1-az1'));
    expect(errors).to.deep.equal([
      {
        propertyPath: 'zones.a.zoneId',
        reason:
          'is "use1-az1" (not a zone with S3 Express One Zone, as of 2026-11-21); allowed: use1-az4, use1-az5, ' +
          'use1-az6 (us-east-1); to correct it: choose one of these, or set allowUnlistedZones if AWS has added this one',
      },
    ]);
  });

  it('of a region without any are refused, with the regions that have some', async () => {
    const { errors } = await refusal(storeIn('euc1-az1'));
    expect(errors[0]!.reason).to.include(
      'allowed: none of eu-central-1; us-east-1, us-east-2, us-west-2, ap-south-1, ap-northeast-1, eu-west-1, eu-north-1 have some;',
    );
  });

  it('that are local zones are refused: their buckets are of another kind', async () => {
    const { errors } = await refusal(storeIn('usw2-lax1-az1'));
    expect(errors.map(({ propertyPath }) => propertyPath)).to.deep.equal(['zones.a.zoneId']);
  });

  it('that are known later are refused in the same words', async () => {
    const late = () => recordStore({ zones: { a: { zoneId: pulumi.output('use1-az1') } } });
    expect(await lateFailure(late)).to.include(
      'zones.a.zoneId is "use1-az1" (not a zone with S3 Express One Zone, as of 2026-11-21)',
    );
  });

  it('that AWS has added since are taken where the program says so', async () => {
    const store = await recordStore({ ...storeIn('use1-az1'), allowUnlistedZones: true });
    expect(store.inputs('media-zone-a')['location']).to.deep.equal({
      name: 'use1-az1',
      type: 'AvailabilityZone',
    });
  });

  it('of a bucket that is there already need no list', async () => {
    const store = await recordStore(storeIn('use1-az1', { existingBucket: 'old--use1-az1--x-s3' }));
    expect(store.child('media-zone-a').external).to.equal(true);
  });

  it('of regions that the list does not know are taken with a warning', async () => {
    const text =
      'zones.a.zoneId is "sae1-az1"; whether its region has S3 Express One Zone is not known here (list of ' +
      '2026-11-21). Where it has none, AWS refuses the bucket.';
    const zones = [storeIn('sae1-az1'), { zones: { a: { zoneId: pulumi.output('sae1-az1') } } }];
    for (const args of zones) {
      expect(await warningsOf(() => recordStore(args))).to.deep.equal([text]);
    }
  });

  it('that are listed are taken without one', async () => {
    expect(await warningsOf(() => recordStore(storeIn('usw2-az3')))).to.deep.equal([]);
  });
});
