import { compliant, flag, resourceRule, violating } from '../../core';

export const fileSystemIsEncrypted = resourceRule({
  id: 'file-system-is-encrypted',
  family: 'encryption',
  title: 'Every EFS file system is encrypted',
  severity: 'high',
  controls: ['AWS FSBP EFS.1', 'AWS FSBP EFS.8', 'CIS AWS v5.0.0 2.3.1'],
  why: 'EFS does not encrypt unless it is asked to, and a file system can be encrypted only when it is made.',
  fix: '`encrypted: true` (it replaces the file system: copy the files first)',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:efs/fileSystem:FileSystem'],
  check: (resource) =>
    flag(resource, 'encrypted') ? compliant : violating('the file system is not encrypted'),
});
