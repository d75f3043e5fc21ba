import { IDENTITY_POLICIES, judgePolicies, resourceRule, when } from '../../core';
import { includesAction, isAboutEverything } from './reach';

export const passRoleNamesItsRoles = resourceRule({
  id: 'pass-role-names-its-roles',
  family: 'identity',
  title: 'Who may pass roles to services may pass named ones',
  severity: 'high',
  controls: [],
  why: 'Who may pass any role starts a task or a function with the most powerful one, and has what that may do.',
  fix: "`{ Effect: 'Allow', Action: 'iam:PassRole', Resource: [taskRole.arn, executionRole.arn], Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } }`",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: IDENTITY_POLICIES,
  check: (resource) =>
    judgePolicies(resource, ({ name, statement }) =>
      when(
        statement.effect === 'Allow' &&
          includesAction(statement, 'iam:PassRole') &&
          isAboutEverything(statement),
        `${name} allows iam:PassRole with every role`,
      ),
    ),
});
