import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { FAMILIES, PROFILES } from '../../policies/core';
import { levelsOf } from '../../policies/profiles';
import { ALL_RULES } from '../../policies/rules';
import { rulesDocument } from '../../policies/rules-document';

const KEBAB = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

describe('the rules of the policy pack', () => {
  it('are each in a file that is called like the rule, in the folder of its family', () => {
    for (const { id, family } of ALL_RULES) {
      expect(id, id).to.match(KEBAB);
      expect(FAMILIES, id).to.include(family);
      const file = path.join('policies/rules', family, `${id}.ts`);
      expect(existsSync(file), file).to.be.true;
    }
    expect(new Set(ALL_RULES.map(({ id }) => id)).size).to.equal(ALL_RULES.length);
  });

  it('are all in the pack: no file has a rule that nobody runs', () => {
    const ids = new Set(ALL_RULES.map(({ id }) => id));
    const idle = globSync('policies/rules/*/*.ts').filter((file) => {
      const [, id] = /^\s+id: '([^']+)',$/m.exec(readFileSync(file, 'utf8')) ?? [];
      return id !== undefined && !ids.has(id);
    });
    expect(idle).to.deep.equal([]);
  });

  it('ask for nothing of the rest: no component, no planner', () => {
    const others = globSync('policies/**/*.ts').flatMap((file) =>
      [
        ...readFileSync(file, 'utf8').matchAll(
          /from '((?:\.\.\/)+(?!core|rules|pulumi|profiles|left-out)[a-z].*)'/g,
        ),
      ]
        .map((match) => `${file} ${match[1]}`)
        .filter((each) => /\/(?:components|planner|stacks|testing|cli|local)\b/.test(each)),
    );
    expect(others).to.deep.equal([]);
  });

  it('are each tried on a good program, on one that violates it and on one that only looks so', () => {
    const tests = globSync('tests/policies/rules/*.test.ts')
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    // What a Lambda at the edge is used for stands in a distribution, so this one is tried on resources made by hand.
    const byHand = ['edge-lambdas-fit'];
    for (const { id } of ALL_RULES.filter((rule) => !byHand.includes(rule.id))) {
      const name = id.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
      const [, cases] = new RegExp(`\\.tries\\(${name}, \\{([\\s\\S]*?)\\n {2,}\\}\\);`).exec(tests) ?? [];
      expect(cases, `${id} is tried nowhere`).to.be.a('string');
      expect(cases, `${id} has no case that violates it`).to.match(/violating: \{\s*['"\w]/);
      expect(cases, `${id} has no near miss`).to.match(/nearMisses: \{\s*['"\w]/);
    }
  });

  it('say what matters, what to do, and default to a value that their settings allow', () => {
    for (const { id, title, why, fix, settings = {} } of ALL_RULES) {
      expect(title, id).to.match(/^[A-Z].*[^.]$/s);
      expect(why.length, id).to.be.above(30);
      expect(why, id).to.match(/\.$/);
      expect(fix.length, id).to.be.above(15);
      for (const [name, setting] of Object.entries(settings)) {
        expect(setting.description.length, `${id} ${name}`).to.be.above(5);
        expect(setting, `${id} ${name}`).to.have.property('default');
      }
    }
  });

  it('have the ids and levels that are published', () => {
    for (const profile of PROFILES) {
      const file = `policies/profiles/${profile}.json`;
      expect(JSON.parse(readFileSync(file, 'utf8')), `${file}: run make policies`).to.deep.equal(
        levelsOf(profile),
      );
    }
    expect(readFileSync('policies/RULES.md', 'utf8') === rulesDocument(), 'run make policies').to.be.true;
  });

  it('have the version of the package', () => {
    const version = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
    expect(version('policies/package.json')).to.equal(version('package.json'));
  });
});
