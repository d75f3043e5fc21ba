/** Names against the limits of AWS, before AWS refuses them. */
import { Tracer } from '../../planner/graph/tracer';
import { isFields, markOf } from '../../planner/graph/values';
import type { Graph, GraphResource, GraphValue } from '../../planner/graph/types';
import { about, count, FindingsError, type Exceptions, type Finding, type NotChecked } from './finding';
import type { KnownLimit, Naming } from './name-limit';
import { NAME_LIMITS, NAMED_TYPES, UNNAMED_TYPES } from './name-limits';

/** What `checkNames` leaves out and takes for granted. */
export interface NameCheckOptions {
  /** Types whose names need no check, and why: their resources are not in `notChecked`. */
  readonly exceptions?: Exceptions;
  /**
   * How many characters Pulumi adds to the resource's name where the program gives none: a hyphen and seven
   * hexadecimal digits, but where `pulumi:autonaming` says otherwise. @default 8
   */
  readonly autoNameCharacters?: number;
}

/** What `checkNames` found. */
export interface NameReport {
  readonly findings: readonly Finding[];
  /** Names that nothing is known of. A test should say how many there are: `assertNames` does. */
  readonly notChecked: readonly NotChecked[];
  /** How many names were compared with a limit. */
  readonly checked: number;
  /** Types in the graph with no name of their own in AWS, and how many resources of each. */
  readonly unnamed: Readonly<Record<string, number>>;
}

/** Names that Pulumi adds a hyphen and seven digits to: sdk/go/common/resource/resource_id.go, NewUniqueHex of 7. */
const AUTO_NAME_CHARACTERS = 8;

/** What the provider adds to a prefix: 18 digits of the time and 8 of a counter (terraform-plugin-sdk, helper/id). */
const PREFIX_CHARACTERS = 26;

const UNNAMED = new Set(UNNAMED_TYPES);

/**
 * Compares the name of every resource that the graph makes with what AWS takes: length, characters, beginnings that
 * are reserved. A name that Pulumi makes (`<name>-<7 digits>`) or that begins with a prefix counts in full. The limits
 * are of AWS's own API models; see `NAME_LIMITS_FROM`.
 */
export function checkNames(graph: Graph, options: NameCheckOptions = {}): NameReport {
  const { exceptions = {}, autoNameCharacters = AUTO_NAME_CHARACTERS } = options;
  const tracer = Tracer.of(graph);
  const findings: Finding[] = [];
  const notChecked: NotChecked[] = [];
  const unnamed: Record<string, number> = {};
  let checked = 0;
  for (const resource of graph.resources) {
    if (!isMade(resource)) continue;
    const { type } = resource;
    if (Object.hasOwn(exceptions, type)) continue;
    if (UNNAMED.has(type)) unnamed[type] = (unnamed[type] ?? 0) + 1;
    else if (!Object.hasOwn(NAMED_TYPES, type)) {
      notChecked.push({ ...about(resource), reason: unknownType(resource) });
    }
    for (const [property, naming] of Object.entries(NAMED_TYPES[type] ?? {})) {
      const limit = NAME_LIMITS[type]?.[property];
      const name = nameOf(resource, property, naming, limit, autoNameCharacters, tracer);
      if (name === undefined) continue;
      if (limit === undefined) {
        const reason = `no limit of ${property} is known`;
        notChecked.push({ ...about(resource), property: name.property, reason });
      } else if (name.text === undefined) {
        notChecked.push({ ...about(resource), property: name.property, reason: name.reason });
      } else {
        checked += 1;
        if (!('none' in limit)) findings.push(...judged(resource, name, limit));
      }
    }
  }
  return { findings, notChecked, checked, unnamed };
}

/**
 * @throws FindingsError with every name that AWS would refuse, and every one that could not be checked and that
 * `exceptions` does not give a reason for
 */
export function assertNames(graph: Graph, options: NameCheckOptions = {}): NameReport {
  const report = checkNames(graph, options);
  const { findings, notChecked } = report;
  if (findings.length + notChecked.length === 0) return report;
  const parts = [
    ...(findings.length > 0 ? [`${count(findings.length, 'name')} that AWS would refuse`] : []),
    ...(notChecked.length > 0
      ? [`${count(notChecked.length, 'name')} not checked (say why in exceptions: { '<type>': '<reason>' })`]
      : []),
  ];
  throw new FindingsError(parts.join(', and '), findings, notChecked);
}

/** Components have no names in AWS; but what a remote one makes is not in the graph. */
function isMade({ type, custom, remote, external }: GraphResource): boolean {
  return (custom || remote) && !external && !type.startsWith('pulumi:');
}

function unknownType({ type, remote }: GraphResource): string {
  if (remote) return 'what another process makes for it is not in the graph';
  if (!type.startsWith('aws:')) return 'only limits of AWS are known';
  return 'the type is not in the tables; bring them up to date (NAME_LIMITS_FROM says what they are of)';
}

/** A name as AWS would get it; without `text` where it cannot be known. */
interface Name {
  /** The input that it is of, or would be. */
  readonly property: string;
  readonly given: GraphValue | undefined;
  readonly text: string | undefined;
  readonly reason: string;
  readonly made: 'given' | 'prefix' | 'auto';
  /** Characters that are not the program's. */
  readonly added: number;
}

