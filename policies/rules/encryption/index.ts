import { bucketEncryptsWithKms } from './bucket-encrypts-with-kms';
import { bucketHasAPolicy } from './bucket-has-a-policy';
import { bucketPolicyDeniesPlainHttp } from './bucket-policy-denies-plain-http';
import { buildsEncryptWhatTheyWrite } from './builds-encrypt-what-they-write';
import { cacheIsEncrypted } from './cache-is-encrypted';
import { databaseIsEncrypted } from './database-is-encrypted';
import { fileSystemIsEncrypted } from './file-system-is-encrypted';
import { imageRepositoryUsesKms } from './image-repository-uses-kms';
import { keyRotates } from './key-rotates';
import { kmsBucketUsesABucketKey } from './kms-bucket-uses-a-bucket-key';
import { kubernetesSecretsUseCustomerKey } from './kubernetes-secrets-use-customer-key';
import { listenerTlsPolicyIsCurrent } from './listener-tls-policy-is-current';
import { logGroupUsesCustomerKey } from './log-group-uses-customer-key';
import { publicListenerUsesTls } from './public-listener-uses-tls';
import { queueIsEncrypted } from './queue-is-encrypted';
import { secretUsesCustomerKey } from './secret-uses-customer-key';
import { streamIsEncrypted } from './stream-is-encrypted';
import { tableUsesCustomerKey } from './table-uses-customer-key';
import { taskFileSystemsUseTls } from './task-file-systems-use-tls';
import { topicIsEncrypted } from './topic-is-encrypted';
import { volumeIsEncrypted } from './volume-is-encrypted';

export const ENCRYPTION = [
  bucketEncryptsWithKms,
  bucketHasAPolicy,
  bucketPolicyDeniesPlainHttp,
  buildsEncryptWhatTheyWrite,
  cacheIsEncrypted,
  databaseIsEncrypted,
  fileSystemIsEncrypted,
  imageRepositoryUsesKms,
  keyRotates,
  kmsBucketUsesABucketKey,
  kubernetesSecretsUseCustomerKey,
  listenerTlsPolicyIsCurrent,
  logGroupUsesCustomerKey,
  publicListenerUsesTls,
  queueIsEncrypted,
  secretUsesCustomerKey,
  streamIsEncrypted,
  tableUsesCustomerKey,
  taskFileSystemsUseTls,
  topicIsEncrypted,
  volumeIsEncrypted,
] as const;
