import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { commandProblem } from './coverage';
import { calls, linkProblems, reachable, readPage, readPages, shellLines, type Page } from './pages';
import { readProject } from './project';

const project = readProject();
const pages = new Map(readPages().map((page) => [page.file, page]));
const written = [...pages.values()].filter(({ file }) => !file.startsWith('docs/api/'));
const all = (problems: (page: Page) => readonly string[]) => written.flatMap(problems);

const FOLDERS = readdirSync('.', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['dist', 'node_modules', 'coverage'].includes(entry.name))
  .map(({ name }) => name);

/** Paths in `inline code` that begin with a folder of the checkout. What is made by running something is not there. */
function pathProblems({ file, inline }: Page): string[] {
  return inline
    .filter((text) => /^[\w.*{},-]+(\/[\w.*{},-]+)*\/?$/.test(text))
    .filter((text) => text.includes('/') && FOLDERS.includes(text.split('/')[0]!) && !text.startsWith('.'))
    .filter((text) => !project.has(text) && !project.has(`${text}.ts`))
    .map((text) => `${file}: there is no ${text}`);
}

function callProblems(page: Page): string[] {
  return shellLines(page).flatMap((line) =>
    [
      ...calls(line, /^make [a-z]/),
      ...calls(line, /^(?:npx |bin\/)?aws-media [a-z-]/).map((call) => call.replace(/^npx |^bin\//, '')),
    ].flatMap((call) => {
      const problem = commandProblem(call, project);
      return problem === undefined ? [] : [`${page.file}: ${call}: ${problem}`];
    }),
  );
}

describe('the pages', () => {
  it('have links that lead to files and headings', () => {
    expect([...pages.values()].flatMap((page) => linkProblems(page, pages))).to.deep.equal([]);
  });

  it('name paths that are there', () => {
    expect(all(pathProblems)).to.deep.equal([]);
  });

  it('are all reached from README.md or docs/README.md', () => {
    const found = reachable(['README.md', 'docs/README.md'], pages);
    const left = [...pages.keys()].filter((file) => file.startsWith('docs/') && !found.has(file));
    expect(left).to.deep.equal([]);
  });

  it('quote commands of make and aws-media that exist, with flags that they have', () => {
    expect(all(callProblems)).to.deep.equal([]);
  });
});

describe('a page with faults', () => {
  const text = [
    '# A page, with `code`',
    '## Again',
    '## Again',
    '[there](#a-page-with-code) [second](#again-1) [third](#again-2) [gone](gone.md) `[not](a-link.md)`',
    'as `tests/docs/nothing.ts` or `tests/docs/*.test.ts`; `aws-media lint --wings`',
    '```sh',
    "make up && make nothing && make up ARGS='--wings 2'",
    'cat a | npx aws-media fly   # [not](a-link.md) either',
    '```',
  ].join('\n');
  const page = readPage('docs/page.md', text);

  it('is found in each', () => {
    expect(linkProblems(page, new Map([[page.file, page]]))).to.deep.equal([
      'docs/page.md: #again-2: docs/page.md has no heading of that name',
      'docs/page.md: gone.md leads to docs/gone.md, which is not there',
    ]);
    expect(pathProblems(page)).to.deep.equal(['docs/page.md: there is no tests/docs/nothing.ts']);
    expect(callProblems(page)).to.deep.equal([
      'docs/page.md: make nothing: there is no make nothing',
      "docs/page.md: make up ARGS='--wings 2': aws-media local up has no flag --wings",
      'docs/page.md: aws-media fly: aws-media has no command fly',
      'docs/page.md: aws-media lint --wings: aws-media lint has no flag --wings',
    ]);
  });
});
