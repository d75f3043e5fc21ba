/** Arguments as given -> what the component works with, once, or everything that is wrong with them. */
import type * as pulumi from '@pulumi/pulumi';
import {
  ENVIRONMENTS,
  InputProblems,
  PROTECTION,
  checkTags,
  isObject,
  isPlain,
  matching,
  oneOf,
  optional,
  rule,
  type Protection,
  type Tags,
} from '../kit';
import { checkNetwork, type MediaNetwork } from '../network/network';
import {
  INGEST_ARGUMENTS,
  IngestHealthProtocol,
  INGEST_TRANSFORMS,
  SrtEntry,
  type AcceleratorFlowLogsArgs,
  type IngestHealthCheckArgs,
  type IngestZoneArgs,
  type SrtIngestArgs,
  type SrtIngestTransforms,
} from './args';
import { normalChannels, type NormalChannel } from './normal-channels';
import { SECRET_PREFIX } from './names';
import { LISTENING_PORTS, isPort, isRange, overlap, type PortRange } from './ports';
import { entriesOf, keyArn, sourceId, wholeNumber } from './rules';
import { sourceRule } from './sources';

/** A zone, checked. */
export interface NormalZone {
  readonly ports: PortRange;
  readonly allocationId: pulumi.Input<string> | undefined;
}

/** Arguments, checked, with their defaults. */
export interface NormalArgs {
  readonly network: MediaNetwork;
  readonly zones: ReadonlyMap<string, NormalZone>;
  readonly channels: ReadonlyMap<string, NormalChannel>;
  readonly sources: ReadonlyMap<string, pulumi.Input<string>>;
  readonly entry: SrtEntry;
  readonly flowLogs: AcceleratorFlowLogsArgs | undefined;
  readonly keyArn: pulumi.Input<string> | undefined;
  readonly healthCheck: Required<IngestHealthCheckArgs>;
  readonly deregistrationSeconds: number;
  readonly protection: Protection;
  readonly tags: Tags;
}

const RULES = { default: 60, max: 1000 } as const;
const ZONE_EXAMPLE = `{ 'use1-az4': { ports: { from: 9000, to: 9049 } } }`;

const allocationId = rule(
  matching(/^eipalloc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/),
  'the allocation id of an Elastic IP address, as eipalloc-0123456789abcdef0',
  'give the allocation id, not the address',
);
const bucketName = rule(
  matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  'the name of a bucket: 3 to 63 of a-z, 0-9, dots and hyphens',
  'give its name alone, without s3:// or arn:',
);
const secretPrefix = rule(
  matching(SECRET_PREFIX),
  'up to 400 letters, digits and /_+=.@-, because its secrets are named after it',
  'call it otherwise',
);
const text = rule((value) => typeof value === 'string', 'a text', 'write one, or leave it out');

/** As errors name the component. */
export const ownerOf = (name: string): string => `SrtIngest ${JSON.stringify(name)}`;

/**
 * @param name of the component
 * @throws pulumi.InputPropertiesError with everything that can be seen now
 */
export function normalise(
  name: string,
  given: SrtIngestArgs,
  transform: SrtIngestTransforms = {},
): NormalArgs {
  const problems = new InputProblems(ownerOf(name));
  const example = '{ network, zones, channels, sources }';
  const args: Partial<SrtIngestArgs> = isObject(problems, 'args', given, example) ? given : {};
  problems.checkNames('', args, INGEST_ARGUMENTS);
  if (isObject(problems, 'transform', transform, '{ loadBalancer: { enableZonalShift: true } }')) {
    problems.checkNames('transform', transform, INGEST_TRANSFORMS);
  }
  const { entry = SrtEntry.Internet, environment = 'prod' } = args;
  problems.judge('entry', entry, oneOf(Object.values(SrtEntry)));
  problems.judge('environment', environment, oneOf(ENVIRONMENTS));
  const zones = normalZones(problems, args.zones as SrtIngestArgs['zones'], entry);
  const network = checkNetwork(problems, 'network', args.network as MediaNetwork, {
    zones: [...zones.keys()],
    tiers: entry === SrtEntry.Internet ? ['public'] : [],
  });
  const sourceIds = isPlain(args.sources) ? Object.keys(args.sources) : [];
  const channels = normalChannels(problems, args.channels as SrtIngestArgs['channels'], {
    zones,
    sourceIds,
    reserved: normalReserved(problems, args.reservedPorts),
    rules: normalRules(problems, args.rulesPerSecurityGroup),
  });
  const normal: NormalArgs = {
    network,
    zones,
    channels,
    sources: normalSources(problems, args.sources as SrtIngestArgs['sources'], channels),
    entry,
    flowLogs: normalFlowLogs(problems, args, entry),
    keyArn: optional(problems, 'keyArn', args.keyArn, keyArn),
    healthCheck: normalHealthCheck(problems, args.healthCheck),
    deregistrationSeconds: args.deregistrationSeconds ?? 0,
    protection: PROTECTION[environment] ?? PROTECTION.prod,
    tags: checkTags(problems, args.tags),
  };
  const makesSecrets = [...channels.values()].some(({ passphrase }) => passphrase === 'new');
  if (makesSecrets) problems.judge('name', name, secretPrefix);
  problems.judge('deregistrationSeconds', normal.deregistrationSeconds, wholeNumber(0, 5, ' of seconds'));
  problems.throwIfAny();
  return normal;
}

