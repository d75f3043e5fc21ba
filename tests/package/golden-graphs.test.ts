import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { goldens, portable, readGolden, versions, writeGolden } from './golden-graphs';
import { breaksBetween } from './graph-breaks';
import type { Graph } from '../../planner';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const [major, minor] = version.split('.');
const UPDATE = process.env['UPDATE_GOLDENS'] === '1';
const REMEDY =
  `If that is meant, CHANGELOG.md and docs/upgrade/${major}.${minor}.md must say so (docs/upgrade/README.md), and ` +
  `UPDATE_GOLDENS=1 make test ONLY='golden graphs' writes api/graphs/${version}.`;

/** What is kept under a version, by the names that it has today or had then. */
const kept = (of: string): Map<string, Graph> =>
  new Map(
    [...goldens().keys()].flatMap((name) => {
      const graph = readGolden(of, name);
      return graph === undefined ? [] : [[name, graph] as const];
    }),
  );

describe('the golden graphs', function () {
  this.timeout(120_000);

  for (const [name, record] of goldens()) {
    it(`of ${version} have what is recorded today: ${name}`, async () => {
      const today = portable(await record());
      if (UPDATE) await writeGolden(version, name, today);
      const golden = readGolden(version, name);
      if (golden === undefined) expect.fail(`there is no api/graphs/${version}/${name}.json. ${REMEDY}`);
      const found = breaksBetween(golden, today).map(({ kind, text }) => `  ${kind}: ${text}`);
      if (found.length === 0) return;
      expect.fail(
        [`${name} is not what ${version} makes, a break of behaviour:`, ...found, REMEDY].join('\n'),
      );
    });

    it(`hold no secret and no place of this machine: ${name}`, () => {
      const golden = readGolden(version, name);
      if (golden === undefined) expect.fail(`there is no api/graphs/${version}/${name}.json`);
      expect(golden.leaks).to.deep.equal([]);
      const text = JSON.stringify(golden);
      expect(text).not.to.match(
        /"(?:[A-Za-z]:\\\\|\/)(?:home|root|tmp|work|Users|private|var[/\\]folders)[/\\]/,
      );
      expect(text).not.to.include(path.resolve('.'));
    });
  }

  it('that a version changed are named in its notes of upgrade', () => {
    const all = versions();
    for (const [n, later] of all.entries()) {
      if (n === 0) continue;
      const before = kept(all[n - 1]!);
      const after = kept(later);
      const breaks = [...before].flatMap(([name, graph]) =>
        after.has(name) ? breaksBetween(graph, after.get(name)!) : [],
      );
      const file = `docs/upgrade/${later.split('.').slice(0, 2).join('.')}.md`;
      const notes = existsSync(file) ? readFileSync(file, 'utf8') : '';
      const silent = breaks.filter((each) => !notes.includes(`\`${each.name}\``));
      expect(silent, `${file} must name each of these, as in \`media-general\``).to.deep.equal([]);
    }
  });
});
