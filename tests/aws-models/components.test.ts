import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { describeFinding, describeNotChecked } from '../../testing/checks/finding';
import { checkDocuments, DOCUMENT_KINDS, type DocumentKind } from '../../testing/aws-models';
import { PROGRAMS } from '../judge/programs';
import { skip } from '../support/skip';

// Examples are made of the same components, and are recorded in processes of their own.
const COMPONENTS = PROGRAMS.filter(({ name }) => !name.startsWith('example.'));

/** Documents that nobody can judge here, by type and input, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'aws:eks/addon:Addon configurationValues': 'each version of an add-on has a schema, which only EKS tells',
};

describe('documents of every component', function () {
  this.timeout(30_000);
  const found: string[] = [];
  const left: string[] = [];
  const checked = Object.fromEntries(DOCUMENT_KINDS.map((kind) => [kind, 0])) as Record<DocumentKind, number>;
  const scripts: string[] = [];
  const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;

  before(async () => {
    for (const { name, graph } of COMPONENTS) {
      const options = hasShellcheck ? { shellcheck: 'shellcheck' } : {};
      const report = checkDocuments(await graph(), options);
      found.push(...report.findings.map((each) => `${name}: ${describeFinding(each)}`));
      for (const each of report.notChecked) {
        if (LEFT_OUT[`${each.type} ${each.property ?? ''}`] !== undefined) continue;
        const isScript = each.reason.includes('shellcheck');
        (isScript ? scripts : left).push(`${name}: ${describeNotChecked(each)}`);
      }
      for (const kind of DOCUMENT_KINDS) checked[kind] += report.checked[kind];
    }
  });

  it('say nothing that AWS would refuse, or take to no effect', () => {
    expect(found).to.deep.equal([]);
  });

  it('are of every kind that components have, so that something was looked into', () => {
    expect(checked.policy).to.be.greaterThan(40);
    expect(checked['container definitions']).to.be.greaterThan(2);
    expect(checked['user data']).to.be.greaterThan(2);
    expect(checked['object lifecycle']).to.be.greaterThan(5);
    expect(checked['image lifecycle']).to.be.greaterThan(0);
  });

  it('are all judged but those that are known to be left out', () => {
    expect(left).to.deep.equal([]);
  });

  it('have scripts in which shellcheck finds nothing', function () {
    if (!hasShellcheck) skip(this, 'there is no shellcheck: apt-get install shellcheck');
    expect(scripts).to.deep.equal([]);
  });
});
