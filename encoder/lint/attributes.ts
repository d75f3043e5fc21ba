/** Attribute lists and the other value types of RFC 8216bis section 4.2, read strictly. */

export interface AttributeValue {
  /** Without the quotes. */
  readonly text: string;
  readonly quoted: boolean;
}

export type Attributes = ReadonlyMap<string, AttributeValue>;

export interface AttributeList {
  readonly attributes: Attributes;
  /** What is wrong with the list, in words; the attributes that could be read are kept. */
  readonly problems: readonly string[];
}

const NAME = /^[A-Z0-9-]+$/;
const UNQUOTED = /^[^\s",]+$/;

/** Ends of the list's items: commas outside quotes. */
function splitItems(list: string): string[] {
  const items: string[] = [];
  let quoted = false;
  let start = 0;
  for (let i = 0; i < list.length; i++) {
    const character = list[i];
    if (character === '"') quoted = !quoted;
    else if (character === ',' && !quoted) {
      items.push(list.slice(start, i));
      start = i + 1;
    }
  }
  items.push(list.slice(start));
  return items;
}

function readItem(item: string): { name: string; value: AttributeValue } | { problem: string } {
  const equals = item.indexOf('=');
  if (equals < 0) return { problem: `"${item}" is not NAME=VALUE` };
  const name = item.slice(0, equals);
  const raw = item.slice(equals + 1);
  if (!NAME.test(name)) return { problem: `"${name}" is not an attribute name (A to Z, 0 to 9 and -)` };
  if (raw.startsWith('"')) {
    return raw.length >= 2 && raw.indexOf('"', 1) === raw.length - 1
      ? { name, value: { text: raw.slice(1, -1), quoted: true } }
      : { problem: `the quoted value of ${name} does not end where the attribute ends` };
  }
  return UNQUOTED.test(raw)
    ? { name, value: { text: raw, quoted: false } }
    : { problem: `the value of ${name} is empty or has white space or quotes in it: "${raw}"` };
}

export function parseAttributeList(list: string): AttributeList {
  const attributes = new Map<string, AttributeValue>();
  const problems: string[] = [];
  for (const item of splitItems(list)) {
    const read = readItem(item);
    if ('problem' in read) problems.push(read.problem);
    else if (attributes.has(read.name)) problems.push(`${read.name} is there twice`);
    else attributes.set(read.name, read.value);
  }
  return { attributes, problems };
}

export type ValueType =
  'integer' | 'float' | 'signed' | 'hex' | 'string' | 'enum' | 'resolution' | 'date' | 'range' | 'any';

const SHAPES: Readonly<
  Record<Exclude<ValueType, 'any'>, { quoted: boolean; pattern: RegExp; name: string }>
> = {
  integer: { quoted: false, pattern: /^[0-9]{1,20}$/, name: 'a decimal integer' },
  float: { quoted: false, pattern: /^[0-9]+(\.[0-9]+)?$/, name: 'a decimal number' },
  signed: { quoted: false, pattern: /^-?[0-9]+(\.[0-9]+)?$/, name: 'a signed decimal number' },
  hex: { quoted: false, pattern: /^0[xX][0-9A-Fa-f]+$/, name: 'a hexadecimal sequence (0x...)' },
  enum: { quoted: false, pattern: /^[^\s",]+$/, name: 'an enumerated string (without quotes)' },
  resolution: { quoted: false, pattern: /^[0-9]+x[0-9]+$/, name: 'a resolution (1920x1080)' },
  // Empty is allowed by the syntax; the tags that need a value say so themselves.
  string: { quoted: true, pattern: /^[^\r\n"]*$/, name: 'a quoted string' },
  date: {
    quoted: true,
    pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/,
    name: 'a quoted ISO 8601 date',
  },
  range: { quoted: true, pattern: /^[0-9]+(@[0-9]+)?$/, name: 'a quoted byte range ("length@offset")' },
};

/** Undefined when the value has the type, else what it should be. */
export function typeProblem(value: AttributeValue, type: ValueType): string | undefined {
  if (type === 'any') return undefined;
  const shape = SHAPES[type];
  return value.quoted === shape.quoted && shape.pattern.test(value.text) ? undefined : shape.name;
}

export const text = (attributes: Attributes, name: string): string | undefined => attributes.get(name)?.text;

/** A number if the attribute is there and is one. */
export function number(attributes: Attributes, name: string): number | undefined {
  const value = attributes.get(name);
  if (value === undefined || value.quoted || !/^-?[0-9]+(\.[0-9]+)?$/.test(value.text)) return undefined;
  return Number(value.text);
}

export const yes = (attributes: Attributes, name: string): boolean => text(attributes, name) === 'YES';

/** Milliseconds since the epoch; a date without a zone counts as UTC. */
export function parseDate(date: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(date);
  if (match === null) return undefined;
  const [, base = '', fraction = '', zone = 'Z'] = match;
  const withColon = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const ms = Date.parse(`${base}${withColon}`);
  return Number.isNaN(ms) ? undefined : ms + (fraction === '' ? 0 : Number(`0${fraction}`) * 1000);
}
