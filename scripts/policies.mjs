// Writes what is generated from the rules of the policy pack: policies/RULES.md, policies/profiles and
// docs/policies-compared.md.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);
const { comparedDocument } = load('../dist/policies/compared-document');
const { PROFILES } = load('../dist/policies/core');
const { levelsOf } = load('../dist/policies/profiles');
const { rulesDocument } = load('../dist/policies/rules-document');

mkdirSync('policies/profiles', { recursive: true });
for (const profile of PROFILES) {
  writeFileSync(`policies/profiles/${profile}.json`, `${JSON.stringify(levelsOf(profile), null, 2)}\n`);
}
writeFileSync('policies/RULES.md', rulesDocument());
const comparison = JSON.parse(readFileSync('policies/compared.json', 'utf8'));
writeFileSync('docs/policies-compared.md', comparedDocument(comparison));
