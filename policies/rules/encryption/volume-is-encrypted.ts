import {
  among,
  amongItems,
  fields,
  flag,
  found,
  given,
  isValues,
  itemsOf,
  notApplicable,
  peek,
  resourceRule,
  text,
  when,
  type Resource,
  type Values,
} from '../../core';

const TEMPLATE = 'aws:ec2/launchTemplate:LaunchTemplate';
const MAPPINGS = 'blockDeviceMappings';
const VOLUME = 'aws:ebs/volume:Volume';

export const volumeIsEncrypted = resourceRule({
  id: 'volume-is-encrypted',
  family: 'encryption',
  title: 'Every volume of an instance is encrypted',
  severity: 'high',
  controls: ['AWS FSBP EC2.3', 'AWS FSBP EC2.181'],
  why: 'Volumes and the snapshots of them hold caches, logs and swapped secrets in the clear, and an unencrypted volume cannot be encrypted in place.',
  fix: "aws.ebs.Volume: `encrypted: true`; aws.ec2.Instance: `rootBlockDevice: { encrypted: true }`; aws.ec2.LaunchTemplate: `blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { encrypted: 'true' } }]`",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [
    VOLUME,
    'aws:ec2/instance:Instance',
    'aws:ec2/launchConfiguration:LaunchConfiguration',
    TEMPLATE,
    'aws:ec2/spotInstanceRequest:SpotInstanceRequest',
  ],
  settings: {
    encryptedByDefault: {
      type: 'boolean',
      default: false,
      description:
        'Whether the account encrypts new volumes by default in every region in use (aws.ebs.EncryptionByDefault), so that a volume that says nothing is encrypted',
    },
  },
  check: (resource, { encryptedByDefault }) => {
    const open = (disk: Resource | Values, name: string) =>
      when(!(flag(disk, 'encrypted') ?? encryptedByDefault), `the ${name} is not encrypted`);
    const ofDevice = (mapping: Values, disk: Values) =>
      open(disk, `volume ${text(mapping, 'deviceName') ?? 'of a mapping'}`);
    if (resource.type === VOLUME) return found(open(resource, 'volume'));
    if (resource.type === TEMPLATE) {
      const disks = itemsOf(peek(resource, MAPPINGS)).filter((each) => !isValues(each) || each['ebs']);
      if (disks.length === 0) return notApplicable('it names no volume, so its image decides');
      return found(
        amongItems(resource, MAPPINGS, (mapping) => {
          const disk = isValues(mapping) ? fields(mapping, 'ebs') : undefined;
          return disk ? ofDevice(mapping as Values, disk) : [];
        }),
      );
    }
    const judges = [
      () => {
        const root = fields(resource, 'rootBlockDevice');
        // A launch template may speak of it instead.
        return root || !given(resource, 'launchTemplate') ? open(root ?? {}, 'root volume') : [];
      },
      () => amongItems(resource, 'ebsBlockDevices', (disk) => (isValues(disk) ? ofDevice(disk, disk) : [])),
    ];
    return found(among(judges, (judge) => judge()));
  },
});
