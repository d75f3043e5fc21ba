/**
 * What GPU instances cost: US dollars an hour, Linux, shared tenancy. Only what a source says: a type that is not
 * listed in a region has no known price there, which does not mean that it is not offered.
 */

export interface PriceSource {
  readonly source: string;
  /** When the price was read, as its source says. */
  readonly asOf: string;
}

const GENERATED: PriceSource = {
  source: 'aws/karpenter-provider-aws@1d927085: pkg/providers/pricing/zz_generated.pricing_aws.go',
  asOf: '2026-07-20',
};
const CATALOGUE: PriceSource = {
  source: 'skypilot-org/skypilot-catalog@00148f2a: catalogs/v8/aws/vms.csv, from the AWS price list',
  asOf: '2025 or 2026, not dated nearer',
};

/** By region: which source the prices below are from. */
export const onDemandSource = (region: string): PriceSource =>
  region === 'us-east-1' ? GENERATED : CATALOGUE;
export const SPOT_SOURCE = CATALOGUE;

/** On demand, by region and type. */
export const ON_DEMAND_USD_HOUR: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'us-east-1': {
    'g4dn.xlarge': 0.526,
    'g4dn.2xlarge': 0.752,
    'g4dn.4xlarge': 1.204,
    'g4dn.8xlarge': 2.176,
    'g4dn.12xlarge': 3.912,
    'g4dn.16xlarge': 4.352,
    'g4dn.metal': 7.824,
    'g5.xlarge': 1.006,
    'g5.2xlarge': 1.212,
    'g5.4xlarge': 1.624,
    'g5.8xlarge': 2.448,
    'g5.16xlarge': 4.096,
    'g5.12xlarge': 5.672,
    'g5.24xlarge': 8.144,
    'g5.48xlarge': 16.288,
    'g5g.xlarge': 0.42,
    'g5g.2xlarge': 0.556,
    'g5g.4xlarge': 0.828,
    'g5g.8xlarge': 1.372,
    'g5g.16xlarge': 2.744,
    'g5g.metal': 2.744,
    'g6.xlarge': 0.8048,
    'g6.2xlarge': 0.9776,
    'g6.4xlarge': 1.3232,
    'g6.8xlarge': 2.0144,
    'g6.16xlarge': 3.3968,
    'g6.12xlarge': 4.6016,
    'g6.24xlarge': 6.6752,
    'g6.48xlarge': 13.3504,
    'g6e.xlarge': 1.861,
    'g6e.2xlarge': 2.24208,
    'g6e.4xlarge': 3.00424,
    'g6e.8xlarge': 4.52856,
    'g6e.16xlarge': 7.57719,
    'g6e.12xlarge': 10.49264,
    'g6e.24xlarge': 15.06559,
    'g6e.48xlarge': 30.13118,
    'g6f.large': 0.202,
    'g6f.xlarge': 0.2375,
    'g6f.2xlarge': 0.475,
    'g6f.4xlarge': 0.95,
    'g7e.2xlarge': 3.36312,
    'g7e.4xlarge': 3.99816,
    'g7e.8xlarge': 5.26824,
    'g7e.12xlarge': 8.28608,
    'g7e.24xlarge': 16.57216,
    'g7e.48xlarge': 33.14432,
    'gr6.4xlarge': 1.5392,
    'gr6.8xlarge': 2.4464,
    'gr6f.4xlarge': 1.066,
    'vt1.3xlarge': 0.65,
    'vt1.6xlarge': 1.3,
    'vt1.24xlarge': 5.2,
  },
  'us-west-2': {
    'g5.2xlarge': 1.212,
    'g5.16xlarge': 4.096,
    'g5.48xlarge': 16.288,
    'g6.xlarge': 0.8048,
    'g6.2xlarge': 0.9776,
    'g6.8xlarge': 2.0144,
    'g6e.12xlarge': 10.49264,
    'g6e.16xlarge': 7.57719,
  },
  'eu-west-1': {
    'g5.2xlarge': 1.35296,
    'g5.16xlarge': 4.57237,
    'g5.48xlarge': 18.18233,
    'g5.24xlarge': 9.09117,
  },
  'eu-west-2': {
    'g5.2xlarge': 1.53849,
    'g6.xlarge': 1.0216,
    'g6.2xlarge': 1.24095,
  },
  'us-east-2': {
    'g5.2xlarge': 1.212,
  },
  'eu-north-1': {
    'g5.2xlarge': 1.28549,
    'g6.xlarge': 0.8536,
  },
  'eu-central-1': {
    'g5.16xlarge': 5.12204,
    'g6.xlarge': 1.0064,
    'g6.2xlarge': 1.22249,
    'g6.8xlarge': 2.519,
    'g6e.12xlarge': 13.12002,
    'g6e.16xlarge': 9.47454,
  },
  'ap-northeast-2': {
    'g5.16xlarge': 5.03653,
  },
  'ap-south-1': {
    'g5.16xlarge': 4.91846,
  },
  'ap-southeast-2': {
    'g5.16xlarge': 5.32561,
    'g6.xlarge': 1.0464,
    'g6.2xlarge': 1.27107,
  },
  'ap-northeast-1': {
    'g6.xlarge': 1.1672,
  },
  'eu-south-2': {
    'g6.xlarge': 0.848,
  },
  'ca-central-1': {
    'g6.2xlarge': 1.08547,
  },
};

