import { blocks, found, notApplicable, number, resourceRule } from '../../core';

/** Of a SingleWeight policy: CloudFront API, ContinuousDeploymentSingleWeightConfig and SessionStickinessConfig. */
const MOST = 0.15;
const STICKY = { least: 300, most: 3600 };

export const trialsAreOfFewViewers = resourceRule({
  id: 'trials-are-of-few-viewers',
  family: 'delivery',
  title: 'A staging distribution gets 15 % of the viewers at most, and those stay there',
  severity: 'medium',
  controls: [],
  why: 'CloudFront takes no more. Without stickiness a player gets playlists of two distributions in turn, and goes back in time with each.',
  fix: "Write `trafficConfig: { type: 'SingleWeight', singleWeightConfig: { weight: 0.1, sessionStickinessConfig: { idleTtl: 300, maximumTtl: 3600 } } }`.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:cloudfront/continuousDeploymentPolicy:ContinuousDeploymentPolicy'],
  check: (policy) => {
    const [config] = blocks(policy, 'trafficConfig').flatMap((each) => blocks(each, 'singleWeightConfig'));
    if (!config) return notApplicable('it sends viewers by a header');
    const weight = number(config, 'weight') ?? 0;
    const [sticky] = blocks(config, 'sessionStickinessConfig');
    const times = sticky
      ? ['idleTtl', 'maximumTtl'].map((name) => [name, number(sticky, name) ?? 0] as const)
      : [];
    return found([
      ...(weight > MOST ? [`it sends ${Math.round(weight * 1000) / 10} % of the viewers`] : []),
      ...(sticky ? [] : ['its viewers change between distributions']),
      ...times
        .filter(([, seconds]) => seconds < STICKY.least || seconds > STICKY.most)
        .map(([name, seconds]) => `its ${name} is ${seconds} s, of ${STICKY.least} to ${STICKY.most}`),
    ]);
  },
});
