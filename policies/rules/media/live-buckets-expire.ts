import { Undecided, compliant, notApplicable, stackRule, violating } from '../../core';
import { ON_DEMAND } from '../delivery/behaviours';
import { BUCKET, isReadLive } from './cdn';
import { expires, lifecycleRules } from './lifecycles';

export const liveBucketsExpire = stackRule({
  id: 'live-buckets-expire',
  family: 'media',
  title: 'Segments of live channels expire',
  severity: 'high',
  controls: ['AWS FSBP S3.13'],
  why: 'A channel of 50 Mbit/s writes half a terabyte a day, for ever: after a year the bucket costs more than the encoders.',
  fix: "Make `new aws.s3.BucketLifecycleConfiguration('segments', { bucket: bucket.bucket, rules: [{ id: 'segments', status: 'Enabled', filter: { prefix: 'live/' }, expiration: { days: 1 } }] })`, with the days that viewers may go back.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [BUCKET],
  settings: ON_DEMAND,
  check: (bucket, settings, stack) => {
    const isLive = isReadLive(bucket, stack, settings);
    if (isLive === 'no') return notApplicable('CloudFront reads no live channel there');
    if (lifecycleRules(bucket, stack).some(expires)) return compliant;
    if (isLive === 'maybe') throw new Undecided('origins.domainName');
    return violating('segments of live channels never expire in it');
  },
});
