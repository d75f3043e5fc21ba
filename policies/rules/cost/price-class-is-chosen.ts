import { compliant, resourceRule, text, violating } from '../../core';

/** From the cheapest. */
const CLASSES = ['PriceClass_100', 'PriceClass_200', 'PriceClass_All'] as const;

export const priceClassIsChosen = resourceRule({
  id: 'price-class-is-chosen',
  family: 'cost',
  title: 'A distribution serves from no dearer regions than its viewers need',
  severity: 'low',
  controls: [],
  why: 'With every edge location a gigabyte costs up to twice as much where the dearest ones answer, and video is nearly all gigabytes.',
  fix: "priceClass: 'PriceClass_100' for viewers in North America, Europe and Israel; raise the rule's setting `dearest` where viewers live elsewhere.",
  levels: { starter: 'advisory', production: 'advisory', regulated: 'disabled' },
  looksAt: ['aws:cloudfront/distribution:Distribution'],
  settings: {
    dearest: {
      description: 'Dearest price class that is allowed',
      type: 'string',
      enum: CLASSES,
      default: 'PriceClass_200',
    },
  },
  check: (distribution, { dearest }) => {
    const actual = text(distribution, 'priceClass') ?? 'PriceClass_All';
    const rank = (name: string) => CLASSES.findIndex((each) => each === name);
    return rank(actual) <= rank(dearest)
      ? compliant
      : violating(`its price class is ${actual}, where ${dearest} is the dearest allowed`);
  },
});
