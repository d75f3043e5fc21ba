/** A JSON value against a shape of AWS's API. */
import { isFields } from '../../planner/graph/values';
import { shapesOf, type Shape } from './data';
import { at, closest, meant, type Problems, wrongKind } from './problems';

/** By API type, what JSON has for it. */
const KINDS: { readonly [type: string]: readonly [kind: string, words: string] } = {
  structure: ['object', 'an object'],
  map: ['object', 'an object'],
  list: ['list', 'a list'],
  string: ['string', 'a text'],
  integer: ['integer', 'a whole number'],
  long: ['integer', 'a whole number'],
  float: ['number', 'a number'],
  double: ['number', 'a number'],
  boolean: ['boolean', 'true or false'],
  timestamp: ['string', 'a text'],
  blob: ['string', 'a text'],
};

const INTEGER_MAX = 2 ** 31 - 1;

/** Types, members that must be there, members that there are none of, words, lengths, ranges and patterns. */
export function checkShape(name: string, value: unknown, path: string, problems: Problems): void {
  const shape = shapesOf().shapes[name];
  if (shape === undefined) throw new RangeError(`no shape ${name}; tools/aws-models did not keep it`);
  const [kind, words] = KINDS[shape.type] ?? ['', shape.type];
  if (!isKind(value, kind)) {
    const allowed = `${words} (${source(name)})`;
    problems.refuse(path, { value, problem: wrongKind(value), allowed, fix: `give ${words}` });
    return;
  }
  if (isFields(value) && shape.members) checkMembers(name, shape, value, path, problems);
  else if (isFields(value) && shape.value !== undefined) {
    for (const [key, each] of Object.entries(value)) {
      if (shape.key !== undefined) checkShape(shape.key, key, at(path, key), problems);
      checkShape(shape.value, each, at(path, key), problems);
    }
  } else if (Array.isArray(value) && shape.member !== undefined) {
    for (const [n, each] of value.entries()) checkShape(shape.member, each, at(path, n), problems);
  }
  checkLimits(name, shape, value, path, problems);
}

function checkMembers(
  name: string,
  { members = {}, required = [] }: Shape,
  value: Readonly<Record<string, unknown>>,
  path: string,
  problems: Problems,
): void {
  const known = Object.keys(members);
  for (const member of required) {
    if (value[member] !== undefined && value[member] !== null) continue;
    const allowed = `${name} has it always (${source(name)})`;
    problems.refuse(at(path, member), { problem: 'missing', allowed, fix: `give ${member}` });
  }
  for (const [member, each] of Object.entries(value)) {
    const shape = members[member];
    // The provider reads null as a member that is not there.
    if (shape !== undefined && each !== null) checkShape(shape, each, at(path, member), problems);
    if (shape !== undefined) continue;
    problems.ineffective(at(path, member), {
      problem: `${name} has no member ${JSON.stringify(member)}, so it is left out in silence`,
      allowed: `${known.join(', ')} (${source(name)})`,
      fix: meant(closest(member, known), 'leave it out'),
    });
  }
}

function checkLimits(name: string, shape: Shape, value: unknown, path: string, problems: Problems): void {
  const { enum: words, min = -Infinity, max = Infinity, pattern } = shape;
  const from = source(name);
  if (typeof value === 'string' && words !== undefined && !words.includes(value)) {
    const fix = meant(closest(value, words), 'give one of these');
    problems.refuse(path, {
      ...{ value, problem: 'not one of the words' },
      ...{ allowed: `${words.join(', ')} (${from})`, fix },
    });
  }
  const size = typeof value === 'number' ? value : sizeOf(value);
  if (size !== undefined && (size < min || size > max)) {
    const allowed = `${min === -Infinity ? 'at most' : `${min} to`} ${max} (${from})`;
    problems.refuse(path, { value, problem: `${size}`, allowed, fix: 'keep within the limits' });
  }
  if (typeof value === 'string' && pattern !== undefined && !matches(pattern, value)) {
    problems.refuse(path, {
      ...{ value, problem: 'characters that it may not have' },
      ...{ allowed: `/${pattern}/ (${from})`, fix: 'change the text' },
    });
  }
}

function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'string') return [...value].length;
  return Array.isArray(value) ? value.length : undefined;
}

function isKind(value: unknown, kind: string): boolean {
  if (kind === 'object') return isFields(value);
  if (kind === 'list') return Array.isArray(value);
  if (kind === 'integer') return Number.isInteger(value) && Math.abs(value as number) <= INTEGER_MAX;
  return typeof value === kind;
}

/** A pattern of Java's that cannot be read here refuses nothing. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value);
  } catch {
    return true;
  }
}

function source(name: string): string {
  return `${shapesOf().from.package} ${shapesOf().from.version}, shape ${name}`;
}
