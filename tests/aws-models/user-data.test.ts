import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { problemsOf, reportOf } from './one-resource';
import { skip } from '../support/skip';

const TEMPLATE = 'aws:ec2/launchTemplate:LaunchTemplate';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const of = (text: string): string[] =>
  problemsOf(TEMPLATE, { userData: base64(text) }).map((each) =>
    each.replace(/^ineffective userData:? ?/, ''),
  );
const writing = (file: string, content: string): string[] =>
  of(`#!/bin/bash\ncat > ${file} <<'EOF'\n${content}\nEOF\n`).map((each) =>
    each.replace(/^script\["[^"]*"\]/, ''),
  );

const MIME = `Content-Type: multipart/mixed; boundary="==B=="
MIME-Version: 1.0

--==B==
Content-Type: text/cloud-config; charset="us-ascii"

#cloud-config
runcmd:
  - [systemctl, restart, docker]

--==B==
Content-Type: text/x-shellscript

#!/bin/bash
systemctl restart docker

--==B==--
`;

describe('user data', () => {
  it('takes what cloud-init takes', () => {
    expect(of('#!/bin/bash\nset -e\n')).to.deep.equal([]);
    expect(of('#cloud-config\npackages: [jq]\n')).to.deep.equal([]);
    expect(of(MIME)).to.deep.equal([]);
    expect(of('## template: jinja\n#cloud-config\n')).to.deep.equal([]);
    expect(of('<powershell>ls</powershell>')).to.deep.equal([]);
    expect(problemsOf('aws:ec2/instance:Instance', { userData: '#!/bin/sh\n' })).to.deep.equal([]);
  });

  it('fits EC2 before it is encoded', () => {
    const script = (bytes: number) => '#!/bin/sh\n'.padEnd(bytes, '#');
    expect(of(script(16_384))).to.deep.equal([]);
    expect(of(script(16_385))).to.deep.equal(['refused userData: 16385 bytes before base64']);
    expect(problemsOf(TEMPLATE, { userData: '#!/bin/sh\n' })).to.deep.equal(['refused userData: no base64']);
  });

  it('begins with what says how it is read', () => {
    expect(of('echo hello')).to.deep.equal(['cloud-init knows no such format']);
    expect(of('\n#!/bin/bash\n')).to.deep.equal(['white space before the first line']);
    expect(of('#!bash\n')).to.deep.equal(['no interpreter']);
    expect(of('#!/bin/bash\r\nls\r\n')).to.deep.equal(['the first line ends with a carriage return']);
  });

  it('is a message whose parts cloud-init finds', () => {
    expect(of(MIME.replace('--==B==--', ''))).to.deep.equal(['the last boundary is missing']);
    expect(of(MIME.replace('boundary="==B=="', ''))).to.deep.equal(['no boundary in its Content-Type']);
    expect(of(MIME.replace('x-shellscript', 'shellscript'))).to.deep.equal([
      'part[1]: cloud-init leaves out a part of this type',
    ]);
    expect(of(MIME.replace('#!/bin/bash', 'set -e'))).to.deep.equal([
      'part[1]: a script without an interpreter',
    ]);
    expect(of(MIME.replace('runcmd:', 'runcmds:'))).to.deep.equal([
      'part[0].runcmds: no module of cloud-init reads this key',
    ]);
  });

  it('is cloud-config that is YAML, with keys that are read', () => {
    expect(of('#cloud-config\nruncmd: [\n')[0]).to.match(/^no YAML: /);
    expect(of('#cloud-config\nruncmd: reboot\n')).to.deep.equal(['runcmd: it is a text']);
    expect(of('#cloud-config\nwrite_files: [{ path: etc/x, content: y }]\n')).to.deep.equal([
      'write_files[0].path: no path',
    ]);
    const file = '{ path: /etc/sysctl.d/9.conf, content: "net.cor.rmem_max = 1" }';
    expect(of(`#cloud-config\nwrite_files: [${file}]\n`)).to.deep.equal([
      'write_files[0].content[1]: no key of the kernel begins so',
    ]);
  });

  it('writes files that their readers understand', () => {
    expect(writing('/etc/sysctl.d/9.conf', '# a comment\nnet.core.rmem_max = 8388608')).to.deep.equal([]);
    expect(writing('/etc/sysctl.d/9.conf', 'net.core.rmem_max 8388608')).to.deep.equal(['[1]: no setting']);
    const unit =
      '[Unit]\nDescription=x\n[Service]\nExecStart=/bin/x\nRestart=always\n[Install]\nWantedBy=multi-user.target';
    expect(writing('/etc/systemd/system/x.service', unit)).to.deep.equal([]);
    expect(writing('/etc/systemd/system/x.service', unit.replace('Restart=', 'Restarts='))).to.deep.equal([
      '[5]: systemd ignores it in [Service]',
    ]);
    expect(writing('/etc/systemd/system/x.service', unit.replace('[Service]', '[Services]'))).to.deep.equal([
      '[3]: no section of a unit',
    ]);
    expect(writing('/etc/systemd/system/x.service', '[Unit]\nDescription=x')).to.deep.equal([
      ': a service that starts nothing',
    ]);
    expect(writing('/etc/ecs/ecs.config', 'ECS_CLUSTER=live')).to.deep.equal([]);
    expect(writing('/etc/ecs/ecs.config', 'ECS_CLUSTER live')).to.deep.equal(['[1]: no setting']);
  });

  it('has scripts that shellcheck reads, also those that it writes', function () {
    if (spawnSync('shellcheck', ['--version']).status !== 0) {
      skip(this, 'there is no shellcheck: apt-get install shellcheck');
    }
    const script =
      "#!/bin/bash\nif [ $x = 1 ]; then\ncat > /usr/local/bin/y <<'EOF'\n#!/bin/bash\nz=1\nEOF\nfi\n";
    const { findings, notChecked } = reportOf(
      TEMPLATE,
      { userData: base64(script) },
      { shellcheck: 'shellcheck' },
    );
    expect(notChecked).to.deep.equal([]);
    expect(findings.map(({ property, allowed }) => `${property} ${allowed.slice(-8)}`)).to.deep.equal([
      'userData: script[2] (SC2154)',
      'userData: script["/usr/local/bin/y"][2] (SC2034)',
    ]);
  });

  it('says of scripts that nobody linted that they were not', () => {
    const { notChecked } = reportOf(TEMPLATE, { userData: base64('#!/bin/sh\nls\n') });
    expect(notChecked.map(({ reason }) => reason)).to.deep.equal(['no shellcheck was given for its script']);
  });
});
