import * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
// eslint-disable-next-line no-restricted-imports -- as the package's users import it
import { SrtIngest } from 'pulumi-aws-media';

const config = new pulumi.Config();
const zone = config.require('zoneId');

const ingest = new SrtIngest('srt', {
  network: {
    vpcId: config.require('vpcId'),
    zones: {
      [zone]: {
        publicSubnetId: config.require('publicSubnetId'),
        privateSubnetId: config.require('privateSubnetId'),
      },
    },
  },
  zones: { [zone]: { ports: { from: 9000, to: 9049 } } },
  channels: {
    news: { zone, port: 9001 },
    sport: { zone, port: 9002, latencyMs: 400 },
  },
  sources: { studio: config.require('contributor') },
  environment: 'dev',
});

const encoder = new iam.Role('encoder-news', {
  assumeRolePolicy: JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  }),
});
ingest.grantReadPassphrase('news', encoder.name, { channels: ['news'] });

/** What contributors call. */
export const addresses = Object.fromEntries(
  Object.entries(ingest.channels).map(([id, { address }]) => [id, address]),
);
/** Where the passphrases go. */
export const secrets = Object.fromEntries(
  Object.entries(ingest.channels).map(([id, { secretArn }]) => [id, secretArn]),
);
