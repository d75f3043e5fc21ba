import { IDENTITY_POLICIES, judgePolicies, resourceRule } from '../../core';
import { includesAction, isAboutEverything } from './reach';

const ACTIONS = ['kms:Decrypt', 'kms:ReEncryptFrom'];

export const decryptionNamesItsKeys = resourceRule({
  id: 'decryption-names-its-keys',
  family: 'identity',
  title: 'Who may decrypt may do so with named keys',
  severity: 'medium',
  controls: ['AWS FSBP KMS.1', 'AWS FSBP KMS.2'],
  why: 'Decryption with every key makes one key per kind of data worth nothing: the role reads masters, secrets and viewers alike.',
  fix: "`{ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: key.arn }`",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: IDENTITY_POLICIES,
  check: (resource) =>
    judgePolicies(resource, ({ name, statement }) =>
      statement.effect === 'Allow' && isAboutEverything(statement)
        ? ACTIONS.filter((action) => includesAction(statement, action)).map(
            (action) => `${name} allows ${action} with every key`,
          )
        : [],
    ),
});
