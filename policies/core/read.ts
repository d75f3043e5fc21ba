/**
 * Reading of a resource's properties. A path has dots between names and indexes: `viewerCertificate.minimumProtocolVersion`.
 * Each throws Undecided where a value on the way is known only in the update, so a rule reads what decides it first.
 */
import type { Resource } from './resource';
import { SECRET, UNKNOWN, Undecided, isValues, itemsOf, type Value, type Values } from './values';

type Readable = Resource | Values;

const isResource = (from: Readable): from is Resource =>
  typeof from['urn'] === 'string' && isValues(from['props']);

/** The value at a path as it is, UNKNOWN included: for rules that can go on without it. Undefined where there is none. */
export function peek(from: Readable, path: string): Value {
  let value: Value = isResource(from) ? from.props : from;
  for (const step of path.split('.')) {
    if (value === UNKNOWN || value === SECRET || value === null || typeof value !== 'object') {
      return value === UNKNOWN ? UNKNOWN : undefined;
    }
    value = (value as Values)[step];
  }
  return value ?? undefined;
}

function read(from: Readable, path: string): Value {
  const value = peek(from, path);
  if (value === UNKNOWN) throw new Undecided(path);
  return value;
}

/** Whether there is a value, secret or not, even if nobody knows it yet. */
export const given = (from: Readable, path: string): boolean => peek(from, path) !== undefined;

/** @returns undefined where there is none, or it is no text; a secret is the empty text */
export function text(from: Readable, path: string): string | undefined {
  const value = read(from, path);
  return value === SECRET ? '' : typeof value === 'string' ? value : undefined;
}

/** A number, also one that was written as a text. */
export function number(from: Readable, path: string): number | undefined {
  const value = read(from, path);
  if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return typeof value === 'number' ? value : undefined;
}

/** A truth, also one that was written as a text. */
export function flag(from: Readable, path: string): boolean | undefined {
  const value = read(from, path);
  if (value === 'true' || value === 'false') return value === 'true';
  return typeof value === 'boolean' ? value : undefined;
}

function items(from: Readable, path: string): readonly Value[] {
  const all = itemsOf(read(from, path));
  const unknown = all.indexOf(UNKNOWN);
  if (unknown >= 0) throw new Undecided(`${path}.${unknown}`);
  return all;
}

/** @returns the items that are objects; none where there is no list. One object alone counts as a list of one. */
export function blocks(from: Readable, path: string): readonly Values[] {
  return items(from, path).filter(isValues);
}

/** The texts of a list; none where there is no list. One text alone counts as a list of one. */
export function texts(from: Readable, path: string): readonly string[] {
  return items(from, path).filter((item) => typeof item === 'string');
}

/** The names and values of an object; undefined where there is none. */
export function fields(from: Readable, path: string): Values | undefined {
  const value = read(from, path);
  return isValues(value) ? value : undefined;
}

/**
 * A JSON document that stands in a text, or as an object.
 * @returns undefined where there is none, or it is no JSON
 */
export function document(from: Readable, path: string): Values | readonly Value[] | undefined {
  const value = read(from, path);
  if (isValues(value)) return value;
  if (Array.isArray(value)) return value as readonly Value[];
  if (typeof value !== 'string') return undefined;
  try {
    const parsed = JSON.parse(value) as Value;
    return isValues(parsed) || Array.isArray(parsed) ? (parsed as Values | readonly Value[]) : undefined;
  } catch {
    return undefined;
  }
}
