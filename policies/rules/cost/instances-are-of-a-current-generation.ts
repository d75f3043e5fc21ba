import { resourceRule } from '../../core';
import { MACHINES_AND_DATABASES, judgeTypes } from './instance-types';

/** Each has two newer generations, or more: Amazon EC2 Instance Types Guide, 2026. */
const OLD = ['c1', 'c3', 'c4', 'cc2', 'cr1', 'g2', 'g3', 'g3s', 'hs1', 'i2'].concat([
  'm1',
  'm2',
  'm3',
  'm4',
  'p2',
  'p3',
  'p3dn',
  'r3',
  'r4',
  't1',
  't2',
]);

export const instancesAreOfACurrentGeneration = resourceRule({
  id: 'instances-are-of-a-current-generation',
  family: 'cost',
  title: 'Instances are of a generation with at most one newer one',
  severity: 'low',
  controls: [],
  why: 'Older generations cost more for the same work, zones run out of them first, and GPUs before g4dn lack codecs that encoders need.',
  fix: "Take the current generation of the series: `instanceType: 'm8g.large'` for m4, `'t4g.small'` for t2, `'g6.xlarge'` for g3.",
  levels: { starter: 'advisory', production: 'advisory', regulated: 'advisory' },
  looksAt: MACHINES_AND_DATABASES,
  check: (resource) =>
    judgeTypes(resource, (type) =>
      OLD.includes(type.split('.')[0]!) ? `${type} has two newer generations or more` : undefined,
    ),
});
