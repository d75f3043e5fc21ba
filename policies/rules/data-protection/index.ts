import { bucketHasAPublicAccessBlock } from './bucket-has-a-public-access-block';
import { bucketHasNoAcls } from './bucket-has-no-acls';
import { bucketPolicyIsNotPublic } from './bucket-policy-is-not-public';
import { criticalBucketKeepsVersions } from './critical-bucket-keeps-versions';
import { deletedKeysAndSecretsCanBeRestored } from './deleted-keys-and-secrets-can-be-restored';
import { destructionKeepsTheData } from './destruction-keeps-the-data';
import { functionPermissionNamesItsSource } from './function-permission-names-its-source';
import { nothingIsSharedWithEverybody } from './nothing-is-shared-with-everybody';
import { personalDataHasItsOwnKey } from './personal-data-has-its-own-key';
import { publicAccessBlockIsComplete } from './public-access-block-is-complete';
import { resourcePolicyIsNotPublic } from './resource-policy-is-not-public';
import { resourcePolicyNamesTheSourceOfAService } from './resource-policy-names-the-source-of-a-service';

export const DATA_PROTECTION = [
  bucketHasAPublicAccessBlock,
  bucketHasNoAcls,
  bucketPolicyIsNotPublic,
  criticalBucketKeepsVersions,
  deletedKeysAndSecretsCanBeRestored,
  destructionKeepsTheData,
  functionPermissionNamesItsSource,
  nothingIsSharedWithEverybody,
  personalDataHasItsOwnKey,
  publicAccessBlockIsComplete,
  resourcePolicyIsNotPublic,
  resourcePolicyNamesTheSourceOfAService,
] as const;
