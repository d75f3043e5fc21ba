import { expect } from 'chai';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = join(__dirname, '../../../../encoder/player');
const read = (name: string): string => readFileSync(join(SOURCE, name), 'utf8');

describe('player page', () => {
  it('works under a strict content security policy: no inline script, style or handler', () => {
    const html = read('index.html');
    expect([...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag)).to.deep.equal([
      '<script type="module" src="player.js">',
    ]);
    expect(html).to.not.match(/<style\b/);
    expect(html).to.not.match(/\s(style|on[a-z]+)=/);
  });

  it('asks nothing of any other host', () => {
    for (const name of readdirSync(SOURCE)) {
      expect(read(name), name).to.not.match(/https?:\/\//);
    }
  });

  it('puts text on the page as text only', () => {
    for (const name of readdirSync(SOURCE).filter((file) => file.endsWith('.ts'))) {
      expect(read(name), name).to.not.match(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
    }
  });

  it('has every element that the script looks up', () => {
    const html = read('index.html');
    const ids = new Set([...html.matchAll(/\bid="([^"]+)"/g)].map((match) => match[1]));
    const wanted = ['view.ts', 'player.ts'].flatMap((name) =>
      [...read(name).matchAll(/(?:byId|setText|getElementById|#toggle)\('([^']+)'/g)].map(
        (match) => match[1],
      ),
    );
    expect(wanted.length).to.be.greaterThan(20);
    for (const id of wanted) expect(ids, `#${id}`).to.include(id);
  });
});
