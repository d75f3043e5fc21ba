import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { EXAMPLES, FOLDER, parseYaml } from './example';
import { readReadme, SECTIONS } from './readme';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const read = (...at: string[]): string => readFileSync(path.join(FOLDER, ...at), 'utf8');
const manifestOf = (...at: string[]): Manifest => JSON.parse(read(...at, 'package.json')) as Manifest;
const own = manifestOf('..');

const sourcesOf = (name: string): string[] =>
  globSync('*.{ts,mts}', { cwd: path.join(FOLDER, name) }).map((file) => read(name, file));

/** Keys of Pulumi.yaml, without those of providers. */
const declared = (name: string): string[] =>
  Object.keys((parseYaml(read(name, 'Pulumi.yaml')) as { config: object }).config).filter(
    (key) => !key.includes(':'),
  );

/** Keys that the program asks for. */
const asked = (name: string): string[] =>
  sourcesOf(name).flatMap((text) =>
    [...text.matchAll(/\bconfig\.(?:get|require)\w*(?:<[^(]*>)?\('(\w+)'\)/g)].map((match) => match[1]!),
  );

/** What class comments say of costs. */
const COSTS = globSync('components/**/*.ts')
  .map((file) => /### Cost(.*?)\*\//s.exec(readFileSync(file, 'utf8'))?.[1] ?? '')
  .join('\n');

/** Dollars of a cell: `16.43`, or `2 x 0.40 = 0.80`, which is computed again. */
function dollars(amount: string): number {
  const product = /^(\d+) x ([\d.]+) = ([\d.,]+)$/.exec(amount);
  const each = product?.[2] ?? amount;
  expect(COSTS, `the class comments of the components have no $ ${each}`).to.match(
    new RegExp(`[$ ]${each.replace('.', '\\.')}(?![\\d])`),
  );
  const sum = Number(each) * Number(product?.[1] ?? 1);
  if (product !== null) expect(Number(product[3]!.replace(',', ''))).to.equal(Number(sum.toFixed(2)));
  return sum;
}

describe('the examples', () => {
  it('are all in docs/examples.md, and nothing else is', () => {
    const listed = [
      ...readFileSync('docs/examples.md', 'utf8').matchAll(/\(\.\.\/examples\/([\w-]+)\/README\.md\)/g),
    ];
    expect([...new Set(listed.map((match) => match[1]))].sort()).to.deep.equal([...EXAMPLES].sort());
  });

  it('have the live path in 40 lines, as it is formatted', () => {
    expect(read('live-path', 'index.ts').trimEnd().split('\n')).to.have.length.at.most(40);
    expect(read('live-path', 'README.md')).to.include('in 40 lines');
  });

  for (const name of EXAMPLES) {
    describe(name, () => {
      it('has a README with everything that one looks for, in the same order', () => {
        const { title, sections } = readReadme(name);
        expect(title).to.equal(name);
        expect(sections).to.deep.equal(SECTIONS);
      });

      it('explains each key of its configuration, and no other', () => {
        const known = new Set([...declared(name), ...asked(name)]);
        expect(readReadme(name).keys).to.have.members([...known]);
        // What has a default is asked for; what has none may be left out.
        expect([...known]).to.include.members(declared(name));
        expect(asked(name)).to.include.members(declared(name));
      });

      it('is used from an empty folder with commands of its own name and keys', () => {
        const { shell, keys } = readReadme(name);
        expect(shell).to.include.members([
          `cp -r "$CHECKOUT/examples/${name}/." .`,
          'npm install "$(npm pack "$CHECKOUT" --silent)"',
          ...['pulumi stack init dev', 'pulumi preview', 'pulumi up', 'pulumi destroy'],
        ]);
        const set = shell.flatMap(
          (line) => /^pulumi config (?:set|get|rm) (?:--path )?'?(\w+)/.exec(line)?.[1] ?? [],
        );
        expect(keys).to.include.members(set);
        const { scripts = {} } = JSON.parse(read(name, 'package.json')) as { scripts?: object };
        for (const line of shell) {
          const file = /\bnode (?:--\S+ )*(\S+\.mts)/.exec(line)?.[1];
          if (file !== undefined) expect(read(name, file)).to.not.equal('');
          if (/\bnpm test\b/.test(line)) expect(scripts).to.have.property('test');
        }
      });

      it('says what it costs by the figures of the components', () => {
        const { costs, sum } = readReadme(name);
        const total = costs.reduce((all, { amount }) => all + dollars(amount), 0);
        expect(sum).to.equal(
          costs.length === 0 ? undefined : total.toLocaleString('en-US', { minimumFractionDigits: 2 }),
        );
      });

      it('depends on this version, on packages that fit it, and on all that it imports', () => {
        const { dependencies, devDependencies } = manifestOf(name);
        expect(dependencies[own.name]).to.equal(own.version);
        for (const [each, version] of Object.entries({ ...dependencies, ...devDependencies })) {
          if (each === own.name) continue;
          expect(own.devDependencies[each], `the version of ${each} that is tested`).to.equal(version);
        }
        for (const text of sourcesOf(name)) {
          const imported = [...text.matchAll(/ from '((?:@[^/']+\/)?[^/'.][^/']*)[^']*';$/gm)];
          const needed = imported.map((match) => match[1]!).filter((each) => !each.startsWith('node:'));
          expect(Object.keys({ ...dependencies, ...devDependencies })).to.include.members(needed);
        }
      });
    });
  }
});
