import { among, flag, found, peek, resourceRule, when } from '../../core';

const SWITCHES = [
  'blockPublicAcls',
  'blockPublicPolicy',
  'ignorePublicAcls',
  'restrictPublicBuckets',
] as const;

export const publicAccessBlockIsComplete = resourceRule({
  id: 'public-access-block-is-complete',
  family: 'data-protection',
  title: 'A block of public access blocks all four ways',
  severity: 'critical',
  controls: ['AWS FSBP S3.1', 'AWS FSBP S3.8', 'CIS AWS v5.0.0 2.1.4'],
  why: 'What is not said counts as off, so that a block with three of four lets one wrong policy publish every master.',
  fix: '`blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true`; viewers come by CloudFront with an origin access control',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [
    'aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock',
    'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
  ],
  check: (block) => found(among(SWITCHES, (name) => when(!flag(block, name), `${name} is off`))),
  remedy: (block) => {
    const off = SWITCHES.filter((name) => [undefined, false, 'false'].includes(peek(block, name) as string));
    return off.length > 0 ? Object.fromEntries(off.map((name) => [name, true])) : undefined;
  },
});
