import { notApplicable, stackRule } from '../../core';
import { DISTRIBUTION, NOT_LIVE, ON_DEMAND, behaviourName, liveMedia } from '../delivery/behaviours';
import { cachingsOf, judgedBy } from '../delivery/caching';

export const mediaKeysHaveNothingOfTheViewer = stackRule({
  id: 'media-keys-have-nothing-of-the-viewer',
  family: 'media',
  title: 'The cache key of parts and segments has no query string, cookie or header of the viewer',
  severity: 'high',
  controls: [],
  why: 'A part is the same for everybody. With a token, CMCD or a cookie in its key each viewer has an own copy in the cache, and the origin sends every part to every viewer.',
  fix: "Write `queryStringsConfig: { queryStringBehavior: 'none' }, cookiesConfig: { cookieBehavior: 'none' }, headersConfig: { headerBehavior: 'none' }` in the cache policy of media; signatures are checked without being in a key.",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  settings: ON_DEMAND,
  check: (distribution, settings, stack) => {
    const media = liveMedia(distribution, settings);
    if (media.length === 0) return notApplicable(NOT_LIVE);
    return judgedBy(
      media,
      (behaviour) => cachingsOf(stack, distribution, behaviour),
      (behaviour, { queryStrings, cookies, headers }) => {
        const parts = [
          ...(queryStrings.kind === 'none' ? [] : ['query strings']),
          ...(cookies.kind === 'none' ? [] : ['cookies']),
          ...(headers.kind === 'none' ? [] : ['headers']),
        ];
        return parts.length > 0 ? [`the key of ${behaviourName(behaviour)} has ${parts.join(', ')}`] : [];
      },
    );
  },
});
