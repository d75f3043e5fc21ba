import {
  called,
  compliant,
  letsEverybodyIn,
  notApplicable,
  resourceRule,
  statements,
  text,
  violating,
} from '../../core';

export const vpcEndpointHasAPolicy = resourceRule({
  id: 'vpc-endpoint-has-a-policy',
  family: 'network',
  title: 'Every VPC endpoint says who may reach what through it',
  severity: 'medium',
  controls: [],
  why: 'Without a policy anybody inside can carry data to a bucket of any account by the private way, past every firewall.',
  fix: "`policy: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': '<account>' } } }] })`",
  levels: { starter: 'disabled', production: 'advisory', regulated: 'mandatory' },
  looksAt: ['aws:ec2/vpcEndpoint:VpcEndpoint'],
  settings: {
    without: {
      type: 'array',
      items: { type: 'string' },
      default: ['ecr.dkr', 'ssmmessages'],
      description: 'Services that are let off, by what follows the region in their names',
    },
  },
  check: (endpoint, { without }) => {
    if (!['Gateway', 'Interface'].includes(text(endpoint, 'vpcEndpointType') ?? 'Gateway')) {
      return notApplicable('endpoints of its kind have no policies');
    }
    const service = text(endpoint, 'serviceName') ?? '';
    if (without.some((name) => service.endsWith(`.${name}`))) return notApplicable('its service is let off');
    const policy = statements(endpoint, 'policy');
    if (!policy) return violating('it has no policy');
    const open = policy.flatMap((statement, index) =>
      letsEverybodyIn(statement) && statement.actions.includes('*') && statement.resources.includes('*')
        ? [`${called(statement, index)} allows everything to everybody`]
        : [],
    );
    return open.length === 0 ? compliant : violating(...open);
  },
});
