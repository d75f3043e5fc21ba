import { blocks, found, notApplicable, stackRule, text, texts, type Resource, type Stack } from '../../core';
import { DISTRIBUTION } from './behaviours';

/** What a distribution lets pass, as one text that can be compared. */
function countries(distribution: Resource): string {
  const [geo] = blocks(distribution, 'restrictions').flatMap((each) => blocks(each, 'geoRestriction'));
  const kind = (geo && text(geo, 'restrictionType')) || 'none';
  const locations = geo ? [...texts(geo, 'locations')].sort() : [];
  return kind === 'none' ? 'everywhere' : `${kind} of ${locations.join(', ') || 'no country'}`;
}

/** The other distributions that ask an origin of this one: by what their origins' values came from. */
function sharing(distribution: Resource, stack: Stack): readonly Resource[] {
  const origins = new Set(
    (distribution.from['origins'] ?? []).filter(
      (urn) => !/originAccessControl:|originAccessIdentity:/.test(urn),
    ),
  );
  return stack
    .ofType(DISTRIBUTION)
    .filter((other) => other.urn !== distribution.urn)
    .filter((other) => (other.from['origins'] ?? []).some((urn) => origins.has(urn)));
}

const isEarlierAndRestricted = (other: Resource, place: number, stack: Stack): boolean =>
  countries(other) !== 'everywhere' && stack.resources.indexOf(other) < place;

export const distributionsRestrictTheSameCountries = stackRule({
  id: 'distributions-restrict-the-same-countries',
  family: 'delivery',
  title: 'Distributions of the same origins let the same countries pass',
  severity: 'medium',
  controls: [],
  why: 'Each distribution has a name of its own: what one refuses to a country, the other gives it, and rights are broken without anybody seeing.',
  fix: "Give all of them the same `restrictions: { geoRestriction: { restrictionType: 'whitelist', locations: ['DE', 'AT'] } }`, the staging one too.",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  check: (distribution, _settings, stack) => {
    const others = sharing(distribution, stack);
    if (others.length === 0) return notApplicable('no other distribution has its origins');
    const own = countries(distribution);
    const place = stack.resources.indexOf(distribution);
    return found(
      others
        .filter((other) => countries(other) !== own)
        // Of two that differ the one that lets everybody pass is wrong, or else the later one.
        .filter((other) => own === 'everywhere' || isEarlierAndRestricted(other, place, stack))
        .map((other) => `it lets pass: ${own}; ${other.name}, of the same origins: ${countries(other)}`),
    );
  },
});
