/** Where Origin Shield is, by the region of the origin: CloudFront Developer Guide, "Choosing the AWS Region for Origin Shield". */

/** Regions with Origin Shield. */
export const SHIELD_REGIONS: readonly string[] = [
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'ap-south-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
  'sa-east-1',
  'me-central-1',
];

/** For origins in a region without it, the one with the lowest latency. */
const NEAREST: Readonly<Record<string, string>> = {
  'us-west-1': 'us-west-2',
  'ca-central-1': 'us-east-1',
  'ap-east-1': 'ap-southeast-1',
  'ap-northeast-3': 'ap-northeast-1',
  'af-south-1': 'eu-west-1',
  'eu-north-1': 'eu-west-2',
  'eu-south-1': 'eu-central-1',
  'eu-west-3': 'eu-west-2',
  'me-south-1': 'ap-south-1',
};

/** @returns undefined where none is known to be near */
export const shieldRegion = (region: string): string | undefined =>
  SHIELD_REGIONS.includes(region) ? region : NEAREST[region];

/** The region of a bucket, from its regional domain name; undefined where the name has none. */
export const regionOfBucket = (domainName: string): string | undefined =>
  /\.s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?$/.exec(domainName)?.[1];
