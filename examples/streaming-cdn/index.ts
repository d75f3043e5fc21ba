import { readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';
// eslint-disable-next-line no-restricted-imports -- as the package's users import it
import { StreamingCdn } from 'pulumi-aws-media';

const config = new pulumi.Config();
const publicKeyFile = config.get('publicKeyFile');

const cdn = new StreamingCdn('cdn', {
  // Any HTTPS server of LL-HLS that has these URLs; an LlHlsOrigin goes here as it is.
  origin: { domainName: config.require('originDomainName') },
  store: {
    bucketArn: config.require('bucketArn'),
    bucketRegionalDomainName: config.require('bucketDomainName'),
  },
  channels: { news: {}, sport: { viewers: 4000 } },
  viewers: 5000,
  averageMbps: 5,
  access: publicKeyFile ? { keys: { first: { publicKey: readFileSync(publicKeyFile, 'utf8') } } } : 'public',
  cors: { origins: [config.require('pageOrigin')] },
  environment: 'dev',
});

/** What players are given. */
export const urls = Object.fromEntries(Object.entries(cdn.channels).map(([id, { url }]) => [id, url]));
/** What the bucket's owner adds to its policy. */
export const bucketPolicyStatement = cdn.bucketPolicyStatements.apply(({ store }) => store);
/** What signatures name their key by. */
export const keyPairIds = cdn.keyPairIds;
