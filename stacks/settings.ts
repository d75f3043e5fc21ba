/**
 * What is configured, key by key: `pulumi config set aws-media:<key>`. Pulumi.yaml declares the same keys with the same types
 * and defaults. The empty text, object or list means "not given".
 */
import { z } from 'zod';
import { Environment } from '../components';
import { edge } from './edge';

/** Types of Pulumi's own configuration. */
export type SettingType = 'array' | 'boolean' | 'integer' | 'object' | 'string';

export interface Setting<T extends z.ZodType = z.ZodType> {
  readonly type: SettingType;
  readonly default: unknown;
  readonly description: string;
  readonly schema: T;
}

export const ENVIRONMENTS: readonly string[] = Object.values(Environment);

/** Names that become parts of resource names. */
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const name = (what: string) =>
  z.string().regex(NAME, { error: `a name of ${what}: 1 to 63 of a-z, 0-9 and inner hyphens` });

const text = (pattern: RegExp, allowed: string) => z.string().regex(pattern, { error: allowed });
const optionalText = (pattern: RegExp, allowed: string) =>
  z
    .union([z.literal(''), text(pattern, allowed)], { error: `${allowed}; or empty` })
    .transform((value) => value || undefined);
const whole = (from: number, to: number) =>
  z
    .int({ error: `a whole number from ${from} to ${to}` })
    .min(from, { error: `a whole number from ${from} to ${to}` })
    .max(to, { error: `a whole number from ${from} to ${to}` });

const ZONE = /^[a-z]{3,4}\d-az\d$/;
const zone = text(ZONE, 'the id of an Availability Zone, as use1-az4 (not its name, as us-east-1a)');
const CIDR = /^\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}$/;
const cidr = text(CIDR, 'a range of IPv4 addresses, as 203.0.113.7/32');
const IMAGE = /^\S+$/;
const port = whole(1, 65_535);
const flag = z.boolean({ error: 'true or false' });

const channel = z.strictObject({
  ladder: z.string(),
  zone: zone.optional(),
  frameRate: z.string().optional(),
  profile: z.string().optional(),
  source: z.string().optional(),
  /** UDP port of SRT, on the load balancer and the instance. */
  port: port.optional(),
  /** TCP port of health and metrics. */
  healthPort: port.optional(),
  /** Contributors of `sources` that may call; absent: all of them. */
  sources: z.array(name('a contributor')).optional(),
  /** Whether contributions are encrypted, with a passphrase that AWS keeps. @default true */
  encrypted: flag.optional(),
  latencyMs: whole(20, 8000).optional(),
  instanceType: z.string().optional(),
  purchase: z.string().optional(),
  acceptInterruption: flag.optional(),
  deployment: z.string().optional(),
  running: flag.optional(),
  /** Whether anybody may watch it where the others ask for a signature. @default false */
  public: flag.optional(),
});

const setting = <T extends z.ZodType>(
  type: SettingType,
  schema: T,
  defaultValue: unknown,
  description: string,
): Setting<T> => ({ type, schema, default: defaultValue, description });

