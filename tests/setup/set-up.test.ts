import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { skip } from '../support/skip';

const ROOT = resolve(__dirname, '../../..');
/** What scripts/setup.sh may use of a minimal system. */
const SYSTEM =
  'awk cat cp date dirname env flock head ln mkdir mv readlink rm sed sh sleep tail touch uname wc'.split(
    ' ',
  );
const PACKAGE = `node-linux-${process.arch}`;

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A checkout whose path has a space in it, on a machine that has only what is put into its `bin`. */
class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), 'aws-media-set-up-'));
  readonly checkout = join(this.folder, 'a checkout');
  readonly bin = join(this.folder, 'bin');

  constructor() {
    mkdirSync(this.bin);
    mkdirSync(join(this.checkout, 'scripts/node'), { recursive: true });
    for (const file of ['scripts/setup.sh', 'scripts/with-node.sh', 'bin/aws-media', 'bin/node.sh']) {
      cpSync(join(ROOT, file), join(this.checkout, file));
    }
    this.write('checkout', 'package-lock.json', '{}\n');
    // The Node that the fake npm brings is the one that runs this test.
    const pin = JSON.stringify({ optionalDependencies: { [PACKAGE]: process.versions.node } }, null, 2);
    this.write('checkout', 'scripts/node/package.json', pin);
    this.write('checkout', 'scripts/node/package-lock.json', '{}\n');
    this.write('checkout', 'scripts/build-player.mjs', '');
    this.write('folder', 'debian', 'ID=debian\n');
    this.write('folder', 'fedora', 'ID=fedora\nVERSION_ID=40\n');
    for (const name of SYSTEM) {
      const found = (process.env['PATH'] ?? '').split(':').find((place) => existsSync(join(place, name)));
      if (found !== undefined) symlinkSync(join(found, name), join(this.bin, name));
    }
    this.command('id', 'case $1 in -u) echo 1000 ;; *) echo someone ;; esac');
  }

  /** A machine with everything, whose npm installs a tsc that makes dist/cli/main.js. */
  static complete(): Machine {
    const machine = new Machine();
    for (const name of ['ffmpeg', 'ffprobe', 'chromium', 'cc']) machine.command(name, '');
    for (const header of ['stdio.h', 'srt/srt.h', 'nettle/nist-keywrap.h']) {
      machine.write('folder', `headers/${header}`, '');
    }
    machine.command('make', `echo "$*" >>'${machine.folder}/make-calls'`);
    symlinkSync(process.execPath, join(machine.bin, 'node'));
    machine.command(
      'npm',
      `echo "$PWD" >>'${machine.folder}/npm-calls'
      if [ -e '${machine.folder}/no-network' ]; then echo 'npm error network'; exit 1; fi
      rm -rf node_modules
      mkdir -p node_modules/typescript/bin
      if [ -e '${machine.folder}/slow' ]; then sleep 2; fi
      mkdir -p 'node_modules/${PACKAGE}/bin'
      ln -s '${process.execPath}' 'node_modules/${PACKAGE}/bin/node'
      echo '{}' >node_modules/.package-lock.json
      cat >node_modules/typescript/bin/tsc <<'END'
      const fs = require('fs');
      fs.mkdirSync('dist/cli', { recursive: true });
      fs.writeFileSync('dist/cli/main.js', 'console.log("runs on " + process.version)');
END`,
    );
    return machine;
  }

  write(where: 'checkout' | 'folder', name: string, text: string): void {
    const path = join(this[where], name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  command(name: string, script: string): void {
    writeFileSync(join(this.bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.bin, name), 0o755);
  }

  get environment(): Record<string, string> {
    return {
      PATH: this.bin,
      HOME: this.folder,
      SET_UP_OS_RELEASE: join(this.folder, 'debian'),
      SET_UP_HEADERS: join(this.folder, 'headers'),
    };
  }

  setUp(more: Record<string, string> = {}): Outcome {
    const { status, stdout, stderr } = spawnSync('/bin/sh', [join(this.checkout, 'scripts/setup.sh')], {
      cwd: '/',
      encoding: 'utf8',
      env: { ...this.environment, ...more },
    });
    return { code: status, stdout, stderr };
  }

  /** In a process group of its own, so that a signal can reach all of it as a terminal's Ctrl-C does. */
  start(): { ended: Promise<Outcome>; interrupt: () => void } {
    const child = spawn('/bin/sh', [join(this.checkout, 'scripts/setup.sh')], {
      detached: true,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const ended = new Promise<Outcome>((done, failed) => {
      child.on('error', failed);
      child.on('close', (code) => done({ code, stdout, stderr }));
    });
    return { ended, interrupt: () => process.kill(-(child.pid ?? NaN), 'SIGINT') };
  }

  npmCalls(): string[] {
    return this.calls('npm-calls');
  }

  calls(name: string): string[] {
    const path = join(this.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  }
}

describe('scripts/setup.sh', () => {
  let machine: Machine;

  afterEach(() => rmSync(machine.folder, { recursive: true, force: true }));

  it('prints the exact command for what only root may install, and stops, where there is no sudo', () => {
    machine = new Machine();
    const { code, stdout, stderr } = machine.setUp();
    expect(code).to.equal(69);
    expect(stdout).to.equal('');
    expect(stderr).to.contain('ffmpeg: decodes and encodes the channel');
    expect(stderr).to.match(
      /^ {4}su -c 'apt-get update && apt-get install -y --no-install-recommends ffmpeg chromium fonts-liberation npm/m,
    );
  });

  it('installs by sudo where sudo asks for no password, and only what is missing', () => {
    machine = Machine.complete();
    rmSync(join(machine.bin, 'ffmpeg'));
    machine.command('sudo', `echo "$*" >>'${machine.folder}/sudo-calls'`);
    expect(machine.setUp().code).to.equal(0);
    expect(readFileSync(join(machine.folder, 'sudo-calls'), 'utf8').trim().split('\n')).to.deep.equal([
      '-n true',
      '-n env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 update',
      '-n env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends ffmpeg',
    ]);
  });

  it('installs what the SRT front is built from where a header is missing', () => {
    machine = Machine.complete();
    rmSync(join(machine.folder, 'headers/srt'), { recursive: true });
    machine.command('sudo', `echo "$*" >>'${machine.folder}/sudo-calls'`);
    const { code, stderr } = machine.setUp();
    expect(code, stderr).to.equal(0);
    expect(machine.calls('sudo-calls').at(-1)).to.match(/ --no-install-recommends libsrt-gnutls-dev$/);
  });

  it('builds the SRT front and the caller that tests it, deaf to what its own make was told', () => {
    machine = Machine.complete();
    machine.command('make', `echo "$* \${MAKEFLAGS-none}" >>'${machine.folder}/make-calls'`);
    expect(machine.setUp({ MAKEFLAGS: 'OUT=elsewhere' }).code).to.equal(0);
    expect(machine.calls('make-calls')).to.deep.equal([
      '--silent --no-print-directory -C encoder/ingest/srt-front srt-front srt-push none',
    ]);
  });

  it('fails where the SRT front cannot be compiled, and shows why', () => {
    machine = Machine.complete();
    machine.command('make', "echo 'main.c:1: error: no' >&2; exit 2");
    const { code, stderr } = machine.setUp();
    expect(code).to.equal(1);
    expect(stderr).to.contain('main.c:1: error: no');
    expect(stderr).to.contain('the build of the SRT front failed');
  });

  it('says what must be there on a system that is not Debian, and installs nothing', () => {
    machine = new Machine();
    machine.command('apt-get', `touch '${machine.folder}/called'`);
    machine.command('id', 'echo 0');
    const { code, stderr } = machine.setUp({ SET_UP_OS_RELEASE: join(machine.folder, 'fedora') });
    expect(code).to.equal(69);
    expect(stderr).to.contain("This system is 'fedora'");
    expect(stderr).to.contain('chromium: the browser in which the tests play the channel');
    expect(readdirSync(machine.folder)).not.to.contain('called');
  });

  it('installs a Node for the checkout alone where the system has an old one, and the command finds it', function () {
    if (process.platform !== 'linux') skip(this, "npm's Node packages are for Linux; run this on Linux");
    machine = Machine.complete();
    rmSync(join(machine.bin, 'node'));
    machine.command('node', 'case $1 in --version) echo v18.20.4 ;; *) exit 1 ;; esac');
    const { code, stderr } = machine.setUp();
    expect(code, stderr).to.equal(0);
    expect(stderr).to.contain(
      `installing Node ${process.versions.node} for this checkout alone, into .tools`,
    );
    expect(stderr).to.contain('is v18.20.4');
    const command = spawnSync(join(machine.checkout, 'node_modules/.bin/aws-media'), {
      encoding: 'utf8',
      env: machine.environment,
    });
    expect(command.stdout).to.equal(`runs on ${process.version}\n`);
  });

  it('does nothing on a second run, says so in one line, and calls no npm', () => {
    machine = Machine.complete();
    expect(machine.setUp().code).to.equal(0);
    expect(machine.npmCalls()).to.have.length(1);
    const second = machine.setUp();
    expect(second.code).to.equal(0);
    expect(second.stderr).to.match(/^set-up: ready, nothing to install \(\d+ s\)\n$/);
    expect(second.stdout).to.equal('');
    expect(machine.npmCalls()).to.have.length(1);
  });

  it('installs the dependencies again when the lockfile has changed', () => {
    machine = Machine.complete();
    machine.setUp();
    machine.write('checkout', 'package-lock.json', '{ "changed": true }\n');
    expect(machine.setUp().code).to.equal(0);
    expect(machine.npmCalls()).to.have.length(2);
  });

  it('fails where npm fails, shows its words and the log, and tries again on the next run', () => {
    machine = Machine.complete();
    machine.write('folder', 'no-network', '');
    const { code, stderr } = machine.setUp();
    expect(code).to.equal(1);
    expect(stderr).to.contain('    npm error network\n');
    expect(stderr).to.contain('.tools/setup.log');
    expect(stderr).to.contain('If there is no network');
    rmSync(join(machine.folder, 'no-network'));
    expect(machine.setUp().code).to.equal(0);
  });

  it('does an interrupted npm ci again', async () => {
    machine = Machine.complete();
    machine.write('folder', 'slow', '');
    const first = machine.start();
    while (!existsSync(join(machine.checkout, 'node_modules/typescript/bin'))) await delay(20);
    first.interrupt();
    const { code, stderr } = await first.ended;
    expect(code).to.equal(130);
    expect(stderr).to.contain('set-up: interrupted. Run the same command again');
    expect(existsSync(join(machine.checkout, 'node_modules/.package-lock.json'))).to.equal(false);
    rmSync(join(machine.folder, 'slow'));
    expect(machine.setUp().code).to.equal(0);
    expect(machine.npmCalls()).to.have.length(2);
  });

  it('lets the second of two at once wait, and installs once', async () => {
    machine = Machine.complete();
    machine.write('folder', 'slow', '');
    const first = machine.start();
    while (!existsSync(join(machine.checkout, 'node_modules/typescript/bin'))) await delay(20);
    const second = machine.start();
    const outcomes = await Promise.all([first.ended, second.ended]);
    expect(outcomes.map((outcome) => outcome.code)).to.deep.equal([0, 0]);
    expect(outcomes[1].stderr).to.contain('another set-up of this checkout is running; waiting');
    expect(outcomes[1].stderr).to.contain('ready, nothing to install');
    expect(machine.npmCalls()).to.have.length(1);
  });
});
