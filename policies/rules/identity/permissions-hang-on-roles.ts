import { compliant, given, resourceRule, texts, violating } from '../../core';

const OF_USERS = ['aws:iam/userPolicy:UserPolicy', 'aws:iam/userPolicyAttachment:UserPolicyAttachment'];

export const permissionsHangOnRoles = resourceRule({
  id: 'permissions-hang-on-roles',
  family: 'identity',
  title: 'No user has permissions of their own',
  severity: 'medium',
  controls: ['AWS FSBP IAM.2', 'CIS AWS v5.0.0 1.14'],
  why: 'What one person may do by themselves is forgotten when they change their work: nobody looks at users one by one.',
  fix: 'Put the permission on a role or a group: aws.iam.RolePolicyAttachment, aws.iam.GroupPolicyAttachment',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [
    ...OF_USERS,
    'aws:iam/groupPolicy:GroupPolicy',
    'aws:iam/groupPolicyAttachment:GroupPolicyAttachment',
    'aws:iam/policyAttachment:PolicyAttachment',
    'aws:iam/rolePolicy:RolePolicy',
    'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
  ],
  check: (resource) => {
    if (OF_USERS.includes(resource.type)) return violating('it gives permissions to a user');
    return given(resource, 'users') && texts(resource, 'users').length > 0
      ? violating('it gives permissions to users')
      : compliant;
  },
});
