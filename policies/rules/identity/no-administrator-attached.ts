import { amongItems, found, resourceRule } from '../../core';

/** Where each names policies that AWS manages. */
const ATTACHMENTS: Readonly<Record<string, string>> = {
  'aws:iam/groupPolicyAttachment:GroupPolicyAttachment': 'policyArn',
  'aws:iam/policyAttachment:PolicyAttachment': 'policyArn',
  'aws:iam/role:Role': 'managedPolicyArns',
  'aws:iam/rolePolicyAttachment:RolePolicyAttachment': 'policyArn',
  'aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive': 'policyArns',
  'aws:iam/userPolicyAttachment:UserPolicyAttachment': 'policyArn',
};

const OF_AWS = /^arn:[^:]+:iam::aws:policy\/(?:.*\/)?([^/]+)$/;

export const noAdministratorAttached = resourceRule({
  id: 'no-administrator-attached',
  family: 'identity',
  title: 'Nothing of a stack is an administrator',
  severity: 'critical',
  controls: ['CIS AWS v5.0.0 1.15'],
  why: 'Whoever takes over what has such a policy has the account, backups and audit trail included.',
  fix: 'Attach a policy that names the actions and resources in use; Access Analyzer writes one from what was used',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: Object.keys(ATTACHMENTS),
  settings: {
    policies: {
      type: 'array',
      items: { type: 'string' },
      default: ['AdministratorAccess', 'IAMFullAccess', 'PowerUserAccess'],
      description: 'Names of policies of AWS that nothing may have',
    },
  },
  check: (resource, { policies }) =>
    found(
      amongItems(resource, ATTACHMENTS[resource.type]!, (arn) => {
        const name = typeof arn === 'string' ? OF_AWS.exec(arn)?.[1] : undefined;
        return name !== undefined && policies.includes(name) ? [`${name} is attached`] : [];
      }),
    ),
});
