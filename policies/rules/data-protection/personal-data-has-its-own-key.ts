import {
  found,
  hasOwnKey,
  notApplicable,
  stackRule,
  tagOf,
  violating,
  type Resource,
  type Stack,
} from '../../core';
import { ENCRYPTION, encryptionOf, encryptionRules } from '../encryption/default-encryption';

const BUCKET = 'aws:s3/bucket:Bucket';
const KEY = 'aws:kms/key:Key';

/** Where each names its key. */
const KEYS: Readonly<Record<string, string>> = {
  'aws:cloudwatch/logGroup:LogGroup': 'kmsKeyId',
  'aws:dynamodb/table:Table': 'serverSideEncryption.kmsKeyArn',
  'aws:ebs/volume:Volume': 'kmsKeyId',
  'aws:efs/fileSystem:FileSystem': 'kmsKeyId',
  'aws:kinesis/stream:Stream': 'kmsKeyId',
  'aws:rds/cluster:Cluster': 'kmsKeyId',
  'aws:rds/instance:Instance': 'kmsKeyId',
  'aws:redshift/cluster:Cluster': 'kmsKeyId',
  'aws:secretsmanager/secret:Secret': 'kmsKeyId',
  'aws:sns/topic:Topic': 'kmsMasterKeyId',
  'aws:sqs/queue:Queue': 'kmsMasterKeyId',
};

/** The property that names the key of what encrypts, as its dependencies are known by. */
const keyProperty = ({ type }: Resource): string | undefined =>
  type === ENCRYPTION
    ? 'rules'
    : type === BUCKET
      ? 'serverSideEncryptionConfiguration'
      : KEYS[type]?.split('.')[0];

const encryptsWithOwnKey = (resource: Resource): boolean =>
  resource.type === ENCRYPTION || resource.type === BUCKET
    ? encryptionRules(resource).some((rule) =>
        hasOwnKey(rule, 'applyServerSideEncryptionByDefault.kmsMasterKeyId'),
      )
    : hasOwnKey(resource, KEYS[resource.type]!);

const keysOf = (resource: Resource, stack: Stack): readonly Resource[] => {
  const property = keyProperty(resource);
  return property === undefined ? [] : stack.behind(resource, property, KEY);
};

/** What a resource holds, where one says for another how it is encrypted. */
const holderOf = (resource: Resource, stack: Stack): Resource =>
  resource.type === ENCRYPTION ? (stack.behind(resource, 'bucket', BUCKET)[0] ?? resource) : resource;

export const personalDataHasItsOwnKey = stackRule({
  id: 'personal-data-has-its-own-key',
  family: 'data-protection',
  title: 'What is tagged as personal data is encrypted with a key that encrypts nothing else',
  severity: 'high',
  controls: [],
  why: 'A key of its own makes reading personal data a permission of its own, with a log of its own; and to delete the key is to erase the data in every backup.',
  fix: "const key = new aws.kms.Key('personal', { enableKeyRotation: true }), named by this resource and by others with the same tag only",
  levels: { starter: 'disabled', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [BUCKET, ...Object.keys(KEYS)],
  settings: {
    tag: { type: 'string', default: 'data-class', description: 'Tag that says what a resource holds' },
    values: {
      type: 'array',
      items: { type: 'string' },
      default: ['pii'],
      description: 'Values of it that are personal data',
    },
  },
  check: (resource, { tag, values }, stack) => {
    const isPersonal = (each: Resource): boolean => {
      const said = tagOf(each, tag);
      return said !== undefined && values.includes(said);
    };
    if (!isPersonal(resource)) return notApplicable('it is not tagged as personal data');
    const encrypting = (resource.type === BUCKET ? encryptionOf(resource, stack) : [resource]).filter(
      encryptsWithOwnKey,
    );
    if (encrypting.length === 0) return violating('no key of the customer encrypts it');
    const keys = encrypting.flatMap((each) => keysOf(each, stack));
    return found(
      keys.flatMap((key) =>
        stack
          .ofType(BUCKET, ENCRYPTION, ...Object.keys(KEYS))
          .filter((each) => keysOf(each, stack).includes(key))
          .map((each) => holderOf(each, stack))
          .filter((holder) => holder !== resource && !isPersonal(holder))
          .map(({ name }) => `its key ${key.name} also encrypts ${name}, which is not personal data`),
      ),
    );
  },
});
