import { compliant, notApplicable, resourceRule, text, violating, type Resource } from '../../core';
import { isGlobal, regionOf } from './regions';

/** What a distribution of CloudFront takes from us-east-1 alone. */
const isForCloudFront = (resource: Resource): boolean =>
  resource.type.startsWith('aws:acm/') ||
  (resource.type.startsWith('aws:wafv2/') && text(resource, 'scope') === 'CLOUDFRONT');

export const regionsAreAllowed = resourceRule({
  id: 'regions-are-allowed',
  family: 'residency',
  title: 'Resources are made in allowed regions only',
  severity: 'high',
  controls: [],
  why: 'A region is a jurisdiction, and a bill that nobody looks at: what is made elsewhere by a wrong default is found when it is too late.',
  fix: "`pulumi config set aws:region eu-west-1`, or `region: 'eu-west-1'` of the resource; or add the region to the rule's setting `regions`.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  settings: {
    regions: {
      description: 'Regions that are allowed; none: the rule has nothing to say',
      type: 'array',
      items: { type: 'string' },
      default: [],
    },
  },
  check: (resource, { regions }) => {
    if (regions.length === 0) return notApplicable('no regions are configured');
    if (isGlobal(resource)) return notApplicable('it has no region');
    const region = regionOf(resource);
    if (region === undefined) return notApplicable('nobody says where it is made');
    if (region === 'us-east-1' && isForCloudFront(resource)) return compliant;
    return regions.includes(region) ? compliant : violating(`it is made in ${region}`);
  },
});
