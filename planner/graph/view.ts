import { Tracer } from './tracer';
import { isFields, markOf } from './values';
import type { Graph, GraphResource, GraphValue, OutputName } from './types';

/**
 * How a reader sees what AWS would decide:
 * `known` as the double's value, for policies and local runs;
 * `unknown` as `{ $unknown }` with what it depends on, for exports, as in a first preview;
 * `both` as `{ $traced }`, the value beside what it refers to, for tests.
 */
export const VIEWS = ['known', 'unknown', 'both'] as const;
/** One of {@link VIEWS}. */
export type View = (typeof VIEWS)[number];

/** The inputs and outputs of every resource, and the stack's outputs, in one view. */
export function viewOf(graph: Graph, view: View): Graph {
  if (view === 'known') return graph;
  const tracer = Tracer.of(graph);
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  const see = (value: GraphValue, own?: string) => seen(value, (each) => others(tracer, each, own), view);
  return {
    ...graph,
    resources: graph.resources.map((resource) => ({
      ...resource,
      id: view === 'unknown' && isDecidedLater(resource, tracer) ? null : resource.id,
      inputs: mapped(resource.inputs, (value, name) => {
        const result = see(value, resource.urn);
        if (view === 'both' || others(tracer, value, resource.urn).length > 0) return result;
        const from = opaque(byUrn, resource, name, value);
        return from.length === 0 ? result : { $unknown: from };
      }),
      outputs: mapped(resource.outputs, (value, name) =>
        see(value, resource.computed.includes(name) ? undefined : resource.urn),
      ),
    })),
    outputs: mapped(graph.outputs, (value) => see(value)),
  };
}

/**
 * What a value refers to.
 * @param own the resource whose own argument it is: a name that the program gives is known, although it is the id
 */
function others(tracer: Tracer, value: GraphValue, own: string | undefined): OutputName[] {
  const all = tracer.inValue(value);
  return own === undefined ? all : all.filter((each) => !each.startsWith(`${own}#`));
}

function isDecidedLater({ id, computed }: GraphResource, tracer: Tracer): boolean {
  return computed.includes('id') || tracer.inValue(id).length > 0;
}

function seen(
  value: GraphValue,
  referencesOf: (value: GraphValue) => OutputName[],
  view: 'unknown' | 'both',
): GraphValue {
  if (markOf(value) !== undefined) return value;
  if (typeof value === 'string') {
    const references = referencesOf(value);
    if (references.length === 0) return value;
    return view === 'unknown' ? { $unknown: references } : { $traced: { value, references } };
  }
  if (Array.isArray(value))
    return (value as readonly GraphValue[]).map((item) => seen(item, referencesOf, view));
  return isFields(value) ? mapped(value, (each) => seen(each, referencesOf, view)) : value;
}

/**
 * Resources that a property depends on although no value of theirs is in it: it was changed on the way (an account
 * taken from an arn), so it is not known either. One that repeats an input of theirs is known.
 */
function opaque(
  byUrn: ReadonlyMap<string, GraphResource>,
  resource: GraphResource,
  property: string,
  value: GraphValue,
): OutputName[] {
  if (markOf(value) !== undefined) return [];
  return (resource.propertyDependencies[property] ?? [])
    .filter((urn) => {
      const source = byUrn.get(urn);
      if (!source?.custom) return false;
      const repeats = [source.id, ...Object.values(source.inputs), ...Object.values(source.outputs)];
      return !repeats.some((each) => JSON.stringify(each) === JSON.stringify(value));
    })
    .map((urn) => `${urn}#`);
}

function mapped(
  fields: { readonly [name: string]: GraphValue },
  change: (value: GraphValue, name: string) => GraphValue,
): { readonly [name: string]: GraphValue } {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, change(value, name)]));
}
