/** The channels of the arguments, checked: each alone, and all against each other. */
import type * as pulumi from '@pulumi/pulumi';
import { CHANNEL_PATTERN, INGEST_ENVIRONMENT } from '../../encoder/contract';
import { isObject, matching, oneOf, optional, rule, type InputProblems, type Judge } from '../kit';
import type { IngestChannelArgs, PassphraseArgs } from './args';
import { MAX_LISTENERS, collisions, isPort, within, type PortRange } from './ports';
import { entriesOf, keyArn, secretArn, wholeNumber } from './rules';

/** A channel, checked. */
export interface NormalChannel {
  readonly zone: string;
  readonly port: number;
  readonly healthPort: number;
  /** Ids. */
  readonly sources: readonly string[];
  /** Undefined where the channel is not encrypted. */
  readonly passphrase: NormalPassphrase | undefined;
  readonly latencyMs: number | undefined;
  readonly streamId: string | undefined;
}

/** A new secret, or one that is there already. */
export type NormalPassphrase =
  'new' | { readonly secretArn: pulumi.Input<string>; readonly keyArn?: pulumi.Input<string> };

/** What channels are checked against. */
export interface ChannelLimits {
  readonly zones: ReadonlyMap<string, { readonly ports: PortRange }>;
  readonly sourceIds: readonly string[];
  /** TCP ports that other programs have. */
  readonly reserved: readonly number[];
  /** Rules that a security group may have. */
  readonly rules: number;
}

const PROPERTIES = ['zone', 'port', 'healthPort', 'sources', 'passphrase', 'latencyMs', 'streamId'] as const;
const EXAMPLE = `{ zone: 'use1-az4', port: 9001 }`;
const { SRT_LATENCY_MS } = INGEST_ENVIRONMENT;
/** SRT's limit on SRTO_STREAMID. */
const STREAM_ID_BYTES = 512;

const channelId = rule(
  matching(CHANNEL_PATTERN),
  '1 to 63 of a-z, 0-9 and inner hyphens',
  "rename it; it is the encoder's CHANNEL",
);
const streamId = rule(
  (value) =>
    typeof value === 'string' &&
    value !== '' &&
    Buffer.byteLength(value) <= STREAM_ID_BYTES &&
    !/\p{Cc}/u.test(value),
  `1 to ${STREAM_ID_BYTES} bytes without control characters`,
  'shorten it, or leave it out to take any',
);

export function normalChannels(
  problems: InputProblems,
  given: Record<string, IngestChannelArgs>,
  limits: ChannelLimits,
): Map<string, NormalChannel> {
  const channels = new Map<string, NormalChannel>();
  for (const [id, channel] of entriesOf(problems, 'channels', given, `{ news: ${EXAMPLE} }`)) {
    const path = `channels.${id}`;
    problems.judge(path, id, named(channelId));
    if (!isObject(problems, path, channel, EXAMPLE)) continue;
    problems.checkNames(path, channel, PROPERTIES);
    // Without any, that is what is wrong.
    const zones = [...limits.zones.keys()];
    if (zones.length > 0) problems.judge(`${path}.zone`, channel.zone, oneOf(zones));
    const ports = limits.zones.get(channel.zone)?.ports;
    if (ports) {
      for (const property of ['port', 'healthPort'] as const) {
        if (property === 'port' || channel.healthPort !== undefined) {
          problems.judge(`${path}.${property}`, channel[property], portOf(ports));
        }
      }
    }
    const { latencyMs } = channel;
    if (latencyMs !== undefined) {
      const { min, max } = SRT_LATENCY_MS;
      problems.judge(`${path}.latencyMs`, latencyMs, wholeNumber(min, max, ' of milliseconds'));
    }
    if (channel.streamId !== undefined) problems.judge(`${path}.streamId`, channel.streamId, streamId);
    channels.set(id, {
      zone: channel.zone,
      port: channel.port,
      healthPort: channel.healthPort ?? channel.port,
      sources: normalSources(problems, `${path}.sources`, channel.sources, limits.sourceIds),
      passphrase: normalPassphrase(problems, `${path}.passphrase`, channel.passphrase),
      latencyMs,
      streamId: channel.streamId,
    });
  }
  checkPorts(problems, channels, limits);
  checkQuotas(problems, channels, limits);
  return channels;
}

