// Writes planner/export/terraform/mapping.json: what each resource and input of @pulumi/aws is called by the Terraform
// provider below it. README.md says from what.
//   node tools/tf-mapping/generate.mjs           writes, and prints the coverage
//   node tools/tf-mapping/generate.mjs --check   compares with what is committed
//   node tools/tf-mapping/generate.mjs --list    names what has no counterpart
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pairNames, pairTypes } from './join.mjs';
import { objectTypes, resources } from './pulumi-types.mjs';
import { terraformTypes } from './terraform-types.mjs';

const MAPPING = path.join(import.meta.dirname, '../../planner/export/terraform/mapping.json');

const overrides = JSON.parse(readFileSync(path.join(import.meta.dirname, 'overrides.json'), 'utf8'));
const manifest = createRequire(import.meta.url).resolve('@pulumi/aws/package.json');
const inputTypes = objectTypes(path.dirname(manifest), 'input');
const outputTypes = objectTypes(path.dirname(manifest), 'output');

/** What stands for one name: the Terraform name alone where the value passes as it is. */
function entry(shape, field, objects) {
  const inner = shape.kind === 'list' || shape.kind === 'map' ? shape.of : shape;
  const object =
    inner.kind === 'object' && field.fields ? objects.nameOf(inner.type, field.fields) : undefined;
  const said = {
    ...(field.block && { block: true }),
    ...(field.many && shape.kind !== 'list' && { wrap: true }),
    ...(object !== undefined && { object }),
    ...(object !== undefined && shape.kind === 'map' && { map: true }),
    ...(object !== undefined && field.set && { set: true }),
    ...(object !== undefined && !field.block && { fill: true }),
    ...(shape.document && { document: true }),
    ...(field.required && shape.optional && !field.fields && shape.top && { autonamed: true }),
    ...(field.computed && { computed: true }),
    ...(field.sensitive && { sensitive: true }),
  };
  return Object.keys(said).length === 0 ? field.name : { name: field.name, ...said };
}

/** The shapes inside inputs, each once: most are used at one place, some (rules of a WAF) at very many. */
class Objects {
  named = {};
  #signatures = new Map();
  #memo = new WeakMap();

