import { called, found, letsEverybodyIn, notApplicable, resourceRule, statements } from '../../core';

export const roleIsNotForEverybody = resourceRule({
  id: 'role-is-not-for-everybody',
  family: 'identity',
  title: 'No role can be taken by everybody',
  severity: 'critical',
  controls: [],
  why: 'Any account of AWS can take such a role, and has all that it may do.',
  fix: "Name who takes it: `Principal: { Service: 'ecs-tasks.amazonaws.com' }`, or `{ AWS: 'arn:aws:iam::<account>:role/<name>' }`",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:iam/role:Role'],
  check: (role) => {
    const trust = statements(role, 'assumeRolePolicy');
    if (!trust) return notApplicable('its trust policy is not JSON');
    return found(
      trust.flatMap((statement, index) =>
        letsEverybodyIn(statement) ? [`${called(statement, index)} of its trust lets everybody in`] : [],
      ),
    );
  },
});
