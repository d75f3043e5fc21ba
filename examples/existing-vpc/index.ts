import * as ec2 from '@pulumi/aws/ec2';
import * as pulumi from '@pulumi/pulumi';
// eslint-disable-next-line no-restricted-imports -- as the package's users import it
import {
  LlHlsOrigin,
  NvencEncodeFleet,
  SrtIngest,
  TieredSegmentStore,
  type MediaNetwork,
} from 'pulumi-aws-media';

const config = new pulumi.Config();
const zone = config.require('zoneId');
const otherZone = config.require('otherZoneId');
const environment = 'dev';

/** By its id, or by its tags; tags that fit none, or several, are an error of the preview. */
const vpcId = config.get('vpcId') ?? ec2.getVpcOutput({ tags: { Name: config.require('vpcName') } }).id;

/** The one subnet of the VPC that is in a zone and has the tag of its tier. */
const subnetId = (zoneId: string, tier: string): pulumi.Output<string> =>
  ec2.getSubnetOutput({
    vpcId,
    filters: [{ name: 'availability-zone-id', values: [zoneId] }],
    tags: { [config.require('tierTag')]: tier },
  }).id;

/** What components take in place of a MediaVpc: ids, by the ids of zones. */
const network: MediaNetwork = {
  vpcId,
  zones: {
    [zone]: { publicSubnetId: subnetId(zone, 'public'), privateSubnetId: subnetId(zone, 'private') },
    // For the origin's load balancer, which AWS wants in two zones.
    [otherZone]: { privateSubnetId: subnetId(otherZone, 'private') },
  },
};

const store = new TieredSegmentStore('media', { zones: { [zone]: { zoneId: zone } }, environment });

const ingest = new SrtIngest('srt', {
  network,
  zones: { [zone]: { ports: { from: 9000, to: 9049 } } },
  channels: { news: { zone, port: 9001 } },
  sources: { studio: config.require('contributor') },
  environment,
});

const fleet = new NvencEncodeFleet('live', {
  network,
  zones: [zone],
  store,
  ingest,
  image: config.require('encoderImage'),
  channels: { news: { ladder: 'h264-1080p' } },
  environment,
});

const origin = new LlHlsOrigin('origin', {
  network,
  store,
  image: config.require('originImage'),
  environment,
});

export const address = ingest.channels['news'].address;
export const cluster = fleet.clusterName;
/** What a distribution of CloudFront is given, of this program or another. */
export const vpcOriginId = origin.vpcOriginId;
