/** Patterns that meet: whether there is a text that two of them match. */

/** One character of a pattern; `not` is a character that the wildcard does not stand for. */
export type Symbol = { readonly text: string } | { readonly any: 'one' | 'many'; readonly not?: string };

const MANY: Symbol = { any: 'many' };

/** A pattern of a policy: `*` and `?` are wildcards, and a variable is anything. */
export function policyPattern(pattern: string): Symbol[] {
  return pattern.split(/(\$\{[^}]*\})/).flatMap((part, n) => {
    if (n % 2 === 1) return /^\$\{[*?$]\}$/.test(part) ? [{ text: part[2]! }] : [MANY];
    return [...part].map((text): Symbol => {
      if (text === '*') return MANY;
      return text === '?' ? { any: 'one' } : { text };
    });
  });
}

/** An ARN template: a variable is one character or more. A bucket's name has no `/`: an object's ARN goes on there. */
export function templatePattern(template: string): Symbol[] {
  return template.split(/(\$\{[^}]*\})/).flatMap((part, n) => {
    if (n % 2 === 0) return [...part].map((text): Symbol => (text === '*' ? MANY : { text }));
    // Some ARNs have no account, such as those of AWS's own parameters.
    if (part === '${Account}') return [MANY];
    const not = /^\$\{BucketName\}$/i.test(part) ? { not: '/' } : {};
    return [
      { any: 'one', ...not },
      { any: 'many', ...not },
    ];
  });
}

export function overlap(a: readonly Symbol[], b: readonly Symbol[]): boolean {
  // Whether the rest of `a` from i and the rest of `b` from j meet, from the ends to the beginnings.
  let below: boolean[] = [];
  for (let i = a.length; i >= 0; i--) {
    const row: boolean[] = Array.from({ length: b.length + 1 }, () => false);
    for (let j = b.length; j >= 0; j--) {
      const [left, right] = [a[i], b[j]];
      if (left === undefined && right === undefined) row[j] = true;
      else if (isMany(left) || isMany(right)) {
        const skipsLeft = isMany(left) && below[j] === true;
        const skipsRight = isMany(right) && row[j + 1] === true;
        const takesRight = isMany(left) && right !== undefined && fits(left, right) && row[j + 1] === true;
        const takesLeft = isMany(right) && left !== undefined && fits(left, right) && below[j] === true;
        row[j] = skipsLeft || skipsRight || takesRight || takesLeft;
      } else {
        const both = left !== undefined && right !== undefined;
        row[j] = both && fits(left, right) && below[j + 1] === true;
      }
    }
    below = row;
  }
  return below[0] === true;
}

function isMany(symbol: Symbol | undefined): symbol is { any: 'many' } {
  return symbol !== undefined && 'any' in symbol && symbol.any === 'many';
}

/** Whether there is a character that both stand for. */
function fits(a: Symbol, b: Symbol): boolean {
  if ('text' in a) return 'text' in b ? a.text === b.text : b.not !== a.text;
  return 'text' in b ? a.not !== b.text : true;
}

/** The six parts of an ARN, the last with the other colons; colons within a variable do not count. */
export function arnParts(arn: string): string[] {
  const parts: string[] = [''];
  for (const piece of arn.split(/(\$\{[^}]*\}|:)/)) {
    if (piece === ':' && parts.length < 6) parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts;
}
