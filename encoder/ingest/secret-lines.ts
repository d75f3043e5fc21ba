/** What a text with secrets looks like, wherever it is from: one secret a line. */

/** A kind of secret, and what it has to be. */
export interface SecretKind {
  /** As messages name it, such as `passphrase`. */
  readonly name: string;
  /** What is wrong with one, without any of its characters. */
  readonly problem: (secret: string) => string | undefined;
}

/**
 * One secret a line: the one in use, and while it is rotated the next. Empty lines at the end do not count.
 *
 * @param where it is from, as messages name it
 * @throws Error that names every line that is wrong; never with a secret in it
 */
export function secretLines(where: string, text: string, kind: SecretKind): readonly string[] {
  const lines = text.replace(/(\r?\n)+$/, '').split(/\r?\n/);
  const wrong: string[] = [];
  if (lines.length > 2)
    wrong.push(`it has ${lines.length} lines; allowed are two, the one in use and the next`);
  lines.slice(0, 2).forEach((line, i) => {
    const problem = kind.problem(line);
    if (problem !== undefined) wrong.push(`line ${i + 1} ${problem}`);
  });
  if (wrong.length === 0) return lines;
  throw new Error(`${where} is wrong: ${wrong.join('; ')}`);
}
