/** What AWS takes as a name of one input of one type. */
export type NameLimit = KnownLimit | NoLimit;

/** A limit, and who published it. */
export interface KnownLimit {
  /** Characters. */
  readonly min?: number;
  /** Characters. */
  readonly max?: number;
  /** Of the whole name; `(?u)` at its beginning stands for the `u` flag. */
  readonly pattern?: string;
  /** The pattern in words. */
  readonly chars?: string;
  /** A pattern that a name may not have in it. */
  readonly reserved?: string;
  /** How a name that Pulumi makes differs from `<logical name>-<7 hexadecimal digits>`. */
  readonly auto?: { readonly lower?: boolean; readonly prefix?: string; readonly separator?: string };
  /** What holds instead where this input is true. */
  readonly when?: {
    readonly input: string;
    readonly pattern: string;
    readonly chars: string;
    /** Pulumi adds it to the names that it makes. */
    readonly suffix: string;
  };
  readonly source: string;
}

/** A name that AWS does not see. */
export interface NoLimit {
  /** Why any name will do. */
  readonly none: string;
}

/** How an input gets its name. */
export interface Naming {
  /** Whether Pulumi makes a name where the program gives none. */
  readonly auto: boolean;
  /** Whether `<input>Prefix` may be given instead. */
  readonly prefix: boolean;
}
