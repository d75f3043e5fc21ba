import { blocks, found, notApplicable, resourceRule } from '../../core';
import { DISTRIBUTION, NOT_LIVE, ON_DEMAND, behaviourName, liveBehaviours } from './behaviours';

export const livePathsHaveNoLambda = resourceRule({
  id: 'live-paths-have-no-lambda',
  family: 'delivery',
  title: 'No Lambda@Edge is on the paths of live channels',
  severity: 'high',
  controls: [],
  why: 'An account has 10,000 requests of Lambda@Edge a second and region. A viewer at the live edge asks four times a second, so some 2,500 viewers of one region use them up, and the rest gets errors.',
  fix: 'Write it as a function of CloudFront (`functionAssociations`), which has no such quota.',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  settings: ON_DEMAND,
  check: (distribution, settings) => {
    const live = liveBehaviours(distribution, settings);
    if (live.length === 0) return notApplicable(NOT_LIVE);
    return found(
      live
        .filter(({ values }) => blocks(values, 'lambdaFunctionAssociations').length > 0)
        .map((behaviour) => `${behaviourName(behaviour)} runs Lambda@Edge`),
    );
  },
});
