import {
  called,
  compliant,
  namesItsSource,
  notApplicable,
  resourceRule,
  statements,
  violating,
} from '../../core';

export const serviceTrustNamesItsSource = resourceRule({
  id: 'service-trust-names-its-source',
  family: 'identity',
  title: 'A role for a service of AWS says on whose behalf the service may take it',
  severity: 'medium',
  controls: [],
  why: 'A service works for every account: without a source, another account that learns the name of the role can have the service use it (the confused deputy).',
  fix: "`Condition: { StringEquals: { 'aws:SourceAccount': '<account>' }, ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:<region>:<account>:*' } }`",
  levels: { starter: 'disabled', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:iam/role:Role'],
  settings: {
    services: {
      type: 'array',
      items: { type: 'string' },
      default: [
        'ecs-tasks.amazonaws.com',
        'pipes.amazonaws.com',
        'scheduler.amazonaws.com',
        'states.amazonaws.com',
        'vpc-flow-logs.amazonaws.com',
      ],
      description:
        'Services that send a source when they take a role; others, as lambda.amazonaws.com and ec2.amazonaws.com, send none',
    },
  },
  check: (role, { services }) => {
    const trust = (statements(role, 'assumeRolePolicy') ?? []).flatMap((statement, index) =>
      statement.effect === 'Allow'
        ? (statement.principals['Service'] ?? [])
            .filter((service) => services.includes(service))
            .map((service) => ({ statement, service, name: called(statement, index) }))
        : [],
    );
    if (trust.length === 0) return notApplicable('no service that sends a source takes it');
    const open = trust.filter(({ statement }) => !namesItsSource(statement));
    return open.length === 0
      ? compliant
      : violating(...open.map(({ name, service }) => `${name} of its trust lets ${service} act for anybody`));
  },
});
