import type { GraphValue } from './types';

/** How Pulumi marks values on the wire (sdk/nodejs/runtime/rpc.ts). */
export const WIRE = {
  signature: '4dabf18193072939515e22adb298388d',
  secret: '1b47061264138c4ac30d75fd1eb44270',
  asset: 'c44067f5952c0a294b673a41bacd8c17',
  archive: '0def7320c3a5731c473e5ecbe6d01bc7',
  resource: '5cf8f73096256a8f31e491e813e4eb8e',
  output: 'd0e6a833031e9bbcd3f4e8bde6ca49a4',
  unknown: '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
} as const;

export type Fields = { readonly [name: string]: unknown };

const MARKS = new Set(['$secret', '$asset', '$unknown', '$resource', '$literal']);

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name of the mark that a value of a graph is, if it is one. */
export function markOf(value: unknown): string | undefined {
  if (!isFields(value)) return undefined;
  const [key, ...others] = Object.keys(value);
  return key !== undefined && others.length === 0 && MARKS.has(key) ? key : undefined;
}

export function isSecret(wire: unknown): wire is Fields & { readonly value: unknown } {
  return isFields(wire) && wire[WIRE.signature] === WIRE.secret;
}

export function secret(value: unknown): Fields {
  return { [WIRE.signature]: WIRE.secret, value };
}

/** A value without the marks of secrets around and in it, as a provider's own code would see it. */
export function reveal(wire: unknown): unknown {
  if (isSecret(wire)) return reveal(wire.value);
  if (Array.isArray(wire)) return wire.map(reveal);
  if (!isFields(wire)) return wire;
  return Object.fromEntries(Object.entries(wire).map(([key, value]) => [key, reveal(value)]));
}

/** Whether a secret is anywhere in a value. */
export function holdsSecret(wire: unknown): boolean {
  if (isSecret(wire)) return true;
  if (Array.isArray(wire)) return wire.some(holdsSecret);
  return isFields(wire) && Object.values(wire).some(holdsSecret);
}

/** Every string at any depth, with its path; keys are not among them. */
export function* strings(value: unknown, path = ''): Generator<{ path: string; text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (Array.isArray(value))
    for (const [n, item] of value.entries()) yield* strings(item, `${path}[${n}]`);
  else if (isFields(value)) {
    for (const [key, item] of Object.entries(value)) yield* strings(item, path ? `${path}.${key}` : key);
  }
}

/** A program's own object that looks like a mark. */
export function literal(value: { readonly [key: string]: GraphValue }): GraphValue {
  return markOf(value) === undefined ? value : { $literal: value };
}

/** Same value, whatever the order of keys. */
export function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isFields(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}
