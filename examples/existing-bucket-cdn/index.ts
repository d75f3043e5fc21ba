import * as s3 from '@pulumi/aws/s3';
import * as pulumi from '@pulumi/pulumi';
// eslint-disable-next-line no-restricted-imports -- as the package's users import it
import { StreamingCdn } from 'pulumi-aws-media';

const config = new pulumi.Config();

/** Read and never changed: one that does not exist is an error of the preview. */
const bucket = s3.Bucket.get('segments', config.require('bucketName'));

const cdn = new StreamingCdn('cdn', {
  // Any HTTPS server of LL-HLS that has these URLs: it answers playlists and parts, and what the bucket lacks.
  origin: { domainName: config.require('originDomainName') },
  store: { bucketArn: bucket.arn, bucketRegionalDomainName: bucket.bucketRegionalDomainName },
  channels: { news: {} },
  access: 'public',
  viewers: 1000,
  averageMbps: 5,
  environment: 'dev',
});

export const url = cdn.channels['news'].url;
/** What the owner of the bucket adds to its policy: until then CloudFront gets no segment from it. */
export const bucketPolicyStatement = cdn.bucketPolicyStatements.apply(({ store }) => store);
