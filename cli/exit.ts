/** Exit codes of the command, and the errors that lead to them. */
export const EXIT_CODES = {
  success: 0,
  /** It ran and failed, or it found errors (lint). */
  failure: 1,
  /** A wrong argument; nothing was done. */
  usage: 2,
  /** Nothing is running (status, down), or something already is (up). */
  notApplicable: 3,
} as const;

/** Ends the command with a message and a code. */
export class CommandError extends Error {
  readonly code: number;

  constructor(message: string, code: number = EXIT_CODES.failure) {
    super(message);
    this.code = code;
  }
}
