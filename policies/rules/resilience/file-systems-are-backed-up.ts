import { compliant, stackRule, text, violating } from '../../core';

export const fileSystemsAreBackedUp = stackRule({
  id: 'file-systems-are-backed-up',
  family: 'resilience',
  title: 'A file system is in a backup plan',
  severity: 'medium',
  controls: ['AWS FSBP EFS.2', 'AWS FSBP EFS.7'],
  why: 'EFS keeps copies in several zones of what is there, a mistaken deletion included.',
  fix: "new aws.efs.BackupPolicy('backups', { fileSystemId: fileSystem.id, backupPolicy: { status: 'ENABLED' } });",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:efs/fileSystem:FileSystem'],
  check: (fileSystem, _settings, stack) => {
    const policies = stack
      .pointingAt(fileSystem, 'fileSystemId', ['aws:efs/backupPolicy:BackupPolicy'], ['id'])
      .filter((policy) => text(policy, 'backupPolicy.status') === 'ENABLED');
    const selections = stack
      .ofType('aws:backup/selection:Selection')
      .filter((selection) => selection.from['resources']?.includes(fileSystem.urn));
    return policies.length + selections.length > 0 ? compliant : violating('no backup policy or plan has it');
  },
});
