/** Arguments as given -> what the component works with, once, or everything that is wrong with them. */
import type * as pulumi from '@pulumi/pulumi';
import {
  DURATION_FORM,
  ENVIRONMENTS,
  InputProblems,
  PROTECTION,
  checkTags,
  flag,
  isObject,
  matching,
  oneOf,
  parseDuration,
  rule,
  wholeDays,
  type Environment,
  type Tags,
} from '../kit';
import { EXPRESS_ZONES_AS_OF } from '../storage/express-zones';
import { VPC_PREFIX } from './allocation';
import {
  FlowTraffic,
  NETWORK_TRANSFORMS,
  NetworkEngine,
  type FlowLogsArgs,
  type MediaVpcArgs,
  type MediaVpcTransforms,
} from './args';
import { blockText, contains, overlaps, parseBlock, type Block } from './cidr';
import { NatStrategy, decideEgress, missingServices, type Egress } from './egress';
import { checkNetwork, type MediaNetwork } from './network';
import {
  GATEWAY_SERVICES,
  INTERFACE_SERVICES,
  GatewayService,
  gatewayServicesOf,
  lacksExpress,
  type InterfaceService,
} from './services';
import { ZONE_ID_FORM, zoneIdProblem, zonePrefix } from './zone-ids';

/** Flow logs, with nothing left open. */
export interface NormalFlowLogs {
  readonly traffic: FlowTraffic;
  readonly intervalSeconds: number;
  /** In CloudWatch Logs. */
  readonly retentionDays: number;
  readonly bucketArn: pulumi.Input<string> | undefined;
}

/** A network to be made. */
export interface NewNetwork {
  readonly kind: 'new';
  readonly zones: readonly string[];
  /** What the zones' ids begin with. */
  readonly prefix: string;
  readonly block: Block;
  readonly ipv6: boolean;
  readonly egress: Egress;
  readonly natZone: string;
  readonly gatewayEndpoints: readonly GatewayService[];
  readonly trustedAccounts: readonly pulumi.Input<string>[];
  readonly networkAcls: boolean;
  readonly flowLogs: NormalFlowLogs | undefined;
  readonly engine: NetworkEngine;
  readonly zoneNames: Readonly<Record<string, string>>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly tags: Tags;
}

/** A network that is there already. */
export interface ExistingNetwork {
  readonly kind: 'existing';
  readonly network: MediaNetwork;
}

export type NormalArgs = NewNetwork | ExistingNetwork;

const KNOWN = [
  'zones',
  'cidrBlock',
  'separateFrom',
  'ipv6',
  'nat',
  'natZone',
  'gatewayEndpoints',
  'interfaceEndpoints',
  'trustedAccounts',
  'networkAcls',
  'flowLogs',
  'engine',
  'zoneNames',
  'existing',
  'environment',
  'protection',
  'tags',
] as const satisfies readonly (keyof MediaVpcArgs)[];

/** IAM takes 64 characters for a role, of which `-flow-logs` and Pulumi's eight digits are 18. */
const NAME = /^(?!sg-)[A-Za-z][A-Za-z0-9-]{0,45}$/;
const resourceName = rule(
  matching(NAME),
  '1 to 46 letters, digits and hyphens, a letter first, not sg-',
  "give the component a shorter or simpler name: its children's names begin with it",
);

/** @throws pulumi.InputPropertiesError with everything that can be seen now */
export function normalise(
  owner: string,
  name: string,
  given: MediaVpcArgs,
  transform: MediaVpcTransforms = {},
): NormalArgs {
  const problems = new InputProblems(owner);
  const args = isObject(problems, 'args', given, `{ zones: ['use1-az4', 'use1-az6'] }`) ? given : {};
  problems.judge('name', name, resourceName);
  problems.checkNames('', args, KNOWN);
  if (isObject(problems, 'transform', transform, '{ vpc: { instanceTenancy: "dedicated" } }')) {
    problems.checkNames('transform', transform, NETWORK_TRANSFORMS);
  }
  const environment = normalEnvironment(problems, args);
  const normal =
    args.existing === undefined ? newNetwork(problems, args, environment) : existing(problems, args);
  problems.throwIfAny();
  return normal;
}

function normalEnvironment(problems: InputProblems, { environment = 'prod' }: MediaVpcArgs): Environment {
  problems.judge('environment', environment, oneOf(ENVIRONMENTS));
  return (ENVIRONMENTS as readonly unknown[]).includes(environment) ? environment : 'prod';
}

