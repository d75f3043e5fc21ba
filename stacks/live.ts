/** Live channels from contribution to viewer, composed of this package's components alone. */
import * as pulumi from '@pulumi/pulumi';
import {
  EncoderImage,
  LlHlsOrigin,
  MediaVpc,
  NvencEncodeFleet,
  SrtIngest,
  StreamingCdn,
  TieredSegmentStore,
  storeReaders,
  type MediaNetwork,
  type PurchaseMix,
} from '../components';
import type { StackSettings } from './environment';
import { fromConfiguration } from './from-configuration';
import { given, cdnArgs, fleetChannels, ingestArgs, networkArgs, storeZones } from './arguments';

/** What `pulumi stack output` tells. */
export interface LiveOutputs {
  /** Where each channel is watched. */
  readonly watch: pulumi.Output<Record<string, string>>;
  /** Where each channel's contributor calls, as srt://host:port. */
  readonly contribute: pulumi.Output<Record<string, string>>;
  /** Secrets with the contributors' passphrases: who may read them runs `aws secretsmanager get-secret-value`. */
  readonly passphrases: pulumi.Output<Record<string, string>>;
  /** Where each channel is encoded. */
  readonly placements: NvencEncodeFleet['placements'];
  /** What to do next. */
  readonly howToWatch: string;
}

export function live(settings: StackSettings): LiveOutputs {
  const { environment, tags } = settings;
  const common = { environment, tags };
  const network = makeNetwork(settings);
  const store = fromConfiguration(
    { zones: 'zones', dvr: 'dvr', 'archive.keepFor': 'archiveFor', tags: 'tags' },
    () =>
      new TieredSegmentStore('media', {
        ...common,
        zones: storeZones(settings),
        dvr: settings.dvr,
        ...(settings.archiveFor === undefined ? {} : { archive: { keepFor: settings.archiveFor } }),
        distributions: storeReaders(settings.distributions),
      }),
  );
  const encoderImage = settings.encoderImage ?? new EncoderImage('encoder', common).imageUri;
  const originImage =
    settings.originImage ??
    new EncoderImage('origin', { ...common, target: 'origin', architecture: settings.originArchitecture })
      .imageUri;
  const contributions = ingestArgs(settings);
  const ingest =
    contributions === undefined
      ? undefined
      : fromConfiguration(
          { zones: 'zones', channels: 'channels', sources: 'sources', entry: 'entry', network: 'network' },
          () => new SrtIngest('srt', { ...common, ...contributions, network }),
        );
  const fleet = fromConfiguration(
    {
      ...{ channels: 'channels', instanceTypes: 'instanceTypes', purchase: 'purchase', zones: 'zones' },
      ...{ image: 'encoderImage', 'alarms.actions': 'alarmTopics', network: 'network' },
    },
    () =>
      new NvencEncodeFleet('live', {
        ...common,
        ...{ network, store, image: encoderImage },
        ...(ingest === undefined ? {} : { ingest }),
        zones: Object.keys(settings.zones),
        instanceTypes: settings.instanceTypes,
        ...(Object.keys(settings.purchase).length === 0
          ? {}
          : { purchase: given<PurchaseMix>(settings.purchase as PurchaseMix) }),
        channels: fleetChannels(settings),
        alarms: { actions: settings.alarmTopics },
      }),
  );
  const origin = fromConfiguration(
    {
      image: 'originImage',
      zones: 'zones',
      'alarms.actions': 'alarmTopics',
      architecture: 'originArchitecture',
      network: 'network',
    },
    () =>
      new LlHlsOrigin('origin', {
        ...common,
        ...{ network, store, image: originImage, architecture: settings.originArchitecture },
        zones: Object.fromEntries(Object.keys(settings.zones).map((zone) => [zone, {}])),
        channels: fleet.placements,
        alarms: { actions: settings.alarmTopics },
      }),
  );
  const cdn = fromConfiguration(
    {
      ...{ viewers: 'viewers', averageMbps: 'viewerMbps', quotas: 'quotas', distributions: 'distributions' },
      ...{ http3: 'http3', originShield: 'originShield', webAclArn: 'webAclArn', access: 'signingKeys' },
      ...{
        'access.keys': 'signingKeys',
        'geo.allow': 'countries',
        domain: 'domain',
        'cors.origins': 'webPages',
      },
      channels: 'channels',
    },
    () => new StreamingCdn('cdn', { ...common, ...cdnArgs(settings), origin, store }),
  );
  return {
    watch: ofEach(cdn.channels, ({ url }) => url),
    contribute: ofEach(ingest?.channels, ({ address }) => address),
    passphrases: ofEach(ingest?.channels, ({ secretArn }) => secretArn),
    placements: fleet.placements,
    howToWatch: howToWatch(settings),
  };
}

function makeNetwork(settings: StackSettings): MediaNetwork {
  const { vpcId, subnets } = settings.network;
  if (vpcId !== undefined) return { vpcId, zones: subnets ?? {} };
  return fromConfiguration(
    {
      zones: 'zones',
      cidrBlock: 'network.cidrBlock',
      separateFrom: 'network.separateFrom',
      nat: 'network.nat',
      tags: 'tags',
    },
    () =>
      new MediaVpc('network', {
        environment: settings.environment,
        tags: settings.tags,
        ...networkArgs(settings),
      }),
  );
}

/** One output of a value a channel; without those that have none. */
function ofEach<T>(
  channels: Readonly<Record<string, T>> = {},
  valueOf: (channel: T) => pulumi.Output<string> | undefined,
): pulumi.Output<Record<string, string>> {
  const values = Object.entries(channels).flatMap(([id, channel]) => {
    const value = valueOf(channel);
    return value === undefined ? [] : [[id, value] as const];
  });
  return pulumi.output(Object.fromEntries(values));
}

const howToWatch = ({ publicChannels }: StackSettings): string =>
  publicChannels
    ? 'Open a URL of `watch` in a player of LL-HLS, as hls.js or Safari; `npx aws-media lint <URL>` checks it.'
    : 'Viewers need signed URLs or cookies: `npx aws-media sign --help`. Then open a URL of `watch` in a player of LL-HLS.';
