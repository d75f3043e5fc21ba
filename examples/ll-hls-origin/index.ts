import * as pulumi from '@pulumi/pulumi';
// eslint-disable-next-line no-restricted-imports -- as the package's users import it
import { LlHlsOrigin, TieredSegmentStore } from 'pulumi-aws-media';

const config = new pulumi.Config();
const zoneId = config.require('zoneId');

const store = new TieredSegmentStore('media', { zones: { [zoneId]: { zoneId } }, environment: 'dev' });

const origin = new LlHlsOrigin('origin', {
  network: {
    vpcId: config.require('vpcId'),
    zones: {
      [zoneId]: { privateSubnetId: config.require('subnetId') },
      [config.require('otherZoneId')]: { privateSubnetId: config.require('otherSubnetId') },
    },
  },
  store,
  image: config.require('image'),
  zones: { [zoneId]: { minTasks: 2, maxTasks: 8 } },
  alarms: { actions: [config.require('alarmTopic')] },
  environment: 'dev',
});

/** What a distribution of CloudFront is given. */
export const vpcOrigin = {
  vpcOriginId: origin.vpcOriginId,
  domainName: origin.domainName,
  readTimeoutSeconds: origin.readTimeoutSeconds,
  keepaliveTimeoutSeconds: origin.keepaliveTimeoutSeconds,
};
export const services = origin.serviceNames;
