import { among, found, notApplicable, resourceRule, text, when } from '../../core';
import { DISTRIBUTION } from './behaviours';
import { customOf, originName, originsOf } from './origins';

export const customOriginsUseHttps = resourceRule({
  id: 'custom-origins-use-https',
  family: 'delivery',
  title: 'CloudFront asks origins on the internet over HTTPS alone',
  severity: 'high',
  controls: ['AWS FSBP CloudFront.9'],
  why: "What goes over the internet in the clear can be read and changed on its way, origin secrets in headers among it. An origin in a VPC is reached inside AWS's network, and is not judged.",
  fix: "Write `customOriginConfig: { ..., originProtocolPolicy: 'https-only' }`.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  check: (distribution) => {
    const origins = originsOf(distribution).filter(customOf);
    if (origins.length === 0) return notApplicable('it has no origin on the internet but buckets');
    return found(
      among(origins, (origin) => {
        const policy = text(customOf(origin) ?? {}, 'originProtocolPolicy') ?? 'no protocol policy';
        return when(policy !== 'https-only', `${originName(origin)} is asked by ${policy}`);
      }),
    );
  },
});
