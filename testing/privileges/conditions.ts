/** Condition operators: IAM User Guide, "IAM JSON policy elements: Condition operators", and "Single-valued vs. multivalued context keys". */
import { BlockList, isIP } from 'node:net';
import { PolicyError, type Condition, type Statement } from './document';
import { covers, coversArn, literal } from './patterns';
import { resolve, type Lookup, type Resolved } from './variables';

/** Whether one value of the request fits one value of the policy. */
type Test = (value: string, wanted: Resolved, text: string) => boolean;

interface Operator {
  readonly test: Test;
  /** It holds where the operator without `Not` does not. */
  readonly negated: boolean;
  /** Variables are replaced in strings and ARNs only. */
  readonly hasVariables: boolean;
  /** Whether `*` and `?` of the policy are wildcards. */
  readonly wildcards: boolean;
}

const equal: Test = (value, { tokens }) => covers(tokens, literal(value));
const equalIgnoringCase: Test = (value, { tokens }) =>
  covers(
    tokens.map((token) => ('text' in token ? { text: token.text.toLowerCase() } : token)),
    literal(value.toLowerCase()),
  );
const arn: Test = (value, { tokens }) => coversArn(tokens, literal(value));
const numbers =
  (compare: (a: number, b: number) => boolean): Test =>
  (value, _, text) =>
    value.trim() !== '' && text.trim() !== '' && compare(Number(value), Number(text));
const dates =
  (compare: (a: number, b: number) => boolean): Test =>
  (value, _, text) =>
    compare(milliseconds(value), milliseconds(text));
const bool: Test = (value, _, text) => value.toLowerCase() === text.toLowerCase();
const binary: Test = (value, _, text) => value === text;

/** An ISO 8601 date, or seconds since 1970. */
function milliseconds(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

const address: Test = (value, _, text) => {
  const [network = '', prefix] = text.split('/');
  const [family, of] = [isIP(network), isIP(value)];
  if (family === 0 || family !== of) return false;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(network, prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix), kind);
  return block.check(value, kind);
};

const text = { hasVariables: true, wildcards: false };
const pattern = { hasVariables: true, wildcards: true };
const plain = { hasVariables: false, wildcards: false };

/** Each with its opposite. */
function both(name: string, opposite: string, operator: Omit<Operator, 'negated'>): [string, Operator][] {
  return [
    [name, { ...operator, negated: false }],
    [opposite, { ...operator, negated: true }],
  ];
}

const compared = (kind: string, of: (compare: (a: number, b: number) => boolean) => Test) => [
  ...both(`${kind}Equals`, `${kind}NotEquals`, { ...plain, test: of((a, b) => a === b) }),
  ...(
    [
      ['LessThan', (a, b) => a < b],
      ['LessThanEquals', (a, b) => a <= b],
      ['GreaterThan', (a, b) => a > b],
      ['GreaterThanEquals', (a, b) => a >= b],
    ] as [string, (a: number, b: number) => boolean][]
  ).map(([name, compare]): [string, Operator] => [
    `${kind}${name}`,
    { ...plain, negated: false, test: of(compare) },
  ]),
];

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...both('StringEquals', 'StringNotEquals', { ...text, test: equal }),
  ...both('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', { ...text, test: equalIgnoringCase }),
  ...both('StringLike', 'StringNotLike', { ...pattern, test: equal }),
  // The two behave alike: IAM User Guide, the same page.
  ...both('ArnEquals', 'ArnNotEquals', { ...pattern, test: arn }),
  ...both('ArnLike', 'ArnNotLike', { ...pattern, test: arn }),
  ...compared('Numeric', numbers),
  ...compared('Date', dates),
  ...both('IpAddress', 'NotIpAddress', { ...plain, test: address }),
  ['Bool', { ...plain, negated: false, test: bool }],
  ['BinaryEquals', { ...plain, negated: false, test: binary }],
]);

/** Without `Null`, `IfExists` and the prefixes for keys of several values. */
export const CONDITION_OPERATORS: readonly string[] = [...OPERATORS.keys()];

export interface ConditionResult {
  readonly holds: boolean;
  /** Positions of the policy's values that a value of the request fits. */
  readonly fitting: readonly number[];
  /** Variables that have no value. */
  readonly missing: readonly string[];
}

interface Parsed {
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
  readonly operator: Operator | 'Null';
}

function parsed(where: string, written: string): Parsed {
  const [, prefix, name = '', suffix] =
    /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(written) ?? [];
  const operator = name === 'Null' && suffix === undefined ? 'Null' : OPERATORS.get(name);
  if (!operator) {
    throw new PolicyError(
      `${where}: the condition operator ${written} is not known; known are ${CONDITION_OPERATORS.join(', ')} ` +
        'and Null, with IfExists (not after Null) and after ForAllValues: or ForAnyValue:',
    );
  }
  return { quantifier: prefix as Parsed['quantifier'], ifExists: suffix !== undefined, operator };
}

/** @throws PolicyError for an operator that is not known */
export function checkOperators(where: string, { conditions }: Statement): void {
  for (const { operator } of conditions) parsed(where, operator);
}

/** Whether a condition holds; several conditions of a statement must all. */
export function judgeCondition(
  { operator: written, key, values }: Condition,
  hasVariables: boolean,
  lookup: Lookup,
): ConditionResult {
  const { quantifier, ifExists, operator } = parsed('a condition', written);
  const given = lookup(key);
  const exists = given !== undefined && given.length > 0;
  if (operator === 'Null') {
    const holds = values.some((value) => (value.toLowerCase() === 'true') === !exists);
    return { holds, fitting: [], missing: [] };
  }
  const wanted = values.map((value) =>
    resolve(value, hasVariables && operator.hasVariables, lookup, operator.wildcards),
  );
  const missing = wanted.flatMap((each) => each.missing);
  if (!exists) {
    const holds = ifExists || quantifier === 'ForAllValues' || (operator.negated && quantifier === undefined);
    return { holds, fitting: [], missing };
  }
  const fits = (value: string, n: number): boolean =>
    wanted[n]!.missing.length === 0 && operator.test(value, wanted[n]!, values[n]!);
  const fitting = [...values.keys()].filter((n) => given.some((value) => fits(value, n)));
  const holdsFor = (value: string): boolean =>
    [...values.keys()].some((n) => fits(value, n)) !== operator.negated;
  // Without a prefix, of several values one that fits is enough, and with a negated operator one is too many.
  const every = quantifier === 'ForAllValues' || (quantifier === undefined && operator.negated);
  const holds = every ? given.every(holdsFor) : given.some(holdsFor);
  // What is compared with a variable that has no value is never another.
  return { holds: holds && !(operator.negated && missing.length > 0), fitting, missing };
}

/** Whether each value of a condition lets something pass, so that one which no request had is one too many. */
export const letsPass = ({ operator: written }: Condition): boolean => {
  const { operator } = parsed('a condition', written);
  return operator !== 'Null' && !operator.negated;
};
