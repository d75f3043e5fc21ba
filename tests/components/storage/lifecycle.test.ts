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
    expect(retentionDays(3600)).to.deep.equal({ segments: 1, inits: 9, claims: 8, edge: 1 });
    expect(retentionDays(86_401)).to.deep.equal({ segments: 2, inits: 10, claims: 9, edge: 1 });
    expect(retentionDays(3600, 90 * 86_400)).to.deep.equal({ segments: 90, inits: 98, claims: 97, edge: 1 });
  });

  it('never expires a segment that a viewer may seek to, nor what it needs before it', () => {
    fc.assert(
      fc.property(durations, fc.option(durations, { nil: undefined }), (dvr, keep) => {
        const rules = generalLifecycle(retentionDays(dvr, keep));
        const segment = expiry(rules, keys.segment('news', 'v1', 7), 100_000)!;
        expect(segment * 86_400).to.be.at.least(Math.max(dvr, keep ?? 0));
        // A claim is as old as its segment; an init was put again at most a day before the last segment that needs it.
        expect(expiry(rules, keys.claim('news', 7), 500)! - segment).to.equal(7);
        expect(expiry(rules, keys.lastClaim('news'), 500)! - segment).to.equal(7);
        expect(expiry(rules, keys.init('news', 'v1', 'abc'), INIT_MAX_BYTES)! - 1 - segment).to.equal(7);
      }),
    );
  });

  it('lets nothing that the runtime writes stay for ever, however small or large', () => {
    const rules = generalLifecycle(retentionDays(86_400));
    const written = [
      keys.init('news', 'v1', 'abc'),
      keys.segment('news', 'v1', 7),
      keys.claim('news', 7),
      keys.lastClaim('news'),
      keys.bundle('news', 7, 0),
    ];
    for (const bytes of [0, 1, INIT_MAX_BYTES, INIT_MAX_BYTES + 1, 1e9]) {
      for (const key of written) expect(expiry(rules, key, bytes), `${key} of ${bytes}`).to.be.within(1, 9);
    }
  });

  it('gives up an init that is larger than any known one with its segments, a segment of next to nothing later', () => {
    const rules = generalLifecycle(retentionDays(86_400));
    expect(expiry(rules, keys.segment('news', 'v1', 7), INIT_MAX_BYTES + 1)).to.equal(1);
    expect(expiry(rules, keys.segment('news', 'v1', 7), INIT_MAX_BYTES)).to.equal(9);
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
