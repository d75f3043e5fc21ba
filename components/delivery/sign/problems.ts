/** What is wrong with something that is to be signed, all at once. */

export interface SignProblem {
  /** As in `access.expires`. Values are left out of messages where they could be secrets. */
  readonly path: string;
  readonly problem: string;
}

/** Nothing was signed; every problem is in the message, no secret is. */
export class SignError extends Error {
  override readonly name = 'SignError';
  readonly problems: readonly SignProblem[];

  constructor(problems: readonly SignProblem[]) {
    super(`cannot sign:\n${problems.map(({ path, problem }) => `  ${path} ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}