/** Undefined where AWS or the provider makes the name, or where it is that of another resource. */
function nameOf(
  resource: GraphResource,
  property: string,
  naming: Naming,
  limit: (typeof NAME_LIMITS)[string][string] | undefined,
  autoNameCharacters: number,
  tracer: Tracer,
): Name | undefined {
  const own = limit !== undefined && !('none' in limit) ? limit : undefined;
  const suffix = suffixOf(resource, own);
  const given = traced(resource.inputs[property]);
  if (given !== undefined && given !== null && given !== '') {
    const of = typeof given === 'string' ? tracer.owner(given) : undefined;
    if (of !== undefined && of.urn !== resource.urn) return undefined;
    return { ...read(given), property, given, made: 'given', added: 0 };
  }
  const prefix = naming.prefix ? traced(resource.inputs[`${property}Prefix`]) : undefined;
  if (prefix !== undefined && prefix !== null && prefix !== '') {
    const { text, reason } = read(prefix);
    const whole = text === undefined ? undefined : text + '0'.repeat(PREFIX_CHARACTERS) + suffix;
    const added = PREFIX_CHARACTERS + suffix.length;
    return { property: `${property}Prefix`, given: prefix, text: whole, reason, made: 'prefix', added };
  }
  if (!naming.auto) return undefined;
  const { lower = false, prefix: before = '', separator = '-' } = own?.auto ?? {};
  const name = lower ? resource.name.toLowerCase() : resource.name;
  const after = (separator + '0'.repeat(autoNameCharacters)).slice(0, autoNameCharacters);
  const added = before.length + autoNameCharacters + suffix.length;
  return {
    property,
    given: undefined,
    text: before + name + after + suffix,
    reason: '',
    made: 'auto',
    added,
  };
}

function suffixOf({ inputs }: GraphResource, limit: KnownLimit | undefined): string {
  const when = limit?.when;
  return when !== undefined && inputs[when.input] === true ? when.suffix : '';
}

/** The value of a graph in the view `both`. */
function traced(value: GraphValue | undefined): GraphValue | undefined {
  const mark = isFields(value) ? value['$traced'] : undefined;
  return isFields(mark) ? mark['value'] : value;
}

function read(value: GraphValue): { readonly text: string | undefined; readonly reason: string } {
  if (typeof value === 'string') return { text: value, reason: '' };
  const mark = markOf(value);
  if (mark === '$secret') return { text: undefined, reason: 'it is a secret' };
  if (mark === '$unknown') return { text: undefined, reason: 'it is known after the update only' };
  return { text: undefined, reason: 'it is no text' };
}

function judged(resource: GraphResource, name: Name, limit: KnownLimit): Finding[] {
  const { text = '', property, given, made, added } = name;
  const length = [...text].length;
  const { min = 0, max = Infinity, reserved } = limit;
  const when =
    limit.when !== undefined && resource.inputs[limit.when.input] === true ? limit.when : undefined;
  const pattern = when?.pattern ?? limit.pattern;
  const problems: string[] = [];
  if (length > max) problems.push(`${length} characters${ofWhich(made, added)}`);
  if (length < min) problems.push(`${length} characters`);
  if (pattern !== undefined && !whole(pattern).test(text)) problems.push('characters that it may not have');
  const kept = reserved === undefined ? null : new RegExp(reserved).exec(text);
  if (kept) problems.push(`${JSON.stringify(kept[0])} is reserved by AWS`);
  if (problems.length === 0) return [];
  const finding = { ...about(resource), property, problem: problems.join(' and ') };
  return [
    {
      ...finding,
      ...(given !== undefined && { value: given }),
      allowed: allowedBy(limit, when?.chars ?? limit.chars, pattern),
      fix: remedy(name, resource, max),
    },
  ];
}

function ofWhich(made: Name['made'], added: number): string {
  if (made === 'given') return '';
  return made === 'prefix'
    ? `, ${added} of which the provider adds to a prefix`
    : `, ${added} of which Pulumi adds to the resource's name`;
}

function whole(pattern: string): RegExp {
  const unicode = pattern.startsWith('(?u)');
  return new RegExp(`^(?:${unicode ? pattern.slice('(?u)'.length) : pattern})$`, unicode ? 'u' : '');
}

function allowedBy({ min, max, source }: KnownLimit, chars?: string, pattern?: string): string {
  const length =
    max === undefined
      ? min === undefined || min === 0
        ? undefined
        : `at least ${count(min, 'character')}`
      : min === undefined || min <= 1
        ? `at most ${count(max, 'character')}`
        : `${min} to ${count(max, 'character')}`;
  const of = chars ?? (pattern === undefined ? undefined : `/${pattern}/`);
  return `${[length, of].filter((part) => part !== undefined).join(', ')} (${source})`;
}

function remedy({ made, property, added }: Name, { name }: GraphResource, max: number): string {
  if (made === 'given') return `change ${property}`;
  const room = max === Infinity ? '' : ` of at most ${Math.max(0, max - added)} characters`;
  return made === 'prefix'
    ? `give a ${property}${room}`
    : `give ${property}, or rename the resource ${JSON.stringify(name)} to one${room} that is allowed`;
}