/** The id itself is what is wrong. */
const named =
  (judge: Judge<unknown>): Judge<unknown> =>
  (value) => {
    const problem = judge(value);
    return problem && { ...problem, because: 'the id' };
  };

const portOf = ({ from, to }: PortRange): Judge<unknown> =>
  rule(
    (value) => isPort(value) && within(value, { from, to }),
    `a port of its zone, ${from} to ${to}`,
    'choose one of these, or give the zone more',
  );

function normalSources(
  problems: InputProblems,
  path: string,
  given: readonly string[] | undefined,
  known: readonly string[],
): readonly string[] {
  if (given === undefined) return known;
  if (!Array.isArray(given) || given.length === 0) {
    problems.add(path, given, {
      allowed: 'a list of at least one',
      fix: 'name some, or leave it out for all',
    });
    return [];
  }
  const ids = given as readonly string[];
  ids.forEach((id, n) => {
    if (known.length > 0) problems.judge(`${path}[${n}]`, id, oneOf(known));
    if (ids.indexOf(id) === n) return;
    problems.add(`${path}[${n}]`, id, { because: 'named twice', allowed: 'each once', fix: 'remove one' });
  });
  return ids;
}

function normalPassphrase(
  problems: InputProblems,
  path: string,
  given: PassphraseArgs | false | undefined,
): NormalPassphrase | undefined {
  if (given === undefined) return 'new';
  if (given === false) return undefined;
  if (!isObject(problems, path, given, `false, or { secretArn: 'arn:aws:secretsmanager:...' }`)) return 'new';
  problems.checkNames(path, given, ['secretArn', 'keyArn']);
  const key = optional(problems, `${path}.keyArn`, given.keyArn, keyArn);
  return {
    secretArn: problems.check<string>(`${path}.secretArn`, given.secretArn, secretArn),
    ...(key !== undefined && { keyArn: key }),
  };
}

/** No two channels of a zone may meet on a host. */
function checkPorts(
  problems: InputProblems,
  channels: ReadonlyMap<string, NormalChannel>,
  { reserved }: ChannelLimits,
): void {
  const taken = [...channels]
    .map(([id, { zone, port, healthPort }]) => ({ id, zone, port, healthPort }))
    .filter(({ port, healthPort }) => isPort(port) && isPort(healthPort));
  for (const { id, property, port, holder } of collisions(taken, reserved)) {
    problems.add(`channels.${id}.${property}`, port, {
      because: `${holder} has it, and tasks share the ports of their instance`,
      allowed: `a ${property === 'port' ? 'UDP' : 'TCP'} port of its own`,
      fix: property === 'port' ? 'choose another' : 'set healthPort to another',
    });
  }
}

/** What AWS would refuse in the middle of an update. */
function checkQuotas(
  problems: InputProblems,
  channels: ReadonlyMap<string, NormalChannel>,
  { zones, rules }: ChannelLimits,
): void {
  for (const zone of zones.keys()) {
    const own = [...channels.values()].filter((channel) => channel.zone === zone);
    if (own.length > MAX_LISTENERS) {
      problems.add('channels', `${own.length} channels in ${zone}`, {
        allowed: `at most ${MAX_LISTENERS} a zone, which is the limit of a load balancer's listeners`,
        fix: 'use another zone, or another SrtIngest for some',
      });
    }
    const needed = own.reduce((sum, { sources }) => sum + sources.length, 0);
    if (needed <= rules) continue;
    problems.add('channels', `${needed} rules in ${zone}, one a channel and source`, {
      allowed: `at most ${rules}, the account's quota of rules in a security group`,
      fix:
        'give channels fewer sources, join sources in larger ranges, or raise the quota L-0EA8095F and ' +
        'rulesPerSecurityGroup',
    });
  }
}