/** What would have no effect. */
function existing(problems: InputProblems, args: MediaVpcArgs): ExistingNetwork {
  for (const name of KNOWN) {
    if (name === 'existing' || name === 'environment' || args[name] === undefined) continue;
    problems.add(name, args[name], {
      because: 'an existing network is used as it is',
      allowed: 'none',
      fix: 'remove it, and change the network where it is made; or remove existing',
    });
  }
  return { kind: 'existing', network: checkNetwork(problems, 'existing', args.existing!) };
}

function newNetwork(problems: InputProblems, args: MediaVpcArgs, environment: Environment): NewNetwork {
  const zones = normalZones(problems, args.zones);
  const prefix = zonePrefix(zones[0] ?? '');
  const { ipv6 = false, networkAcls = true, engine = NetworkEngine.Aws } = args;
  problems.judge('ipv6', ipv6, flag);
  problems.judge('networkAcls', networkAcls, flag);
  problems.judge('engine', engine, oneOf(Object.values(NetworkEngine)));
  const zoneNames = normalZoneNames(problems, args, zones);
  const gatewayEndpoints = normalGateways(problems, args, prefix);
  return {
    kind: 'new',
    // Lists of children then don't depend on how the program orders its zones; awsx numbers zones as they are given.
    zones: engine === NetworkEngine.Awsx ? zones : [...zones].sort(),
    prefix,
    block: normalBlock(problems, args),
    ipv6,
    egress: normalEgress(problems, args, { environment, zones, gatewayEndpoints }),
    natZone: normalNatZone(problems, args, { environment, zones }),
    gatewayEndpoints,
    trustedAccounts: normalAccounts(problems, args.trustedAccounts),
    networkAcls,
    flowLogs: normalFlowLogs(problems, args.flowLogs),
    engine,
    zoneNames,
    ...normalProtection(problems, args, environment),
    tags: checkTags(problems, args.tags),
  };
}

function normalZones(problems: InputProblems, given: readonly string[] | undefined): readonly string[] {
  const allowed = 'ids of 2 to 6 Availability Zones of one region';
  const fix = `write ['use1-az4', 'use1-az6']`;
  if (!Array.isArray(given)) {
    problems.add('zones', given, { allowed, fix });
    return [];
  }
  const zones = given as readonly string[];
  if (zones.length < 2 || zones.length > 6) {
    problems.add('zones', zones, { because: `${zones.length} zones`, allowed, fix });
  }
  zones.forEach((id, n) => {
    const path = `zones[${n}]`;
    const problem = typeof id === 'string' ? zoneIdProblem(id) : { allowed: ZONE_ID_FORM, fix };
    if (problem) problems.add(path, id, problem);
    else if (zones.indexOf(id) < n) {
      problems.add(path, id, { because: 'it is there twice', allowed: 'each zone once', fix: 'remove one' });
    }
  });
  const valid = zones.filter((id) => typeof id === 'string' && zoneIdProblem(id) === undefined);
  if (new Set(valid.map(zonePrefix)).size > 1) {
    const because = 'zones of different regions';
    problems.add('zones', zones, { because, allowed, fix: 'make a network for each region' });
  }
  return valid;
}

/** RFC 1918 and RFC 6598: AWS takes others, which would be somebody's on the internet. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];
const DOCKER = '172.17.0.0/16';
const block = (text: string): Block => parseBlock(text)!;

function normalBlock(
  problems: InputProblems,
  { cidrBlock = '10.0.0.0/16', separateFrom = [] }: MediaVpcArgs,
): Block {
  const { largest, smallest } = VPC_PREFIX;
  const own = parseBlock(cidrBlock);
  const allowed = `a block of /${largest} to /${smallest} in ${PRIVATE.join(', ')}, beginning at its first address`;
  const isPrivate = own !== undefined && PRIVATE.some((outer) => contains(block(outer), own));
  if (!isPrivate || own.prefix < largest || own.prefix > smallest) {
    problems.add('cidrBlock', cidrBlock, { allowed, fix: `write '10.0.0.0/16'` });
  } else if (overlaps(own, block(DOCKER))) {
    const because = `${DOCKER} is Docker's own network on each host`;
    problems.add('cidrBlock', cidrBlock, { because, allowed, fix: 'choose another block' });
  }
  if (!Array.isArray(separateFrom)) {
    problems.add('separateFrom', separateFrom, { allowed: 'a list of blocks', fix: `write ['10.1.0.0/16']` });
    return own ?? block('10.0.0.0/16');
  }
  separateFrom.forEach((text: string, n) => {
    const other = parseBlock(text);
    const path = `separateFrom[${n}]`;
    if (!other) problems.add(path, text, { allowed: 'a block of IPv4', fix: `write '10.1.0.0/16'` });
    else if (own && overlaps(own, other)) {
      const because = `cidrBlock, ${blockText(own)}, overlaps it`;
      problems.add(path, text, {
        because,
        allowed: 'blocks apart from cidrBlock',
        fix: 'choose another cidrBlock',
      });
    }
  });
  return own ?? block('10.0.0.0/16');
}

/** @returns undefined where nothing was given */
function listOf<T extends string>(
  problems: InputProblems,
  path: string,
  given: readonly T[] | undefined,
  known: readonly T[],
): readonly T[] | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given)) {
    problems.add(path, given, { allowed: `a list of ${known.join(', ')}`, fix: `write ['${known[0]}']` });
    return undefined;
  }
  const list = given as readonly T[];
  list.forEach((service, n) => {
    if (!known.includes(service)) {
      const fix = `write what stands behind com.amazonaws.<region>., and nothing else`;
      problems.add(`${path}[${n}]`, service, { because: 'no such service', allowed: known.join(', '), fix });
    } else if (list.indexOf(service) < n) {
      const because = 'it is there twice';
      problems.add(`${path}[${n}]`, service, { because, allowed: 'each service once', fix: 'remove one' });
    }
  });
  return list.filter((service) => known.includes(service));
}

