import { expect } from 'chai';
import fc from 'fast-check';
import { writeMarkdown, writeText } from '../../../planner/report';
import type { Section } from '../../../planner/report/sections';

const SECTIONS: readonly Section[] = [
  {
    title: 'Quotas',
    blocks: [
      {
        ...{ kind: 'table', head: ['quota', 'needs', ''], right: [1] },
        rows: [
          ['Running On-Demand G and VT instances (vCPUs)', '68', 'RAISE IT'],
          ['Elastic IPs | <b>', '3', 'ok'],
        ],
      },
      { kind: 'text', text: 'The defaults are of a new account.' },
      { kind: 'list', items: ['aws service-quotas request-service-quota-increase --desired-value 68'] },
    ],
  },
];

describe('a plan for people', () => {
  it('is set in columns, wrapped to the terminal', () => {
    expect(writeText('A stack.', SECTIONS, 60)).to.equal(`A stack.

Quotas
  quota                                      needs
  Running On-Demand G and VT instances          68  RAISE IT
  (vCPUs)
  Elastic IPs | <b>                              3  ok
  The defaults are of a new account.
  - aws service-quotas request-service-quota-increase
    --desired-value 68
`);
  });

  it('keeps within any width, loses no word, and has no codes of a terminal', () => {
    const word = fc.stringMatching(/^[a-z]{1,9}$/);
    const cell = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));
    const row = fc.tuple(cell, cell, cell, cell);
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 40, max: 130 }),
        (rows, columns) => {
          const block = { kind: 'table', head: ['a', 'b', 'c', 'd'], rows, right: [1] } as const;
          const text = writeText('s', [{ title: 't', blocks: [block] }], columns);
          for (const line of text.split('\n')) expect(line.length).to.be.at.most(columns);
          for (const each of rows.flat().join(' ').split(' ')) expect(text).to.contain(each);
          expect(text).to.match(/^[ -~\n]*$/);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is Markdown in which no name is markup', () => {
    const markdown = writeMarkdown('Plan of a_b', 'A *stack*.', SECTIONS, 'flowchart LR\n');
    expect(markdown).to.contain('A \\*stack\\*.');
    expect(markdown).to.contain('| quota | needs |  |\n|---|--:|---|\n');
    expect(markdown).to.contain('| Elastic IPs \\| &lt;b> | 3 | ok |');
    expect(markdown.endsWith('## Data flow\n\n```mermaid\nflowchart LR\n```\n')).to.equal(true);
  });
});
