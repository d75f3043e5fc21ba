import { flag, notApplicable, stackRule } from '../../core';
import { DISTRIBUTION, NOT_LIVE, ON_DEMAND, behaviourName, livePlaylists } from '../delivery/behaviours';
import { cachingsOf, judgedBy } from '../delivery/caching';

export const playlistsAreCompressed = stackRule({
  id: 'playlists-are-compressed',
  family: 'media',
  title: 'Playlists of live channels are compressed, with brotli and gzip',
  severity: 'medium',
  controls: [],
  why: 'A player reads a playlist for every part. Its lines are nearly alike, so most of it can be saved; without Accept-Encoding in the key the origin is never asked for a compressed one, or gives it to players that cannot read it.',
  fix: 'Write `compress: true` in the behaviour, and `enableAcceptEncodingBrotli: true, enableAcceptEncodingGzip: true` in its cache policy, with a maxTtl above 0.',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  settings: ON_DEMAND,
  check: (distribution, settings, stack) => {
    const playlists = livePlaylists(distribution, settings);
    if (playlists.length === 0) return notApplicable(NOT_LIVE);
    return judgedBy(
      playlists,
      (behaviour) => cachingsOf(stack, distribution, behaviour),
      (behaviour, { gzip, brotli, maxTtl }) => {
        const name = behaviourName(behaviour);
        const missing = [...(brotli ? [] : ['brotli']), ...(gzip ? [] : ['gzip'])];
        return [
          ...(flag(behaviour.values, 'compress') === true ? [] : [`${name} does not compress`]),
          ...(missing.length > 0 ? [`the key of ${name} does not know ${missing.join(' and ')}`] : []),
          ...(maxTtl === 0 ? [`${name} keeps nothing, so CloudFront compresses nothing`] : []),
        ];
      },
    );
  },
});
