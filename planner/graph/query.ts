import { Tracer } from './tracer';
import { isFields, markOf } from './values';
import type { Graph, GraphResource, GraphValue, OutputName } from './types';

/** A reference from one property of a resource to an output of another. */
export interface Reference {
  readonly from: string;
  /** The path in the inputs. */
  readonly path: string;
  readonly to: OutputName;
}

/** Looks up resources and follows references, by the graph alone. */
export class GraphQuery {
  readonly #graph: Graph;
  readonly #tracer: Tracer;
  readonly #byUrn: ReadonlyMap<string, GraphResource>;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#tracer = Tracer.of(graph);
    this.#byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  }

  /** @throws RangeError with the URNs of the same type or name where there is none. */
  get(urn: string): GraphResource {
    const resource = this.#byUrn.get(urn);
    if (resource) return resource;
    const like = this.#graph.resources.filter(
      ({ type, name }) => urn.endsWith(`::${name}`) || urn.includes(type),
    );
    throw new RangeError(
      `no resource ${urn} in stack ${this.#graph.stack}` +
        (like.length > 0 ? `; there are ${like.map((each) => each.urn).join(', ')}` : ''),
    );
  }

  byType(type: string): GraphResource[] {
    return this.#graph.resources.filter((resource) => resource.type === type);
  }

  byName(name: string): GraphResource[] {
    return this.#graph.resources.filter((resource) => resource.name === name);
  }

  /** By the names from the stack down: `live/live-bucket` is the resource `live-bucket` in the component `live`. */
  byPath(path: string): GraphResource[] {
    return this.#graph.resources.filter((resource) => this.path(resource) === path);
  }

  /** The names from the stack, which is left out, down to the resource. */
  path(resource: GraphResource): string {
    const parent = resource.parent === null ? undefined : this.#byUrn.get(resource.parent);
    return parent === undefined || parent.type === 'pulumi:pulumi:Stack'
      ? resource.name
      : `${this.path(parent)}/${resource.name}`;
  }

  children(urn: string): GraphResource[] {
    return this.#graph.resources.filter(({ parent }) => parent === urn);
  }

  /**
   * What a resource's inputs refer to. Found by value at any depth, and, where a value is made of names that the
   * program chose or was changed on the way, by the dependencies of the property: then `to` ends in `#`.
   */
  references(resource: GraphResource): Reference[] {
    const found: Reference[] = [];
    for (const [property, value] of Object.entries(resource.inputs)) {
      const here: Reference[] = [];
      for (const { path, leaf } of leaves(value, property)) {
        for (const to of this.#tracer.inValue(leaf)) here.push({ from: resource.urn, path, to });
      }
      const by = new Set(here.map(({ to }) => to.slice(0, to.lastIndexOf('#'))));
      for (const urn of resource.propertyDependencies[property] ?? []) {
        if (!by.has(urn)) here.push({ from: resource.urn, path: property, to: this.#guess(urn, value) });
      }
      found.push(...here.filter(({ to }) => !to.startsWith(`${resource.urn}#`)));
    }
    return found;
  }

  /** The outputs that an input holds: `inputs('...')` by path, as in `policy` or `tags.Owner` or `rules[0].arn`. */
  holds(resource: GraphResource, path: string): OutputName[] {
    return this.references(resource)
      .filter(
        (each) => each.path === path || each.path.startsWith(`${path}.`) || each.path.startsWith(`${path}[`),
      )
      .map(({ to }) => to);
  }

  /** Who refers to a resource. */
  referrers(urn: string): Reference[] {
    return this.#graph.resources.flatMap((resource) =>
      this.references(resource).filter(({ to }) => to.startsWith(`${urn}#`)),
    );
  }

  /** The resource and output that a value is of. */
  owner(value: string): OutputName | undefined {
    const owner = this.#tracer.owner(value);
    return owner && `${owner.urn}#${owner.output}`;
  }

  /** A name that the program chose is too common to be found everywhere, but not where the dependency is known. */
  #guess(urn: string, value: GraphValue): OutputName {
    const resource = this.#byUrn.get(urn);
    if (resource?.id === value) return `${urn}#id`;
    const output = Object.entries(resource?.outputs ?? {}).find(([, each]) => each === value)?.[0];
    return `${urn}#${output ?? ''}`;
  }
}

function* leaves(value: GraphValue, path: string): Generator<{ path: string; leaf: GraphValue }> {
  if (markOf(value) !== undefined || typeof value !== 'object' || value === null) yield { path, leaf: value };
  else if (Array.isArray(value)) {
    for (const [n, item] of (value as readonly GraphValue[]).entries()) yield* leaves(item, `${path}[${n}]`);
  } else if (isFields(value)) {
    for (const [key, item] of Object.entries(value)) {
      yield* leaves(item, `${path}.${key}`);
    }
  }
}
