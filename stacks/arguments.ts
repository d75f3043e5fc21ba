/** What the components are given, of what is configured. Pure. */
import type {
  CdnChannelArgs,
  FleetChannelArgs,
  IngestChannelArgs,
  MediaVpcArgs,
  SrtIngestArgs,
  StreamingCdnArgs,
  TieredSegmentStoreArgs,
} from '../components';
import { isUnsigned } from './access';
import { edgeFunctions } from './edge';
import type { StackSettings } from './environment';
import { given } from './given';
import type { ChannelSettings } from './settings';

type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

const mapValues = <V, R>(
  values: Readonly<Record<string, V>>,
  change: (value: V, key: string) => R,
): Record<string, R> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]));

const isSrt = ({ source }: ChannelSettings): boolean => source === undefined || source === 'srt';

/** The zone of a channel: its own, or the only one. */
const zoneOf = ({ zone }: ChannelSettings, zones: readonly string[]): string | undefined =>
  zone ?? (zones.length === 1 ? zones[0] : undefined);

export function networkArgs({
  network,
  zones,
}: StackSettings): Pick<MediaVpcArgs, 'zones'> & Partial<MediaVpcArgs> {
  const { cidrBlock, separateFrom, nat, ipv6, spareZones = [] } = network;
  return given<MediaVpcArgs>({
    zones: [...new Set([...Object.keys(zones), ...spareZones])],
    ...{ cidrBlock, separateFrom, nat, ipv6 },
  });
}

export const storeZones = ({ zones }: StackSettings): NonNullable<TieredSegmentStoreArgs['zones']> =>
  mapValues(zones, (_, zoneId) => ({ zoneId }));

/** @returns undefined where no channel is contributed over SRT */
export function ingestArgs(settings: StackSettings): Omit<SrtIngestArgs, 'network'> | undefined {
  const zones = Object.keys(settings.zones);
  const channels = Object.entries(settings.channels).filter(([, channel]) => isSrt(channel));
  if (channels.length === 0) return undefined;
  return {
    entry: settings.entry,
    sources: settings.sources,
    zones: mapValues(settings.zones, ({ ports }) => ({ ports: ports! })),
    channels: Object.fromEntries(
      channels.map(([id, channel]) => [
        id,
        given<IngestChannelArgs>({
          zone: zoneOf(channel, zones)!,
          port: channel.port!,
          healthPort: channel.healthPort,
          sources: channel.sources,
          passphrase: channel.encrypted === false ? false : undefined,
          latencyMs: channel.latencyMs,
        }),
      ]),
    ),
  };
}

export function fleetChannels({ channels, zones }: StackSettings): Record<string, FleetChannelArgs> {
  return mapValues(channels, (channel) => {
    const { ladder, frameRate, profile, source, instanceType, purchase, acceptInterruption } = channel;
    const args = {
      ...{ ladder, frameRate, profile, instanceType, purchase, acceptInterruption },
      zone: zoneOf(channel, Object.keys(zones)),
      // The ingest says what a contributed channel listens on.
      ...(isSrt(channel) ? {} : { source, port: channel.port, metricsPort: channel.healthPort }),
      ...{ deployment: channel.deployment, running: channel.running },
    };
    return given(args as FleetChannelArgs);
  });
}

export function cdnArgs(settings: StackSettings): Omit<StreamingCdnArgs, 'origin' | 'store'> {
  const { domain } = settings;
  const args: Draft<Omit<StreamingCdnArgs, 'origin' | 'store'>> = {
    channels: mapValues(settings.channels, ({ public: isPublic }) =>
      given<CdnChannelArgs>({ public: isPublic }),
    ),
    access: isUnsigned(settings)
      ? 'public'
      : { keys: mapValues(settings.signingKeys, (publicKey) => ({ publicKey })) },
    viewers: settings.viewers,
    averageMbps: settings.viewerMbps,
    quotas: given(settings.quotas),
    distributions: settings.distributions,
    http3: settings.http3,
  };
  if (!settings.originShield) args.originShield = false;
  if (settings.webAclArn !== undefined) args.webAclArn = settings.webAclArn;
  if (settings.countries.length > 0) args.geo = { allow: settings.countries };
  if (settings.webPages.length > 0) args.cors = corsArgs(settings);
  const functions = edgeFunctions(settings);
  if (functions !== undefined) args.functions = functions;
  if (domain.name !== undefined && domain.zoneId !== undefined)
    args.domain = given({ name: domain.name, zoneId: domain.zoneId, certificateArn: domain.certificateArn });
  return args;
}

/** Pages that are named may send a token's cookie, as they may a signature's. */
const corsArgs = ({ webPages, edge }: StackSettings): NonNullable<StreamingCdnArgs['cors']> =>
  edge.token !== undefined && !webPages.includes('*')
    ? { origins: webPages, credentials: true }
    : { origins: webPages };
