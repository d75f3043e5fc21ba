import { among, found, resourceRule, text, when } from '../../core';
import { DISTRIBUTION, behaviourName, behavioursOf } from './behaviours';

export const viewersUseHttps = resourceRule({
  id: 'viewers-use-https',
  family: 'delivery',
  title: 'Viewers reach a distribution by HTTPS alone',
  severity: 'high',
  controls: ['AWS FSBP CloudFront.3'],
  why: 'Over HTTP whoever is on the way reads signatures and cookies, and can put other pictures in place of the channel.',
  fix: "Write `viewerProtocolPolicy: 'https-only'` where requests are signed, and 'redirect-to-https' for pages.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  check: (distribution) =>
    found(
      among(behavioursOf(distribution), (behaviour) =>
        when(
          text(behaviour.values, 'viewerProtocolPolicy') === 'allow-all',
          `${behaviourName(behaviour)} answers over plain HTTP`,
        ),
      ),
    ),
});
