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
  type FleetIngest,
  type MediaNetwork,
  type PurchaseMix,
} from '../components';
import { isUnsigned } from './access';
import { alarmTopics } from './alarm-topics';
import { dashboards, type DashboardLinks } from './dashboards';
import type { StackSettings } from './environment';
import { FromConfiguration } from './from-configuration';
import { given } from './given';
import { cdnArgs, fleetChannels, ingestArgs, networkArgs, storeZones } from './arguments';
import {
  imageStandIn,
  ingestStandIn,
  networkStandIn,
  originStandIn,
  placementsStandIn,
  storeStandIn,
} from './stand-ins';

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
  /** Where the console shows what goes on: `fleet`, and `channels` by their ids; empty where there are none. */
  readonly dashboards: DashboardLinks;
  /** What to do next. */
  readonly howToWatch: string;
}

export function live(settings: StackSettings): LiveOutputs {
  const { environment, tags } = settings;
  const common = { environment, tags };
  const configured = new FromConfiguration();
  const told = alarmTopics(settings.alarmTopics, new pulumi.Config('aws').get('region'));
  const network = makeNetwork(settings, configured);
  const store = configured.make(
    { zones: 'zones', dvr: 'dvr', 'archive.keepFor': 'archiveFor', tags: 'tags' },
    () =>
      new TieredSegmentStore('media', {
        ...common,
        zones: storeZones(settings),
        dvr: settings.dvr,
        ...(settings.archiveFor === undefined ? {} : { archive: { keepFor: settings.archiveFor } }),
        distributions: storeReaders(settings.distributions),
      }),
    () => storeStandIn(settings),
  );
  const encoderImage =
    settings.encoderImage ??
    configured.make({ tags: 'tags' }, () => new EncoderImage('encoder', common).imageUri, imageStandIn);
  const originImage =
    settings.originImage ??
    configured.make(
      { tags: 'tags', architecture: 'originArchitecture' },
      () =>
        new EncoderImage('origin', { ...common, target: 'origin', architecture: settings.originArchitecture })
          .imageUri,
      imageStandIn,
    );
  const contributions = ingestArgs(settings);
  const ingest =
    contributions === undefined
      ? undefined
      : configured.make(
          {
            ...{ zones: 'zones', channels: 'channels', sources: 'sources', entry: 'entry' },
            ...{ network: 'network', 'network.zones': 'zones', tags: 'tags' },
          },
          () => new SrtIngest('srt', { ...common, ...contributions, network }),
          () => ingestStandIn(settings),
        );
  const fleet = configured.make(
    {
      ...{ channels: 'channels', instanceTypes: 'instanceTypes', purchase: 'purchase', zones: 'zones' },
      ...{
        image: 'encoderImage',
        'alarms.actions': 'alarmTopics',
        network: 'network',
        'network.zones': 'zones',
        tags: 'tags',
      },
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
        alarms: { actions: told.ofOthers },
      }),
    () => undefined,
  );
  const origin = configured.make(
    {
      ...{ image: 'originImage', zones: 'zones', 'alarms.actions': 'alarmTopics' },
      ...{ architecture: 'originArchitecture', network: 'network', 'network.zones': 'zones', tags: 'tags' },
    },
    () =>
      new LlHlsOrigin('origin', {
        ...common,
        ...{ network, store, image: originImage, architecture: settings.originArchitecture },
        zones: Object.fromEntries(Object.keys(settings.zones).map((zone) => [zone, {}])),
        channels: fleet?.placements ?? placementsStandIn(settings),
        alarms: { actions: told.ofOthers },
      }),
    originStandIn,
  );
  const cdn = configured.make(
    {
      ...{ viewers: 'viewers', averageMbps: 'viewerMbps', quotas: 'quotas', distributions: 'distributions' },
      ...{ http3: 'http3', originShield: 'originShield', webAclArn: 'webAclArn', access: 'signingKeys' },
      ...{ 'access.keys': 'signingKeys', 'geo.allow': 'countries', domain: 'domain' },
      ...{ 'cors.origins': 'webPages', channels: 'channels', functions: 'edge', tags: 'tags' },
      'alarms.actions': 'alarmTopics',
    },
    () =>
      new StreamingCdn('cdn', {
        ...common,
        ...cdnArgs(settings),
        ...{ origin, store, alarms: { actions: told.ofDistributions } },
      }),
    () => undefined,
  );
  const links = dashboards(settings, configured, { fleet, origin, cdn });
  configured.finish();
  return {
    watch: ofEach(cdn!.channels, ({ url }) => url),
    contribute: ofEach(contributed(ingest), ({ address }) => address),
    passphrases: ofEach(contributed(ingest), ({ secretArn }) => secretArn),
    placements: fleet!.placements,
    dashboards: links,
    howToWatch: howToWatch(settings),
  };
}

const contributed = (ingest: SrtIngest | FleetIngest | undefined): SrtIngest['channels'] =>
  ingest instanceof SrtIngest ? ingest.channels : {};

function makeNetwork(settings: StackSettings, configured: FromConfiguration): MediaNetwork {
  const { vpcId, subnets } = settings.network;
  if (vpcId !== undefined) return { vpcId, zones: subnets ?? {} };
  return configured.make(
    {
      ...{ zones: 'zones', cidrBlock: 'network.cidrBlock', separateFrom: 'network.separateFrom' },
      ...{ nat: 'network.nat', ipv6: 'network.ipv6', tags: 'tags' },
    },
    () =>
      new MediaVpc('network', {
        environment: settings.environment,
        tags: settings.tags,
        ...networkArgs(settings),
      }),
    () => networkStandIn(settings),
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

const PLAY =
  'open a URL of `watch` in a player of LL-HLS, as hls.js or Safari; `npx aws-media lint <URL>` checks it.';

function howToWatch(settings: StackSettings): string {
  if (settings.publicChannels) return `Anybody may watch: ${PLAY}`;
  const needed = [
    ...(isUnsigned(settings) ? [] : ['signed URLs or cookies (`npx aws-media sign --help`)']),
    ...(settings.edge.token === undefined ? [] : ['a token (`npx aws-media sign token --help`)']),
  ];
  return `Viewers need ${needed.join(' and ')}. Then ${PLAY}`;
}
