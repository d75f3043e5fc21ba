import { compliant, number, resourceRule, violating } from '../../core';

const SECRET = 'aws:secretsmanager/secret:Secret';

export const deletedKeysAndSecretsCanBeRestored = resourceRule({
  id: 'deleted-keys-and-secrets-can-be-restored',
  family: 'data-protection',
  title: 'Keys and secrets that are deleted can be restored for some days',
  severity: 'high',
  controls: [],
  why: 'With the key goes everything that it encrypted, in every backup; a week passes before somebody comes back from holiday and misses it.',
  fix: 'Leave `deletionWindowInDays` and `recoveryWindowInDays` out: both are 30 days then',
  levels: { starter: 'disabled', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:kms/externalKey:ExternalKey', 'aws:kms/key:Key', 'aws:kms/replicaKey:ReplicaKey', SECRET],
  settings: {
    keyDays: {
      type: 'integer',
      default: 14,
      minimum: 7,
      maximum: 30,
      description: 'Days that a deleted key of KMS can be restored, at least',
    },
    secretDays: {
      type: 'integer',
      default: 7,
      minimum: 7,
      maximum: 30,
      description: 'Days that a deleted secret can be restored, at least',
    },
  },
  check: (resource, { keyDays, secretDays }) => {
    const secret = resource.type === SECRET;
    const days = number(resource, secret ? 'recoveryWindowInDays' : 'deletionWindowInDays') ?? 30;
    const least = secret ? secretDays : keyDays;
    return days >= least ? compliant : violating(`it can be restored for ${days} days, less than ${least}`);
  },
  remedy: ({ type, props }, { keyDays, secretDays }) => {
    const [name, least] =
      type === SECRET ? ['recoveryWindowInDays', secretDays] : ['deletionWindowInDays', keyDays];
    const days = props[name];
    return typeof days === 'number' && days < least ? { [name]: least } : undefined;
  },
});
