import {
  among,
  blocks,
  found,
  itemsOf,
  notApplicable,
  peek,
  resourceRule,
  text,
  UNKNOWN,
  Undecided,
} from '../../core';
import { DISTRIBUTION } from './behaviours';
import { isBucket, originsOf } from './origins';

/** Absent: 403 where CloudFront may not list the bucket, else 404. Out of order: the others. */
const CODES = [403, 404, 500, 502, 503, 504];

export const failoverCoversWhatBucketsAnswer = resourceRule({
  id: 'failover-covers-what-buckets-answer',
  family: 'delivery',
  title:
    'An origin group whose first member is a bucket fails over on all that a bucket answers in place of a segment',
  severity: 'high',
  controls: [],
  why: 'S3 answers 403 for what is absent where CloudFront may not list the bucket: without it in the list a segment that is not written yet is an error, though the second origin has it.',
  fix: 'Write `failoverCriteria: { statusCodes: [403, 404, 500, 502, 503, 504] }`.',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  check: (distribution) => {
    const buckets = originsOf(distribution)
      .filter(isBucket)
      .map((origin) => text(origin, 'originId'));
    const groups = blocks(distribution, 'originGroups').filter((group) => {
      const [first] = blocks(group, 'members');
      return first && buckets.includes(text(first, 'originId'));
    });
    if (groups.length === 0) return notApplicable('no origin group of it begins with a bucket');
    return found(
      among(groups, (group) => {
        const codes = blocks(group, 'failoverCriteria').flatMap((each) => itemsOf(peek(each, 'statusCodes')));
        const lacking = CODES.filter(
          (code) => !codes.some((each) => Number(each === UNKNOWN ? NaN : each) === code),
        );
        if (lacking.length === 0) return [];
        if (codes.includes(UNKNOWN)) throw new Undecided('originGroups.failoverCriteria.statusCodes');
        return [`the group ${text(group, 'originId') ?? ''} does not fail over on ${lacking.join(', ')}`];
      }),
    );
  },
});
