// Writes planner/export/terraform/replacement.json: which inputs of each type make a plan replace the resource when they
// change, as the AWS provider itself answers when each of them is changed alone.
//   node tools/replacement/generate.mjs <executable of the provider> [--only aws_s3_bucket]
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OFFLINE } from '../../dist/planner/judge/judge.js';
import { rawSchema } from '../tf-mapping/terraform-types.mjs';
import { Provider } from './provider.mjs';
import { complete, emptyBlock, pairsFor } from './values.mjs';

const FOLDER = path.join(import.meta.dirname, '../../planner/export/terraform');
/** How far into blocks of blocks; of types without a state to start from, plans say too little to go deeper. */
const DEPTH = 1;
const DEPTH_OF_USED = 3;
/** Processes of the provider, each asked one question at a time. */
const AT_ONCE = 2;
/** A type that ends the provider this often is given up. */
const CRASHES = 12;

const [executable, ...flags] = process.argv.slice(2);
const only = flags[0] === '--only' ? flags[1] : undefined;
const mapping = JSON.parse(readFileSync(path.join(FOLDER, 'mapping.json'), 'utf8'));
const schema = rawSchema();
/** States that a plan accepts, by type: many plans compare inputs with one another. `make judge` keeps them. */
const bases = JSON.parse(readFileSync(path.join(import.meta.dirname, 'bases.json'), 'utf8'));

/** Every input of a type, with how to make a state that holds a value for it. */
function* inputsOf(shape, block, depth, base, at = [], wrap = (value) => value, property = '') {
  for (const [input, entry] of Object.entries(shape.inputs)) {
    const name = entry.name ?? entry;
    const own = property === '' ? input : `${property}.${input}`;
    const here = (value) => wrap({ ...base, [name]: value });
    const attribute = block.attributes?.[name];
    if (attribute) yield { property: own, at: [...at, name], name, type: attribute.type, make: here };
    const nested = block.block_types?.[name];
    if (!nested || entry.object === undefined) continue;
    const many = nested.nesting_mode !== 'single';
    const around = (value) => here(many ? [value] : value);
    // The block itself: none, then one.
    yield { property: own, at: [...at, name], name, block: nested.block, make: here, many };
    if (at.length + 1 >= depth) continue;
    const inner = (Array.isArray(base[name]) ? base[name][0] : base[name]) ?? emptyBlock(nested.block);
    // A list of Pulumi's: each item is meant.
    const items = many && !entry.wrap ? `${own}[*]` : own;
    yield* inputsOf(mapping.objects[entry.object], nested.block, depth, inner, [...at, name], around, items);
  }
}

/** Values to go from and to: what the base has, where another value will do, and then those made for the type. */
function pairsOf(input, base) {
  if (input.block) {
    const one = emptyBlock(input.block);
    return [[input.many ? [] : null, input.many ? [one] : one]];
  }
  const made = pairsFor(input.type, input.name);
  const has = input.at.length === 1 ? base[input.name] : undefined;
  const known =
    has === undefined || has === null
      ? []
      : made.map(([a, b]) => [has, JSON.stringify(a) === JSON.stringify(has) ? b : a]);
  return [...known, ...made];
}

/** @returns {Promise<'replaces' | 'updates' | string>} or why it is not known */
async function ask(provider, type, input, base) {
  let reason = 'no value to try';
  const pairs = pairsOf(input, base);
  for (const [a, b] of pairs) {
    const [from, to] = [a, b].map((value) => ({ ...input.make(value), id: 'id' }));
    const [same, changed] = [await provider.plan(type, from, from), await provider.plan(type, from, to)];
    if (changed.errors.length > 0) {
      reason = changed.errors[0];
      // It says what it would take.
      const [, valid] = /Valid Values: \[([^\]]+)\]/.exec(reason) ?? [];
      const [one, other] = valid?.trim().split(/[, ]+/) ?? [];
      if (other !== undefined && pairs.every(([each]) => each !== one)) pairs.push([one, other]);
    } else if (changed.planned === same.planned) reason = 'the provider sees no change';
    else if (same.replaces.length > 0 && same.replaces.length === changed.replaces.length) {
      reason = 'it replaces without a change';
    } else return changed.replaces.length > 0 ? 'replaces' : 'updates';
  }
  return reason;
}

async function start() {
  const provider = await Provider.start(executable);
  await provider.configure({ region: 'us-east-1', max_retries: 1, ...OFFLINE });
  return provider;
}

/** What only a change of several inputs at once shows; tests/judge/replacement.test.ts asks for such changes. */
const overrides = JSON.parse(readFileSync(path.join(import.meta.dirname, 'overrides.json'), 'utf8'));
const answers = {};
const reasons = new Map();
let asked = 0;
const work = Object.entries(mapping.resources)
  .filter(([, { type }]) => only === undefined || type === only)
  .map(([token, shape]) => ({ token, shape, block: schema.resources[shape.type] }));

const worker = async () => {
  let provider = await start();
  try {
    for (let next = work.shift(); next; next = work.shift()) {
      const { token, shape, block } = next;
      const found = { replaces: [], unknown: [] };
      const base = complete(block, bases[shape.type] ?? {});
      const depth = bases[shape.type] ? DEPTH_OF_USED : DEPTH;
      let crashes = 0;
      for (const input of inputsOf(shape, block, depth, base)) {
        let answer = 'the provider ends when it is asked about this type';
        if (crashes < CRASHES) {
          try {
            answer = await ask(provider, shape.type, input, base);
          } catch (error) {
            answer =
              error.code === 14 ? 'the provider ends when it is asked' : (error.details ?? error.message);
            crashes++;
            provider.stop();
            provider = await start();
          }
        }
        asked++;
        if (answer === 'replaces') found.replaces.push(input.property);
        else if (answer !== 'updates') {
          found.unknown.push(input.property);
          const short = answer.slice(0, 60).replaceAll('\n', ' ');
          reasons.set(short, (reasons.get(short) ?? 0) + 1);
        }
      }
      if (work.length % 100 === 0) console.error(`${work.length} types to go, ${asked} inputs asked`);
      for (const property of overrides[token]?.replaces ?? []) {
        found.replaces.push(property);
        found.unknown = found.unknown.filter((each) => each !== property);
      }
      const lists = Object.entries(found).filter(([, list]) => list.length > 0);
      answers[token] = {
        ...(depth !== DEPTH && { depth }),
        ...Object.fromEntries(lists.map(([key, list]) => [key, [...new Set(list)].sort()])),
      };
    }
  } finally {
    provider.stop();
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, worker));
const unknown = Object.values(answers).reduce((sum, { unknown: list = [] }) => sum + list.length, 0);
const replaces = Object.values(answers).reduce((sum, { replaces: list = [] }) => sum + list.length, 0);
console.log(
  `${asked} inputs of ${Object.keys(answers).length} types: ${replaces} replace, ${unknown} not known`,
);
for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 15))
  console.log(`  ${count} ${reason}`);
if (only === undefined) {
  const lines = Object.entries(answers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([token, found]) => `    ${JSON.stringify(token)}: ${JSON.stringify(found)}`);
  const head = `{\n  "about": "Generated by tools/replacement; docs/judge.md explains it.",\n  "terraform": ${JSON.stringify(mapping.terraform)},\n  "depth": ${DEPTH},\n`;
  writeFileSync(
    path.join(FOLDER, 'replacement.json'),
    `${head}  "resources": {\n${lines.join(',\n')}\n  }\n}\n`,
  );
} else console.log(JSON.stringify(answers, null, 2));
