import { IDENTITY_POLICIES, judgePolicies, resourceRule, when } from '../../core';

export const noPolicyAllowsEverything = resourceRule({
  id: 'no-policy-allows-everything',
  family: 'identity',
  title: 'No policy allows every action on every resource',
  severity: 'critical',
  controls: ['AWS FSBP IAM.1', 'CIS AWS v5.0.0 1.15'],
  why: 'Whoever takes over what has such a policy has the account.',
  fix: "Name what it does and on what: `{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: pulumi.interpolate`${bucket.arn}/live/*` }`",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: IDENTITY_POLICIES,
  check: (resource) =>
    judgePolicies(resource, ({ name, statement: { effect, actions, resources } }) =>
      when(
        effect === 'Allow' &&
          resources.includes('*') &&
          actions.some((action) => ['*', '*:*'].includes(action)),
        `${name} allows everything on everything`,
      ),
    ),
});
