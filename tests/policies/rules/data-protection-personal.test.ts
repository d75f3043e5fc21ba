import * as aws from '@pulumi/aws';
import { personalDataHasItsOwnKey } from '../../../policies/rules/data-protection/personal-data-has-its-own-key';
import { GoodProgram, set, unset, without } from '../cases';

const good = new GoodProgram(() => {
  const tags = { 'data-class': 'pii' };
  const personal = new aws.kms.Key('personal', { enableKeyRotation: true });
  const other = new aws.kms.Key('other', { enableKeyRotation: true });
  const encryption = (name: string, bucket: aws.s3.Bucket, key: aws.kms.Key) =>
    new aws.s3.BucketServerSideEncryptionConfiguration(name, {
      bucket: bucket.id,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.arn } }],
    });
  encryption('exports-encryption', new aws.s3.Bucket('exports', { tags }), personal);
  encryption('media-encryption', new aws.s3.Bucket('media'), other);
  new aws.dynamodb.Table('viewers', {
    attributes: [{ name: 'id', type: 'S' }],
    hashKey: 'id',
    billingMode: 'PAY_PER_REQUEST',
    serverSideEncryption: { enabled: true, kmsKeyArn: personal.arn },
    tags,
  });
  new aws.cloudwatch.LogGroup('log', { kmsKeyId: other.arn });
  new aws.sqs.Queue('invoices', {
    kmsMasterKeyId: 'arn:aws:kms:eu-west-1:210987654321:key/922d3b1b-ef16-4a59-a220-42d7ebddc3a0',
    tags,
  });
});

describe('rules of personal data', () => {
  good.tries(personalDataHasItsOwnKey, {
    violating: {
      'a table with the key of AWS': {
        change: unset('viewers', 'serverSideEncryption'),
        at: 'viewers',
        found: ['no key of the customer encrypts it'],
      },
      'a bucket with keys of S3': {
        change: without('exports-encryption'),
        at: 'exports',
        found: ['no key of the customer encrypts it'],
      },
      'a log group, tagged, whose key also encrypts media': {
        change: set('log', 'tags', { 'data-class': 'pii' }),
        at: 'log',
        found: ['its key other also encrypts media, which is not personal data'],
      },
      'a bucket, tagged, whose key also encrypts logs': {
        change: set('media', 'tags', { 'data-class': 'pii' }),
        at: 'media',
        found: ['its key other also encrypts log, which is not personal data'],
      },
    },
    nearMisses: { 'another class of data': set('log', 'tags', { 'data-class': 'segments' }) },
    notApplicable: {
      media: {
        change: unset('log', 'tags'),
        at: 'media',
        reason: 'it is not tagged as personal data',
      },
    },
  });
});
