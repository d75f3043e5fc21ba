/** The resources of a recorded graph, as the rules of the pack look at them. */
import {
  SECRET,
  Stack,
  UNKNOWN,
  canonicalType,
  type Resource,
  type Value,
  type Values,
} from '../../policies/core';
import { isFields, markOf } from '../graph/values';
import { viewOf, type View } from '../graph/view';
import type { Graph, GraphProvider, GraphValue } from '../graph/types';

/**
 * @param view `known` gives what AWS would decide the doubles' values; `unknown` leaves it open, as a first preview does
 */
export function stackOf(graph: Graph, view: Exclude<View, 'both'> = 'known'): Stack {
  const providers = new Map(graph.providers.map((provider) => [`${provider.urn}::${provider.id}`, provider]));
  const seen = viewOf(graph, view);
  return new Stack(
    seen.resources
      // What is only read is somebody else's; a component is its children.
      .filter(({ external, custom, type }) => !external && (custom || type === 'pulumi:pulumi:Stack'))
      .map((resource): Resource => {
        const provider = resource.provider === null ? undefined : providers.get(resource.provider);
        const planned: Resource = {
          urn: resource.urn,
          type: canonicalType(resource.type),
          name: resource.name,
          props: valuesOf(resource.inputs),
          options: {
            protect: resource.options.protect ?? false,
            retainOnDelete: resource.options.retainOnDelete ?? false,
          },
          defaultTags: defaultTags(provider),
          // A resource may say where it is; its provider's region is for those that do not.
          region:
            typeof resource.inputs['region'] === 'string'
              ? resource.inputs['region']
              : (provider?.region ?? undefined),
          parent: resource.parent ?? undefined,
          from: resource.propertyDependencies,
        };
        const made: Values = { ...valuesOf(resource.outputs), ...planned.props, id: resource.id ?? UNKNOWN };
        return { ...planned, props: made, planned };
      }),
  );
}

const defaultTags = (provider: GraphProvider | undefined): Values =>
  provider ? valuesOf(provider.defaultTags) : {};

const valuesOf = (fields: { readonly [name: string]: GraphValue }): Values =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, valueOf(value)]));

function valueOf(value: GraphValue): Value {
  if (Array.isArray(value)) return (value as readonly GraphValue[]).map(valueOf);
  if (!isFields(value)) return value;
  const mark = markOf(value);
  if (mark === undefined) return valuesOf(value);
  const content = value[mark] as GraphValue;
  if (mark === '$secret') return SECRET;
  if (mark === '$unknown') return UNKNOWN;
  if (mark === '$literal') return valuesOf(content as { readonly [name: string]: GraphValue });
  if (mark === '$resource') return content;
  return { asset: valueOf(content) };
}
