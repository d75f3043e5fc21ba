import { expect } from 'chai';
import fc from 'fast-check';
import { writeJson, type ValuePath } from '../../../planner/export/terraform';

function at(value: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>((inner, step) => (inner as { [step: string]: unknown })[step], value);
}

const json = fc.jsonValue({ maxDepth: 5 });

describe('the text of a configuration', () => {
  it('is the JSON of any value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(writeJson(value).text)).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('has on each line what the path of the line leads to', () => {
    fc.assert(
      fc.property(json, (value) => {
        const { text, pathOfLine } = writeJson(value);
        const lines = text.split('\n').slice(0, -1);
        expect(pathOfLine).to.have.length(lines.length + 1);
        lines.forEach((line, n) => {
          const path = pathOfLine[n + 1]!;
          const found = at(value, path);
          const last = path.at(-1);
          const name = typeof last === 'string' ? `${JSON.stringify(last)}: ` : '';
          const rest = line.trimStart().replace(/,$/, '');
          if (/^[\]}]$/.test(rest)) expect(found).to.be.an(rest === ']' ? 'array' : 'object');
          else if (/[[{]$/.test(rest) && rest.length === name.length + 1) {
            expect(rest).to.equal(name + (Array.isArray(found) ? '[' : '{'));
          } else expect(rest).to.equal(name + JSON.stringify(found));
        });
      }),
    );
  });

  it('leaves out what has no value, and has null for it in a list', () => {
    const { text } = writeJson({ a: undefined, b: [undefined, 1] });
    expect(JSON.parse(text)).to.deep.equal({ b: [null, 1] });
  });

  it('counts lines from 1', () => {
    expect(writeJson({ a: [1, { b: true }], c: {} }).pathOfLine).to.deep.equal([
      undefined,
      [],
      ['a'],
      ['a', 0],
      ['a', 1],
      ['a', 1, 'b'],
      ['a', 1],
      ['a'],
      ['c'],
      [],
    ]);
  });
});
