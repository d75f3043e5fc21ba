import {
  blocks,
  compliant,
  itemsOf,
  notApplicable,
  peek,
  resourceRule,
  tagsOf,
  text,
  violating,
} from '../../core';
import { DISTRIBUTION, NOT_LIVE, ON_DEMAND, liveBehaviours, type Behaviour } from './behaviours';

/** Whether something looks who is asking: a signature, or a function that may ask for a token. */
const isGuarded = ({ values }: Behaviour): boolean =>
  itemsOf(peek(values, 'trustedKeyGroups')).length > 0 ||
  itemsOf(peek(values, 'trustedSigners')).length > 0 ||
  ['functionAssociations', 'lambdaFunctionAssociations'].some((list) =>
    blocks(values, list).some((each) => text(each, 'eventType') === 'viewer-request'),
  );

export const watchingIsSignedOrPublicByChoice = resourceRule({
  id: 'watching-is-signed-or-public-by-choice',
  family: 'delivery',
  title: 'Channels are watched by signature or token, or are public because somebody wrote so',
  severity: 'high',
  controls: [],
  why: 'A channel that nobody meant to be public costs whatever the internet makes of it: delivery is the bill.',
  fix: "Write `trustedKeyGroups: [keys.id]`, or for a public channel the distribution's tag `media-access: public`; where some paths alone are public, the tag has the beginnings of their patterns, with spaces between: `media-access: /live/open/ /live/trailer/`.",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  settings: {
    ...ON_DEMAND,
    tag: {
      type: 'string',
      default: 'media-access',
      description: 'Key of the tag that says what is public: `public`, or the beginnings of path patterns',
    },
  },
  check: (distribution, settings) => {
    const live = liveBehaviours(distribution, settings);
    if (live.length === 0) return notApplicable(NOT_LIVE);
    const open = live.filter((behaviour) => !isGuarded(behaviour));
    if (open.length === 0) return compliant;
    const choice = tagsOf(distribution)[settings.tag];
    const chosen = typeof choice === 'string' ? choice.split(/\s+/).filter(Boolean) : [];
    if (chosen.includes('public')) return compliant;
    const unsaid = open
      .map(({ pattern }) => pattern)
      .filter((pattern) => !chosen.some((begin) => pattern.startsWith(begin)));
    return unsaid.length === 0
      ? compliant
      : violating(`everybody can watch ${unsaid.join(', ')}, and no tag says that it may be so`);
  },
});
