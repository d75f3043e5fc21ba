import { amongItems, found, resourceRule, text, when } from '../../core';

const SNAPSHOTS = [
  'aws:rds/clusterSnapshot:ClusterSnapshot',
  'aws:rds/snapshot:Snapshot',
  'aws:rds/snapshotCopy:SnapshotCopy',
];
const IMAGE = 'aws:ec2/amiLaunchPermission:AmiLaunchPermission';

export const nothingIsSharedWithEverybody = resourceRule({
  id: 'nothing-is-shared-with-everybody',
  family: 'data-protection',
  title: 'No snapshot and no image is shared with everybody',
  severity: 'critical',
  controls: ['AWS FSBP RDS.1', 'AWS Security Hub EC2.182'],
  why: 'Public snapshots are copied by strangers within hours, with every row and every key that the disk held.',
  fix: "Share with accounts: `sharedAccounts: ['<account>']`, `accountId: '<account>'`; and per region `new aws.ebs.SnapshotBlockPublicAccess('snapshots', { state: 'block-all-sharing' })`",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [
    'aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess',
    IMAGE,
    'aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess',
    ...SNAPSHOTS,
  ],
  check: (resource) => {
    if (SNAPSHOTS.includes(resource.type)) {
      return found(
        amongItems(resource, 'sharedAccounts', (account) =>
          when(account === 'all', 'the snapshot is shared with everybody'),
        ),
      );
    }
    if (resource.type === IMAGE) {
      return found(text(resource, 'group') === 'all' ? ['the image is shared with everybody'] : []);
    }
    return found(text(resource, 'state') === 'unblocked' ? ['it lets the region share with everybody'] : []);
  },
});
