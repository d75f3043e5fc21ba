/** Policy variables: IAM User Guide, "IAM policy elements: Variables and tags". */
import { literal, tokensOf, type Token } from './patterns';

/** The values of a key of the request; undefined where the request has none. */
export type Lookup = (key: string) => readonly string[] | undefined;

/** `${key}`, or `${key, 'default'}`. */
const VARIABLE = /\$\{([^},]*)(?:,\s*'([^']*)'\s*)?\}/g;
/** Characters that are no wildcards in such form. */
const PLAIN = new Set(['*', '?', '$']);

export interface Resolved {
  readonly tokens: readonly Token[];
  /** Variables without a value: nothing matches then. */
  readonly missing: readonly string[];
}

/** A pattern with its variables replaced by their values, in which a `*` is no wildcard. */
export function resolve(pattern: string, hasVariables: boolean, lookup: Lookup, wildcards = true): Resolved {
  const plain = wildcards ? tokensOf : literal;
  if (!hasVariables) return { tokens: plain(pattern), missing: [] };
  const tokens: Token[] = [];
  const missing: string[] = [];
  let at = 0;
  for (const match of pattern.matchAll(VARIABLE)) {
    const [whole, key = '', fallback] = match;
    tokens.push(...plain(pattern.slice(at, match.index)));
    at = match.index + whole.length;
    const values = PLAIN.has(key) ? [key] : lookup(key);
    // A key with several values can't be used as a variable.
    const value = values?.length === 1 ? values[0] : fallback;
    if (value === undefined) missing.push(whole);
    else tokens.push(...literal(value));
  }
  tokens.push(...plain(pattern.slice(at)));
  return { tokens, missing };
}
