import type { Struct as StructMessage } from 'google-protobuf/google/protobuf/struct_pb';
import { WIRE, reveal, same, secret, strings } from '../../planner/graph/values';
import { Struct } from './sdk';

/** Properties of a resource as they are on the wire: secrets and unknowns are marked values. */
export type Properties = Record<string, unknown>;

export function properties(message: StructMessage | undefined): Properties {
  return message === undefined ? {} : message.toJavaScript();
}

export function message(values: Properties): StructMessage {
  // Struct takes no undefined.
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(values)) as Record<string, never>);
}

/** The top-level properties that differ. Those with two underscores are the provider's own. */
export function changed(before: Properties, after: Properties): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !key.startsWith('__') && !same(before[key], after[key]),
  );
}

/**
 * What was computed from inputs, marked as they were: a text that holds the mark of an unknown is unknown, and one
 * that holds a secret's text is secret.
 */
export function inheritMarks(inputs: Properties, computed: Properties): Properties {
  const secrets = secretTexts(inputs);
  return Object.fromEntries(Object.entries(computed).map(([key, value]) => [key, marked(value, secrets)]));
}

function marked(value: unknown, secrets: readonly string[]): unknown {
  const texts = [...strings(value)].map(({ text }) => text);
  if (texts.some((text) => text.includes(WIRE.unknown))) return WIRE.unknown;
  return texts.some((text) => secrets.some((one) => text.includes(one))) ? secret(value) : value;
}

function secretTexts(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Properties;
  if (fields[WIRE.signature] === WIRE.secret) {
    return [...strings(reveal(fields['value']))].map(({ text }) => text).filter((text) => text !== '');
  }
  return Object.values(fields).flatMap(secretTexts);
}
