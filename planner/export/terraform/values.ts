import { isFields, markOf } from '../../graph/values';
import type { Tracer } from '../../graph/tracer';
import type { GraphValue } from '../../graph/types';
import type { MappedInput, MappedShape, Mapping } from './mapping';
import type { ValuePath } from './text';

/** What has no value before an update. Of any type; inside a text, NOT_KNOWN_TEXT. */
export const NOT_KNOWN = '${jsondecode(terraform_data.not_known.id)}';
export const NOT_KNOWN_TEXT = '${terraform_data.not_known.id}';

/** What the writer of values asks of the export around it. */
export interface Surroundings {
  readonly mapping: Mapping;
  readonly tracer: Tracer;
  /**
   * Terraform's expression for an output: `aws_s3_bucket.media.arn`. Undefined where it has none, which is reported;
   * null where the value is the resource's own, so no reference.
   */
  expression(urn: string, output: string, property: string): string | undefined | null;
  /** The expression that stands for a secret. */
  secret(property: string): string;
  /** An input that Terraform does not have. */
  unmapped(property: string): void;
  /** A value that is only there after an update. */
  notKnown(property: string): void;
  /** That what the configuration has at `path` is the Pulumi input `property`. */
  placed(path: ValuePath, property: string): void;
}

type GraphFields = { readonly [name: string]: GraphValue };

