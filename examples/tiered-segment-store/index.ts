import * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
// eslint-disable-next-line no-restricted-imports -- as the package's users import it
import { TieredSegmentStore } from 'pulumi-aws-media';

const config = new pulumi.Config();

const store = new TieredSegmentStore('media', {
  zones: { a: { zoneId: config.require('zoneId') } },
  dvr: '1 day',
  environment: 'dev',
});

const assumedByTasks = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});
const encoder = new iam.Role('encoder-news', { assumeRolePolicy: assumedByTasks });
const origin = new iam.Role('origin', { assumeRolePolicy: assumedByTasks });

store.grantWrite('news', encoder.name, { channels: ['news'], zones: ['a'] });
store.grantRead('origin', origin.name);

/** What an encoder or an origin in the zone gets as STORE. */
export const storeOfZoneA = store.runtimeEnvironment['a'].STORE;
export const segments = store.generalBucketDomainName;
