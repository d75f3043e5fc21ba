import { compliant, resourceRule, violating } from '../../core';
import { ENDED, retiredBy } from './services';

export const noServiceThatHasEnded = resourceRule({
  id: 'no-service-that-has-ended',
  family: 'retired',
  title: 'No service is used that AWS has ended',
  severity: 'high',
  controls: [],
  why: 'The provider still knows such services, a preview passes, and the update fails halfway; many guides to video on AWS still name MediaStore and Elastic Transcoder.',
  fix: 'Use what the finding names instead: media in an aws.s3.Bucket, jobs in an aws.mediaconvert.Queue.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  check: ({ type }) => {
    const ended = retiredBy(ENDED, type);
    return ended
      ? violating(`${ended.service} ended on ${ended.on}; instead there is ${ended.instead}`)
      : compliant;
  },
});
