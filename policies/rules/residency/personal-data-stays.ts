import { found, notApplicable, stackRule, tagOf, when } from '../../core';
import { regionOf } from './regions';
import { amongDestinations } from './replicas';

export const personalDataStays = stackRule({
  id: 'personal-data-stays',
  family: 'residency',
  title: 'Data of persons is copied to no region that is not allowed',
  severity: 'critical',
  controls: [],
  why: 'Names and viewing habits that leave their jurisdiction by a replica have left it, whatever the contract says: media may be everywhere, persons may not.',
  fix: 'Remove the replica, or allow its region in the rule\'s setting `regions`: `{ "regions": ["eu-west-1", "eu-central-1"] }`.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:dynamodb/table:Table', 'aws:s3/bucket:Bucket', 'aws:secretsmanager/secret:Secret'],
  settings: {
    tag: { description: 'Tag that says what data it is', type: 'string', default: 'data-class' },
    classes: {
      description: 'Values of the tag that mean persons',
      type: 'array',
      items: { type: 'string' },
      default: ['pii'],
    },
    regions: {
      description: 'Regions that such data may be in; none: only its own',
      type: 'array',
      items: { type: 'string' },
      default: [],
    },
  },
  check: (resource, { tag, classes, regions }, stack) => {
    const dataClass = tagOf(resource, tag);
    if (dataClass === undefined || !classes.includes(dataClass))
      return notApplicable('it holds no data of persons');
    const allowed = regions.length > 0 ? regions : [regionOf(resource)];
    return found(
      amongDestinations(resource, stack, (region) =>
        when(
          region === undefined || !allowed.includes(region),
          `it is copied to ${region ?? 'a region that the stack does not say'}`,
        ),
      ),
    );
  },
});
