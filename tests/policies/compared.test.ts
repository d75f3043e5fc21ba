import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { comparedDocument, countsOf, type Comparison } from '../../policies/compared-document';
import { LEFT_OUT } from '../../policies/left-out';
import { ALL_RULES } from '../../policies/rules';

const comparison = JSON.parse(readFileSync('policies/compared.json', 'utf8')) as Comparison;
const { tools, compared } = comparison;
const ids = new Set(ALL_RULES.map(({ id }) => id));
const NAMES = /\b[a-z][a-z0-9]*(?:-[a-z0-9]+){2,}\b/g;

describe('the comparison with what others check', () => {
  it('has each check of each tool once, and all of them', () => {
    for (const { tool, checks, otherServices } of tools) {
      const all = [
        ...compared.filter((each) => each.tool === tool).flatMap((each) => each.ids),
        ...Object.values(otherServices).flat(),
      ];
      expect(
        all.filter((id, index) => all.indexOf(id) !== index),
        tool,
      ).to.deep.equal([]);
      expect(all, tool).to.have.length(checks);
      const { ours, leftOut, otherServices: others } = countsOf(comparison, tool);
      expect(ours + leftOut + others, tool).to.equal(checks);
    }
  });

  it('knows the tools that it has checks of', () => {
    expect(new Set(compared.map(({ tool }) => tool))).to.deep.equal(new Set(tools.map(({ tool }) => tool)));
    expect(tools.map(({ tool, checks }) => [tool, checks])).to.deep.equal([
      ['cdk-nag', 131],
      ['checkov', 456],
      ['cloudburn', 80],
      ['pulumi', 97],
    ]);
  });

  it('has a rule that exists or a reason for each check', () => {
    for (const each of compared) {
      expect(each.ids, each.what).not.to.be.empty;
      if ('ours' in each) {
        expect(each.ours, each.what).not.to.be.empty;
        expect(
          each.ours.filter((rule) => !ids.has(rule)),
          each.what,
        ).to.deep.equal([]);
      } else {
        expect(each.leftOut, each.what).to.match(/^\S.{25,}\.$/s);
      }
    }
  });

  it('names rules that exist in its reasons, as the list of what is left out does', () => {
    const reasons = [
      ...compared.flatMap((each) => ('ours' in each ? [each.but ?? ''] : [each.leftOut])),
      ...LEFT_OUT.map(({ why }) => why),
    ];
    const named = reasons.flatMap((reason) => reason.match(NAMES) ?? []);
    expect(named.filter((name) => !ids.has(name))).to.deep.equal([]);
    expect(named).to.include('personal-data-has-its-own-key');
  });

  it('is the page that is published', () => {
    const page = readFileSync('docs/policies-compared.md', 'utf8');
    expect(page === comparedDocument(comparison), 'run make policies').to.be.true;
  });
});
