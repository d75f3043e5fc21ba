import { blocks, compliant, filled, itemsOf, peek, resourceRule, violating, type Values } from '../../core';

/** A list that is known only in the update is one. */
const isOpen = (access: Values): boolean =>
  filled(access, 'ec2SshKey') && itemsOf(peek(access, 'sourceSecurityGroupIds')).length === 0;

export const nodeSshNamesItsSources = resourceRule({
  id: 'node-ssh-names-its-sources',
  family: 'network',
  title: 'SSH to the nodes of EKS comes from named security groups',
  severity: 'critical',
  controls: [],
  why: 'EKS opens port 22 of every node to the whole internet where a group of nodes has a key and names no source, by a security group that stands in no program.',
  fix: 'Remove `remoteAccess`, and open sessions by Systems Manager; or name who may come: `remoteAccess: { ec2SshKey, sourceSecurityGroupIds: [bastion.id] }`',
  levels: {
    starter: 'mandatory',
    production: 'mandatory',
    regulated: 'mandatory',
  },
  looksAt: ['aws:eks/nodeGroup:NodeGroup'],
  check: (group) =>
    blocks(group, 'remoteAccess').some(isOpen)
      ? violating('port 22 of its nodes is open to 0.0.0.0/0')
      : compliant,
});