  /** The name under which the pair of a Pulumi shape and a Terraform block is kept; `#2` where a shape has two blocks. */
  nameOf(type, fields) {
    let known = this.#memo.get(fields);
    if (!known) this.#memo.set(fields, (known = new Map()));
    if (known.has(type)) return known.get(type);
    const properties = inputTypes.get(type);
    if (!properties) throw new Error(`@pulumi/aws refers to ${type}, which it does not declare`);
    const { pairs, left } = pairNames(properties, fields, overrides.names[type]);
    const mapped = described(pairs, left, properties, this);
    const signature = JSON.stringify(mapped);
    for (let n = 1; ; n++) {
      const name = n === 1 ? type : `${type}#${n}`;
      if (this.#signatures.has(name) && this.#signatures.get(name) !== signature) continue;
      this.#signatures.set(name, signature);
      this.named[name] = mapped;
      known.set(type, name);
      return name;
    }
  }
}

function described(pairs, left, properties, objects) {
  const inputs = [...pairs].map(([property, field]) => [
    property,
    entry(properties.get(property), field, objects),
  ]);
  return {
    inputs: Object.fromEntries(inputs.sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(left.length > 0 && { unmapped: left.sort() }),
  };
}

/** Deeper ones are of types that hold themselves, such as rules of a firewall. */
const INSIDE_DEPTH = 4;

/**
 * What AWS fills in, inside inputs and outputs, by path. A set is made a list, whose items have numbers.
 * @param {Map<string, import('./pulumi-types.mjs').Shape>} shapes
 * @param {Map<string, import('./terraform-types.mjs').Field>} pairs
 */
function* inside(shapes, pairs, read = false, path = '', expression = '$', depth = 1) {
  for (const [property, field] of pairs) {
    const shape = shapes.get(property);
    const list = shape?.kind === 'list';
    const inner = list ? shape.of : shape;
    const own = path === '' ? property : `${path}.${property}`;
    const decided = read || field.computed;
    if (inner?.kind === 'object' && field.fields && outputTypes.has(inner.type)) {
      if (depth === INSIDE_DEPTH || (list && !field.many)) continue;
      const named = `${expression}.${field.name}`;
      const item = !field.many ? '' : list ? '[]' : '[0]';
      const next = (field.set ? `tolist(${named})` : named) + item;
      const types = outputTypes.get(inner.type);
      const below = pairNames(types, field.fields).pairs;
      yield* inside(types, below, decided, own + (list ? '[]' : ''), next, depth + 1);
    } else if (depth > 1 && decided && inner?.kind === 'scalar' && !list && !field.many && !field.map) {
      yield [own, `${expression}.${field.name}`];
    }
  }
}

function generate() {
  const declared = resources(path.dirname(manifest));
  const { provider, types } = terraformTypes();
  const typeOf = pairTypes(declared, types, overrides.types, overrides.secondTokens);
  const objects = new Objects();
  const mapped = {};
  const unmapped = [];
  for (const { token, inputs, outputs, outputShapes } of declared) {
    const type = typeOf.get(token);
    if (type === undefined) {
      unmapped.push(token);
      continue;
    }
    const fields = types.get(type);
    for (const shape of inputs.values()) shape.top = true;
    const { pairs, left, free } = pairNames(inputs, fields, overrides.names[token]);
    const others = new Map(
      outputs.filter((name) => !inputs.has(name)).map((name) => [name, { kind: 'any' }]),
    );
    const rest = new Map(free.map((name) => [name, fields.get(name)]));
    const read = pairNames(others, rest).pairs;
    const within = [...inside(outputShapes, new Map([...pairs, ...read]))].sort(([a], [b]) =>
      a < b ? -1 : 1,
    );
    mapped[token] = {
      type,
      ...described(pairs, left, inputs, objects),
      outputs: Object.fromEntries([...read].map(([name, field]) => [name, field.name])),
      ...(within.length > 0 && { inside: Object.fromEntries(within) }),
    };
  }
  const version = JSON.parse(readFileSync(manifest, 'utf8')).version;
  return {
    about: 'Generated by tools/tf-mapping; docs/judge.md explains it.',
    pulumi: `@pulumi/aws ${version}`,
    terraform: provider,
    unmapped,
    resources: mapped,
    objects: Object.fromEntries(Object.entries(objects.named).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function print(mapping) {
  const count = (all) => {
    const [yes, no] = [
      all.flatMap(({ inputs }) => Object.keys(inputs)).length,
      all.flatMap(({ unmapped }) => unmapped ?? []).length,
    ];
    return `${yes} of ${yes + no} (${((100 * yes) / (yes + no)).toFixed(2)} %)`;
  };
  const known = Object.values(mapping.resources);
  console.log(`types:           ${known.length} of ${known.length + mapping.unmapped.length}`);
  console.log(
    `their inputs:    ${count(known)}; whole: ${known.filter(({ unmapped }) => !unmapped).length} types`,
  );
  console.log(`nested inputs:   ${count(Object.values(mapping.objects))}`);
}

function list(mapping) {
  for (const token of mapping.unmapped) console.log(token);
  for (const [name, { unmapped }] of Object.entries({ ...mapping.resources, ...mapping.objects })) {
    if (unmapped) console.log(`${name}: ${unmapped.join(', ')}`);
  }
}

/** One line a type, so that a change can be read. */
function text(mapping) {
  const lines = (entries) =>
    Object.entries(entries).map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  const { resources: known, objects, ...head } = mapping;
  const top = Object.entries(head).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`,
  );
  return `{\n${top.join('')}  "resources": {\n${lines(known).join(',\n')}\n  },\n  "objects": {\n${lines(objects).join(',\n')}\n  }\n}\n`;
}

const mapping = generate();
const written = text(mapping);
if (process.argv.includes('--list')) list(mapping);
else print(mapping);
if (process.argv.includes('--check')) {
  if (readFileSync(MAPPING, 'utf8') !== written) {
    console.error(
      'planner/export/terraform/mapping.json is not what tools/tf-mapping makes: run make tf-mapping',
    );
    process.exit(1);
  }
} else {
  writeFileSync(MAPPING, written);
}
