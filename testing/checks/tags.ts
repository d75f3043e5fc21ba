/** Required tags on everything that takes tags. */
import { isFields, markOf } from '../../planner/graph/values';
import type { Graph, GraphResource, GraphValue } from '../../planner/graph/types';
import { about, count, FindingsError, type Exceptions, type Finding, type NotChecked } from './finding';
import { LIST_TAGGED_TYPES, TAGGABLE_TYPES } from '../../planner/doubles/sdk-types';

/** What the value of a tag must be: any text, one of some texts, or one that matches. */
export type TagRule = 'any' | readonly string[] | RegExp;

/** The tags that must be there, and where not. */
export interface TagCheckOptions {
  /** By key. A list of keys asks for any value that is not empty. */
  readonly required: readonly string[] | Readonly<Record<string, TagRule>>;
  /** Types that need none of the tags, and why. */
  readonly exceptions?: Exceptions;
}

/** What `checkTags` found. */
export interface TagReport {
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
  /** How many resources take tags and were checked. */
  readonly checked: number;
  /** Resources that were left out by `exceptions`. */
  readonly excepted: readonly { readonly urn: string; readonly reason: string }[];
  /** Exceptions for which the graph has no resource: these can go. */
  readonly unusedExceptions: readonly string[];
}

const TAGGABLE = new Set(TAGGABLE_TYPES);
const LIST_TAGGED = new Set(LIST_TAGGED_TYPES);

/**
 * Looks for the required tags on every resource that the graph makes and that takes tags. The default tags of its
 * provider count where the provider would merge them. Which types take tags is read from @pulumi/aws itself.
 */
export function checkTags(graph: Graph, { required, exceptions = {} }: TagCheckOptions): TagReport {
  const rules = rulesOf(required);
  const findings: Finding[] = [];
  const notChecked: NotChecked[] = [];
  const excepted: { urn: string; reason: string }[] = [];
  let checked = 0;
  for (const resource of graph.resources) {
    const { type, urn } = resource;
    const taggable = TAGGABLE.has(type) || LIST_TAGGED.has(type);
    if (resource.external || !(taggable || resource.remote)) continue;
    const reason = Object.hasOwn(exceptions, type) ? exceptions[type] : undefined;
    if (reason !== undefined) {
      excepted.push({ urn, reason });
      continue;
    }
    if (resource.remote) {
      notChecked.push({
        ...about(resource),
        reason: 'what another process makes for it is not in the graph',
      });
      continue;
    }
    checked += 1;
    const tags = tagsOf(graph, resource);
    if (tags === undefined) {
      notChecked.push({ ...about(resource), property: 'tags', reason: 'they are secret, or not known yet' });
    } else findings.push(...rules.flatMap(([key, rule]) => judged(resource, tags, key, rule)));
  }
  const used = new Set(graph.resources.map(({ type }) => type));
  const unusedExceptions = Object.keys(exceptions).filter((type) => !used.has(type));
  return { findings, notChecked, checked, excepted, unusedExceptions };
}

/** @throws FindingsError with every tag that is missing or has a value that is not allowed, and what was not checked */
export function assertTags(graph: Graph, options: TagCheckOptions): TagReport {
  const report = checkTags(graph, options);
  const { findings, notChecked } = report;
  if (findings.length + notChecked.length === 0) return report;
  const parts = [
    ...(findings.length > 0 ? [`${count(findings.length, 'tag')} missing or not allowed`] : []),
    ...(notChecked.length > 0 ? [`the tags of ${count(notChecked.length, 'resource')} not checked`] : []),
  ];
  throw new FindingsError(parts.join(', and '), findings, notChecked);
}

function rulesOf(required: TagCheckOptions['required']): (readonly [string, TagRule])[] {
  if (isList(required)) return required.map((key) => [key, 'any']);
  return Object.entries(required);
}

function isList(required: TagCheckOptions['required']): required is readonly string[] {
  return Array.isArray(required);
}

/** The tags that AWS would get, by key; undefined where they cannot be known. */
function tagsOf(graph: Graph, resource: GraphResource): Readonly<Record<string, unknown>> | undefined {
  const given = plain(resource.inputs['tags']);
  if (markOf(given) !== undefined) return undefined;
  if (LIST_TAGGED.has(resource.type)) return listed(given);
  const all = plain(resource.outputs['tagsAll']);
  const provider = graph.providers.find(({ urn, id }) => resource.provider === `${urn}::${id}`);
  const merged = markOf(all) === undefined && isFields(all) ? all : {};
  // A resource's own tags come before those of its provider.
  return { ...provider?.defaultTags, ...merged, ...(isFields(given) ? given : {}) };
}

function listed(given: unknown): Record<string, unknown> {
  const rows = Array.isArray(given) ? (given as readonly unknown[]) : [];
  return Object.fromEntries(rows.filter(isFields).map(({ key, value }) => [String(key), plain(value)]));
}

/** A value without the mark of the view `both`. */
function plain(value: unknown): unknown {
  const mark = isFields(value) ? value['$traced'] : undefined;
  return isFields(mark) ? mark['value'] : value;
}

function judged(
  resource: GraphResource,
  tags: Readonly<Record<string, unknown>>,
  key: string,
  rule: TagRule,
): Finding[] {
  const value = plain(Object.hasOwn(tags, key) ? tags[key] : undefined);
  const allowed = wordsOf(rule);
  const property = `tags[${JSON.stringify(key)}]`;
  if (value === undefined || value === null) {
    const like = Object.keys(tags).find((each) => each.toLowerCase() === key.toLowerCase());
    const fix =
      like === undefined
        ? `add it, or give the provider defaultTags`
        : `rename ${JSON.stringify(like)}: case counts in the keys of tags`;
    return [{ ...about(resource), property, problem: 'missing', allowed, fix }];
  }
  // A value that is known later may be anything; that it is there is all that can be said.
  if (typeof value !== 'string' || fits(value, rule)) return [];
  const finding = { ...about(resource), property, value: value as GraphValue };
  return [{ ...finding, problem: value === '' ? 'empty' : 'not allowed', allowed, fix: 'change the value' }];
}

function fits(value: string, rule: TagRule): boolean {
  if (rule === 'any') return value !== '';
  // `search` keeps no state between calls, as `test` does with the flags g and y.
  return rule instanceof RegExp ? value.search(rule) !== -1 : rule.includes(value);
}

function wordsOf(rule: TagRule): string {
  if (rule === 'any') return 'any text that is not empty';
  return rule instanceof RegExp
    ? `what matches ${String(rule)}`
    : rule.map((each) => JSON.stringify(each)).join(', ');
}
