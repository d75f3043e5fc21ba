import { resourceRule } from '../../core';
import { MACHINES, judgeTypes, seriesOf } from './instance-types';

const SMALL = ['nano', 'micro', 'small', 'medium', 'large', 'xlarge'];

/** How large a size is, in xlarge; bare metal without a size is the largest. */
function sizeOf(size: string): number {
  const [, times] = /^(?:metal-)?(\d+)xl(?:arge)?$/.exec(size) ?? [];
  if (times !== undefined) return Number(times);
  const small = SMALL.indexOf(size);
  return small < 0 ? Infinity : 2 ** (small - SMALL.indexOf('xlarge'));
}

export const instanceTypesAreAllowed = resourceRule({
  id: 'instance-types-are-allowed',
  family: 'cost',
  title: 'Instances are of the series and sizes that are allowed',
  severity: 'high',
  controls: [],
  why: 'One wrong word in a configuration rents a machine of hundreds of dollars a day, and training series such as p5 have GPUs without a video encoder besides.',
  fix: "Choose an allowed type, as `instanceType: 'g6.xlarge'`, or add its series to the rule's setting `series` and its size to `largest`.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: MACHINES,
  settings: {
    series: {
      description:
        'Series of instances that may be rented: the letters before the generation, as g of g5.xlarge',
      type: 'array',
      items: { type: 'string' },
      default: ['c', 'g', 'gr', 'm', 'r', 't'],
    },
    largest: { description: 'Largest size, as 16xlarge', type: 'string', default: '16xlarge' },
  },
  check: (resource, { series, largest }) =>
    judgeTypes(resource, (type) => {
      if (!series.includes(seriesOf(type))) return `${type} is of a series that is not allowed`;
      const [, size] = type.split('.');
      return size !== undefined && sizeOf(size) > sizeOf(largest)
        ? `${type} is larger than ${largest}`
        : undefined;
    }),
});
