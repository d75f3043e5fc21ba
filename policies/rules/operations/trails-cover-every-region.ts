import { among, flag, found, resourceRule, when } from '../../core';

type Part = readonly [property: string, isRight: (value: boolean | undefined) => boolean, finding: string];

/** With the provider's defaults: one region, and the others on. */
const PARTS: readonly Part[] = [
  ['isMultiRegionTrail', (value) => value === true, 'it records one region'],
  ['includeGlobalServiceEvents', (value) => value !== false, 'it leaves out global services'],
  ['enableLogging', (value) => value !== false, 'its logging is off'],
];

export const trailsCoverEveryRegion = resourceRule({
  id: 'trails-cover-every-region',
  family: 'operations',
  title: 'A trail records every region and the global services',
  severity: 'high',
  controls: ['AWS FSBP CloudTrail.1', 'CIS AWS v5.0.0 3.1'],
  why: 'Who takes over an account works in the region that nobody watches.',
  fix: 'isMultiRegionTrail: true, includeGlobalServiceEvents: true, enableLogging: true',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:cloudtrail/trail:Trail'],
  check: (trail) =>
    found(among(PARTS, ([property, isRight, finding]) => when(!isRight(flag(trail, property)), finding))),
});
