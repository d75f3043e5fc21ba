import type { Fields } from '../graph/values';

/** Where a resource is, and who it is. */
export interface DoubleContext {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Seven hexadecimal digits from the URN. Every value made up for the resource alone should hold it. */
  readonly token: string;
  /** Without the marks of secrets. */
  readonly inputs: Fields;
  readonly region: string;
  readonly account: string;
  readonly partition: string;
}

export interface DoubleAnswer {
  readonly id: string;
  /** True where the id is that of what the resource belongs to, and so no name of its own. */
  readonly idOfAnother?: boolean;
  /** What AWS would decide, beside the inputs that are repeated. */
  readonly outputs: Fields;
}

export type Double = (context: DoubleContext) => DoubleAnswer;

export interface InvokeContext {
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  /** The stack's own resources of a type, as far as they are made: outputs and `id`, without marks of secrets. */
  readonly resources?: (type: string) => readonly Fields[];
}

/** @throws Error that says what is wrong with the arguments. */
export type InvokeDouble = (args: Fields, context: InvokeContext) => Fields;
