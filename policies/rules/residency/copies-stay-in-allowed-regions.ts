import { found, notApplicable, stackRule, when } from '../../core';
import { DESTINATIONS, amongDestinations } from './replicas';

export const copiesStayInAllowedRegions = stackRule({
  id: 'copies-stay-in-allowed-regions',
  family: 'residency',
  title: 'Copies and backups go to allowed regions only',
  severity: 'high',
  controls: [],
  why: 'A backup is a copy of everything: it needs the same permission as what it saves.',
  fix: "Choose a vault or a replica in an allowed region, or add its region to the rule's setting `regions`.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: Object.keys(DESTINATIONS),
  settings: {
    regions: {
      description: 'Regions that are allowed; none: the rule has nothing to say',
      type: 'array',
      items: { type: 'string' },
      default: [],
    },
  },
  check: (resource, { regions }, stack) => {
    if (regions.length === 0) return notApplicable('no regions are configured');
    if ((DESTINATIONS[resource.type]?.(resource, stack) ?? []).length === 0)
      return notApplicable('it is copied nowhere');
    return found(
      amongDestinations(resource, stack, (region) =>
        when(region !== undefined && !regions.includes(region), `it is copied to ${region ?? ''}`),
      ),
    );
  },
});
