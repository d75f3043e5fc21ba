import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { POLICY_REPORT, type PolicyReport } from '../../planner/check';
import { withProgram } from '../planner/programs';

const MAIN = path.resolve(__dirname, '../../cli/main.js');
const RULE = 'no-ssh-or-rdp-from-anywhere';

const OPEN = `const aws = require('@pulumi/aws');
new aws.ec2.SecurityGroup('admin', {
  description: 'administration',
  ingress: [{ description: 'SSH', protocol: 'tcp', fromPort: 22, toPort: 22, cidrBlocks: ['0.0.0.0/0'] }],
});
`;

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const run = (...args: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const options = { timeout: 60_000, maxBuffer: 1 << 26 };
    execFile(process.execPath, [MAIN, 'policy', ...args], options, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });

describe('aws-media policy check', function () {
  this.timeout(90_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'policy-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, content: unknown): string => {
    const at = path.join(folder, name);
    writeFileSync(at, typeof content === 'string' ? content : JSON.stringify(content));
    return at;
  };

  it('says what is wrong and where, why that matters and what to do, and ends with 1', async () => {
    await withProgram({ 'index.js': OPEN }, async (program) => {
      const { code, out } = await run('check', program);
      expect(code).to.equal(1);
      expect(out).to.contain(`mandatory, critical: ${RULE}`);
      expect(out).to.contain(
        'admin (aws:ec2/securityGroup:SecurityGroup), index.js:2: port 22 is open to 0.0.0.0/0',
      );
      expect(out).to.contain('  why: Open administration ports').and.to.contain('  fix: Remove the rule');
    });
  });

  it('gives the same as JSON, as SARIF with places in the repository, and as Markdown', async () => {
    await withProgram({ 'index.js': OPEN }, async (program) => {
      const [json, sarif, markdown] = await Promise.all([
        run('check', program, '--json'),
        run('check', program, '--sarif', '--root', path.dirname(program)),
        run('check', program, '--markdown'),
      ]);
      const report = JSON.parse(json.out) as PolicyReport;
      expect(report).to.include({ ...POLICY_REPORT, profile: 'production', ok: false });
      const found = report.findings.find(({ rule }) => rule === RULE);
      expect(found).to.include({ level: 'mandatory', found: 'port 22 is open to 0.0.0.0/0' });
      const { runs } = JSON.parse(sarif.out) as {
        runs: { results: { ruleId: string; locations: { physicalLocation: object }[] }[] }[];
      };
      const result = runs[0]!.results.find(({ ruleId }) => ruleId === RULE);
      expect(result!.locations[0]!.physicalLocation).to.deep.equal({
        artifactLocation: { uri: `${path.basename(program)}/index.js` },
        region: { startLine: 2 },
      });
      expect(markdown.out).to.contain(`| mandatory | critical | ${RULE} |`);
    });
  });

  it('follows a configuration, and lists what is exempt', async () => {
    await withProgram({ 'index.js': OPEN }, async (program) => {
      const only = { all: 'disabled', [RULE]: 'mandatory' };
      const exemption = {
        rule: RULE,
        urn: '*::admin',
        reason: 'a test',
        owner: 'video',
        expires: '2999-12-31',
      };
      const exempt = file('exempt.json', { ...only, 'exemptions-are-current': { exemptions: [exemption] } });
      const { code, out } = await run('check', program, '--policy-config', exempt);
      expect(code, out).to.equal(0);
      expect(out).to.contain('exempt until 2999-12-31 (video: a test): no-ssh-or-rdp-from-anywhere, admin');
    });
  });

  it('refuses what is wrong in the flags and the configuration, all of it, before anything runs', async () => {
    const wrong = file('wrong.json', {
      [RULE]: 'sometimes',
      'no-such-rule': 'advisory',
      'exemptions-are-current': {
        exemptions: [{ rule: RULE, urn: '*', reason: '', owner: 'video', expires: 'soon' }],
      },
    });
    const { code, err } = await run(
      'check',
      'examples/media-vpc',
      '--profile',
      'strict',
      '--json',
      '--sarif',
    );
    expect(code).to.equal(2);
    expect(err).to.contain('give one of them').and.to.contain('--profile strict: allowed are starter');
    const configured = await run('check', 'examples/media-vpc', '--policy-config', wrong);
    expect(configured.code).to.equal(2);
    for (const problem of [
      `${RULE}: allowed are advisory, mandatory, remediate, disabled`,
      'no-such-rule: no rule is called that',
      'exemptions.0.reason: reason must not be empty',
      'exemptions.0.expires: expires must be a day',
    ]) {
      expect(configured.err).to.contain(problem);
    }
    const nowhere = await run('check', 'nowhere');
    expect([nowhere.code, nowhere.err]).to.deep.equal([
      2,
      'aws-media: policy check nowhere: there is no folder and no environment of this name; ' +
        'environments here are dev, local, prod, staging; or give the folder of a Pulumi.yaml\n',
    ]);
  });
});
