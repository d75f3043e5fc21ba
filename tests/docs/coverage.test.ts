import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { coverageProblems, readCoverage, type ScopeRow } from './coverage';
import { readProject } from './project';

const page = readFileSync('docs/coverage.md', 'utf8');
const scope = JSON.parse(readFileSync('docs/scope-rows.json', 'utf8')) as {
  documents: Record<string, string>;
  rows: ScopeRow[];
};
const project = readProject();
const found = coverageProblems(page, scope.rows, project);

describe('docs/coverage.md', () => {
  it('has every row of the scope once, with its state, and proofs that exist', () => {
    expect(found).to.deep.equal([]);
  });

  it('counts the rows of each document: 74, 24, 42, 98 and 73', () => {
    const count = (document: string) => scope.rows.filter(({ id }) => id.startsWith(`${document}-`)).length;
    expect(Object.keys(scope.documents).map(count)).to.deep.equal([74, 24, 42, 98, 73]);
  });

  describe('checked with one fault in it', () => {
    const row = readCoverage(page).find(({ id, state }) => id === 'S0-04' && state.startsWith('shown'))!;
    const line = page.split('\n').find((each) => each.startsWith('| S0-04 |'))!;
    /** What is found in addition. */
    const problems = (text: string) =>
      coverageProblems(text, scope.rows, project).filter((problem) => !found.includes(problem));
    const changed = (change: (line: string) => string) => problems(page.replace(line, change(line)));

    it('finds a row that is missing, and the count that is then wrong', () => {
      const [missing, count, ...more] = problems(page.replace(`${line}\n`, ''));
      expect(missing).to.equal('S0-04 is missing');
      expect(count).to.match(/^the head should say: Of 310 rows /);
      expect(more).to.deep.equal([]);
    });

    it('finds a row that stands there twice', () => {
      expect(changed((each) => `${each}\n${each}`)[0]).to.equal('S0-04 stands there twice');
    });

    it('finds a capability that the scope does not name so', () => {
      expect(changed((each) => each.replace(row.capability, 'Anything'))).to.deep.equal([
        `S0-04 says "Anything"; the scope, ${JSON.stringify(row.capability)}`,
      ]);
    });

    it('finds a state that is none of the four', () => {
      const [first] = changed((each) => each.replace('| shown', '| showing'));
      expect(first).to.match(/^S0-04: the state is showing.*; allowed: shown, in part, runtime, open$/);
    });

    const withProof = (proof: string) => changed(() => `| S0-04 | ${row.capability} | shown | ${proof} |`);

    it('finds a proof that is not there: a path, a test, a command, a flag, a target', () => {
      expect(withProof('`tests/nothing.test.ts`, `tests/cli/`')).to.deep.equal([
        'S0-04: there is no tests/nothing.test.ts',
      ]);
      expect(withProof('`make test ONLY="a test that nobody wrote"`')).to.deep.equal([
        'S0-04: no test is named a test that nobody wrote',
      ]);
      expect(withProof('`aws-media fly`')).to.deep.equal(['S0-04: aws-media has no command fly']);
      expect(withProof('`aws-media capacity --wings 2`')).to.deep.equal([
        'S0-04: aws-media capacity has no flag --wings',
      ]);
      expect(withProof('`make nothing`')).to.deep.equal(['S0-04: there is no make nothing']);
    });

    it('finds a row that is shown by nothing, and one that is open with a proof', () => {
      expect(withProof('-')).to.deep.equal([
        'S0-04: names no proof: a path of a test or document, or a command',
      ]);
      expect(withProof('as S0-08')).to.deep.equal(['S0-04: S0-08 shows nothing']);
      const open = changed(() => `| S0-04 | ${row.capability} | open | \`tests/cli/\` |`);
      expect(open[0]).to.equal('S0-04: is open, and yet names `tests/cli/`');
    });
  });
});
