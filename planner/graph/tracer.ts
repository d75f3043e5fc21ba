import { isFields, markOf, strings } from './values';
import type { Graph, GraphResource, OutputName } from './types';

/** A value that can be looked up, and whose it is. */
export interface Traced {
  readonly urn: string;
  readonly output: string;
}

/** A reference found in a text: where it begins, and what it refers to. */
export interface Found extends Traced {
  readonly at: number;
  readonly value: string;
}

interface Entry extends Traced {
  /** The value holds the resource's token, so no other text can hold it by chance. */
  readonly unique: boolean;
}

const NAME = /[A-Za-z0-9_-]/;

/**
 * From values back to the outputs that they came from. A value that holds its resource's token is found anywhere,
 * also inside a longer word; one that is made of names that the program chose is found only where it is not a part
 * of a longer name. The longest value wins, so a bucket's arn is the arn and not the name that it ends with.
 */
export class Tracer {
  readonly #entries = new Map<string, Entry>();
  /** By the first four characters, the values that begin so; longest first, but for those in `#unsorted`. */
  readonly #heads = new Map<string, string[]>();
  readonly #unsorted = new Set<string>();

  static of(graph: Pick<Graph, 'resources'>): Tracer {
    const tracer = new Tracer();
    for (const resource of graph.resources) tracer.addResource(resource);
    return tracer;
  }

  addResource(resource: Pick<GraphResource, 'urn' | 'token' | 'computed' | 'id' | 'outputs'>): void {
    for (const output of resource.computed) {
      const value: unknown = output === 'id' ? resource.id : resource.outputs[output];
      for (const { text, path } of strings(value)) {
        // A made up value that names neither the resource nor its token is no name: a state, a date.
        if (!text.includes(resource.token) && !(resource.id && text.includes(resource.id))) continue;
        this.add({ urn: resource.urn, output: path ? joined(output, path) : output }, text, resource.token);
      }
    }
  }

  /** The first owner of a value keeps it: `id` comes before other outputs that repeat it. */
  add(owner: Traced, value: string, token: string): void {
    const unique = value.includes(token);
    if ((!unique && value.length < 8) || value.length < 4 || this.#entries.has(value)) return;
    this.#entries.set(value, { ...owner, unique });
    const head = value.slice(0, 4);
    const list = this.#heads.get(head);
    if (list) list.push(value);
    else this.#heads.set(head, [value]);
    this.#unsorted.add(head);
  }

  /** The output that has exactly this value. */
  owner(value: string): Traced | undefined {
    const entry = this.#entries.get(value);
    return entry && { urn: entry.urn, output: entry.output };
  }

  /** References in a text, from left to right; none overlaps another. */
  inText(text: string): Found[] {
    const found: Found[] = [];
    for (let at = 0; at + 4 <= text.length;) {
      const value = this.#beginning(text.slice(at, at + 4))?.find((each) => this.#stands(each, text, at));
      const entry = value === undefined ? undefined : this.#entries.get(value);
      if (value === undefined || entry === undefined) at += 1;
      else {
        found.push({ urn: entry.urn, output: entry.output, at, value });
        at += value.length;
      }
    }
    return found;
  }

  /** References at any depth of a value, also inside a JSON string; those of a secret are on its mark. */
  inValue(value: unknown): OutputName[] {
    const names = new Set<OutputName>();
    for (const name of this.#names(value)) names.add(name);
    return [...names];
  }

  *#names(value: unknown): Generator<OutputName> {
    const mark = markOf(value);
    if (mark === '$secret' && isFields(value) && isFields(value['$secret'])) {
      yield* value['$secret']['references'] as OutputName[];
    } else if (typeof value === 'string') {
      for (const { urn, output } of this.inText(value)) yield `${urn}#${output}`;
    } else if (Array.isArray(value)) for (const item of value) yield* this.#names(item);
    else if (isFields(value)) {
      for (const [key, item] of Object.entries(value)) {
        yield* this.#names(key);
        yield* this.#names(item);
      }
    }
  }

  #beginning(head: string): readonly string[] | undefined {
    const list = this.#heads.get(head);
    if (list && this.#unsorted.delete(head)) list.sort((a, b) => b.length - a.length);
    return list;
  }

  #stands(value: string, text: string, at: number): boolean {
    if (!text.startsWith(value, at)) return false;
    if (this.#entries.get(value)?.unique === true) return true;
    return !NAME.test(text.charAt(at - 1)) && !NAME.test(text.charAt(at + value.length));
  }
}

function joined(output: string, path: string): string {
  return path.startsWith('[') ? `${output}${path}` : `${output}.${path}`;
}
