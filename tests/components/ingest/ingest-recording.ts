/** An ingest named `srt` in the stack `test` of the project `video`, recorded. */
import { SrtIngest, type SrtIngestArgs, type SrtIngestOptions } from '../../../components/ingest';
import { recordProgramOf, refusalOf, type Recorded, type Refusal } from '../recorded';

export const KEY_ARN = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555';
export const SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:srt-old-Ab1Cd2';
export const OTHER_KEY_ARN = 'arn:aws:kms:us-east-1:123456789012:key/99999999-2222-3333-4444-555555555555';

export const NETWORK = {
  vpcId: 'vpc-0123456789abcdef0',
  zones: {
    'use1-az4': { publicSubnetId: 'subnet-0000000000000a4f0', privateSubnetId: 'subnet-0000000000000a4e0' },
    'use1-az6': { publicSubnetId: 'subnet-0000000000000a6f0', privateSubnetId: 'subnet-0000000000000a6e0' },
  },
} as const;

/** One channel in one zone. */
export const MINIMAL = {
  network: NETWORK,
  zones: { 'use1-az4': { ports: { from: 9000, to: 9049 } } },
  channels: { news: { zone: 'use1-az4', port: 9001 } },
  sources: { studio: '203.0.113.7/32' },
} as const satisfies SrtIngestArgs;

/** A child of every kind, and each argument. */
export const FULL = {
  network: NETWORK,
  zones: {
    'use1-az4': { ports: { from: 9000, to: 9049 } },
    'use1-az6': { ports: { from: 9100, to: 9149 } },
  },
  channels: {
    news: { zone: 'use1-az4', port: 9001, latencyMs: 400, streamId: 'feed-1' },
    sport: { zone: 'use1-az6', port: 9101, healthPort: 9120, sources: ['van'] },
    film: { zone: 'use1-az4', port: 9002, passphrase: { secretArn: SECRET_ARN, keyArn: OTHER_KEY_ARN } },
    test: { zone: 'use1-az4', port: 9003, passphrase: false, sources: ['studio'] },
  },
  sources: { studio: '203.0.113.0/24', van: 'pl-0123456789abcdef0' },
  entry: 'accelerator',
  accelerator: { flowLogs: { bucket: 'logs' } },
  keyArn: KEY_ARN,
  healthCheck: { protocol: 'http', intervalSeconds: 30 },
  deregistrationSeconds: 5,
  reservedPorts: [9100],
  rulesPerSecurityGroup: 100,
  environment: 'dev',
  tags: { team: 'video' },
} as const satisfies SrtIngestArgs;

/** @param use what the program does with the ingest; what it returns are the stack's outputs */
export const recordIngest = (
  args: SrtIngestArgs = MINIMAL,
  options?: SrtIngestOptions,
  use: (ingest: SrtIngest) => unknown = () => ({}),
): Promise<Recorded> => recordProgramOf(() => use(new SrtIngest('srt', args, options)));

/** What the ingest tells, as outputs of the stack. */
export const told = (ingest: SrtIngest): Record<string, unknown> => ({
  channels: ingest.channels,
  runtimeEnvironment: ingest.runtimeEnvironment,
  securityGroupIds: ingest.securityGroupIds,
  targetSecurityGroupId: ingest.targetSecurityGroupId,
});

/** Tags of a child. */
export const ownTags = (name: string, more: object = {}) => ({
  Name: name,
  'aws-media:component': 'SrtIngest',
  ...more,
});

/** What an ingest refuses at once, with no resource begun. */
export const refusal = (args: unknown, options?: unknown): Promise<Refusal> =>
  refusalOf(() => new SrtIngest('srt', args as SrtIngestArgs, options as SrtIngestOptions | undefined));
