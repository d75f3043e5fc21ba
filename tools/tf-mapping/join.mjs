// Pairs what Pulumi declares with what Terraform declares: first the names of one object, then whole types.
import { camel, stem } from './names.mjs';

/** @typedef {import('./terraform-types.mjs').Field} Field */

/** Whether a value of this shape can be what the field takes: objects for objects, scalars for scalars, maps for maps. */
function fits(shape, field) {
  const inner = shape.kind === 'list' ? shape.of : shape;
  if (inner.kind === 'any') return true;
  if (inner.kind === 'object') return field.fields !== undefined;
  if (inner.kind === 'map') return field.map || (field.fields === undefined && !field.scalar);
  if (inner.kind === 'list') return !field.scalar || field.many;
  return field.fields === undefined && !field.map;
}

/**
 * Pairs the names of one object. Exact names go first, then plurals, then `string | RestApi` with `rest_api_id`.
 * `renamed` is the table of exceptions: Pulumi's name to Terraform's, or to null where Terraform has none.
 * @param {Map<string, import('./pulumi-types.mjs').Shape>} properties
 * @param {Map<string, Field>} fields
 */
export function pairNames(properties, fields, renamed = {}) {
  const pairs = new Map();
  const free = new Map(fields);
  const rest = new Map(properties);
  const take = (property, field) => {
    pairs.set(property, field);
    free.delete(field.name);
    rest.delete(property);
  };
  for (const [property, name] of Object.entries(renamed)) {
    if (!rest.has(property))
      throw new Error(`overrides.json renames ${property}, which Pulumi does not have`);
    if (name === null) rest.delete(property);
    else if (free.has(name)) take(property, free.get(name));
    else throw new Error(`overrides.json renames ${property} to ${name}, which Terraform does not have`);
  }
  const round = (matches) => {
    for (const [property, shape] of [...rest]) {
      const found = [...free.values()].filter(
        (field) => fits(shape, field) && matches(property, field, shape),
      );
      if (found.length === 1) take(property, found[0]);
    }
  };
  round((property, field) => camel(field.name) === property);
  round((property, field) => stem(camel(field.name)) === stem(property));
  round(
    (property, field, shape) =>
      shape.resource === true &&
      ['id', 'arn', 'name'].some((end) => camel(`${field.name}`) === camel(`${property}_${end}`)),
  );
  return { pairs, left: [...rest.keys()], free: [...free.keys()] };
}

const words = (text) =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && word !== 'aws')
    .map(stem);

/** How alike a token and a type are by their words; rare words count for more. */
function alike(token, type, weight) {
  const [, path, name] = token.split(':');
  const left = new Set([...words(path.split('/')[0]), ...words(name)]);
  const own = words(name);
  const right = words(type);
  const joined = right.join('');
  const total = (all) => [...all].reduce((sum, word) => sum + (weight.get(word) ?? 1), 0);
  const shared = right.filter((word) => left.has(word));
  const score = (2 * total(shared)) / (total(left) + total(right));
  // `wafregional/ipSet` and `aws_wafregional_ipset` split their words differently.
  return Math.max(score, joined.endsWith(own.join('')) ? 0.6 : 0);
}

/** Below these a pair is chance: of two types new in Pulumi, say, that Terraform 6.47.1 does not have yet. */
const MIN_NAMES = 0.5;
const MIN_WORDS = 0.55;

/**
 * The Terraform type of each token: the best pairs first, each type given once. `given` are the exceptions,
 * `second` the further tokens of a type that another token has, too (`BucketV2`).
 * @param {import('./pulumi-types.mjs').PulumiResource[]} resources
 * @param {Map<string, Map<string, Field>>} types
 * @param {{ [token: string]: string }} given
 * @param {{ [token: string]: string }} second
 * @returns {Map<string, string>}
 */
export function pairTypes(resources, types, given, second) {
  const frequency = new Map();
  for (const type of types.keys())
    for (const word of new Set(words(type))) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const weight = new Map([...frequency].map(([word, n]) => [word, Math.log(types.size / n) + 0.1]));
  const stems = [...types].map(([type, fields]) => [
    type,
    new Set([...fields.keys()].filter((name) => name !== 'id').map((name) => stem(camel(name)))),
  ]);
  const candidates = [];
  for (const { token, inputs, outputs } of resources) {
    if (token in given || token in second) continue;
    const own = new Set([...inputs.keys(), ...outputs].map(stem));
    for (const [type, names] of stems) {
      let shared = 0;
      for (const name of own) if (names.has(name)) shared++;
      const byNames = shared / (own.size + names.size - shared);
      if (byNames < MIN_NAMES) continue;
      const byWords = alike(token, type, weight);
      if (byWords >= MIN_WORDS) candidates.push({ token, type, score: byNames + byWords });
    }
  }
  const found = new Map(Object.entries({ ...given, ...second }));
  const taken = new Set(Object.values(given));
  for (const { token, type } of candidates.sort((a, b) => b.score - a.score)) {
    if (found.has(token) || taken.has(type)) continue;
    found.set(token, type);
    taken.add(type);
  }
  return found;
}
