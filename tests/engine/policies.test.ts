import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ec2 } from '@pulumi/aws';
import { expect } from 'chai';
import { recordComponent, toPulumiState, type Graph } from '../../testing';
import { RealEngine, RunFailed, type Outcome } from '../../testing/engine';
import { install } from '../package/installed';
import { rejection } from '../support/rejection';
import { requireEngine } from './require-engine';

const RULE = 'no-ssh-or-rdp-from-anywhere';

/** A security group that lets anybody, or a company, reach SSH. */
const group = (range: string) => () => {
  new ec2.SecurityGroup('admin', {
    description: 'administration',
    ingress: [{ description: 'SSH', protocol: 'tcp', fromPort: 22, toPort: 22, cidrBlocks: [range] }],
  });
};

const OPEN = group('0.0.0.0/0');
const found = ({ violations }: Outcome) =>
  violations
    .filter(({ policy }) => policy === RULE)
    .map(({ level, urn }) => `${level} ${urn.split('::').at(-1)}`);

describe('the policy pack in the real engine', function () {
  this.timeout(90_000);
  let pulumi: string;
  let engine: RealEngine;
  let executable: string;
  let folder: string;
  let sdk: string;
  let installedFolder: string;

  before(async function () {
    pulumi = requireEngine(this);
    const installed = await install();
    executable = join(installed.package, 'bin/aws-media-policy-pack');
    folder = join(installed.package, 'policies');
    installedFolder = installed.folder;
    sdk = join(installed.folder, 'node_modules/@pulumi/policy');
    engine = await RealEngine.start({ pulumi });
  });
  after(() => {
    if (sdk) rmSync(sdk, { force: true });
    engine?.stop();
  });

  /** The rules that `pulumi policy analyze` says a graph violates. */
  async function analyzed(pack: string, graph: Graph): Promise<string[]> {
    const file = join(engine.folder, 'state.json');
    writeFileSync(file, JSON.stringify(toPulumiState(graph)));
    const judged = await engine.cli(
      ['policy', 'analyze', '--policy-pack', pack, '--file', file, '--json'],
      resolve(engine.folder),
    );
    expect(judged.code, judged.stderr).to.be.greaterThan(0);
    return judged.stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .flatMap(
        (line) =>
          (JSON.parse(line) as { policyEvent?: { policyName: string } }).policyEvent?.policyName ?? [],
      );
  }

  const configuration = (name: string, content: object): string => {
    const file = join(engine.folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(content));
    return file;
  };

  it('says which package it needs where that is not installed', async () => {
    const stack = await engine.stack('without', async () => OPEN());
    const refused = (await rejection(stack.preview({ policyPacks: [executable] }))) as RunFailed;
    expect(refused.message).to.match(
      /needs the package @pulumi\/policy \(.+\), which is not installed\. Run: npm install @pulumi\/policy@\^/,
    );
    symlinkSync(resolve('node_modules/@pulumi/policy'), sdk);
  });

  it('as an executable of the installed package, refuses an update before anything is made', async () => {
    const stack = await engine.stack('executable', async () => OPEN());
    const refused = (await rejection(stack.up({ policyPacks: [executable] }))) as RunFailed;
    expect(refused).to.be.instanceOf(RunFailed);
    expect(found(refused.outcome)).to.deep.equal(['mandatory admin']);
    expect(engine.aws.done('create')).to.deep.equal([]);
  });

  it('lets pass what is right, and what a configuration makes a remark', async () => {
    const stack = await engine.stack('allowed', async () => OPEN());
    const policyPackConfigs = [configuration('advisory', { all: 'disabled', [RULE]: 'advisory' })];
    const remarked = await stack.preview({ policyPacks: [executable], policyPackConfigs });
    expect(found(remarked)).to.deep.equal(['advisory admin']);
    const policyPacks = [executable];
    const right = await stack.preview({
      ...{ policyPacks, policyPackConfigs, program: async () => group('203.0.113.0/24')() },
    });
    expect(found(right)).to.deep.equal([]);
  });

  it('lets pass what is exempt, and says so; refuses an exemption that has ended', async () => {
    const stack = await engine.stack('exempt', async () => OPEN());
    const exempt = (expires: string) =>
      configuration('exemptions', {
        ...{ all: 'disabled', [RULE]: 'mandatory', 'exemptions-are-listed': 'advisory' },
        'exemptions-are-current': {
          enforcementLevel: 'mandatory',
          exemptions: [
            { rule: RULE, urn: '*::admin', reason: 'until the VPN is there', owner: 'video', expires },
          ],
        },
      });
    const passed = await stack.preview({
      policyPacks: [executable],
      policyPackConfigs: [exempt('2999-12-31')],
    });
    expect(found(passed)).to.deep.equal([]);
    const listed = passed.violations.filter(({ policy }) => policy === 'exemptions-are-listed');
    expect(listed.map(({ message }) => message).join()).to.contain(
      `exempt from ${RULE} until 2999-12-31 (video: until the VPN is there): port 22 is open to 0.0.0.0/0`,
    );
    const refused = (await rejection(
      stack.preview({ policyPacks: [executable], policyPackConfigs: [exempt('2020-01-01')] }),
    )) as RunFailed;
    expect(refused).to.be.instanceOf(RunFailed);
    expect(found(refused.outcome)).to.deep.equal(['mandatory admin']);
    expect(refused.outcome.violations.map(({ policy }) => policy)).to.include('exemptions-are-current');
  });

  it('as rules among those of another team’s pack, judges by those that it was asked for', async () => {
    const pack = join(installedFolder, 'their-pack');
    mkdirSync(pack);
    writeFileSync(join(pack, 'package.json'), JSON.stringify({ name: 'theirs', version: '1.2.3' }));
    writeFileSync(
      join(pack, 'PulumiPolicy.yaml'),
      'runtime: { name: nodejs, options: { typescript: false } }\n',
    );
    writeFileSync(
      join(pack, 'index.js'),
      `const { PolicyPack } = require('@pulumi/policy');
const { mediaPolicies } = require('pulumi-aws-media/policies');
new PolicyPack('theirs', { policies: mediaPolicies({ profile: 'starter', only: ['${RULE}'] }) });
`,
    );
    const graph = await recordComponent(OPEN, { project: 'media', stack: 'dev' });
    expect(await analyzed(pack, graph)).to.deep.equal([RULE]);
  });

  it('as a folder of the installed package, judges a project of the CLI; and judges a recorded graph', async () => {
    const graph = await recordComponent(OPEN, { project: 'media', stack: 'dev' });
    for (const pack of [folder, executable]) {
      expect(await analyzed(pack, graph), pack).to.include(RULE);
    }
  });
});