export const SETTINGS = {
  environment: setting(
    'string',
    z.union([z.literal(''), z.enum(Environment)], { error: `${ENVIRONMENTS.join(', ')}; or empty` }),
    '',
    'local, dev, staging or prod: how data is protected. Empty: as the stack is called',
  ),
  zones: setting(
    'object',
    z
      .record(zone, z.strictObject({ ports: z.strictObject({ from: port, to: port }).optional() }))
      .refine((zones) => Object.keys(zones).length > 0, { error: 'at least one zone' }),
    { 'use1-az4': { ports: { from: 9000, to: 9049 } } },
    'Availability Zones by id in which channels run, each with its range of SRT ports',
  ),
  network: setting(
    'object',
    z.strictObject({
      cidrBlock: cidr.optional(),
      separateFrom: z.array(cidr).optional(),
      nat: z.enum(['per-zone', 'one', 'none'], { error: 'per-zone, one or none' }).optional(),
      ipv6: flag.optional(),
      /** Of a VPC that is there already: its id, and subnets by zone. */
      vpcId: z.string().optional(),
      subnets: z
        .record(zone, z.strictObject({ publicSubnetId: z.string(), privateSubnetId: z.string() }))
        .optional(),
      /** Zones that only the origin's load balancer needs, where `zones` has one. */
      spareZones: z.array(zone).optional(),
    }),
    {},
    'A new VPC (cidrBlock, separateFrom, nat, ipv6, spareZones), or one that is there (vpcId, subnets by zone)',
  ),
  channels: setting(
    'object',
    z
      .record(name('a channel'), channel)
      .refine((channels) => Object.keys(channels).length > 0, { error: 'at least one channel' }),
    { test: { ladder: 'h264-1080p', source: 'test', healthPort: 9464 } },
    'Channels by a stable id: ladder, zone, port, and what docs/stacks.md lists',
  ),
  sources: setting(
    'object',
    z.record(name('a contributor'), cidr),
    {},
    'Who may call over SRT: ranges of addresses by a name',
  ),
  entry: setting(
    'string',
    z.enum(['internet', 'accelerator', 'private'], { error: 'internet, accelerator or private' }),
    'internet',
    'How contributions come in: internet, accelerator or private',
  ),
  instanceTypes: setting(
    'array',
    z.array(z.string()).min(1, { error: 'at least one instance type' }),
    ['g5.xlarge'],
    'GPU instances, the preferred one first; the next where a zone has none',
  ),
  purchase: setting(
    'object',
    z.strictObject({
      committed: whole(0, 100).optional(),
      spot: whole(0, 100).optional(),
      'on-demand': whole(0, 100).optional(),
    }),
    {},
    'Shares of committed, spot and on-demand in percent, together 100. Empty: all on demand',
  ),
  encoderImage: setting(
    'string',
    optionalText(IMAGE, 'an image with its digest, as <repository>@sha256:...'),
    '',
    'The encoder to run. Empty: built by AWS CodeBuild from this package',
  ),
  originImage: setting(
    'string',
    optionalText(IMAGE, 'an image with its digest, as <repository>@sha256:...'),
    '',
    'The origin to run. Empty: built by AWS CodeBuild from this package',
  ),
  originArchitecture: setting(
    'string',
    z.enum(['amd64', 'arm64'], { error: 'amd64 or arm64' }),
    'arm64',
    'What origins run on',
  ),
  dvr: setting('string', z.string().min(1), '1 day', 'How long segments stay, as 12 hours'),
  archiveFor: setting(
    'string',
    z.string().transform((value) => value || undefined),
    '',
    'How long segments are archived beyond that, as 90 days. Empty: not at all',
  ),
  viewers: setting(
    'integer',
    whole(1, 100_000_000),
    1000,
    'Viewers at the same time for which the CDN is planned',
  ),
  viewerMbps: setting('integer', whole(1, 1000), 8, 'What a viewer gets on average, Mbit/s'),
  distributions: setting('integer', whole(1, 200), 1, 'Distributions over which channels are spread'),
  quotas: setting(
    'object',
    z.strictObject({ requestsPerSecond: whole(1, 1e9).optional(), gbps: whole(1, 1e6).optional() }),
    {},
    "What AWS has raised of the account's quotas of a distribution: requestsPerSecond, gbps",
  ),
  http3: setting('boolean', flag, true, 'Whether viewers may use HTTP/3'),
  originShield: setting('boolean', flag, false, 'Whether one cache of CloudFront is in front of the origin'),
  webAclArn: setting(
    'string',
    optionalText(
      /^arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global\/webacl\/\S+$/,
      'the ARN of a web ACL for CloudFront (WAFv2, us-east-1)',
    ),
    '',
    'Web ACL (AWS WAF) for the distribution',
  ),
  signingKeys: setting(
    'object',
    z.record(
      name('a key'),
      z.string().startsWith('-----BEGIN PUBLIC KEY-----', { error: 'a public key in PEM' }),
    ),
    {},
    'Public keys by a name: viewers need URLs or cookies that were signed with one of theirs',
  ),
  publicChannels: setting('boolean', flag, false, 'Whether anyone may watch, without a signature'),
  edge: setting(
    'object',
    edge,
    {},
    'Functions of CloudFront: directives (in staging and prod unless false), country, token, keyValueStoreArn',
  ),
  webPages: setting(
    'array',
    z.array(z.string()),
    [],
    'Origins of the pages that play, as https://www.example.com. Empty: all where anyone may watch, else none',
  ),
  countries: setting(
    'array',
    z.array(text(/^[A-Z]{2}$/, 'a country of ISO 3166-1, as DE')),
    [],
    'Countries whose viewers may watch. Empty: all',
  ),
  domain: setting(
    'object',
    z
      .strictObject({
        name: z.string().optional(),
        zoneId: z.string().optional(),
        certificateArn: z.string().optional(),
      })
      .refine(
        ({ name, zoneId, certificateArn }) =>
          (name === undefined) === (zoneId === undefined) &&
          (name !== undefined || certificateArn === undefined),
        {
          error: 'both name and zoneId, with certificateArn or without; or nothing',
        },
      ),
    {},
    'Own name of the CDN: name, zoneId (its hosted zone of Route 53) and, where there is one already, certificateArn (us-east-1)',
  ),
  dashboards: setting(
    'string',
    z.enum(['', 'none', 'fleet', 'channels'], { error: 'none, fleet or channels; or empty' }),
    '',
    "CloudWatch's dashboards: none, fleet, or channels (the fleet's and one a channel). Empty: channels in staging and prod",
  ),
  alarmTopics: setting(
    'array',
    z.array(text(/^arn:aws[a-z-]*:sns:/, 'the ARN of an SNS topic')),
    [],
    'SNS topics that are told of alarms',
  ),
  tags: setting('object', z.record(z.string(), z.string()), {}, 'Tags of everything that can have them'),
} as const satisfies Readonly<Record<string, Setting>>;

export type Settings = {
  readonly [Key in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[Key]['schema']>;
};
export type ChannelSettings = Settings['channels'][string];
