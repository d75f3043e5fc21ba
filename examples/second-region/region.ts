/** Everything of one region: a live path of its own, and a distribution in front of it. */
import type * as pulumi from '@pulumi/pulumi';
// eslint-disable-next-line no-restricted-imports -- as the package's users import it
import * as media from 'pulumi-aws-media';

/** What differs from region to region. */
export interface RegionSettings {
  /** Name of the region. @example 'us-west-2' */
  readonly region: string;
  /** Id of the zone that channels are encoded in: with S3 Express One Zone, and G6 or G5. */
  readonly zoneId: string;
  /** Id of another zone, for the origin's load balancer alone. */
  readonly otherZoneId: string;
  /** Addresses, of no other region: networks that overlap can never be connected. */
  readonly cidrBlock: string;
  /** Images of this region's registry, with their digests. */
  readonly encoderImage: string;
  readonly originImage: string;
}

export interface LiveRegion {
  readonly watch: pulumi.Output<string>;
  readonly contribute: pulumi.Output<string>;
  readonly passphrase: pulumi.Output<string>;
}

/**
 * @param name is in the name of every resource, so that one stack can have several regions
 * @param separateFrom addresses of the other regions
 * @param opts with the region's provider, which flows from the components to all that they make
 */
export function liveRegion(
  name: string,
  { zoneId, otherZoneId, cidrBlock, encoderImage, originImage }: RegionSettings,
  { contributor, separateFrom }: { readonly contributor: string; readonly separateFrom: readonly string[] },
  opts: pulumi.ComponentResourceOptions,
): LiveRegion {
  const environment = 'dev';
  const network = new media.MediaVpc(
    `${name}-network`,
    { zones: [zoneId, otherZoneId], cidrBlock, separateFrom, environment },
    opts,
  );
  const store = new media.TieredSegmentStore(
    `${name}-media`,
    { zones: { [zoneId]: { zoneId } }, distributions: media.storeReaders(), environment },
    opts,
  );
  const ingest = new media.SrtIngest(
    `${name}-srt`,
    {
      network,
      zones: { [zoneId]: { ports: { from: 9000, to: 9049 } } },
      channels: { news: { zone: zoneId, port: 9001 } },
      sources: { studio: contributor },
      environment,
    },
    opts,
  );
  new media.NvencEncodeFleet(
    `${name}-live`,
    {
      ...{ network, store, ingest, image: encoderImage, environment },
      zones: [zoneId],
      instanceTypes: ['g6.xlarge'],
      channels: { news: { ladder: 'h264-1080p' } },
    },
    opts,
  );
  const origin = new media.LlHlsOrigin(
    `${name}-origin`,
    { network, store, image: originImage, environment },
    opts,
  );
  const cdn = new media.StreamingCdn(
    `${name}-cdn`,
    { origin, store, channels: { news: {} }, access: 'public', viewers: 1000, averageMbps: 5, environment },
    opts,
  );
  return {
    watch: cdn.channels['news'].url,
    contribute: ingest.channels['news'].address,
    passphrase: ingest.channels['news'].secretArn!,
  };
}
