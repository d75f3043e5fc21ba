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
export type View = (typeof VIEWS)[number];

/** The inputs and outputs of every resource, and the stack's outputs, in one view. */
export function viewOf(graph: Graph, view: View): Graph {
  if (view === 'known') return graph;
  const tracer = Tracer.of(graph);
  const see = (value: GraphValue) => seen(value, tracer, view);
  return {
    ...graph,
    resources: graph.resources.map((resource) => ({
      ...resource,
      id: view === 'unknown' && isDecidedLater(resource, tracer) ? null : resource.id,
      inputs: mapped(resource.inputs, (value, name) => {
        const result = see(value);
        if (view === 'both' || tracer.inValue(value).length > 0) return result;
        const from = opaque(graph, resource, name, value);
        return from.length === 0 ? result : { $unknown: from };
      }),
      outputs: mapped(resource.outputs, see),
    })),
    outputs: mapped(graph.outputs, see),
  };
}

function isDecidedLater({ id, computed }: GraphResource, tracer: Tracer): boolean {
  return computed.includes('id') || tracer.inValue(id).length > 0;
}

function seen(value: GraphValue, tracer: Tracer, view: 'unknown' | 'both'): GraphValue {
  if (markOf(value) !== undefined) return value;
  if (typeof value === 'string') {
    const references = tracer.inValue(value);
    if (references.length === 0) return value;
    return view === 'unknown' ? { $unknown: references } : { $traced: { value, references } };
  }
  if (Array.isArray(value)) return (value as readonly GraphValue[]).map((item) => seen(item, tracer, view));
  return isFields(value) ? mapped(value, (each) => seen(each, tracer, view)) : value;
}

/**
 * Resources that a property depends on although no value of theirs is in it: it was changed on the way (an account
 * taken from an arn), so it is not known either. One that repeats an input of theirs is known.
 */
function opaque(graph: Graph, resource: GraphResource, property: string, value: GraphValue): OutputName[] {
  if (markOf(value) !== undefined) return [];
  return (resource.propertyDependencies[property] ?? [])
    .filter((urn) => {
      const source = graph.resources.find((each) => each.urn === urn);
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
