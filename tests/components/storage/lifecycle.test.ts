import { expect } from 'chai';
import fc from 'fast-check';
import { keys } from '../../../encoder/contract';
import {
  INIT_MAX_BYTES,
  directoryLifecycle,
  generalLifecycle,
  retentionDays,
  type LifecycleRule,
} from '../../../components/storage';

interface Filter {
  readonly prefix?: string;
  readonly and?: { readonly prefix: string; readonly objectSizeGreaterThan: number };
}

/** Days after which an object expires, as S3 would decide; undefined: never. */
function expiry(rules: readonly LifecycleRule[], key: string, bytes: number): number | undefined {
  const days = rules.flatMap((rule) => {
    const { prefix, and } = rule.filter as Filter;
    const applies = key.startsWith(and?.prefix ?? prefix ?? '') && bytes > (and?.objectSizeGreaterThan ?? -1);
    const expiration = rule.expiration as { readonly days: number } | undefined;
    return applies && expiration ? [expiration.days] : [];
  });
  return days.length > 0 ? Math.min(...days) : undefined;
}

const durations = fc.integer({ min: 1, max: 3650 * 86_400 });

describe('retention as lifecycle rules', () => {
  it('keeps segments for the window or the archive, whichever is longer, in whole days', () => {
    expect(retentionDays(3600)).to.deep.equal({ segments: 1, claims: 8, edge: 1 });
    expect(retentionDays(86_401)).to.deep.equal({ segments: 2, claims: 9, edge: 1 });
    expect(retentionDays(3600, 90 * 86_400)).to.deep.equal({ segments: 90, claims: 97, edge: 1 });
  });

  it('never expires a segment that a viewer may seek to, nor a claim before its segment', () => {
    fc.assert(
      fc.property(durations, fc.option(durations, { nil: undefined }), (dvr, keep) => {
        const rules = generalLifecycle(retentionDays(dvr, keep));
        const segment = expiry(rules, keys.segment('news', 'v1', 7), 100_000)!;
        expect(segment * 86_400).to.be.at.least(Math.max(dvr, keep ?? 0));
        expect(expiry(rules, keys.claim('news', 7), 500)).to.be.above(segment);
        expect(expiry(rules, keys.lastClaim('news'), 500)).to.be.above(segment);
      }),
    );
  });

  it('keeps initialisation segments, which are written once and needed as long as the channel runs', () => {
    const rules = generalLifecycle(retentionDays(86_400));
    expect(expiry(rules, keys.init('news', 'v1', 'abc'), INIT_MAX_BYTES)).to.equal(undefined);
    expect(expiry(rules, keys.segment('news', 'v1', 7), INIT_MAX_BYTES + 1)).to.equal(1);
  });

  it('expires bundles after a day in either kind of bucket', () => {
    const days = retentionDays(30 * 86_400);
    for (const rules of [generalLifecycle(days), directoryLifecycle(days)]) {
      expect(expiry(rules, keys.bundle('news', 7, 0), 1)).to.equal(1);
    }
  });

  it('asks a directory bucket for nothing that it does not know', () => {
    const asked = directoryLifecycle(retentionDays(86_400)).flatMap((rule) => Object.keys(rule));
    expect(new Set(asked)).to.deep.equal(
      new Set(['id', 'status', 'filter', 'expiration', 'abortIncompleteMultipartUpload']),
    );
  });
});
