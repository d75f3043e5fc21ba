import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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
import { CleanRoot } from './clean-root';

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

  describe('in a clean root file system, as it is', () => {
    let host: CleanRoot;

    beforeEach(async function () {
      if (process.platform !== 'linux') skip(this, 'a clean root file system needs Linux');
      host = await CleanRoot.make();
      const missing = await host.missing();
      if (missing !== undefined) skip(this, missing);
    });

    afterEach(async () => (host as CleanRoot | undefined)?.remove());

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
        'sysctl -p /etc/sysctl.d/90-aws-media.conf',
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

    it('ends an instance whose image lacks a program that it calls', async () => {
      const script = userData({ ...OPTIONS, warmPool: true }).replace('nvidia-smi --query', 'jq --query');
      expect(await host.start(script)).not.to.equal(0);
      expect((await host.calls()).at(-1)).to.equal('shutdown -h now');
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
      expect(await host.execute('/usr/local/sbin/aws-media-xid')).to.equal(0);
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
  *monitoring*) cat >> /stdin ;;
esac`;

const JOURNAL = `echo 'usb 1-1: new device'
echo 'NVRM: Xid (PCI:0000:00:1e): 79, pid=1234, GPU has fallen off the bus.'
echo 'NVRM: loading'
echo 'NVRM: Xid (PCI:0000:00:1e): 31, pid=1234'`;
