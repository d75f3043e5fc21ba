// Writes planner/export/terraform/replacement.json: which inputs of each type make a plan replace the resource when they
// change, as the AWS provider itself answers when each of them is changed alone.
//   node tools/replacement/generate.mjs <executable of the provider> [--only aws_s3_bucket]
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rawSchema } from '../tf-mapping/terraform-types.mjs';
import { Provider } from './provider.mjs';
import { emptyBlock, pairsFor } from './values.mjs';

const FOLDER = path.join(import.meta.dirname, '../../planner/export/terraform');
const OFFLINE = {
  ...{ region: 'us-east-1', access_key: 'none', secret_key: 'none', skip_credentials_validation: true },
  ...{
    skip_metadata_api_check: 'true',
    skip_region_validation: true,
    skip_requesting_account_id: true,
    max_retries: 1,
  },
};
/** Deeper blocks (rules inside rules) are left to the judge of a real change. */
const DEPTH = 3;
const AT_ONCE = 8;

const [executable, ...flags] = process.argv.slice(2);
const only = flags[0] === '--only' ? flags[1] : undefined;
const mapping = JSON.parse(readFileSync(path.join(FOLDER, 'mapping.json'), 'utf8'));
const schema = rawSchema();

/** Every input of a type, with how to make a state that holds a value for it. */
function* inputsOf(shape, block, at = [], wrap = (value) => value, property = '') {
  for (const [input, entry] of Object.entries(shape.inputs)) {
    const name = entry.name ?? entry;
    const path = property === '' ? input : `${property}.${input}`;
    const here = (value) => wrap({ ...emptyBlock(block), [name]: value });
    const attribute = block.attributes?.[name];
    if (attribute) yield { property: path, at: [...at, name], name, type: attribute.type, make: here };
    const nested = block.block_types?.[name];
    if (!nested || entry.object === undefined) continue;
    const many = nested.nesting_mode !== 'single';
    const around = (value) => here(many ? [value] : value);
    // The block itself: none, then one.
    yield { property: path, at: [...at, name], name, block: nested.block, make: here, many };
    if (at.length + 1 < DEPTH)
      yield* inputsOf(mapping.objects[entry.object], nested.block, [...at, name], around, path);
  }
}

/** @returns {Promise<'replaces' | 'updates' | string>} or why it is not known */
async function ask(provider, type, input) {
  const pairs = input.block
    ? [[input.many ? [] : null, input.many ? [emptyBlock(input.block)] : emptyBlock(input.block)]]
    : pairsFor(input.type, input.name);
  let reason = 'no value to try';
  for (const [a, b] of pairs) {
    const [from, to] = [a, b].map((value) => ({ ...input.make(value), id: 'id' }));
    try {
      const [same, changed] = [await provider.plan(type, from, from), await provider.plan(type, from, to)];
      if (changed.errors.length > 0) reason = changed.errors[0];
      else if (changed.planned === same.planned) reason = 'the provider sees no change';
      else if (same.replaces.length > 0 && same.replaces.length === changed.replaces.length)
        reason = 'it replaces without a change';
      else return changed.replaces.length > 0 ? 'replaces' : 'updates';
    } catch (error) {
      reason = error.details ?? error.message;
    }
  }
  return reason;
}

const provider = await Provider.start(executable);
const answers = {};
const reasons = new Map();
let asked = 0;
try {
  await provider.configure({ ...emptyBlock(schema.providerBlock ?? {}), ...OFFLINE });
  const work = Object.entries(mapping.resources)
    .filter(([, { type }]) => only === undefined || type === only)
    .map(([token, shape]) => ({ token, shape, block: schema.resources[shape.type] }));
  const worker = async () => {
    for (let next = work.shift(); next; next = work.shift()) {
      const { token, shape, block } = next;
      const found = { replaces: [], unknown: [] };
      for (const input of inputsOf(shape, block)) {
        const answer = await ask(provider, shape.type, input);
        asked++;
        if (answer === 'replaces') found.replaces.push(input.property);
        else if (answer !== 'updates') {
          found.unknown.push(input.property);
          const short = answer.slice(0, 60);
          reasons.set(short, (reasons.get(short) ?? 0) + 1);
        }
      }
      answers[token] = Object.fromEntries(
        Object.entries(found)
          .filter(([, list]) => list.length > 0)
          .map(([key, list]) => [key, list.sort()]),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
} finally {
  provider.stop();
}
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
  const head = `{\n  "about": "Generated by tools/replacement; docs/judge.md explains it.",\n  "terraform": ${JSON.stringify(mapping.terraform)},\n`;
  writeFileSync(
    path.join(FOLDER, 'replacement.json'),
    `${head}  "resources": {\n${lines.join(',\n')}\n  }\n}\n`,
  );
} else console.log(JSON.stringify(answers, null, 2));
