import type { GraphQuery } from '../../graph/query';
import type { GraphResource } from '../../graph/types';

/** Terraform's names of the resources: of letters, digits and underscores, each once a type, the same in each export. */
export class Labels {
  readonly #query: GraphQuery;
  readonly #prefix: string;
  readonly #of = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(query: GraphQuery, prefix = '') {
    this.#query = query;
    this.#prefix = prefix;
  }

  /** `media/general` is `media_general`; a second one of the type that would be called so is `media_general_2`. */
  of(resource: GraphResource, type: string): string {
    const known = this.#of.get(resource.urn);
    if (known !== undefined) return known;
    const path = this.#query.path(resource).replaceAll(/[^A-Za-z0-9_]+/g, '_');
    const plain = (this.#prefix + path).replace(/^(?=\d|$)/, '_');
    let label = plain;
    for (let n = 2; this.#taken.has(`${type}.${label}`); n++) label = `${plain}_${n}`;
    this.#taken.add(`${type}.${label}`);
    this.#of.set(resource.urn, label);
    return label;
  }
}
