/** What refers to what in a graph, followed along outputs. */
import { GraphQuery, type Reference } from '../planner/graph/query';
import type { Graph, GraphResource, OutputName } from '../planner/graph/types';

/** A resource, or its URN, its path from the stack down (`live/live-bucket`) or its name where only one has it. */
export type ResourceSelector = GraphResource | string;

/** One step: an input of a resource holds an output of another. */
export interface Hop {
  readonly from: string;
  /** The path in the inputs of `from`, as in `origins[0].domainName`. */
  readonly path: string;
  readonly to: string;
  /** `id` also where it is a name that equals the id; empty where only the dependency is known: the value was changed. */
  readonly output: string;
}

/** Which ways count. */
export interface FollowOptions {
  /** The input where the way begins, `[*]` for any index and `*` for any key: `origins[*].domainName`. @default any */
  readonly property?: string;
  /** The output of `to` where it ends. @default any */
  readonly output?: string;
  /** Whether `from` must hold the output itself, with no resource between. @default false */
  readonly direct?: boolean;
}

/**
 * A resource of the graph.
 * @throws RangeError where there is none, or more than one, with those that there are
 */
export function resourceOf(graph: Graph, selector: ResourceSelector): GraphResource {
  const query = queryOf(graph);
  if (typeof selector !== 'string') return query.get(selector.urn);
  if (selector.startsWith('urn:pulumi:')) return query.get(selector);
  const byPath = query.byPath(selector);
  const found = byPath.length > 0 ? byPath : query.byName(selector);
  const [one, ...others] = found;
  if (one !== undefined && others.length === 0) return one;
  const text = JSON.stringify(selector);
  if (one !== undefined) {
    throw new RangeError(
      `${found.length} resources are named ${text}; give one's URN: ${list(found.map(({ urn }) => urn))}`,
    );
  }
  const paths = graph.resources
    .filter(({ type }) => !type.startsWith('pulumi:'))
    .map((each) => query.path(each))
    .sort();
  const near = paths.filter(
    (path) => path.includes(selector) || isPart(path.split('/').at(-1) ?? '', selector),
  );
  throw new RangeError(
    `no resource has the path or name ${text} in stack ${graph.stack}; there are ${list(near.length > 0 ? near : paths)}`,
  );
}

/** What the inputs of a resource refer to; of a component, those of all that it made. */
export function referencesOf(graph: Graph, from: ResourceSelector, property?: string): Reference[] {
  const query = queryOf(graph);
  const matches = property === undefined ? () => true : matcher(property);
  return family(query, resourceOf(graph, from))
    .flatMap((resource) => query.references(resource))
    .filter(({ path }) => matches(path));
}

/** The resources that an input refers to, without those between. */
export function follow(graph: Graph, from: ResourceSelector, property?: string): GraphResource[] {
  const urns = new Set(referencesOf(graph, from, property).map(({ to }) => urnOf(to)));
  return graph.resources.filter(({ urn }) => urns.has(urn));
}

/**
 * The shortest way from a resource to another along what inputs hold; undefined where there is none. A component
 * stands for all that it made.
 */
export function reaches(
  graph: Graph,
  from: ResourceSelector,
  to: ResourceSelector,
  options: FollowOptions = {},
): readonly Hop[] | undefined {
  const query = queryOf(graph);
  const starts = family(query, resourceOf(graph, from)).map(({ urn }) => urn);
  const targets = new Set(family(query, resourceOf(graph, to)).map(({ urn }) => urn));
  const begins = options.property === undefined ? () => true : matcher(options.property);
  const ends = options.output === undefined ? undefined : matcher(options.output);
  const seen = new Set(starts);
  let ways: (readonly Hop[])[] = starts.map((): readonly Hop[] => []);
  let places = starts;
  while (places.length > 0) {
    const next: { urn: string; way: readonly Hop[] }[] = [];
    for (const [n, urn] of places.entries()) {
      const way = ways[n] ?? [];
      for (const reference of query.references(query.get(urn))) {
        if (way.length === 0 && !begins(reference.path)) continue;
        const hop = hopOf(reference);
        const whole = [...way, hop];
        if (targets.has(hop.to) && (!ends || sameOutputs(query.get(hop.to), hop.output).some(ends)))
          return whole;
        // What is read of another stack or of nothing that was recorded has no inputs to go on with.
        if (seen.has(hop.to) || !graph.resources.some((each) => each.urn === hop.to)) continue;
        seen.add(hop.to);
        next.push({ urn: hop.to, way: whole });
      }
    }
    if (options.direct) return undefined;
    places = next.map(({ urn }) => urn);
    ways = next.map(({ way }) => way);
  }
  return undefined;
}

