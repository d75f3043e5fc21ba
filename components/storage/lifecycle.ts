/** Retention as lifecycle rules. S3 counts in days, rounds up to midnight UTC and deletes some time after it. */
import type * as aws from '@pulumi/aws/types/input';
import { wholeDays } from '../kit';
import { FOLDERS } from './layout';

/** A rule of `aws.s3.BucketLifecycleConfiguration`. */
export type LifecycleRule = aws.s3.BucketLifecycleConfigurationRule;

/** Days, as S3 counts them. */
export interface RetentionDays {
  /** Whole segments. */
  readonly segments: number;
  readonly inits: number;
  readonly claims: number;
  /** Bundles: the live playlist's window is far below the least that a rule can say. */
  readonly edge: number;
}

/** S3 deletes an expired object hours later, at times a day or two: what a segment needs must not go before it. */
const MARGIN_DAYS = 7;

/** The runtime puts the initialisation segments that it uses again once a day, so that their age begins anew. */
const INIT_REFRESH_DAYS = 1;

/**
 * Above it is a segment, up to it an initialisation segment or a segment of next to nothing. Both are under
 * `live/<channel>/`, where no prefix tells them apart. An initialisation segment of HEVC with x265's own description
 * in it has 3.1 KB.
 */
export const INIT_MAX_BYTES = 8192;

/** @param keepSeconds length of the archive; absent: there is none */
export function retentionDays(dvrSeconds: number, keepSeconds?: number): RetentionDays {
  const segments = wholeDays(Math.max(dvrSeconds, keepSeconds ?? 0));
  const claims = segments + MARGIN_DAYS;
  return { segments, inits: claims + INIT_REFRESH_DAYS, claims, edge: 1 };
}

/**
 * Everything expires: of two rules that fit an object S3 takes the earlier one. Nothing is moved to another class:
 * a transition costs a request, so the writer chooses the class.
 */
export function generalLifecycle(days: RetentionDays): LifecycleRule[] {
  return [
    {
      id: 'segments',
      status: 'Enabled',
      filter: { and: { prefix: FOLDERS.live, objectSizeGreaterThan: INIT_MAX_BYTES } },
      expiration: { days: days.segments },
    },
    expiring('inits', FOLDERS.live, days.inits),
    expiring('claims', FOLDERS.claims, days.claims),
    ...directoryLifecycle(days),
  ];
}

/** Directory buckets know expiration and unfinished uploads, nothing else. */
export function directoryLifecycle(days: RetentionDays): LifecycleRule[] {
  return [
    expiring('bundles', FOLDERS.edge, days.edge),
    {
      id: 'unfinished-uploads',
      status: 'Enabled',
      filter: { prefix: '' },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
  ];
}

const expiring = (id: string, prefix: string, days: number): LifecycleRule => ({
  id,
  status: 'Enabled',
  filter: { prefix },
  expiration: { days },
});