const escaped = (text: string): string => text.replaceAll(/([$%])\{/g, '$1$1{');

/** Writes values of the graph as values of Terraform's JSON syntax. */
export class Values {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** The inputs of a shape, under Terraform's names. `at` is where they will stand. */
  fields(
    inputs: { readonly [name: string]: GraphValue },
    shape: MappedShape,
    at: ValuePath,
    property = '',
  ): { [name: string]: unknown } {
    const written: { [name: string]: unknown } = {};
    for (const [name, value] of Object.entries(inputs)) {
      if (value === null) continue;
      const path = property === '' ? name : `${property}.${name}`;
      const input = shape.inputs.get(name);
      if (input === undefined) {
        this.#around.unmapped(path);
        continue;
      }
      const result = this.#input(value, input, [...at, input.name], path);
      if (result !== undefined) written[input.name] = result;
    }
    return written;
  }

  /** A value that stands outside the inputs of a resource. */
  value(value: GraphValue, property: string): unknown {
    return this.#plain(value, [], property);
  }

  /** A text with expressions where it holds outputs of other resources. */
  text(text: string, property: string): string {
    let written = '';
    let from = 0;
    for (const { at, value, urn, output } of this.#around.tracer.inText(text)) {
      const expression = this.#around.expression(urn, output, property);
      if (expression === null) continue;
      // A `$` right before an expression would make text of it.
      written += escaped(text.slice(from, at)).replace(/\$+$/, (run) => `\${"${run}"}`);
      written += expression === undefined ? NOT_KNOWN_TEXT : `\${${expression}}`;
      from = at + value.length;
    }
    return written + escaped(text.slice(from));
  }

  #input(value: GraphValue, input: MappedInput, at: ValuePath, property: string): unknown {
    this.#around.placed(at, property);
    const mark = markOf(value);
    if (mark === '$secret' || mark === '$unknown') return this.#whole(value, input, at, property);
    if (input.document && isFields(value)) return this.#json(value, property);
    if (input.map && isFields(value)) {
      const item: MappedInput = {
        name: input.name,
        ...(input.object && { object: input.object }),
        fill: true,
      };
      return this.#map(value, at, property, (each, path, own) => this.#input(each, item, path, own));
    }
    if (input.object === undefined) return this.#plain(value, at, property, input.wrap === true);
    const shape = this.#around.mapping.object(input.object);
    const many = Array.isArray(value);
    const items = many ? (value as readonly GraphValue[]) : [value];
    const listed = many || input.wrap === true;
    const written = items
      .map((item, n) => {
        const [path, own] = [listed ? [...at, n] : at, many ? `${property}[${n}]` : property];
        this.#around.placed(path, own);
        return this.#object(item, shape, input, path, own);
      })
      .filter((item) => item !== undefined);
    return listed ? written : written[0];
  }

  /** A value that is secret or not known as a whole cannot be a block: a block has to be written out. */
  #whole(value: GraphValue, input: MappedInput, at: ValuePath, property: string): unknown {
    if (!input.block) return this.#plain(value, at, property, input.wrap === true);
    this.#around.unmapped(property);
    return undefined;
  }

  #object(
    value: GraphValue,
    shape: MappedShape,
    input: MappedInput,
    at: ValuePath,
    property: string,
  ): unknown {
    if (!isFields(value) || markOf(value) !== undefined) {
      this.#around.unmapped(property);
      return undefined;
    }
    const written = this.fields(value, shape, at, property);
    if (!input.fill) return written;
    const empty = [...shape.inputs.values()].map(({ name }) => [name, null]);
    return { ...Object.fromEntries(empty), ...written };
  }

  /** Text, numbers, lists and maps of them, whose names are the program's own. */
  #plain(value: GraphValue, at: ValuePath, property: string, wrap = false): unknown {
    if (wrap) return [this.#plain(value, at, property)];
    const mark = markOf(value);
    if (mark === '$secret') return this.#around.secret(property);
    if (mark === '$unknown') {
      this.#around.notKnown(property);
      return NOT_KNOWN;
    }
    if (mark === '$literal') {
      const { $literal } = value as { $literal: GraphFields };
      return this.#map($literal, at, property, (...each) => this.#plain(...each));
    }
    if (mark === '$asset') return assetName(value);
    if (mark === '$resource') {
      return this.#reference((value as { $resource: string }).$resource, property);
    }
    if (typeof value === 'string') return this.text(value, property);
    if (Array.isArray(value)) {
      return (value as readonly GraphValue[]).map((item, n) => {
        this.#around.placed([...at, n], `${property}[${n}]`);
        return this.#plain(item, [...at, n], `${property}[${n}]`);
      });
    }
    if (!isFields(value)) return value;
    return this.#map(value, at, property, (...each) => this.#plain(...each));
  }

  /** A map, whose names are the program's own. */
  #map(
    fields: GraphFields,
    at: ValuePath,
    property: string,
    write: (value: GraphValue, at: ValuePath, property: string) => unknown,
  ): { [name: string]: unknown } {
    return Object.fromEntries(
      Object.entries(fields).map(([key, item]) => {
        const name = this.text(key, property);
        this.#around.placed([...at, name], `${property}.${key}`);
        return [name, write(item, [...at, name], `${property}.${key}`)];
      }),
    );
  }

  /** A document as text. What is secret or not known in it becomes JSON when Terraform has its value. */
  #json(value: GraphValue, property: string): string {
    const mark = markOf(value);
    if (mark === '$literal') return this.#jsonFields((value as { $literal: GraphFields }).$literal, property);
    if (mark === '$secret' || mark === '$unknown' || mark === '$resource') {
      const [, expression] = /^\$\{(.*)\}$/s.exec(this.#plain(value, [], property) as string)!;
      return `\${jsonencode(${expression})}`;
    }
    if (Array.isArray(value)) {
      return `[${(value as readonly GraphValue[]).map((item, n) => this.#json(item, `${property}[${n}]`)).join(',')}]`;
    }
    if (isFields(value) && mark === undefined) return this.#jsonFields(value, property);
    return this.text(JSON.stringify(value), property);
  }

  #jsonFields(fields: GraphFields, property: string): string {
    const entries = Object.entries(fields).map(
      ([key, item]) =>
        `${this.text(JSON.stringify(key), property)}:${this.#json(item, `${property}.${key}`)}`,
    );
    return `{${entries.join(',')}}`;
  }

  /** A whole resource given as a value is its id. */
  #reference(urn: string, property: string): string {
    const expression = this.#around.expression(urn, 'id', property);
    return expression === undefined || expression === null ? NOT_KNOWN : `\${${expression}}`;
  }
}

/** The file where the program's asset is, or a name made of its hash: a plan reads no content. */
function assetName(value: GraphValue): string {
  const { $asset } = value as { $asset: { path?: string; uri?: string; hash?: string } };
  return escaped($asset.path ?? $asset.uri ?? `asset-${$asset.hash?.slice(0, 16) ?? 'unread'}`);
}
