import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import {
  MAX_USER_DATA_BYTES,
  agentSettings,
  userData,
  type UserDataOptions,
} from '../../../../components/encode/fleet/user-data';
import { skip } from '../../../support/skip';

const run = promisify(execFile);
const OPTIONS: UserDataOptions = {
  cluster: 'video-prod-live',
  metricsNamespace: 'AwsMedia',
  warmPool: false,
  preferCachedImages: true,
  stopTimeoutSeconds: 30,
};

describe('the user data of an instance', () => {
  it('fits EC2, with the longest name of a cluster', () => {
    const script = userData({ ...OPTIONS, cluster: 'x'.repeat(255), warmPool: true });
    expect(Buffer.byteLength(script)).to.be.lessThan(MAX_USER_DATA_BYTES / 2);
  });

  it('tells the agent what it needs', () => {
    expect(agentSettings(OPTIONS)).to.deep.equal({
      ECS_CLUSTER: 'video-prod-live',
      ECS_ENABLE_GPU_SUPPORT: 'true',
      ECS_ENABLE_TASK_IAM_ROLE: 'true',
      ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST: 'true',
      ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE: 'true',
      ECS_AVAILABLE_LOGGING_DRIVERS: '["json-file","awslogs"]',
      ECS_ENABLE_SPOT_INSTANCE_DRAINING: 'true',
      ECS_CONTAINER_STOP_TIMEOUT: '30s',
      ECS_RESERVED_MEMORY: '512',
      ECS_IMAGE_PULL_BEHAVIOR: 'prefer-cached',
    });
    expect(agentSettings({ ...OPTIONS, warmPool: true })).to.include({ ECS_WARM_POOLS_CHECK: 'true' });
    expect(agentSettings({ ...OPTIONS, preferCachedImages: false })).to.include({
      ECS_IMAGE_PULL_BEHAVIOR: 'default',
    });
  });

  it('takes no name that a shell could read otherwise', () => {
    expect(() => userData({ ...OPTIONS, cluster: 'x; reboot' })).to.throw(
      RangeError,
      'not a name: "x; reboot"',
    );
    expect(() => userData({ ...OPTIONS, metricsNamespace: '$(x)' })).to.throw(RangeError);
  });

  it('has nothing that ShellCheck finds fault with', async function () {
    this.timeout(30_000);
    const found = await run('shellcheck', ['--version']).catch(() => undefined);
    if (!found) skip(this, 'there is no shellcheck: apt-get install shellcheck');
    const folder = await mkdtemp(path.join(os.tmpdir(), 'user-data-'));
    try {
      const script = userData({ ...OPTIONS, warmPool: true });
      // The watch is a script of its own inside the script.
      const watch = /<<'EOF'\n(#!\/bin\/bash\n[\s\S]*?)\nEOF\n/.exec(script)![1]!;
      await writeFile(path.join(folder, 'start'), script);
      await writeFile(path.join(folder, 'watch'), watch);
      await run('shellcheck', ['start', 'watch'], { cwd: folder });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  describe('on a machine that is put on', () => {
    let host: Host;
    beforeEach(async () => {
      host = await Host.open();
    });
    afterEach(() => host.close());

    it('makes NVIDIA the default runtime where Docker has options, and configures the agent', async () => {
      await host.write('etc/sysconfig/docker', 'OPTIONS="--default-ulimit nofile=32768:65536"\n');
      expect(await host.start(userData(OPTIONS))).to.equal(0);
      expect(await host.read('etc/sysconfig/docker')).to.equal(
        'OPTIONS="--default-runtime=nvidia --default-ulimit nofile=32768:65536"\n',
      );
      const lines = Object.entries(agentSettings(OPTIONS)).map(([name, value]) => `${name}=${value}\n`);
      expect(await host.read('etc/ecs/ecs.config')).to.equal(lines.join(''));
      expect(await host.read('etc/sysctl.d/90-aws-media.conf')).to.equal('net.core.rmem_max = 8388608\n');
      expect(await host.calls()).to.deep.equal([
        `sysctl -p ${host.folder}/etc/sysctl.d/90-aws-media.conf`,
        'systemctl restart docker',
        'docker info --format {{.DefaultRuntime}}',
        'nvidia-smi --query-gpu=name,driver_version --format=csv,noheader',
        'systemctl daemon-reload',
        'systemctl enable --now --no-block aws-media-xid.service',
      ]);
    });

    it('makes it so where Docker has none, and leaves one that is there', async () => {
      expect(await host.start(userData(OPTIONS))).to.equal(0);
      const line = 'OPTIONS="--default-runtime=nvidia --default-ulimit nofile=32768:65536"\n';
      expect(await host.read('etc/sysconfig/docker')).to.equal(line);
      expect(await host.start(userData(OPTIONS))).to.equal(0);
      expect(await host.read('etc/sysconfig/docker')).to.equal(line);
    });

    it('keeps an instance without a GPU out of the cluster, and ends it', async () => {
      await host.program('nvidia-smi', 'exit 9');
      expect(await host.start(userData(OPTIONS))).not.to.equal(0);
      const calls = await host.calls();
      expect(calls.slice(-2)).to.deep.equal(['systemctl mask ecs.service', 'shutdown -h now']);
      expect(calls.join()).not.to.include('aws-media-xid');
    });

    it('keeps an instance whose Docker did not take the runtime out of the cluster', async () => {
      await host.program('docker', 'echo runc');
      expect(await host.start(userData(OPTIONS))).not.to.equal(0);
      expect((await host.calls()).at(-1)).to.equal('shutdown -h now');
    });

    it('counts each Xid in CloudWatch once, with no key among the arguments', async () => {
      await host.program('curl', CURL);
      await host.program('journalctl', JOURNAL);
      expect(await host.start(userData(OPTIONS))).to.equal(0);
      await host.bash('usr/local/sbin/aws-media-xid');
      const calls = (await host.calls()).filter((line) => line.includes('monitoring.eu-west-1'));
      expect(calls).to.have.length(2);
      expect(calls[0]).to.include('--aws-sigv4 aws:amz:eu-west-1:monitoring');
      expect(calls[0]).to.include('Namespace=AwsMedia');
      expect(calls[0]).to.include('MetricName=GpuXid');
      expect(calls[0]).to.include('Dimensions.member.1.Value=video-prod-live');
      expect((await host.calls()).join('\n')).not.to.match(/AKIDEXAMPLE|the-secret|the-session/);
      expect(await host.read('stdin')).to.equal(
        'user = "AKIDEXAMPLE:the-secret/+="\nheader = "X-Amz-Security-Token: the-session"\n'.repeat(2),
      );
    });
  });
});

/** The instance's metadata, and CloudWatch. */
const CURL = `case "$*" in
  *api/token*) echo token ;;
  *placement/region*) printf eu-west-1 ;;
  *security-credentials/encoder*) printf '{\\n  "AccessKeyId" : "AKIDEXAMPLE",\\n  "SecretAccessKey" : "the-secret/+=",\\n  "Token" : "the-session"\\n}' ;;
  *security-credentials/*) printf encoder ;;
  *monitoring*) cat >> "$HOST_FOLDER/stdin" ;;
esac`;

const JOURNAL = `echo 'usb 1-1: new device'
echo 'NVRM: Xid (PCI:0000:00:1e): 79, pid=1234, GPU has fallen off the bus.'
echo 'NVRM: loading'
echo 'NVRM: Xid (PCI:0000:00:1e): 31, pid=1234'`;

/** A folder in place of the root, and programs that note how they are called. */
class Host {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Host> {
    const host = new Host(await mkdtemp(path.join(os.tmpdir(), 'instance-')));
    for (const folder of ['bin', 'dev', 'etc/ecs', 'etc/sysconfig', 'etc/sysctl.d', 'etc/systemd/system']) {
      await mkdir(path.join(host.folder, folder), { recursive: true });
    }
    await mkdir(path.join(host.folder, 'usr/local/sbin'), { recursive: true });
    await mkdir(path.join(host.folder, 'var/log'), { recursive: true });
    for (const name of ['sysctl', 'systemctl', 'shutdown', 'logger', 'nvidia-smi']) await host.program(name);
    await host.program('docker', 'echo nvidia');
    return host;
  }

  /** @param body in bash, after its call is noted; `logger` reads to its end */
  async program(name: string, body = name === 'logger' ? 'cat > /dev/null' : ''): Promise<void> {
    const file = path.join(this.folder, 'bin', name);
    const note = name === 'logger' ? '' : `echo "${name} $*" >> "$HOST_FOLDER/calls"\n`;
    await writeFile(file, `#!/bin/bash\n${note}${body}\n`);
    await chmod(file, 0o755);
  }

  /** @returns the exit code */
  async start(script: string): Promise<number> {
    const rooted = script.replaceAll(/(?<![\w.])\/(etc|usr\/local|var|dev\/console)/g, `${this.folder}/$1`);
    await this.write('start', rooted);
    return this.bash('start');
  }

  async bash(file: string): Promise<number> {
    const env = {
      PATH: `${this.folder}/bin:${process.env['PATH']}`,
      HOST_FOLDER: this.folder,
    };
    return run('bash', [path.join(this.folder, file)], { env, timeout: 10_000 }).then(
      () => 0,
      (error: { code?: number }) => error.code ?? -1,
    );
  }

  async calls(): Promise<string[]> {
    const text = await readFile(path.join(this.folder, 'calls'), 'utf8').catch(() => '');
    return text.split('\n').filter(Boolean);
  }

  read(name: string): Promise<string> {
    return readFile(path.join(this.folder, name), 'utf8');
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(path.join(this.folder, name), text);
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
