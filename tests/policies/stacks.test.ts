import { expect } from 'chai';
import { checkGraph, readPolicyConfiguration, type PolicyReport } from '../../planner/check';
import { recordStack } from '../stacks/stack-recording';

/** The exemptions are judged by a day of their own time, not by the day of the test. */
const TODAY = '2026-11-21';

const mandatory = ({ findings }: PolicyReport): string[] =>
  findings
    .filter(({ level }) => level === 'mandatory')
    .map(({ rule, urn, found }) => `${rule} ${urn.split('::').at(-1)}: ${found}`);

describe('our own stacks, judged by the policy pack', function () {
  this.timeout(30_000);

  it('prod passes production, with the exemptions of Pulumi.policies.json and no more', async () => {
    const { graph } = await recordStack('prod');
    // Its URNs are those of the stack, as the exemptions are.
    const prod = JSON.parse(
      JSON.stringify(graph).replaceAll('urn:pulumi:test::video', 'urn:pulumi:prod::aws-media'),
    ) as typeof graph;
    const report = checkGraph(prod, {
      ...readPolicyConfiguration('Pulumi.policies.json'),
      ...{ profile: 'production', today: TODAY },
    });
    expect(mandatory(report)).to.deep.equal([]);
    expect(report.unusedExemptions).to.deep.equal([]);
    expect(report.undecided).to.deep.equal([]);
    expect(report.exempt.length).to.be.above(0);
    expect(report.rules.filter(({ result }) => result === 'compliant').length).to.be.above(100);
  });

  it('without them it does not, and says of each alarm that it tells nobody', async () => {
    const { graph } = await recordStack('prod');
    const report = checkGraph(graph);
    expect(report.ok).to.be.false;
    expect([...new Set(mandatory(report).map((each) => each.split(' ')[0]))]).to.deep.equal([
      'alarms-tell-somebody',
    ]);
    const alarms = graph.resources.filter(({ type }) => type === 'aws:cloudwatch/metricAlarm:MetricAlarm');
    expect(mandatory(report)).to.have.length(alarms.length);
  });

  for (const stack of ['dev', 'staging', 'local']) {
    it(`${stack} passes starter`, async () => {
      const { graph } = await recordStack(stack);
      expect(mandatory(checkGraph(graph, { profile: 'starter' }))).to.deep.equal([]);
    });
  }
});
