import { compliant, resourceRule, text, violating, type Resource } from '../../core';

/** What cannot be given back, by type. */
const BOUGHT: Readonly<Record<string, (resource: Resource) => string | undefined>> = {
  'aws:bedrock/provisionedModelThroughput:ProvisionedModelThroughput': (resource) =>
    text(resource, 'commitmentDuration') && 'model throughput is committed to for a term',
  'aws:ec2/capacityBlockReservation:CapacityBlockReservation': () => 'a capacity block is paid in advance',
  'aws:elasticache/reservedCacheNode:ReservedCacheNode': () => 'cache nodes are reserved for a term',
  'aws:mediaconvert/queue:Queue': (resource) =>
    text(resource, 'pricingPlan') === 'RESERVED' ? 'transcoding slots are reserved for a term' : undefined,
  'aws:rds/reservedInstance:ReservedInstance': () => 'database instances are reserved for a term',
  'aws:savingsplans/savingsPlan:SavingsPlan': () => 'a Savings Plan commits to a sum an hour for a term',
  'aws:shield/subscription:Subscription': () => 'Shield Advanced is subscribed to for a year',
};

export const commitmentsAreOptedInto = resourceRule({
  id: 'commitments-are-opted-into',
  family: 'cost',
  title: 'Nothing is bought for a term unless somebody has allowed it',
  severity: 'critical',
  controls: [],
  why: 'A commitment of one or three years cannot be undone by `pulumi destroy`, nor by AWS: a program should not sign it by accident.',
  fix: 'Remove the resource, or allow its type in the rule\'s setting `allowed`: `{ "allowed": ["aws:savingsplans/savingsPlan:SavingsPlan"] }`.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: Object.keys(BOUGHT),
  settings: {
    allowed: {
      description: 'Types of resources that may be bought for a term',
      type: 'array',
      items: { type: 'string' },
      default: [],
    },
  },
  check: (resource, { allowed }) => {
    if (allowed.includes(resource.type)) return compliant;
    const bought = BOUGHT[resource.type]?.(resource);
    return bought ? violating(bought) : compliant;
  },
});
