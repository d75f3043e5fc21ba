/** What rules look at: resources as either recorder, the engine or a saved state has them. */
import type { Values } from './values';

export interface ResourceOptions {
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
}

export interface Resource {
  readonly urn: string;
  /** Under the name that @pulumi/aws 7 has for it: `aws:lb/listener:Listener`, whatever the program wrote. */
  readonly type: string;
  readonly name: string;
  /** As the program gave it; for a rule of the stack, with what the provider made of it. */
  readonly props: Values;
  /** The same as the program gave it, where `props` is more: all that a rule of one resource sees. */
  readonly planned?: Resource;
  readonly options: ResourceOptions;
  /** Tags that its provider gives to everything; undefined where that is not known. */
  readonly defaultTags: Values | undefined;
  /** Where its provider makes it; undefined where nobody said. */
  readonly region: string | undefined;
  /** URN of its component. */
  readonly parent: string | undefined;
  /** URNs that a property's value came from. Known also where the value is not. Empty for a rule of one resource in the engine. */
  readonly from: { readonly [property: string]: readonly string[] };
}

/** All resources of a program, by URN and by type. */
export class Stack {
  readonly resources: readonly Resource[];
  readonly #byUrn: ReadonlyMap<string, Resource>;
  readonly #byType = new Map<string, Resource[]>();

  constructor(resources: readonly Resource[]) {
    this.resources = resources;
    this.#byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    for (const resource of resources) {
      const alike = this.#byType.get(resource.type);
      if (alike) alike.push(resource);
      else this.#byType.set(resource.type, [resource]);
    }
  }

  get(urn: string): Resource | undefined {
    return this.#byUrn.get(urn);
  }

  ofType(...types: readonly string[]): readonly Resource[] {
    return types.flatMap((type) => this.#byType.get(type) ?? []);
  }

  /** The resources that a property's value came from, of these types only. */
  behind(resource: Resource, property: string, ...types: readonly string[]): readonly Resource[] {
    return (resource.from[property] ?? [])
      .map((urn) => this.#byUrn.get(urn))
      .filter((each): each is Resource => each !== undefined && types.includes(each.type));
  }

  /**
   * Resources of some types whose property names this one: by what the value came from, and where nothing is known of that,
   * by the value itself.
   * @param property of theirs, as `bucket`
   * @param own properties of this one that it may repeat, as `bucket` and `id`
   */
  pointingAt(
    resource: Resource,
    property: string,
    types: readonly string[],
    own: readonly string[],
  ): readonly Resource[] {
    const names = own
      .map((name) => resource.props[name])
      .filter((value) => typeof value === 'string' && value !== '');
    return this.ofType(...types).filter((other) => {
      const from = other.from[property] ?? [];
      return from.length > 0 ? from.includes(resource.urn) : names.includes(other.props[property]);
    });
  }
}
