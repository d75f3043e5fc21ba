import { compliant, filled, resourceRule, violating } from '../../core';
import { DISTRIBUTION } from './behaviours';

export const distributionHasAWebAcl = resourceRule({
  id: 'distribution-has-a-web-acl',
  family: 'delivery',
  title: 'A distribution has a web ACL of AWS WAF',
  severity: 'medium',
  controls: ['AWS FSBP CloudFront.6'],
  why: 'A web ACL limits what one address may ask for, and refuses known bots. AWS charges for each request that it looks at, and low latency makes many of them, so it is demanded of regulated stacks alone.',
  fix: "Make `new aws.wafv2.WebAcl('edge', { scope: 'CLOUDFRONT', region: 'us-east-1', ... })`, and write `webAclId: acl.arn`.",
  levels: { starter: 'disabled', production: 'advisory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  check: (distribution) => (filled(distribution, 'webAclId') ? compliant : violating('it has no web ACL')),
});
