import * as aws from '@pulumi/aws';
import { cacheIsEncrypted } from '../../../policies/rules/encryption/cache-is-encrypted';
import { databaseIsEncrypted } from '../../../policies/rules/encryption/database-is-encrypted';
import { fileSystemIsEncrypted } from '../../../policies/rules/encryption/file-system-is-encrypted';
import { queueIsEncrypted } from '../../../policies/rules/encryption/queue-is-encrypted';
import { streamIsEncrypted } from '../../../policies/rules/encryption/stream-is-encrypted';
import { volumeIsEncrypted } from '../../../policies/rules/encryption/volume-is-encrypted';
import { GoodProgram, both, set, unset } from '../cases';

const good = new GoodProgram(() => {
  new aws.ebs.Volume('volume', { availabilityZone: 'eu-west-1a', size: 10, encrypted: true });
  new aws.ec2.Instance('instance', {
    ami: 'ami-1',
    instanceType: 'g6.xlarge',
    rootBlockDevice: { encrypted: true },
    ebsBlockDevices: [{ deviceName: '/dev/sdf', encrypted: true, volumeSize: 10 }],
  });
  new aws.ec2.LaunchTemplate('template', {
    blockDeviceMappings: [
      { deviceName: '/dev/xvda', ebs: { encrypted: 'true', volumeSize: 40 } },
      { deviceName: '/dev/sdb', virtualName: 'ephemeral0' },
    ],
  });
  new aws.efs.FileSystem('files', { encrypted: true });
  new aws.rds.Cluster('cluster', { engine: 'aurora-postgresql', storageEncrypted: true });
  new aws.redshift.Cluster('warehouse', { clusterIdentifier: 'warehouse', nodeType: 'ra3.large' });
  new aws.opensearch.Domain('search', { encryptAtRest: { enabled: true } });
  new aws.sqs.Queue('jobs', {});
  new aws.kinesis.Stream('viewers', { encryptionType: 'KMS', kmsKeyId: 'alias/aws/kinesis', shardCount: 1 });
  new aws.elasticache.ReplicationGroup('sessions', {
    description: 'Sessions',
    engine: 'redis',
    atRestEncryptionEnabled: true,
    transitEncryptionEnabled: true,
  });
  new aws.memorydb.Cluster('leader-board', { aclName: 'players', nodeType: 'db.t4g.small' });
});

describe('rules of the encryption of disks, queues, streams and caches', () => {
  good.tries(volumeIsEncrypted, {
    violating: {
      'a volume that says nothing': {
        change: unset('volume', 'encrypted'),
        at: 'volume',
        found: ['the volume is not encrypted'],
      },
      'a second disk in the clear': {
        change: set('instance', 'ebsBlockDevices.0.encrypted', false),
        at: 'instance',
        found: ['the volume /dev/sdf is not encrypted'],
      },
      'a root disk that nobody speaks of': {
        change: unset('instance', 'rootBlockDevice'),
        at: 'instance',
        found: ['the root volume is not encrypted'],
      },
      'a template that writes false as a text': {
        change: set('template', 'blockDeviceMappings.0.ebs.encrypted', 'false'),
        at: 'template',
        found: ['the volume /dev/xvda is not encrypted'],
      },
    },
    nearMisses: {
      'a root disk that a launch template speaks of': both(
        unset('instance', 'rootBlockDevice'),
        set('instance', 'launchTemplate', { id: 'lt-1' }),
      ),
      'a truth as a truth': set('template', 'blockDeviceMappings.0.ebs.encrypted', true),
    },
    notApplicable: {
      'a template that leaves its disks to the image': {
        change: unset('template', 'blockDeviceMappings'),
        at: 'template',
        reason: 'it names no volume, so its image decides',
      },
    },
  });
  describe('in an account that encrypts by default', () => {
    good.tries(volumeIsEncrypted, {
      settings: { encryptedByDefault: true },
      violating: {
        'a volume that refuses': {
          change: set('volume', 'encrypted', false),
          at: 'volume',
          found: ['the volume is not encrypted'],
        },
      },
      nearMisses: { 'a volume that says nothing': unset('volume', 'encrypted') },
    });
  });

  good.tries(fileSystemIsEncrypted, {
    violating: {
      'a file system that says nothing': {
        change: unset('files', 'encrypted'),
        at: 'files',
        found: ['the file system is not encrypted'],
      },
    },
    nearMisses: { 'a key of its own': set('files', 'kmsKeyId', 'arn:aws:kms:eu-west-1:123456789012:key/1') },
  });

  good.tries(databaseIsEncrypted, {
    violating: {
      'a cluster that says nothing': {
        change: unset('cluster', 'storageEncrypted'),
        at: 'cluster',
        found: ['its storage is not encrypted'],
      },
      'a warehouse that refuses': {
        change: set('warehouse', 'encrypted', 'false'),
        at: 'warehouse',
        found: ['its storage is not encrypted'],
      },
      'a search domain in the clear': {
        change: set('search', 'encryptAtRest.enabled', false),
        at: 'search',
        found: ['its storage is not encrypted'],
      },
    },
    nearMisses: {
      'a serverless cluster, which always is': both(
        unset('cluster', 'storageEncrypted'),
        set('cluster', 'engineMode', 'serverless'),
      ),
    },
    notApplicable: {
      'a copy of a snapshot': {
        change: both(unset('cluster', 'storageEncrypted'), set('cluster', 'snapshotIdentifier', 'main-1')),
        at: 'cluster',
        reason: 'its source decides',
      },
      'a replica': {
        change: both(
          unset('cluster', 'storageEncrypted'),
          set('cluster', 'replicationSourceIdentifier', 'arn:aws:rds:us-east-1:123456789012:cluster:main'),
        ),
        at: 'cluster',
        reason: 'its source decides',
      },
    },
  });

  good.tries(queueIsEncrypted, {
    violating: {
      'a queue that turns it off': {
        change: set('jobs', 'sqsManagedSseEnabled', false),
        at: 'jobs',
        found: ['encryption is turned off, and it names no key'],
      },
    },
    nearMisses: {
      'keys of SQS turned off for a key of KMS': both(
        set('jobs', 'sqsManagedSseEnabled', false),
        set('jobs', 'kmsMasterKeyId', 'alias/jobs'),
      ),
    },
  });

  good.tries(streamIsEncrypted, {
    violating: {
      'a stream that says nothing': {
        change: unset('viewers', 'encryptionType'),
        at: 'viewers',
        found: ['the stream is not encrypted'],
      },
    },
    nearMisses: { 'a key of its own': set('viewers', 'kmsKeyId', 'alias/viewers') },
  });

  good.tries(cacheIsEncrypted, {
    violating: {
      'a Redis that says nothing': {
        change: both(
          unset('sessions', 'atRestEncryptionEnabled'),
          unset('sessions', 'transitEncryptionEnabled'),
        ),
        at: 'sessions',
        found: ['it keeps data unencrypted', 'it sends without TLS'],
      },
      'a MemoryDB without TLS': {
        change: set('leader-board', 'tlsEnabled', false),
        at: 'leader-board',
        found: ['it sends without TLS'],
      },
    },
    nearMisses: {
      'a Valkey that says nothing': both(
        set('sessions', 'engine', 'valkey'),
        unset('sessions', 'atRestEncryptionEnabled'),
        unset('sessions', 'transitEncryptionEnabled'),
      ),
    },
  });
});
