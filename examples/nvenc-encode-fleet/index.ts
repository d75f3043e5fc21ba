import * as pulumi from '@pulumi/pulumi';
// eslint-disable-next-line no-restricted-imports -- as the package's users import it
import { NvencEncodeFleet, TieredSegmentStore } from 'pulumi-aws-media';

const config = new pulumi.Config();
const zoneId = config.require('zoneId');
const alarmTopic = config.require('alarmTopic');

const store = new TieredSegmentStore('media', {
  zones: { [zoneId]: { zoneId } },
  dvr: '1 day',
  environment: 'dev',
});

const fleet = new NvencEncodeFleet('live', {
  network: {
    vpcId: config.require('vpcId'),
    zones: { [zoneId]: { privateSubnetId: config.require('subnetId') } },
  },
  store,
  image: config.require('image'),
  // G6 costs less a channel; G5 where the zone has none.
  instanceTypes: ['g6.xlarge', 'g5.xlarge'],
  purchase: { committed: 70, spot: 20, 'on-demand': 10 },
  channels: {
    news: { ladder: 'hevc-2160p30-50', port: 9001 },
    // Viewers of this one can wait for another instance.
    demo: { ladder: 'h264-1080p', source: 'test', metricsPort: 9464, acceptInterruption: true },
  },
  alarms: { actions: [alarmTopic] },
  environment: 'dev',
});

export const cluster = fleet.clusterName;
export const services = fleet.serviceNames;
/** Where each channel runs, and what of an instance it takes. */
export const placements = fleet.placements;
