/** What a rule reads of a resource: plain values, with a mark where AWS decides later. */

/** A value that nobody knows before the update. */
export const UNKNOWN: unique symbol = Symbol('known after the update');

/** A value that is there and is nobody's business. No rule sees its text. */
export const SECRET: unique symbol = Symbol('secret');

export type Value =
  | null
  | undefined
  | boolean
  | number
  | string
  | typeof UNKNOWN
  | typeof SECRET
  | readonly Value[]
  | { readonly [name: string]: Value };

export interface Values {
  readonly [name: string]: Value;
}

/** Thrown where a rule reads what is not known yet; who runs the rule catches it. */
export class Undecided extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`${path} is known only in the update`);
    this.name = 'Undecided';
    this.path = path;
  }
}

export const isValues = (value: Value): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The items of a list; a value that is no list is one item, and no value none. */
export const itemsOf = (value: Value): readonly Value[] =>
  Array.isArray(value) ? (value as readonly Value[]) : value === undefined || value === null ? [] : [value];
