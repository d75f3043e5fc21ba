import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { checkGraph } from '../../planner/check';
import { recordComponent } from '../../testing';
import { awsxProgram } from './bad/awsx';
import { ours } from './bad/ours';
import { plain } from './bad/plain';

/** What is wrong on purpose in each program, by the rule that must say so; the file has everything that is said. */
const PROGRAMS = {
  plain: {
    program: plain,
    meant: [
      'bucket-policy-is-not-public',
      'custom-origins-use-https',
      'gpu-is-not-on-fargate',
      'instance-has-no-public-address',
      'no-policy-allows-everything',
      'no-secret-in-plain-environment',
      'no-ssh-or-rdp-from-anywhere',
      'no-users-or-access-keys',
      'role-is-not-for-everybody',
      'viewers-use-https',
    ],
  },
  awsx: {
    program: awsxProgram,
    meant: ['no-ssh-or-rdp-from-anywhere', 'public-listener-uses-tls', 'task-has-no-public-address'],
  },
  ours: {
    program: ours,
    meant: [
      'bucket-policy-is-not-public',
      'errors-are-kept-a-second-at-most',
      'live-buckets-expire',
      'playlists-are-kept-briefly',
      'public-access-block-is-complete',
    ],
  },
} as const;

describe('a program that is bad on purpose', function () {
  this.timeout(30_000);

  for (const [name, { program, meant }] of Object.entries(PROGRAMS)) {
    it(`fails with exactly what is wrong in it: ${name}`, async () => {
      const graph = await recordComponent(program, {
        ...{ project: 'bad', stack: 'dev', config: { 'aws:region': 'eu-west-1' } },
      });
      const { findings, ok } = checkGraph(graph);
      expect(ok).to.be.false;
      const mandatory = findings.filter(({ level }) => level === 'mandatory');
      expect(mandatory.map(({ rule }) => rule)).to.include.members([...meant]);
      const said = mandatory
        .map(({ rule, urn, found }) => `${rule} ${urn.split('::').at(-1)}: ${found}`)
        .sort();
      const file = `tests/fixtures/policies/${name}.json`;
      if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(file, `${JSON.stringify(said, null, 2)}\n`);
      expect(said).to.deep.equal(JSON.parse(readFileSync(file, 'utf8')));
    });
  }
});
