import { canonicalType } from '../../policies/core';
import { GraphQuery } from '../graph/query';
import { Tracer } from '../graph/tracer';
import { isFields, markOf } from '../graph/values';
import type { Graph, GraphResource, GraphValue } from '../graph/types';

/** Looks into a graph for the parts of a plan. Types are by their newest names, as `aws:lb/loadBalancer:LoadBalancer`. */
export class Reader {
  readonly graph: Graph;
  /** What the program makes: no components, and nothing that is only read. */
  readonly made: readonly GraphResource[];
  readonly #query: GraphQuery;
  readonly #byUrn: ReadonlyMap<string, GraphResource>;
  readonly #byType = new Map<string, GraphResource[]>();
  #tracer: Tracer | undefined;

  constructor(graph: Graph) {
    this.graph = graph;
    this.#query = new GraphQuery(graph);
    this.#byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
    this.made = graph.resources.filter(
      ({ custom, external, type }) => custom && !external && !type.startsWith('pulumi:'),
    );
    for (const resource of this.made) {
      const type = canonicalType(resource.type);
      this.#byType.set(type, [...(this.#byType.get(type) ?? []), resource]);
    }
  }

  ofType(type: string): readonly GraphResource[] {
    return this.#byType.get(type) ?? [];
  }

  path(resource: GraphResource): string {
    return this.#query.path(resource);
  }

  paths(resources: readonly GraphResource[]): string[] {
    return resources.map((each) => this.path(each));
  }

  byUrn(urn: string): GraphResource | undefined {
    return this.#byUrn.get(urn);
  }

  /** The resources of a type that a property, or any, takes something from. */
  uses(resource: GraphResource, type: string, property?: string): GraphResource[] {
    const urns =
      property === undefined
        ? Object.values(resource.propertyDependencies).flat()
        : (resource.propertyDependencies[property] ?? []);
    return [...new Set(urns)]
      .map((urn) => this.#byUrn.get(urn))
      .filter((each): each is GraphResource => each !== undefined && canonicalType(each.type) === type);
  }

  /** The component that a resource is in; the stack where it is in none. */
  component(resource: GraphResource): GraphResource | undefined {
    let at = resource.parent === null ? undefined : this.#byUrn.get(resource.parent);
    while (at?.custom) at = at.parent === null ? undefined : this.#byUrn.get(at.parent);
    return at;
  }

  /** Zones of subnets, by id where they have one. */
  zones(resource: GraphResource, property?: string): string[] {
    const zones = this.uses(resource, 'aws:ec2/subnet:Subnet', property).map(
      (subnet) => text(subnet.inputs['availabilityZoneId']) ?? text(subnet.inputs['availabilityZone']),
    );
    return [...new Set(zones.filter((zone) => zone !== undefined))].sort();
  }

  /** A text in which what AWS decides is named in angle brackets. */
  shown(value: string): { readonly text: string; readonly known: boolean } {
    this.#tracer ??= Tracer.of(this.graph);
    let shown = '';
    let at = 0;
    const found = this.#tracer.inText(value);
    for (const each of found) {
      const resource = this.#byUrn.get(each.urn);
      shown += `${value.slice(at, each.at)}<${resource ? this.path(resource) : each.urn} ${each.output}>`;
      at = each.at + each.value.length;
    }
    return { text: shown + value.slice(at), known: found.length === 0 };
  }
}

export function text(value: GraphValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Numbers, also those that AWS's provider takes as texts. */
export function number(value: GraphValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value !== '' && Number.isFinite(Number(value))
    ? Number(value)
    : undefined;
}

export function list(value: GraphValue | undefined): readonly GraphValue[] {
  return Array.isArray(value) ? (value as readonly GraphValue[]) : [];
}

/** An object of the program's; empty for anything else, and for a mark. */
export function fields(value: GraphValue | undefined): { readonly [name: string]: GraphValue } {
  return isFields(value) && markOf(value) === undefined ? value : {};
}

/** JSON in a text, where it is there and whole. */
export function parsed(value: GraphValue | undefined): unknown {
  if (typeof value !== 'string') return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

/** Texts at any depth, with the property that each is in; what stands in a mark is no text. */
export function* leaves(value: GraphValue, path: string): Generator<{ path: string; text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (Array.isArray(value)) {
    for (const item of value as readonly GraphValue[]) yield* leaves(item, path);
  } else for (const [name, item] of Object.entries(fields(value))) yield* leaves(item, `${path}.${name}`);
}

/** How many of each. */
export function counted(names: readonly string[]): { [name: string]: number } {
  const counts: { [name: string]: number } = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** In groups, in the order in which each key first comes. */
export function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
