import * as aws from '@pulumi/aws';
import { expect } from 'chai';
import { describeFinding, judgeTogether, type Verdict } from '../../planner/judge';
import { recordComponent } from '../../testing';
import { CORRECT } from './correct';
import { MISTAKES } from './mistakes';
import { requireJudge } from './require-judge';
import type { Graph } from '../../planner';

const record = async (programs: {
  readonly [name: string]: () => void;
}): Promise<{ [name: string]: Graph }> => {
  const graphs: { [name: string]: Graph } = {};
  for (const [name, program] of Object.entries(programs)) {
    graphs[name] = await recordComponent(program, { config: { 'aws:region': 'us-east-1' } });
  }
  return graphs;
};

describe('the judge of programs with one mistake', function () {
  this.timeout(180_000);
  let verdicts: { [name: string]: Verdict };

  before(async function () {
    const tools = await requireJudge(this);
    const programs = Object.fromEntries(MISTAKES.map(({ what, program }) => [what, program]));
    verdicts = await judgeTogether(await record(programs), tools);
  });

  for (const { what, property, says } of MISTAKES) {
    it(`refuses ${what}`, () => {
      const { findings, plan } = verdicts[what]!;
      expect(plan).to.equal(undefined);
      expect(findings.map(describeFinding).join('\n')).to.match(says);
      expect(findings.map((each) => each.property ?? '')).to.include(property);
      expect(findings.every(({ urn }) => urn !== '')).to.equal(true);
    });
  }
});

describe('the judge of correct programs', function () {
  this.timeout(180_000);
  let verdicts: { [name: string]: Verdict };

  before(async function () {
    const tools = await requireJudge(this);
    verdicts = await judgeTogether(await record(CORRECT), tools);
  });

  for (const what of Object.keys(CORRECT)) {
    it(`finds nothing in ${what}`, () => {
      const { findings, gaps, plan } = verdicts[what]!;
      expect(findings.map(describeFinding)).to.deep.equal([]);
      expect(gaps.map(({ message }) => message)).to.deep.equal([]);
      expect(plan?.resource_changes).to.not.have.length(0);
    });
  }
});

describe('the judge of what AWS itself validates', function () {
  this.timeout(60_000);

  it('says that it was not judged, and judges the rest', async function () {
    const tools = await requireJudge(this);
    const graphs = await record({
      machine: () => {
        const role = new aws.iam.Role('vod', { assumeRolePolicy: '{"Version":"2012-10-17","Statement":[]}' });
        new aws.sfn.StateMachine('vod', {
          roleArn: role.arn,
          definition: '{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}',
        });
      },
    });
    const { machine } = await judgeTogether(graphs, tools);
    expect(machine!.gaps.map(({ reason, message }) => [reason, message])).to.deep.equal([
      ['call', 'aws:sfn/stateMachine:StateMachine is validated by AWS itself'],
    ]);
    expect(machine!.plan?.resource_changes?.map(({ address }) => address)).to.include('aws_iam_role.vod');
  });
});
