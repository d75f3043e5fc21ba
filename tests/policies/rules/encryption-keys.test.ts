import * as aws from '@pulumi/aws';
import { imageRepositoryUsesKms } from '../../../policies/rules/encryption/image-repository-uses-kms';
import { keyRotates } from '../../../policies/rules/encryption/key-rotates';
import { kubernetesSecretsUseCustomerKey } from '../../../policies/rules/encryption/kubernetes-secrets-use-customer-key';
import { logGroupUsesCustomerKey } from '../../../policies/rules/encryption/log-group-uses-customer-key';
import { secretUsesCustomerKey } from '../../../policies/rules/encryption/secret-uses-customer-key';
import { tableUsesCustomerKey } from '../../../policies/rules/encryption/table-uses-customer-key';
import { topicIsEncrypted } from '../../../policies/rules/encryption/topic-is-encrypted';
import { GoodProgram, both, set, unset } from '../cases';

const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/922d3b1b-ef16-4a59-a220-42d7ebddc3a0';

const good = new GoodProgram(() => {
  const key = new aws.kms.Key('key', { enableKeyRotation: true });
  new aws.cloudwatch.LogGroup('log', { kmsKeyId: key.arn });
  new aws.secretsmanager.Secret('passphrase', { kmsKeyId: key.arn });
  new aws.dynamodb.Table('sessions', {
    attributes: [{ name: 'id', type: 'S' }],
    hashKey: 'id',
    billingMode: 'PAY_PER_REQUEST',
    serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
  });
  new aws.dynamodb.TableReplica('sessions-elsewhere', { globalTableArn: 'arn:table', kmsKeyArn: ARN });
  new aws.sns.Topic('alarms', { kmsMasterKeyId: key.id });
  new aws.ecr.Repository('encoder', {
    encryptionConfigurations: [{ encryptionType: 'KMS', kmsKey: key.arn }],
  });
  new aws.eks.Cluster('cluster', {
    roleArn: 'arn:aws:iam::123456789012:role/cluster',
    vpcConfig: { subnetIds: ['subnet-1'] },
    encryptionConfig: { provider: { keyArn: key.arn }, resources: ['secrets'] },
  });
});

const NONE = ['no key of the customer encrypts it'];

describe('rules of keys', () => {
  good.tries(keyRotates, {
    violating: {
      'a key that says nothing': {
        change: unset('key', 'enableKeyRotation'),
        at: 'key',
        found: ['the key is not rotated'],
      },
    },
    nearMisses: { 'another period': set('key', 'rotationPeriodInDays', 90) },
    notApplicable: {
      'a key that signs': {
        change: both(unset('key', 'enableKeyRotation'), set('key', 'customerMasterKeySpec', 'ECC_NIST_P256')),
        at: 'key',
        reason: 'KMS rotates only symmetric keys for encryption',
      },
    },
  });
  good.tries(logGroupUsesCustomerKey, {
    violating: { 'a log group without a key': { change: unset('log', 'kmsKeyId'), at: 'log', found: NONE } },
    nearMisses: { 'a key by its ARN': set('log', 'kmsKeyId', ARN) },
  });
  good.tries(secretUsesCustomerKey, {
    violating: {
      'a key that AWS manages': {
        change: set('passphrase', 'kmsKeyId', 'alias/aws/secretsmanager'),
        at: 'passphrase',
        found: NONE,
      },
    },
    nearMisses: { 'an alias of the customer': set('passphrase', 'kmsKeyId', 'alias/passphrases') },
  });
  good.tries(tableUsesCustomerKey, {
    violating: {
      'KMS with the key of AWS': {
        change: unset('sessions', 'serverSideEncryption.kmsKeyArn'),
        at: 'sessions',
        found: NONE,
      },
      'a key that is not in use': {
        change: set('sessions', 'serverSideEncryption.enabled', false),
        at: 'sessions',
        found: NONE,
      },
      'a replica without a key': {
        change: unset('sessions-elsewhere', 'kmsKeyArn'),
        at: 'sessions-elsewhere',
        found: NONE,
      },
    },
    nearMisses: { 'a key by its ARN': set('sessions', 'serverSideEncryption.kmsKeyArn', ARN) },
  });
  good.tries(topicIsEncrypted, {
    violating: {
      'a topic without a key': {
        change: unset('alarms', 'kmsMasterKeyId'),
        at: 'alarms',
        found: ['it names no key'],
      },
    },
    nearMisses: { 'the key of AWS': set('alarms', 'kmsMasterKeyId', 'alias/aws/sns') },
  });
  good.tries(imageRepositoryUsesKms, {
    violating: {
      'a repository that says nothing': {
        change: unset('encoder', 'encryptionConfigurations'),
        at: 'encoder',
        found: ['it encrypts with keys of S3'],
      },
    },
    nearMisses: {
      'the key of AWS': set('encoder', 'encryptionConfigurations.0', { encryptionType: 'KMS' }),
    },
  });
  good.tries(kubernetesSecretsUseCustomerKey, {
    violating: {
      'a cluster with a key for nothing': {
        change: set('cluster', 'encryptionConfig.resources', []),
        at: 'cluster',
        found: ['no key of the customer encrypts its secrets'],
      },
      'a cluster that says nothing': {
        change: unset('cluster', 'encryptionConfig'),
        at: 'cluster',
        found: ['no key of the customer encrypts its secrets'],
      },
    },
    nearMisses: { 'a key by its ARN': set('cluster', 'encryptionConfig.provider.keyArn', ARN) },
  });
});
