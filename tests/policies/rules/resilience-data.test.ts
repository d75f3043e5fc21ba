import * as aws from '@pulumi/aws';
import { backupsAreCopiedElsewhere } from '../../../policies/rules/resilience/backups-are-copied-elsewhere';
import { cachesFailOver } from '../../../policies/rules/resilience/caches-fail-over';
import { clustersHaveAReader } from '../../../policies/rules/resilience/clusters-have-a-reader';
import { dataIsProtected } from '../../../policies/rules/resilience/data-is-protected';
import { databasesAreBackedUp } from '../../../policies/rules/resilience/databases-are-backed-up';
import { databasesRefuseDeletion } from '../../../policies/rules/resilience/databases-refuse-deletion';
import { databasesStandInTwoZones } from '../../../policies/rules/resilience/databases-stand-in-two-zones';
import { fileSystemsAreBackedUp } from '../../../policies/rules/resilience/file-systems-are-backed-up';
import { functionsKeepWhatFails } from '../../../policies/rules/resilience/functions-keep-what-fails';
import { queuesKeepWhatFails } from '../../../policies/rules/resilience/queues-keep-what-fails';
import { tablesCanBeRestored } from '../../../policies/rules/resilience/tables-can-be-restored';
import { GoodProgram, both, option, set, unset, without } from '../cases';

const good = new GoodProgram(() => {
  const options = { protect: true };
  const table = { hashKey: 'id', deletionProtectionEnabled: true, pointInTimeRecovery: { enabled: true } };
  new aws.dynamodb.Table('sessions', table, options);
  new aws.cognito.UserPool('viewers', { deletionProtection: 'ACTIVE' }, options);
  const cluster = new aws.rds.Cluster(
    'catalogue',
    { engine: 'aurora-postgresql', backupRetentionPeriod: 14, deletionProtection: true },
    options,
  );
  for (const name of ['writer', 'reader']) {
    new aws.rds.ClusterInstance(name, {
      ...{ clusterIdentifier: cluster.id, engine: 'aurora-postgresql', instanceClass: 'db.r8g.large' },
    });
  }
  const instance = { instanceClass: 'db.t4g.small', backupRetentionPeriod: 7, deletionProtection: true };
  new aws.rds.Instance('users', { ...instance, multiAz: true }, options);
  new aws.elasticache.ReplicationGroup('counts', {
    ...{ description: 'counts', automaticFailoverEnabled: true, multiAzEnabled: true, numCacheClusters: 2 },
  });
  const files = new aws.efs.FileSystem('files', {}, options);
  new aws.efs.BackupPolicy('files-backups', { fileSystemId: files.id, backupPolicy: { status: 'ENABLED' } });
  new aws.s3.Bucket('media', {}, { retainOnDelete: true });
  const failed = new aws.sqs.Queue('failed', {});
  new aws.sqs.Queue('jobs', {
    redrivePolicy: failed.arn.apply((arn) =>
      JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 3 }),
    ),
  });
  const events = new aws.sqs.Queue('events', {});
  new aws.sqs.RedrivePolicy('events-redrive', {
    queueUrl: events.url,
    redrivePolicy: failed.arn.apply((arn) =>
      JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 3 }),
    ),
  });
  const lost = new aws.sqs.Queue('lost-events', {});
  new aws.lambda.Function('mover', {
    ...{ role: 'arn:aws:iam::123456789012:role/mover', runtime: 'nodejs24.x', handler: 'index.handler' },
    deadLetterConfig: { targetArn: lost.arn },
  });
  const worker = {
    role: 'arn:aws:iam::123456789012:role/worker',
    runtime: 'nodejs24.x',
    handler: 'index.handler',
  };
  const started = new aws.lambda.Function('started', {
    ...worker,
    deadLetterConfig: { targetArn: failed.arn },
  });
  new aws.cloudwatch.EventTarget('start', { rule: 'uploads', arn: started.arn });
  const told = new aws.lambda.Function('told', worker);
  new aws.sns.TopicSubscription('tell', {
    ...{ topic: 'arn:aws:sns:eu-west-1:123456789012:x', protocol: 'lambda', endpoint: told.arn },
  });
  new aws.lambda.FunctionEventInvokeConfig('told-failures', {
    ...{ functionName: told.name, destinationConfig: { onFailure: { destination: failed.arn } } },
  });
  new aws.lambda.Function('asked', worker);
  const parked = new aws.sqs.Queue('parked', {});
  new aws.sqs.RedriveAllowPolicy('parked-allows', { queueUrl: parked.url, redriveAllowPolicy: '{}' });
  const vault = new aws.backup.Vault('vault', {}, options);
  new aws.backup.Plan('daily', {
    rules: [
      {
        ...{ ruleName: 'daily', targetVaultName: vault.name, schedule: 'cron(0 3 * * ? *)' },
        copyActions: [
          { destinationVaultArn: 'arn:aws:backup:eu-central-1:123456789012:backup-vault:copies' },
        ],
      },
    ],
  });
});

