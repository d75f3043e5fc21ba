import { IDENTITY_POLICIES, judgePolicies, resourceRule } from '../../core';

export const noPolicyAllowsAllOfAService = resourceRule({
  id: 'no-policy-allows-all-of-a-service',
  family: 'identity',
  title: 'No policy allows all actions of a service',
  severity: 'high',
  controls: ['AWS FSBP IAM.21'],
  why: 'All actions of S3 contain the deletion of the bucket and the change of its policy, which no encoder and no origin needs, and AWS adds more.',
  fix: "Name the actions: `Action: ['s3:GetObject', 's3:PutObject']`; Access Analyzer writes a policy from what was used",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: IDENTITY_POLICIES,
  settings: {
    services: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Services that are let off, by the prefix of their actions: execute-api',
    },
  },
  check: (resource, { services }) =>
    judgePolicies(resource, ({ name, statement: { effect, actions } }) =>
      effect === 'Deny'
        ? []
        : actions
            .filter((action) => /^[a-z0-9-]+:\*$/i.test(action) && !services.includes(action.slice(0, -2)))
            .map((action) => `${name} allows ${action}`),
    ),
});
