import {
  UNKNOWN,
  amongItems,
  blocks,
  found,
  isValues,
  itemsOf,
  notApplicable,
  peek,
  resourceRule,
  text,
  when,
} from '../../core';

const EFS = 'efsVolumeConfiguration';

export const taskFileSystemsUseTls = resourceRule({
  id: 'task-file-systems-use-tls',
  family: 'encryption',
  title: 'Tasks reach EFS file systems by TLS',
  severity: 'medium',
  controls: [],
  why: 'NFS goes over the network in the clear unless it is told otherwise, and the authorisation of EFS by IAM works with TLS alone.',
  fix: "`efsVolumeConfiguration: { fileSystemId: media.id, transitEncryption: 'ENABLED' }`",
  levels: {
    starter: 'advisory',
    production: 'mandatory',
    regulated: 'mandatory',
  },
  looksAt: ['aws:ecs/taskDefinition:TaskDefinition'],
  check: (task) => {
    const volumes = itemsOf(peek(task, 'volumes'));
    if (volumes.every((volume) => volume !== UNKNOWN && !(isValues(volume) && volume[EFS]))) {
      return notApplicable('it mounts no EFS file system');
    }
    return found(
      amongItems(task, 'volumes', (volume) =>
        isValues(volume)
          ? blocks(volume, EFS).flatMap((mount) =>
              when(
                text(mount, 'transitEncryption') !== 'ENABLED',
                `its volume ${text(volume, 'name') ?? 'without a name'} is reached without TLS`,
              ),
            )
          : [],
      ),
    );
  },
});
