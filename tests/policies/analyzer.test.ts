import { readFileSync } from 'node:fs';
import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { checkGraph } from '../../planner/check';
import { ALL_RULES } from '../../policies/rules';
import { WIRE } from '../../planner/graph/values';
import { viewOf } from '../../planner/graph/view';
import { recordComponent } from '../../testing';
import { analyzerPb } from '../../testing/engine/sdk';
import { recordStack } from '../stacks/stack-recording';
import { Analyzer, type Said } from './analyzer';
import type { Graph } from '../../planner';

/** What both say of the rules: the engine's text has what was found, why, and what to do. */
const ofRules = (said: readonly Said[]) => {
  const ids = new Set(ALL_RULES.map(({ id }) => id));
  return said
    .filter(({ policy }) => ids.has(policy))
    .map(({ policy, urn, level }) => `${level} ${policy} ${urn}`)
    .sort();
};

const checked = (graph: Graph) =>
  checkGraph(graph)
    .findings.map(({ level, rule, urn }) => `${level} ${rule} ${urn}`)
    .sort();

describe('the policy pack, asked as the engine asks it', function () {
  this.timeout(60_000);
  let analyzer: Analyzer;
  let prod: Graph;

  before(async () => {
    [analyzer, prod] = await Promise.all([Analyzer.start(), recordStack('prod').then(({ graph }) => graph)]);
    await analyzer.configure();
  });
  after(() => analyzer.stop());

  it('runs in its own folder, whatever the program’s is, and says its name and version', async () => {
    const info = await analyzer.info();
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect([info.getName(), info.getVersion()]).to.deep.equal(['aws-media', version]);
  });

  it('says of each policy what it asks, how bad, and what to do', async () => {
    const info = await analyzer.info();
    for (const policy of info.getPoliciesList()) {
      const rule = ALL_RULES.find(({ id }) => id === policy.getName());
      if (!rule) continue;
      expect(policy.getDescription()).to.equal(`${rule.title}.`);
      expect(policy.getRemediationSteps()).to.equal(rule.fix);
      expect(policy.getTagsList()).to.include(rule.family);
    }
  });

  it('finds in prod what `aws-media policy check` finds', async () => {
    const said = await analyzer.judge(prod);
    expect(ofRules(said)).to.deep.equal(checked(prod));
  });

  it('in a first preview finds nothing that is not there, and shows what must wait for the update', async () => {
    const known = checked(prod);
    const said = await analyzer.judge(prod, 'unknown');
    expect(known).to.include.members(ofRules(said));
    // The SDK would say "can't run policy ... during preview", at level advisory.
    expect(said.filter(({ message }) => message.includes("can't run policy"))).to.deep.equal([]);
    const waiting = said.filter(({ policy }) => policy === 'undecided-is-listed');
    const silent = known.filter(
      (finding) =>
        !ofRules(said).includes(finding) &&
        !waiting.some(({ message, urn }) =>
          finding.endsWith(` ${message.split('\n').at(-1)!.split(' ')[0]} ${urn}`),
        ),
    );
    expect(silent).to.deep.equal([]);
  });

  it('mends nothing unless it is configured, and then only what is asked for: a secret and what is not known stay', async () => {
    const graph = await recordComponent(() => {
      const name = pulumi.secret('origin-log');
      const key = new aws.kms.Key('logs');
      new aws.cloudwatch.LogGroup('origin-log', { name, kmsKeyId: key.arn });
    });
    const group = viewOf(graph, 'unknown').resources.find(({ name }) => name === 'origin-log')!;
    expect(await analyzer.remediate(graph, group)).to.deep.equal([]);
    const { REMEDIATE } = analyzerPb.EnforcementLevel;
    await analyzer.configure({ 'log-groups-expire': { enforcementLevel: REMEDIATE, fillDays: 14 } });
    const [[rule, props] = [], ...others] = await analyzer.remediate(graph, group);
    expect([rule, others]).to.deep.equal(['log-groups-expire', []]);
    expect(props).to.deep.equal({
      name: { [WIRE.signature]: WIRE.secret, value: 'hidden' },
      kmsKeyId: WIRE.unknown,
      retentionInDays: 14,
    });
    await analyzer.configure();
  });
});
