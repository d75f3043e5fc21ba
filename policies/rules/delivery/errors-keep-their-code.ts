import { blocks, found, notApplicable, number, resourceRule } from '../../core';
import { DISTRIBUTION, NOT_LIVE, ON_DEMAND, liveBehaviours } from './behaviours';

export const errorsKeepTheirCode = resourceRule({
  id: 'errors-keep-their-code',
  family: 'delivery',
  title: 'An error of a live path reaches the player as an error',
  severity: 'medium',
  controls: [],
  why: 'The usual answer of web sites, a page with code 200 for whatever is missing, is to a player a playlist or a part that it cannot read: it stops, where a 404 would be asked for again. The responses are those of all paths.',
  fix: 'Leave responseCode and responsePagePath out of customErrorResponses, and give the pages a distribution of their own, or rewrite their paths in a function.',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  settings: ON_DEMAND,
  check: (distribution, settings) => {
    if (liveBehaviours(distribution, settings).length === 0) return notApplicable(NOT_LIVE);
    return found(
      blocks(distribution, 'customErrorResponses').flatMap((response) => {
        const [code, answered] = [number(response, 'errorCode') ?? 0, number(response, 'responseCode') ?? 0];
        return answered >= 200 && answered < 400 ? [`code ${code} is answered with ${answered}`] : [];
      }),
    );
  },
});
