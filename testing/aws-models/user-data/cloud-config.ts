/** `#cloud-config`: YAML, and the keys that cloud-init's modules read. */
import { createRequire } from 'node:module';
import { isFields } from '../../../planner/graph/values';
import { at, closest, meant, type Problems, wrongKind } from '../problems';
import { checkFile } from './files';

const yaml = createRequire(__filename)('js-yaml') as { load(text: string): unknown };

const GUIDE = 'cloud-init documentation, "Module reference"';

/** Top-level keys of the modules that cloud-init 24 has for every distribution. */
const KEYS = [
  ...[
    'allow_public_ssh_keys',
    'ansible',
    'apk_repos',
    'apt',
    'apt_pipelining',
    'bootcmd',
    'byobu_by_default',
  ],
  ...['ca_certs', 'ca-certs', 'chef', 'chpasswd', 'cloud_config_modules', 'cloud_final_modules'],
  ...['cloud_init_modules', 'create_hostname_file', 'datasource', 'device_aliases', 'disable_ec2_metadata'],
  ...[
    'disable_root',
    'disable_root_opts',
    'disk_setup',
    'drivers',
    'fan',
    'final_message',
    'fqdn',
    'fs_setup',
  ],
  ...[
    'groups',
    'growpart',
    'hostname',
    'keyboard',
    'landscape',
    'launch-index',
    'locale',
    'locale_configfile',
  ],
  ...['lxd', 'manage_etc_hosts', 'manage_resolv_conf', 'mcollective', 'merge_how', 'merge_type'],
  ...['migrate', 'mount_default_fields', 'mounts', 'network', 'no_ssh_fingerprints', 'ntp', 'output'],
  ...[
    'package_reboot_if_required',
    'package_update',
    'package_upgrade',
    'packages',
    'password',
    'phone_home',
  ],
  ...[
    'power_state',
    'prefer_fqdn_over_hostname',
    'preserve_hostname',
    'puppet',
    'random_seed',
    'repo_update',
  ],
  ...['repo_upgrade', 'reporting', 'resize_rootfs', 'resolv_conf', 'rh_subscription', 'rsyslog', 'runcmd'],
  ...['salt_minion', 'snap', 'spacewalk', 'ssh', 'ssh_authorized_keys', 'ssh_deletekeys', 'ssh_genkeytypes'],
  ...['ssh_import_id', 'ssh_key_console_blacklist', 'ssh_keys', 'ssh_publish_hostkeys', 'ssh_pwauth'],
  ...[
    'ssh_quiet_keygen',
    'swap',
    'system_info',
    'timezone',
    'ubuntu_advantage',
    'ubuntu_pro',
    'updates',
    'user',
  ],
  ...['users', 'vendor_data', 'version', 'wireguard', 'write_files', 'yum_repo_dir', 'yum_repos', 'zypper'],
];

/** Keys whose value is a list. */
const LISTS = ['bootcmd', 'runcmd', 'packages', 'write_files', 'mounts', 'ssh_authorized_keys', 'fs_setup'];

export function checkCloudConfig(text: string, path: string, problems: Problems): void {
  let document: unknown;
  try {
    document = yaml.load(text);
  } catch (error) {
    const [line = ''] = (error as Error).message.split('\n');
    const allowed = `YAML (${GUIDE})`;
    problems.ineffective(path, { problem: `no YAML: ${line}`, allowed, fix: 'correct the syntax' });
    return;
  }
  if (document === null || document === undefined) return;
  if (!isFields(document)) {
    const allowed = `an object of keys (${GUIDE})`;
    problems.ineffective(path, {
      problem: wrongKind(document),
      allowed,
      fix: 'begin with a key such as runcmd:',
    });
    return;
  }
  for (const [key, value] of Object.entries(document)) {
    const here = at(path, key);
    if (!KEYS.includes(key)) {
      problems.ineffective(here, {
        ...{ problem: 'no module of cloud-init reads this key', allowed: `${KEYS.join(', ')} (${GUIDE})` },
        fix: meant(closest(key, KEYS), 'remove it'),
      });
    } else if (LISTS.includes(key) && !Array.isArray(value)) {
      problems.ineffective(here, {
        value,
        problem: wrongKind(value),
        allowed: `a list (${GUIDE})`,
        fix: 'give a list',
      });
    }
  }
  checkFiles(document['write_files'], at(path, 'write_files'), problems);
}

function checkFiles(files: unknown, path: string, problems: Problems): void {
  for (const [n, each] of Array.isArray(files) ? files.entries() : []) {
    const here = at(path, n);
    const { path: file, permissions, content, encoding } = isFields(each) ? each : {};
    if (typeof file !== 'string' || !file.startsWith('/')) {
      const allowed = `an absolute path (${GUIDE})`;
      problems.ineffective(at(here, 'path'), {
        value: file,
        problem: 'no path',
        allowed,
        fix: 'give a path',
      });
    } else if (typeof content === 'string' && encoding === undefined) {
      checkFile({ file, content }, at(here, 'content'), problems);
    }
    // YAML reads 0644 as a number, which cloud-init takes as it is.
    if (
      permissions !== undefined &&
      typeof permissions !== 'number' &&
      !(typeof permissions === 'string' && /^0?[0-7]{3,4}$/.test(permissions))
    ) {
      const allowed = `octal digits in quotes, as '0644' (${GUIDE})`;
      problems.ineffective(at(here, 'permissions'), {
        value: permissions,
        problem: 'no mode',
        allowed,
        fix: "write '0644'",
      });
    }
  }
}
