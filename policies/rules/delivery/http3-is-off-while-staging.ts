import { compliant, filled, flag, notApplicable, resourceRule, text, violating } from '../../core';
import { DISTRIBUTION } from './behaviours';

export const http3IsOffWhileStaging = resourceRule({
  id: 'http3-is-off-while-staging',
  family: 'delivery',
  title: 'A distribution with continuous deployment has no HTTP/3',
  severity: 'high',
  controls: [],
  why: 'CloudFront has continuous deployment for distributions without HTTP/3 alone (CloudFront Developer Guide, "Quotas and other considerations for continuous deployment"): the update fails half-way.',
  fix: "Write `httpVersion: 'http2'` for both distributions, or leave out continuousDeploymentPolicyId and the staging one.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  check: (distribution) => {
    const version = text(distribution, 'httpVersion') ?? 'http2';
    const isStaging = flag(distribution, 'staging') === true;
    const policy = filled(distribution, 'continuousDeploymentPolicyId');
    if (!isStaging && !policy) return notApplicable('nothing is tried on it');
    return version.endsWith('3')
      ? violating(
          `its versions are ${version}, and it ${isStaging ? 'is a staging distribution' : 'has a policy of continuous deployment'}`,
        )
      : compliant;
  },
});
