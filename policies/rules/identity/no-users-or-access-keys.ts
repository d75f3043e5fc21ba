import { compliant, resourceRule, violating } from '../../core';

/** What makes somebody who stays logged in, and how a finding calls it. */
const LASTING: Readonly<Record<string, string>> = {
  'aws:iam/accessKey:AccessKey': 'an access key works until somebody deletes it',
  'aws:iam/serviceSpecificCredential:ServiceSpecificCredential': 'a credential of a service works for years',
  'aws:iam/user:User': 'a user of IAM has credentials that last',
  'aws:iam/userLoginProfile:UserLoginProfile': 'a password for the console works until it is changed',
};

export const noUsersOrAccessKeys = resourceRule({
  id: 'no-users-or-access-keys',
  family: 'identity',
  title: 'People and programs take roles: there are no users and no access keys',
  severity: 'high',
  controls: [],
  why: 'Keys that last are what leaks from laptops, logs and repositories; the credentials of a role end by themselves, within hours.',
  fix: 'People: IAM Identity Center; programs on AWS: a role; GitHub Actions: aws.iam.OpenIdConnectProvider and a role; machines elsewhere: IAM Roles Anywhere',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  // A role is the other way to have somebody.
  looksAt: ['aws:iam/role:Role', ...Object.keys(LASTING)],
  check: ({ type }) => (LASTING[type] === undefined ? compliant : violating(LASTING[type])),
});
