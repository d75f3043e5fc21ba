import {
  among,
  amongItems,
  found,
  isValues,
  number,
  resourceRule,
  text,
  type Resource,
  type Values,
} from '../../core';

const GROUP = 'aws:ec2/securityGroup:SecurityGroup';

const silent = (rule: Resource | Values): boolean => (text(rule, 'description') ?? '').trim() === '';

export const securityGroupRuleSaysWhy = resourceRule({
  id: 'security-group-rule-says-why',
  family: 'network',
  title: 'Every rule of a security group says what it is for',
  severity: 'low',
  controls: [],
  why: 'A rule that nobody can explain is a rule that nobody dares to remove.',
  fix: "`description: 'SRT of channel-01 from the venue'`",
  levels: { starter: 'disabled', production: 'advisory', regulated: 'mandatory' },
  looksAt: [
    GROUP,
    'aws:ec2/securityGroupRule:SecurityGroupRule',
    'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule',
    'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule',
  ],
  check: (resource) => {
    if (resource.type !== GROUP) return found(silent(resource) ? ['the rule has no description'] : []);
    return found(
      among(['ingress', 'egress'], (way) =>
        amongItems(resource, way, (rule) =>
          isValues(rule) && silent(rule)
            ? [`a rule for ${way} from port ${number(rule, 'fromPort') ?? 0} has no description`]
            : [],
        ),
      ),
    );
  },
});