describe('rules of the resilience of data', () => {
  good.tries(databasesRefuseDeletion, {
    violating: {
      'a table by default': {
        change: unset('sessions', 'deletionProtectionEnabled'),
        at: 'sessions',
        found: ['its deletion protection is off'],
      },
      'a user pool': {
        change: set('viewers', 'deletionProtection', 'INACTIVE'),
        at: 'viewers',
        found: ['its deletion protection is off'],
      },
      'a database': {
        change: set('users', 'deletionProtection', false),
        at: 'users',
        found: ['its deletion protection is off'],
      },
    },
    nearMisses: { 'the truth as a text': set('catalogue', 'deletionProtection', 'true') },
  });

  good.tries(dataIsProtected, {
    violating: {
      'a table that the stack may delete': {
        change: option('sessions', 'protect', false),
        at: 'sessions',
        found: ['the stack may delete it'],
      },
      'a bucket that is no longer kept': {
        change: option('media', 'retainOnDelete', false),
        at: 'media',
        found: ['the stack may delete it'],
      },
    },
    nearMisses: { 'a bucket that is protected besides': option('media', 'protect', true) },
    notApplicable: {
      'a bucket that may be emptied': {
        change: both(option('media', 'retainOnDelete', false), set('media', 'forceDestroy', true)),
        at: 'media',
        reason: 'it says itself that what it holds can go',
      },
    },
  });

  good.tries(tablesCanBeRestored, {
    violating: {
      'a table by default': {
        change: unset('sessions', 'pointInTimeRecovery'),
        at: 'sessions',
        found: ['its point-in-time recovery is off'],
      },
    },
    nearMisses: { 'fewer days': set('sessions', 'pointInTimeRecovery.recoveryPeriodInDays', 7) },
  });

  good.tries(databasesAreBackedUp, {
    violating: {
      'an instance by default': {
        change: unset('users', 'backupRetentionPeriod'),
        at: 'users',
        found: ['its backups are kept for 0 days, where at least 7 are asked for'],
      },
      'a cluster by default': {
        change: unset('catalogue', 'backupRetentionPeriod'),
        at: 'catalogue',
        found: ['its backups are kept for 1 days, where at least 7 are asked for'],
      },
      'a day too few': {
        change: set('users', 'backupRetentionPeriod', 6),
        at: 'users',
        found: ['its backups are kept for 6 days, where at least 7 are asked for'],
      },
    },
    nearMisses: { 'just as many days': set('catalogue', 'backupRetentionPeriod', 7) },
    notApplicable: {
      'a replica': {
        change: both(unset('users', 'backupRetentionPeriod'), set('users', 'replicateSourceDb', 'first')),
        at: 'users',
        reason: 'it is a replica',
      },
    },
  });

  good.tries(databasesStandInTwoZones, {
    violating: {
      'no standby': { change: unset('users', 'multiAz'), at: 'users', found: ['it has no standby'] },
    },
    nearMisses: { 'a replica with a standby': set('users', 'replicateSourceDb', 'first') },
  });

  good.tries(clustersHaveAReader, {
    violating: {
      'one instance': {
        change: without('reader'),
        at: 'catalogue',
        found: ['it has 1 of at least 2 instances'],
      },
    },
    nearMisses: {
      'a cluster of three zones that AWS makes': both(
        without('reader'),
        set('catalogue', 'dbClusterInstanceClass', 'db.m6gd.large'),
      ),
    },
    notApplicable: {
      'a serverless cluster': {
        change: set('catalogue', 'engineMode', 'serverless'),
        at: 'catalogue',
        reason: 'it has no instances of its own',
      },
    },
  });

  good.tries(cachesFailOver, {
    violating: {
      'no replica that takes over': {
        change: unset('counts', 'automaticFailoverEnabled'),
        at: 'counts',
        found: ['no replica takes over by itself'],
      },
      'replicas of one zone': {
        change: set('counts', 'multiAzEnabled', false),
        at: 'counts',
        found: ['its replicas may stand in the same zone'],
      },
    },
    nearMisses: { 'more replicas': set('counts', 'numCacheClusters', 3) },
  });

  good.tries(fileSystemsAreBackedUp, {
    violating: {
      'no policy': {
        change: without('files-backups'),
        at: 'files',
        found: ['no backup policy or plan has it'],
      },
      'a policy that is off': {
        change: set('files-backups', 'backupPolicy.status', 'DISABLED'),
        at: 'files',
        found: ['no backup policy or plan has it'],
      },
    },
    nearMisses: { 'another throughput': set('files', 'throughputMode', 'elastic') },
  });

  good.tries(queuesKeepWhatFails, {
    violating: {
      'a queue without one': {
        change: unset('jobs', 'redrivePolicy'),
        at: 'jobs',
        found: ['it has no dead-letter queue'],
      },
      'a queue whose function is gone': {
        change: without('mover'),
        at: 'lost-events',
        found: ['it has no dead-letter queue'],
      },
      'a queue whose policy is gone': {
        change: without('events-redrive'),
        at: 'events',
        found: ['it has no dead-letter queue'],
      },
    },
    nearMisses: { 'a queue that waits longer': set('jobs', 'visibilityTimeoutSeconds', 900) },
    notApplicable: {
      'a dead-letter queue': {
        change: (graph) => graph,
        at: 'failed',
        reason: 'it is a dead-letter queue',
      },
      'a queue for what a function loses': {
        change: (graph) => graph,
        at: 'lost-events',
        reason: 'it is a dead-letter queue',
      },
      'a queue that a policy allows to be one': {
        change: (graph) => graph,
        at: 'parked',
        reason: 'it is a dead-letter queue',
      },
      'a queue that allows to be one': {
        change: both(without('mover'), set('lost-events', 'redriveAllowPolicy', '{}')),
        at: 'lost-events',
        reason: 'it is a dead-letter queue',
      },
    },
  });

  good.tries(backupsAreCopiedElsewhere, {
    violating: {
      'backups of one place': {
        change: set('daily', 'rules.0.copyActions', []),
        at: 'daily',
        found: ['what rule 1 backs up is copied nowhere'],
      },
    },
    nearMisses: { 'another time of day': set('daily', 'rules.0.schedule', 'cron(0 4 * * ? *)') },
  });

  good.tries(functionsKeepWhatFails, {
    violating: {
      'events of a rule that are lost': {
        change: unset('started', 'deadLetterConfig'),
        at: 'started',
        found: ['events that it fails at are lost'],
      },
      'messages of a topic that are lost': {
        change: without('told-failures'),
        at: 'told',
        found: ['events that it fails at are lost'],
      },
      'a destination for what succeeds alone': {
        change: set('told-failures', 'destinationConfig', { onSuccess: { destination: 'arn:aws:sqs:x' } }),
        at: 'told',
        found: ['events that it fails at are lost'],
      },
    },
    nearMisses: { 'fewer tries': set('told-failures', 'maximumRetryAttempts', 0) },
    notApplicable: {
      'a function that is asked': {
        change: (graph) => graph,
        at: 'asked',
        reason: 'no event of the stack calls it',
      },
    },
  });
});
