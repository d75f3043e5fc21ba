/** Patterns of IAM: `*` stands for any characters, also none; `?` for one. */

/** One character of a pattern. */
export type Token = { readonly text: string } | { readonly any: 'one' | 'many' };

export const ANY: Token = { any: 'many' };

export function tokensOf(pattern: string): Token[] {
  return [...pattern].map((text): Token => {
    if (text === '*') return ANY;
    return text === '?' ? { any: 'one' } : { text };
  });
}

export const literal = (value: string): Token[] => [...value].map((text) => ({ text }));

const isMany = (token: Token | undefined): boolean =>
  token !== undefined && 'any' in token && token.any === 'many';

const covered = (wide: Token, narrow: Token): boolean => {
  if ('any' in wide) return wide.any === 'one' && !isMany(narrow);
  return 'text' in narrow && wide.text === narrow.text;
};

/**
 * Whether everything that `narrow` matches is matched by `wide`. A text without wildcards is the narrowest pattern, so
 * this is matching, too. Where several wildcards follow each other it may say no although it is so.
 */
export function covers(wide: readonly Token[], narrow: readonly Token[]): boolean {
  // As for globs: back to the last `*` of the wider one, which then takes one more.
  let [at, from, star, taken] = [0, 0, -1, 0];
  while (from < narrow.length) {
    if (isMany(wide[at])) {
      star = at++;
      taken = from;
    } else if (at < wide.length && covered(wide[at]!, narrow[from]!)) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++taken;
    } else {
      return false;
    }
  }
  while (isMany(wide[at])) at++;
  return at === wide.length;
}

export const matches = (pattern: string, value: string): boolean => covers(tokensOf(pattern), literal(value));

/** Actions are compared without case. */
export const matchesAction = (pattern: string, action: string): boolean =>
  matches(pattern.toLowerCase(), action.toLowerCase());

const COLON = (token: Token): boolean => 'text' in token && token.text === ':';

/** The six parts of an ARN; the last holds the other colons. */
function partsOf(arn: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  for (const token of arn) {
    if (COLON(token) && parts.length < 6) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts;
}

/** A wildcard in one part of an ARN does not reach into the next; `*` alone is everything. */
export function coversArn(wide: readonly Token[], narrow: readonly Token[]): boolean {
  if (wide.length === 1 && isMany(wide[0])) return true;
  const [patterns, parts] = [partsOf(wide), partsOf(narrow)];
  return patterns.length === parts.length && patterns.every((pattern, n) => covers(pattern, parts[n]!));
}

export const matchesArn = (pattern: string, arn: string): boolean =>
  coversArn(tokensOf(pattern), literal(arn));

export const hasWildcard = (pattern: string): boolean => /[*?]/.test(pattern);