/**
 * @returns the way
 * @throws Error that says what `from` does refer to and who does refer to `to`
 */
export function assertReaches(
  graph: Graph,
  from: ResourceSelector,
  to: ResourceSelector,
  options: FollowOptions = {},
): readonly Hop[] {
  const way = reaches(graph, from, to, options);
  if (way !== undefined) return way;
  const query = queryOf(graph);
  const [start, target] = [resourceOf(graph, from), resourceOf(graph, to)];
  const own = referencesOf(graph, start);
  const here = options.property === undefined ? own : referencesOf(graph, start, options.property);
  const targets = new Set(family(query, target).map(({ urn }) => urn));
  const incoming = graph.resources
    .flatMap((resource) => query.references(resource))
    .filter((reference) => targets.has(urnOf(reference.to)) && !targets.has(reference.from));
  const what = options.property ?? 'no input';
  const end = options.output === undefined ? '' : `#${options.output}`;
  const lines = [
    `${start.urn}: ${what} ${options.property === undefined ? 'leads' : 'does not lead'} to ${target.urn}${end}` +
      (options.direct ? ' (directly)' : ''),
    here.length > 0
      ? `it holds:${here.map((each) => `\n    ${written(each)}`).join('')}`
      : `it refers to nothing${literalAt(start, options.property)}`,
    ...(here.length === 0 && own.length > 0
      ? [`other inputs hold:${own.map((each) => `\n    ${written(each)}`).join('')}`]
      : []),
    incoming.length > 0
      ? `${target.name} is referred to by:${incoming.map((each) => `\n    ${each.from}: ${written(each)}`).join('')}`
      : `nothing refers to ${target.name}`,
  ];
  throw new Error(lines.join('\n  '));
}

const queries = new WeakMap<Graph, GraphQuery>();

function queryOf(graph: Graph): GraphQuery {
  const known = queries.get(graph) ?? new GraphQuery(graph);
  queries.set(graph, known);
  return known;
}

/** A resource and all that is below it. */
function family(query: GraphQuery, resource: GraphResource): GraphResource[] {
  return [resource, ...query.children(resource.urn).flatMap((child) => family(query, child))];
}

/** `origins[*].domainName` and all that is below it. */
function matcher(pattern: string): (path: string) => boolean {
  const source = pattern
    .split(/(\[\*\]|\*)/)
    .map((part) => (part === '[*]' ? '\\[\\d+\\]' : part === '*' ? '[^.[]+' : escaped(part)))
    .join('');
  const regex = new RegExp(`^${source}(?=$|[.[])`);
  return (path) => regex.test(path);
}

/** The shortest names are parts of nearly everything. */
const isPart = (name: string, of: string): boolean => name.length > 2 && of.includes(name);

/** An output and those with the same value: a bucket's `id` is its `bucket`, and no reader can tell which was meant. */
function sameOutputs({ id, outputs }: GraphResource, output: string): string[] {
  const value = output === 'id' ? id : outputs[output];
  if (typeof value !== 'string') return [output];
  const others = Object.entries(outputs).filter(([, each]) => each === value);
  return [output, ...(id === value ? ['id'] : []), ...others.map(([name]) => name)];
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

const urnOf = (output: OutputName): string => output.slice(0, output.lastIndexOf('#'));

function hopOf({ from, path, to }: Reference): Hop {
  return { from, path, to: urnOf(to), output: to.slice(to.lastIndexOf('#') + 1) };
}

function written({ path, to }: Reference): string {
  return to.endsWith('#') ? `${path} -> ${to.slice(0, -1)} (a changed value of it)` : `${path} -> ${to}`;
}

/** The text that stands where a reference was looked for: most often a name that was written out. */
function literalAt(resource: GraphResource, property: string | undefined): string {
  const value = property === undefined ? undefined : resource.inputs[property];
  return value === undefined ? '' : `; ${property} is ${JSON.stringify(value)}`;
}

const MOST_LISTED = 20;

function list(texts: readonly string[]): string {
  const more = texts.length - MOST_LISTED;
  return texts.slice(0, MOST_LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
