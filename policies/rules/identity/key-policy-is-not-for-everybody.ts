import { judgePolicies, letsEverybodyIn, resourceRule, when } from '../../core';

export const keyPolicyIsNotForEverybody = resourceRule({
  id: 'key-policy-is-not-for-everybody',
  family: 'identity',
  title: 'No key of KMS can be used by everybody',
  severity: 'critical',
  controls: ['AWS FSBP KMS.5'],
  why: 'The policy of a key is the only lock that it has: open to everybody, whatever it encrypts is.',
  fix: "`Principal: { AWS: 'arn:aws:iam::<account>:root' }`, or a condition on kms:CallerAccount or aws:PrincipalOrgID",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:kms/key:Key', 'aws:kms/keyPolicy:KeyPolicy'],
  check: (resource) =>
    judgePolicies(resource, ({ name, statement }) =>
      when(letsEverybodyIn(statement), `${name} lets everybody use the key`),
    ),
});
