import { IDENTITY_POLICIES, RESOURCE_POLICIES, judgePolicies, resourceRule, when } from '../../core';

export const noPolicyAllowsAllButAList = resourceRule({
  id: 'no-policy-allows-all-but-a-list',
  family: 'identity',
  title: 'No policy allows all but what it lists',
  severity: 'high',
  controls: [],
  why: 'An allowance by exception grows by itself: with each action that AWS adds, each resource that is made, and for principals everybody in every account.',
  fix: 'Turn it round: list what is allowed in `Action`, `Resource` and `Principal`; keep NotAction, NotResource and NotPrincipal for `Deny`',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [...IDENTITY_POLICIES, ...RESOURCE_POLICIES],
  check: (resource) =>
    judgePolicies(resource, ({ name, statement }) =>
      statement.effect === 'Deny'
        ? []
        : [
            ...when(statement.notActions.length > 0, `${name} allows every action but a list`),
            ...when(statement.notResources.length > 0, `${name} allows every resource but a list`),
            ...when(statement.hasNotPrincipal, `${name} lets in everybody but a list`),
          ],
    ),
});
