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
  /** That what the configuration has at `path` is the Pulumi input `property`. */
  placed(path: ValuePath, property: string): void;
}

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

  /** A text with expressions where it holds outputs of other resources. */
  text(text: string, property: string): string {
    let written = '';
    let from = 0;
    for (const { at, value, urn, output } of this.#around.tracer.inText(text)) {
      const expression = this.#around.expression(urn, output, property);
      if (expression === null) continue;
      written += escaped(text.slice(from, at));
      written += expression === undefined ? NOT_KNOWN_TEXT : `\${${expression}}`;
      from = at + value.length;
    }
    return written + escaped(text.slice(from));
  }

  #input(value: GraphValue, input: MappedInput, at: ValuePath, property: string): unknown {
    this.#around.placed(at, property);
    const mark = markOf(value);
    if (mark === '$secret') return this.#whole(this.#around.secret(property), input, property);
    if (mark === '$unknown') return this.#whole(NOT_KNOWN, input, property);
    if (input.document && isFields(value)) return this.text(JSON.stringify(value), property);
    if (input.object === undefined) return this.#plain(value, at, property, input.wrap === true);
    const shape = this.#around.mapping.object(input.object);
    const many = Array.isArray(value);
    const items = many ? (value as readonly GraphValue[]) : [value];
    const listed = many || input.wrap === true;
    const written = items
      .map((item, n) =>
        this.#object(item, shape, input, listed ? [...at, n] : at, many ? `${property}[${n}]` : property),
      )
      .filter((item) => item !== undefined);
    if (listed) return written;
    return written[0];
  }

  /** A value that is not known as a whole cannot be a block: a block has to be written out. */
  #whole(expression: string, input: MappedInput, property: string): unknown {
    if (!input.block) return expression;
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
    const mark = markOf(value);
    if (mark === '$literal')
      return this.#object((value as { $literal: GraphValue }).$literal, shape, input, at, property);
    if (!isFields(value) || mark !== undefined) {
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
    if (mark === '$unknown') return NOT_KNOWN;
    if (mark === '$literal') return this.#plain((value as { $literal: GraphValue }).$literal, at, property);
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
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        const name = this.text(key, property);
        this.#around.placed([...at, name], `${property}.${key}`);
        return [name, this.#plain(item, [...at, name], `${property}.${key}`)];
      }),
    );
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
