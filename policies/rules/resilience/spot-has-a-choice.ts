import { blocks, found, notApplicable, number, resourceRule, text } from '../../core';

const CAREFUL = ['price-capacity-optimized', 'capacity-optimized', 'capacity-optimized-prioritized'];
const DISTRIBUTION = 'mixedInstancesPolicy.instancesDistribution';

export const spotHasAChoice = resourceRule({
  id: 'spot-has-a-choice',
  family: 'resilience',
  title: 'A group takes Spot instances where there are most, of several types',
  severity: 'medium',
  controls: ['AWS FSBP AutoScaling.6'],
  why: 'The cheapest pool is the one that is taken back first, and its instances all at once.',
  fix: "mixedInstancesPolicy: { instancesDistribution: { spotAllocationStrategy: 'price-capacity-optimized', .. }, launchTemplate: { overrides: [{ instanceType: 'g5.xlarge' }, { instanceType: 'g6.xlarge' }], .. } }",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:autoscaling/group:Group'],
  settings: {
    leastTypes: { description: 'Least number of instance types', type: 'integer', minimum: 1, default: 2 },
  },
  check: (group, { leastTypes }) => {
    if ((number(group, `${DISTRIBUTION}.onDemandPercentageAboveBaseCapacity`) ?? 100) === 100)
      return notApplicable('it takes no Spot instances');
    const strategy = text(group, `${DISTRIBUTION}.spotAllocationStrategy`) || 'lowest-price';
    const overrides = blocks(group, 'mixedInstancesPolicy.launchTemplate.overrides');
    const types = overrides.some((override) => override['instanceRequirements'])
      ? Infinity
      : overrides.length;
    return found([
      ...(CAREFUL.includes(strategy) ? [] : [`its Spot instances are chosen by ${strategy}`]),
      ...(types >= leastTypes ? [] : [`it chooses among ${types} of at least ${leastTypes} instance types`]),
    ]);
  },
});