/** Spot at one moment: the cheapest zone of the region, and the dearest. Prices move. */
export const SPOT_USD_HOUR: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>> = {
  'us-east-1': {
    'g5.2xlarge': [0.4738, 0.5933],
    'g6.xlarge': [0.349, 0.4011],
    'g6.2xlarge': [0.4416, 0.5772],
    'g6.8xlarge': [0.9393, 0.9995],
    'g6e.12xlarge': [3.7887, 6.015],
    'g6e.16xlarge': [1.4678, 1.8831],
    'g5.48xlarge': [4.5408, 7.0077],
    'g5.16xlarge': [1.141, 1.3117],
  },
  'us-east-2': {
    'g5.2xlarge': [0.3596, 0.3739],
    'g6.xlarge': [0.2599, 0.2756],
    'g6.2xlarge': [0.3736, 0.4041],
  },
  'us-west-2': {
    'g5.2xlarge': [0.3727, 0.4155],
    'g6.xlarge': [0.39, 0.4541],
    'g6.2xlarge': [0.4811, 0.5966],
  },
  'eu-west-1': {
    'g5.2xlarge': [0.6179, 0.6191],
  },
  'eu-central-1': {
    'g6.2xlarge': [0.4485, 0.4618],
  },
};

/** Part of the on-demand price that a commitment saves. */
export interface Saving extends PriceSource {
  readonly part: number;
  readonly confidence: 'published' | 'assumed';
}

/** No rate for G5 or G6 was found: typical ones are assumed, and AWS advertises the most that any type saves. */
export const SAVINGS = {
  /** Compute Savings Plan, 1 year, nothing upfront. */
  oneYear: { part: 0.27, confidence: 'assumed', source: 'typical of G5 and G6, from memory', asOf: '2025' },
  /** EC2 Instance Savings Plan, 3 years, nothing upfront. */
  threeYears: {
    part: 0.54,
    confidence: 'assumed',
    source: 'typical of G5 and G6, from memory',
    asOf: '2025',
  },
  /** Compute Savings Plan, the most that is advertised. */
  computeMost: {
    part: 0.66,
    confidence: 'published',
    source: 'emnode.com/learn/lesson/purchase-ec2-instance-savings-plans; docs.archera.ai, EC2 commitments',
    asOf: '2026-03',
  },
  /** Spot, the most that is advertised. */
  spotMost: {
    part: 0.9,
    confidence: 'published',
    source: "aws.amazon.com/ec2/spot/pricing ('up to 90% off')",
    asOf: 'undated',
  },
} as const satisfies Readonly<Record<string, Saving>>;
