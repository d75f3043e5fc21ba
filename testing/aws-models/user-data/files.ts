/** Files that an instance writes when it starts, whose names say what they are. */
import { at, closest, meant, type Problems } from '../problems';
import { SECTIONS, SYSTEMD_GUIDE } from './systemd';

export interface WrittenFile {
  /** Where it is written. */
  readonly file: string;
  readonly content: string;
}

/** The first names of keys: Linux kernel documentation, "Documentation for /proc/sys". */
const SYSCTL_ROOTS = [
  ...['abi', 'crypto', 'debug', 'dev', 'fs', 'kernel', 'net', 'sunrpc', 'user', 'vm', 'xen'],
];
const NET_ROOTS = [
  ...[
    'core',
    'ipv4',
    'ipv6',
    'unix',
    'netfilter',
    'bridge',
    'mptcp',
    'sctp',
    'vsock',
    'nf_conntrack_max',
    'mpls',
  ],
];

export function checkFile({ file, content }: WrittenFile, path: string, problems: Problems): void {
  if (/^\/etc\/sysctl(?:\.d\/.+)?\.conf$/.test(file)) checkSysctl(content, path, problems);
  else if (/\.(?:service|socket|timer|mount|path|target)$/.test(file))
    checkUnit(file, content, path, problems);
  else if (file === '/etc/ecs/ecs.config') checkEcsConfig(content, path, problems);
}

/** Each line that says something, with its number from one. */
function linesOf(content: string, comment: RegExp): readonly (readonly [number: number, line: string])[] {
  return content
    .split('\n')
    .map((line, n): [number, string] => [n + 1, line.trim()])
    .filter(([, line]) => line !== '' && !comment.test(line));
}

function checkSysctl(content: string, path: string, problems: Problems): void {
  for (const [number, line] of linesOf(content, /^[#;]/)) {
    const [, key, value] = /^-?([\w./*-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    const [root = '', second = ''] = key?.split(/[./]/) ?? [];
    const here = at(path, number);
    if (key === undefined || value === '') {
      const allowed = 'key = value (Linux manual, sysctl.d)';
      problems.ineffective(here, { value: line, problem: 'no setting', allowed, fix: 'write key = value' });
    } else if (!SYSCTL_ROOTS.includes(root) || (root === 'net' && !NET_ROOTS.includes(second))) {
      const known = SYSCTL_ROOTS.includes(root) ? NET_ROOTS.map((each) => `net.${each}`) : SYSCTL_ROOTS;
      const given = root === 'net' ? `net.${second}` : root;
      problems.ineffective(here, {
        ...{ value: key, problem: 'no key of the kernel begins so' },
        allowed: `${known.join(', ')} (Linux kernel documentation, "Documentation for /proc/sys")`,
        fix: meant(closest(given, known), 'correct the key'),
      });
    }
  }
}

function checkUnit(file: string, content: string, path: string, problems: Problems): void {
  // A line that ends with a backslash goes on in the next.
  const joined = content.replaceAll(/\\\n/g, '  ');
  let section: string | undefined;
  for (const [number, line] of linesOf(joined, /^[#;]/)) {
    const here = at(path, number);
    const title = /^\[(.+)\]$/.exec(line)?.[1];
    if (title !== undefined) {
      section = title;
      if (SECTIONS[title] !== undefined || title.startsWith('X-')) continue;
      const known = Object.keys(SECTIONS);
      const fix = meant(closest(title, known), 'remove it');
      const allowed = `${known.join(', ')} (${SYSTEMD_GUIDE})`;
      problems.ineffective(here, { value: line, problem: 'no section of a unit', allowed, fix });
      continue;
    }
    const name = /^([A-Za-z][\w-]*)\s*=/.exec(line)?.[1];
    const known = section === undefined ? [] : (SECTIONS[section] ?? []);
    if (name === undefined || section === undefined) {
      const allowed = `[Section] and Name=value (${SYSTEMD_GUIDE})`;
      problems.ineffective(here, {
        value: line,
        problem: 'no setting of a section',
        allowed,
        fix: 'correct it',
      });
    } else if (known.length > 0 && !known.includes(name) && !name.startsWith('X-')) {
      problems.ineffective(here, {
        ...{ value: name, problem: `systemd ignores it in [${section}]` },
        ...{ allowed: `the settings of ${SYSTEMD_GUIDE}`, fix: meant(closest(name, known), 'remove it') },
      });
    }
  }
  if (!file.endsWith('.service') || /^\s*(?:ExecStart|SuccessAction)\s*=|Type\s*=\s*oneshot/m.test(joined))
    return;
  const allowed = `ExecStart in [Service] (${SYSTEMD_GUIDE})`;
  problems.ineffective(path, { problem: 'a service that starts nothing', allowed, fix: 'add ExecStart' });
}

function checkEcsConfig(content: string, path: string, problems: Problems): void {
  for (const [number, line] of linesOf(content, /^#/)) {
    if (/^(?:ECS_[A-Z0-9_]+|[A-Z][A-Z0-9_]*)=.*$/.test(line)) continue;
    const allowed = 'NAME=value (aws/amazon-ecs-agent, README.md, "Environment Variables")';
    problems.ineffective(at(path, number), {
      value: line,
      problem: 'no setting',
      allowed,
      fix: 'write NAME=value',
    });
  }
}