function normalGateways(
  problems: InputProblems,
  { gatewayEndpoints }: MediaVpcArgs,
  prefix: string,
): readonly GatewayService[] {
  const listed = listOf(problems, 'gatewayEndpoints', gatewayEndpoints, GATEWAY_SERVICES);
  if (listed?.includes(GatewayService.S3Express) && lacksExpress(prefix)) {
    problems.add('gatewayEndpoints', gatewayEndpoints, {
      because: `the region of ${prefix} has no S3 Express One Zone, as of ${EXPRESS_ZONES_AS_OF}`,
      allowed: 'a list of s3, dynamodb',
      fix: `remove 's3express'`,
    });
  }
  return listed ?? gatewayServicesOf(prefix);
}

function normalEgress(
  problems: InputProblems,
  { nat, interfaceEndpoints }: MediaVpcArgs,
  of: { environment: Environment; zones: readonly string[]; gatewayEndpoints: readonly GatewayService[] },
): Egress {
  const strategies: readonly string[] = Object.values(NatStrategy);
  if (nat !== undefined) problems.judge('nat', nat, oneOf(strategies));
  const listed = listOf<InterfaceService>(
    problems,
    'interfaceEndpoints',
    interfaceEndpoints,
    INTERFACE_SERVICES,
  );
  const egress = decideEgress({
    environment: of.environment,
    zones: of.zones.length,
    nat: strategies.includes(nat!) ? nat : undefined,
    interfaceEndpoints: listed,
  });
  const because = 'there is no NAT gateway, and tasks have no public address';
  const missing = listed && missingServices(listed);
  if (nat === NatStrategy.None && missing && missing.length > 0) {
    problems.add('interfaceEndpoints', interfaceEndpoints, {
      because,
      allowed: `a list with ${missing.join(', ')}`,
      fix: 'add these, leave interfaceEndpoints out to have them all, or choose another nat',
    });
  }
  if (egress.nat === NatStrategy.None && !of.gatewayEndpoints.includes('s3')) {
    problems.add('gatewayEndpoints', of.gatewayEndpoints, {
      because,
      allowed: 'a list with s3, where layers of images come from',
      fix: `add 's3', or choose another nat`,
    });
  }
  return egress;
}

function normalNatZone(
  problems: InputProblems,
  { natZone, nat, engine }: MediaVpcArgs,
  { environment, zones }: { environment: Environment; zones: readonly string[] },
): string {
  if (natZone === undefined) return zones[0] ?? '';
  const strategy = nat ?? (environment === 'prod' ? NatStrategy.PerZone : NatStrategy.One);
  if (strategy !== NatStrategy.One) {
    const because = `nat is ${JSON.stringify(strategy)}`;
    problems.add('natZone', natZone, { because, allowed: 'none', fix: `remove it, or set nat to 'one'` });
  } else if (!zones.includes(natZone)) {
    problems.add('natZone', natZone, { allowed: `one of zones: ${zones.join(', ')}`, fix: 'choose one' });
  } else if (engine === NetworkEngine.Awsx && natZone !== zones[0]) {
    const because = 'awsx puts it into the first zone';
    problems.add('natZone', natZone, { because, allowed: zones[0]!, fix: 'put this zone first in zones' });
  }
  return natZone;
}

const accountId = rule(matching(/^\d{12}$/), 'the 12 digits of an account', `write '123456789012'`);

function normalAccounts(
  problems: InputProblems,
  given: readonly pulumi.Input<string>[] = [],
): readonly pulumi.Input<string>[] {
  if (Array.isArray(given)) {
    return given.map((id: pulumi.Input<string>, n) => problems.check(`trustedAccounts[${n}]`, id, accountId));
  }
  problems.add('trustedAccounts', given, { allowed: 'a list of accounts', fix: `write ['123456789012']` });
  return [];
}

