import * as pulumi from '@pulumi/pulumi';
// eslint-disable-next-line no-restricted-imports -- as the package's users import it
import { TieredSegmentStore } from 'pulumi-aws-media';
// eslint-disable-next-line no-restricted-imports -- as the package's users import it
import { NvencEncodeFleetOnEks } from 'pulumi-aws-media/eks';

const config = new pulumi.Config();
const zoneId = config.require('zoneId');
const otherZoneId = config.require('otherZoneId');

const store = new TieredSegmentStore('media', {
  zones: { [zoneId]: { zoneId } },
  dvr: '1 day',
  environment: 'dev',
});

const fleet = new NvencEncodeFleetOnEks('live', {
  network: {
    vpcId: config.require('vpcId'),
    zones: {
      [zoneId]: { privateSubnetId: config.require('subnetId') },
      // The control plane is in two zones; channels are in one.
      [otherZoneId]: { privateSubnetId: config.require('otherSubnetId') },
    },
  },
  zones: [zoneId],
  // Who may call the Kubernetes API: where this program runs.
  apiSources: [config.require('apiSource')],
  store,
  image: config.require('image'),
  // G6 costs less a channel; G5 where the zone has none.
  instanceTypes: ['g6.xlarge', 'g5.xlarge'],
  purchase: { 'on-demand': 80, spot: 20 },
  channels: {
    news: { ladder: 'hevc-2160p30-50', port: 9001 },
    // Viewers of this one can wait for another instance.
    demo: { ladder: 'h264-1080p', source: 'test', metricsPort: 9464, acceptInterruption: true },
  },
  environment: 'dev',
});

export const cluster = fleet.clusterName;
/** `pulumi stack output kubeconfig > kubeconfig`, then `kubectl --kubeconfig kubeconfig -n <namespace> get pods`. */
export const kubeconfig = fleet.kubeconfig;
export const namespace = fleet.namespace;
/** Where each channel runs, and what of an instance it takes. */
export const placements = fleet.placements;
/** Instances by pool. */
export const instances = fleet.instances;