function normalZones(
  problems: InputProblems,
  given: Record<string, IngestZoneArgs>,
  entry: SrtEntry,
): Map<string, NormalZone> {
  const zones = new Map<string, NormalZone>();
  for (const [id, zone] of entriesOf(problems, 'zones', given, ZONE_EXAMPLE)) {
    const path = `zones[${JSON.stringify(id)}]`;
    if (!isObject(problems, path, zone, '{ ports: { from: 9000, to: 9049 } }')) {
      zones.set(id, { ports: LISTENING_PORTS, allocationId: undefined });
      continue;
    }
    problems.checkNames(path, zone, ['ports', 'allocationId']);
    const { from, to } = LISTENING_PORTS;
    const range = rule(
      isRange,
      `{ from, to } within ${from} to ${to}, from not above to`,
      'write { from: 9000, to: 9049 }',
    );
    problems.judge(`${path}.ports`, zone.ports, range);
    const ports = isRange(zone.ports) ? zone.ports : LISTENING_PORTS;
    if (isPlain(zone.ports)) problems.checkNames(`${path}.ports`, zone.ports, ['from', 'to']);
    const other = [...zones].find(([, { ports: taken }]) => isRange(zone.ports) && overlap(taken, ports));
    if (other) {
      problems.add(`${path}.ports`, zone.ports, {
        because: `zones[${JSON.stringify(other[0])}] has ${other[1].ports.from} to ${other[1].ports.to}`,
        allowed: 'ports of one zone only: one address may stand for all zones',
        fix: 'choose others',
      });
    }
    if (zone.allocationId !== undefined && entry !== SrtEntry.Internet) {
      problems.add(`${path}.allocationId`, zone.allocationId, {
        because: `entry is ${JSON.stringify(entry)}: the load balancer is internal`,
        allowed: 'none',
        fix: `remove it, or set entry to 'internet'`,
      });
    }
    const address = optional(problems, `${path}.allocationId`, zone.allocationId, allocationId);
    zones.set(id, { ports, allocationId: address });
  }
  return zones;
}

function normalSources(
  problems: InputProblems,
  given: Record<string, pulumi.Input<string>>,
  channels: ReadonlyMap<string, NormalChannel>,
): Map<string, pulumi.Input<string>> {
  const sources = new Map<string, pulumi.Input<string>>();
  for (const [id, source] of entriesOf(problems, 'sources', given, `{ studio: '203.0.113.7/32' }`)) {
    problems.judge(`sources.${id}`, id, (value) => {
      const problem = sourceId(value);
      return problem && { ...problem, because: 'the id' };
    });
    const unencrypted = [...channels]
      .filter(([, channel]) => !channel.passphrase && channel.sources.includes(id))
      .map(([channel]) => `channels.${channel}`);
    sources.set(id, problems.check<string>(`sources.${id}`, source, sourceRule(unencrypted)));
  }
  return sources;
}

function normalReserved(problems: InputProblems, given: readonly number[] = []): readonly number[] {
  if (!Array.isArray(given)) {
    problems.add('reservedPorts', given, { allowed: 'a list of TCP ports', fix: 'write [9100]' });
    return [];
  }
  const { from, to } = LISTENING_PORTS;
  const port = rule(isPort, `a port from ${from} to ${to}`, 'leave out others: no channel can have them');
  given.forEach((value, n) => problems.judge(`reservedPorts[${n}]`, value as unknown, port));
  return given as readonly number[];
}

function normalRules(problems: InputProblems, given: number = RULES.default): number {
  problems.judge('rulesPerSecurityGroup', given, wholeNumber(RULES.default, RULES.max, ''));
  return given;
}

function normalFlowLogs(
  problems: InputProblems,
  { accelerator }: Partial<SrtIngestArgs>,
  entry: SrtEntry,
): AcceleratorFlowLogsArgs | undefined {
  if (accelerator === undefined) return undefined;
  if (entry !== SrtEntry.Accelerator) {
    const fix = `remove it, or set entry to 'accelerator'`;
    problems.add('accelerator', accelerator, {
      because: `entry is ${JSON.stringify(entry)}`,
      allowed: 'none',
      fix,
    });
  }
  const example = `{ flowLogs: { bucket: 'logs' } }`;
  if (!isObject(problems, 'accelerator', accelerator, example)) return undefined;
  problems.checkNames('accelerator', accelerator, ['flowLogs']);
  const { flowLogs } = accelerator;
  if (flowLogs === undefined) return undefined;
  const path = 'accelerator.flowLogs';
  if (!isObject(problems, path, flowLogs, `{ bucket: 'logs' }`)) return undefined;
  problems.checkNames(path, flowLogs, ['bucket', 'prefix']);
  return {
    bucket: problems.check<string>(`${path}.bucket`, flowLogs.bucket, bucketName),
    prefix: problems.check<string>(`${path}.prefix`, flowLogs.prefix ?? 'global-accelerator', text),
  };
}

function normalHealthCheck(
  problems: InputProblems,
  given: IngestHealthCheckArgs = {},
): Required<IngestHealthCheckArgs> {
  const defaults = { protocol: IngestHealthProtocol.Tcp, intervalSeconds: 10 };
  if (!isObject(problems, 'healthCheck', given, `{ protocol: 'http' }`)) return defaults;
  problems.checkNames('healthCheck', given, ['protocol', 'intervalSeconds']);
  const { protocol = defaults.protocol, intervalSeconds = defaults.intervalSeconds } = given;
  problems.judge('healthCheck.protocol', protocol, oneOf(Object.values(IngestHealthProtocol)));
  problems.judge('healthCheck.intervalSeconds', intervalSeconds, wholeNumber(5, 300, ' of seconds'));
  return { protocol, intervalSeconds };
}