/** CloudWatch Logs API Reference, PutRetentionPolicy, retentionInDays. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const bucketArn = rule(
  matching(/^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/.*)?$/),
  'the ARN of a bucket, as arn:aws:s3:::our-flow-logs or arn:aws:s3:::our-flow-logs/media/',
  'give its ARN, not its name',
);

function normalFlowLogs(
  problems: InputProblems,
  given: FlowLogsArgs | false = {},
): NormalFlowLogs | undefined {
  if (given === false) return undefined;
  if (!isObject(problems, 'flowLogs', given, `false or { keepFor: '30 days' }`)) return undefined;
  problems.checkNames('flowLogs', given, ['traffic', 'intervalSeconds', 'keepFor', 'bucketArn']);
  const { traffic = FlowTraffic.All, intervalSeconds = 600, keepFor = '30 days', bucketArn: arn } = given;
  problems.judge('flowLogs.traffic', traffic, oneOf(Object.values(FlowTraffic)));
  const interval = rule(
    (value) => value === 60 || value === 600,
    '60, 600',
    'choose one: AWS sums up by these',
  );
  problems.judge('flowLogs.intervalSeconds', intervalSeconds, interval);
  const most = RETENTION_DAYS.at(-1)!;
  const seconds = parseDuration(keepFor) ?? 0;
  if (seconds <= 0 || wholeDays(seconds) > most) {
    const allowed = `${DURATION_FORM}; above 0, at most ${most} days`;
    problems.add('flowLogs.keepFor', keepFor, { allowed, fix: `write it as '30 days'` });
  }
  if (arn !== undefined && given.keepFor !== undefined) {
    const because = "records go to a bucket, whose lifecycle is its owner's";
    problems.add('flowLogs.keepFor', keepFor, {
      because,
      allowed: 'none',
      fix: 'remove keepFor or bucketArn',
    });
  }
  return {
    traffic,
    intervalSeconds,
    retentionDays: RETENTION_DAYS.find((days) => days >= wholeDays(seconds)) ?? most,
    bucketArn: arn === undefined ? undefined : problems.check('flowLogs.bucketArn', arn, bucketArn),
  };
}

const ZONE_NAME = /^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/;

function normalZoneNames(
  problems: InputProblems,
  { zoneNames, engine, ipv6 }: MediaVpcArgs,
  zones: readonly string[],
): Readonly<Record<string, string>> {
  if (engine !== NetworkEngine.Awsx) {
    if (zoneNames === undefined) return {};
    const because = 'only awsx takes names of zones';
    problems.add('zoneNames', zoneNames, {
      because,
      allowed: 'none',
      fix: `remove it, or set engine to 'awsx'`,
    });
    return {};
  }
  if (ipv6 === true) {
    const because = 'awsx makes no routes for IPv6 and no egress-only gateway';
    problems.add('ipv6', ipv6, { because, allowed: 'false', fix: `remove it, or set engine to 'aws'` });
  }
  const example = `{ 'use1-az4': 'us-east-1a', 'use1-az6': 'us-east-1c' }`;
  if (!isObject(problems, 'zoneNames', zoneNames, example)) return {};
  const names = zoneNames!;
  const command = 'take ZoneName of `aws ec2 describe-availability-zones`, run in this account';
  problems.checkNames('zoneNames', names, zones);
  zones.forEach((id, n) => {
    const path = `zoneNames[${JSON.stringify(id)}]`;
    const name = names[id];
    problems.judge(path, name, rule(matching(ZONE_NAME), 'the name of a zone, as us-east-1a', command));
    const other = zones.slice(0, n).find((each) => name !== undefined && names[each] === name);
    if (other)
      problems.add(path, name, { because: `${other} has it too`, allowed: 'a name a zone', fix: command });
  });
  return names;
}

function normalProtection(
  problems: InputProblems,
  { protection = {} }: MediaVpcArgs,
  environment: Environment,
): Pick<NewNetwork, 'protect' | 'retainOnDelete'> {
  const { protect, retainOnDelete } = PROTECTION[environment];
  if (!isObject(problems, 'protection', protection, '{ protect: true }')) return { protect, retainOnDelete };
  const known = ['protect', 'retainOnDelete'] as const;
  problems.checkNames('protection', protection, known);
  for (const name of known) {
    if (protection[name] !== undefined) problems.judge(`protection.${name}`, protection[name], flag);
  }
  return {
    protect: protection.protect ?? protect,
    retainOnDelete: protection.retainOnDelete ?? retainOnDelete,
  };
}
