import { found, notApplicable, resourceRule } from '../../core';
import { CACHE_POLICY, cachingOf } from '../delivery/caching';
import { DIRECTIVES, tells } from './playlists';

export const directivesComeTogether = resourceRule({
  id: 'directives-come-together',
  family: 'media',
  title:
    'A cache policy that knows one delivery directive of low-latency HLS knows all three, and has no minimum age',
  severity: 'high',
  controls: [],
  why: 'With half of the directives in its key CloudFront gives one part for another. It also hands on to the origin only what is in the key, so the origin cannot answer what it is not told.',
  fix: "Write `queryStrings: { items: ['_HLS_msn', '_HLS_part', '_HLS_skip'] }` and `minTtl: 0`.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [CACHE_POLICY],
  check: (policy) => {
    const { queryStrings, minTtl } = cachingOf(policy);
    const known = DIRECTIVES.filter((name) => queryStrings.kind === 'whitelist' && tells(queryStrings, name));
    if (known.length === 0) return notApplicable('it names no delivery directive');
    const lacking = DIRECTIVES.filter((name) => !known.includes(name));
    return found([
      ...(lacking.length > 0 ? [`its key has ${known.join(', ')} without ${lacking.join(', ')}`] : []),
      ...(minTtl > 0 ? [`it keeps playlists for at least ${minTtl} s, whatever the origin says`] : []),
    ]);
  },
});
