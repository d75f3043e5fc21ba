import { among, amongItems, found, isValues, number, resourceRule, text, type Resource } from '../../core';

const OLD = ['gp2', 'standard'];
const PROVISIONED = ['io1', 'io2'];

/** Where each type of resource lists devices, and where a device describes its volume. */
const DEVICES: Readonly<Record<string, readonly (readonly [list: string, volume: string])[]>> = {
  'aws:ec2/instance:Instance': [
    ['rootBlockDevice', ''],
    ['ebsBlockDevices', ''],
  ],
  'aws:ec2/launchTemplate:LaunchTemplate': [['blockDeviceMappings', 'ebs.']],
};

function ofVolume(
  type: string | undefined,
  iops: () => number | undefined,
  enough: number,
): readonly string[] {
  if (type === undefined) return [];
  if (OLD.includes(type)) return [`a volume is ${type}`];
  if (!PROVISIONED.includes(type)) return [];
  const provisioned = iops();
  return provisioned !== undefined && provisioned <= enough
    ? [`a volume is ${type} with ${provisioned} operations a second, which gp3 has too`]
    : [];
}

/** What is found; where no type is named, of what AWS takes. */
function findings(resource: Resource, enough: number): readonly string[] {
  const iops = () => number(resource, 'iops');
  if (resource.type === 'aws:ebs/volume:Volume')
    return ofVolume(text(resource, 'type') || 'gp2', iops, enough);
  if (resource.type === 'aws:rds/instance:Instance')
    return ofVolume(text(resource, 'storageType') || (iops() ? 'io1' : 'gp2'), iops, enough);
  return among(DEVICES[resource.type] ?? [], ([list, volume]) =>
    amongItems(resource, list, (device) =>
      isValues(device)
        ? ofVolume(text(device, `${volume}volumeType`), () => number(device, `${volume}iops`), enough)
        : [],
    ),
  );
}

export const volumesAreGp3 = resourceRule({
  id: 'volumes-are-gp3',
  family: 'cost',
  title: 'Volumes are gp3 while it will do',
  severity: 'low',
  controls: [],
  why: 'gp3 costs a fifth less than gp2 and gives 3,000 operations a second at any size, where a small gp2 volume gives 100; io1 and io2 cost many times as much for each operation.',
  fix: "`type: 'gp3'` of a volume, `volumeType: 'gp3'` of a block device, `storageType: 'gp3'` of a database. AWS changes a volume while it is in use.",
  levels: { starter: 'advisory', production: 'advisory', regulated: 'advisory' },
  looksAt: [
    'aws:ebs/volume:Volume',
    'aws:ec2/instance:Instance',
    'aws:ec2/launchTemplate:LaunchTemplate',
    'aws:rds/instance:Instance',
  ],
  settings: {
    gp3Iops: {
      // Amazon EBS User Guide, "General Purpose SSD volumes": gp3 takes 16,000 of any instance; newer ones take more.
      description: 'Most operations a second for which gp3 will do',
      type: 'integer',
      minimum: 3000,
      default: 16000,
    },
  },
  check: (resource, { gp3Iops }) => found([...new Set(findings(resource, gp3Iops))]),
});
