import { among, amongItems, found, stackRule, violating, when } from '../../core';

const GROUP = 'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup';

export const defaultSecurityGroupIsClosed = stackRule({
  id: 'default-security-group-is-closed',
  family: 'network',
  title: 'The default security group of every VPC lets nothing in or out',
  severity: 'high',
  controls: ['AWS FSBP EC2.2', 'CIS AWS v5.0.0 5.5'],
  why: 'Whatever names no security group lands in the default one, whose members reach one another and the whole internet.',
  fix: "new aws.ec2.DefaultSecurityGroup('default', { vpcId: vpc.id, ingress: [], egress: [] })",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:ec2/vpc:Vpc'],
  check: (vpc, _, stack) => {
    const groups = stack.pointingAt(vpc, 'vpcId', [GROUP], ['id']);
    if (groups.length === 0) return violating('its default security group is as AWS makes it');
    return found(
      among(groups, (group) =>
        when(
          among(['ingress', 'egress'], (way) => amongItems(group, way, () => [way])).length > 0,
          `its default security group ${group.name} has rules`,
        ),
      ),
    );
  },
});
