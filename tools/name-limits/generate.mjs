// Writes testing/checks/name-limits.ts: the limits of names, from botocore's models of AWS's APIs and rules.mjs.
//   python3 -m pip download --no-deps --dest /tmp/botocore botocore && unzip -q -d /tmp/botocore /tmp/botocore/*.whl
//   node tools/name-limits/generate.mjs /tmp/botocore
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { resourceClasses, sdkVersion } from '../sdk-types/sdk.mjs';
import { Botocore } from './botocore.mjs';
import { OWN_NAMES, RULES, SERVICES } from './rules.mjs';

const FILE = join(import.meta.dirname, '../../testing/checks/name-limits.ts');
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error(
    'usage: node tools/name-limits/generate.mjs FOLDER, which a wheel of botocore was unpacked in',
  );
  process.exit(64);
}
const botocore = new Botocore(folder);
const problems = [];
const named = {};
const limits = {};
const unnamed = [];
for (const one of resourceClasses()) {
  for (const input of ownNames(one)) {
    (named[one.type] ??= {})[input.name] = howNamed(one, input);
    const limit = RULES[one.type]?.[input.name] ? byRule(one.type, input.name) : byModel(one, input.name);
    if (limit) (limits[one.type] ??= {})[input.name] = limit;
  }
  if (!named[one.type]) unnamed.push(one.type);
  for (const property of Object.keys(RULES[one.type] ?? {})) {
    if (!named[one.type]?.[property]) problems.push(`${one.type} has no input ${property}`);
  }
}
for (const type of Object.keys(RULES)) if (!named[type]) problems.push(`${type} is no type of @pulumi/aws`);
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}

const text = `// Written by tools/name-limits/generate.mjs; not by hand. \`source\` says where each limit was published.
import type { NameLimit, Naming } from './name-limit';

/** The versions that the tables are of. */
export const NAME_LIMITS_FROM = ${JSON.stringify({ botocore: botocore.version, pulumiAws: sdkVersion() })};

/** By type, the inputs that name the resource itself, and whether Pulumi makes a name where the program gives none. */
export const NAMED_TYPES: Readonly<Record<string, Readonly<Record<string, Naming>>>> = ${JSON.stringify(named)};

/** Types with no input that names the resource. */
export const UNNAMED_TYPES: readonly string[] = ${JSON.stringify(unnamed)};

/** By type and input. */
export const NAME_LIMITS: Readonly<Record<string, Readonly<Record<string, NameLimit>>>> = ${JSON.stringify(limits)};
`;
writeFileSync(FILE, await format(text, { ...(await resolveConfig(FILE)), filepath: FILE }));
const [types, known] = [named, limits].map((table) => Object.keys(table).length);
console.log(`${known} of ${types} types with a name have limits (botocore ${botocore.version})`);

/** The inputs that name the resource itself, in texts. */
function ownNames({ type, name, inputs }) {
  const own = name.charAt(0).toLowerCase() + name.slice(1);
  const names = [...OWN_NAMES, `${own}Name`, `${own}Identifier`, ...Object.keys(RULES[type] ?? {})];
  return inputs.filter(
    (input) =>
      names.includes(input.name) &&
      /^pulumi\.Input<string/.test(input.type) &&
      // One that must be given is that of another resource, as in a policy of a cluster.
      (input.name !== 'identifier' || input.optional || RULES[type]?.identifier !== undefined),
  );
}

/**
 * Pulumi makes a name where the provider needs one and the program may leave it out: the input is optional, and the
 * output always there. By default for \`name\`; for others only where rules.mjs says so.
 */
function howNamed({ type, inputs, outputs }, { name, optional }) {
  const always = outputs.some((output) => output.name === name && output.type === 'pulumi.Output<string>;');
  const made = optional && always && (name === 'name' || RULES[type]?.[name]?.auto !== undefined);
  const prefix = inputs.some((input) => input.name === `${name}Prefix`);
  return { auto: made, prefix };
}

function byRule(type, property) {
  const { api, shape, says, url, none, ...own } = RULES[type][property];
  if (none) return { none };
  try {
    const found = api ? botocore.member(api) : shape ? botocore.shape(shape) : { prose: '' };
    if (says && !found.prose.includes(says))
      problems.push(`${type}.${property}: ${api} does not say "${says}"`);
    const limit = { min: found.min, max: found.max, pattern: portable(found.pattern), ...own };
    if (limit.max === undefined && !limit.pattern)
      problems.push(`${type}.${property}: ${api ?? shape} has no limit`);
    return { ...limit, source: url ?? sourceOf(api ?? shape) };
  } catch (error) {
    problems.push(`${type}.${property}: ${error.message}`);
    return undefined;
  }
}

/** Where an operation creates a thing of the class's own name, and a member of it is the input's. */
function byModel({ type, name }, property) {
  const module = type.split(':')[1].split('/')[0];
  const nouns = [name, name.replace(/^(?:Event|Log)(?=[A-Z])/, '')];
  for (const service of SERVICES[module] ?? [module]) {
    const model = botocore.model(service);
    for (const verb of ['Create', 'Put', 'Register']) {
      for (const noun of nouns) {
        const operation = Object.keys(model?.operations ?? {}).find((each) => same(each, `${verb}${noun}`));
        if (!operation || !model.operations[operation].input) continue;
        const wanted = property === 'name' ? ['name', `${noun}name`] : [property];
        const member = Object.keys(model.shapes[model.operations[operation].input.shape].members).find(
          (each) => wanted.some((one) => same(each, one)),
        );
        if (!member) continue;
        const path = `${service}.${operation}.${member}`;
        const { min, max, pattern } = botocore.member(path);
        if (max === undefined && pattern === undefined) continue;
        return { min, max, pattern: portable(pattern), source: sourceOf(path) };
      }
    }
  }
  return undefined;
}

function same(a, b) {
  return a.toLowerCase() === b.toLowerCase();
}

function sourceOf(path) {
  return `botocore ${botocore.version}, ${path}`;
}

/** A pattern of Java's as one of JavaScript's; undefined where it cannot be read, so that nothing is refused by mistake. */
function portable(pattern) {
  if (pattern === undefined) return undefined;
  const text = pattern.replaceAll('\\p{Print}', '[\\x20-\\x7e]').replaceAll('\\p{ASCII}', '[\\x00-\\x7f]');
  try {
    new RegExp(`^(?:${text})$`);
    return /\\p\{/.test(text) ? unicode(text) : text;
  } catch {
    return unicode(text);
  }
}

function unicode(text) {
  try {
    new RegExp(`^(?:${text})$`, 'u');
    return `(?u)${text}`;
  } catch {
    return undefined;
  }
}
