import { blocks, found, itemsOf, peek, resourceRule } from '../../core';

export const backupsAreCopiedElsewhere = resourceRule({
  id: 'backups-are-copied-elsewhere',
  family: 'resilience',
  title: 'Backups are copied to a vault of another region or account',
  severity: 'medium',
  controls: [],
  why: 'Backups in the region that failed, or in the account that was taken over, are lost with what they were to save.',
  fix: "rules: [{ ruleName: 'daily', targetVaultName: vault.name, schedule: 'cron(0 3 * * ? *)', copyActions: [{ destinationVaultArn: elsewhere.arn }] }]",
  levels: { starter: 'disabled', production: 'advisory', regulated: 'mandatory' },
  looksAt: ['aws:backup/plan:Plan'],
  check: (plan) =>
    found(
      blocks(plan, 'rules').flatMap((rule, index) =>
        itemsOf(peek(rule, 'copyActions')).length > 0
          ? []
          : [`what rule ${index + 1} backs up is copied nowhere`],
      ),
    ),
});
