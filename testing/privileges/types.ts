/** Values of condition keys of a request, such as `{ 's3:prefix': 'live/' }`. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/** One request, as IAM judges it. */
export interface ApiCall {
  /** @example 's3:PutObject', 's3express:CreateSession' */
  readonly action: string;
  /** An ARN, or `*` for an action that knows no resource. */
  readonly resource: string;
  /** What is known of the request beside those, by condition key. */
  readonly context?: RequestContext;
}

/** What a client asked, so far. */
export interface CallRecording {
  /** Each once, in the order in which they were first made. */
  readonly calls: readonly ApiCall[];
  /** Commands that no table knows, as `<client>.<command>`, each once: nothing is known of what they need. */
  readonly unknown: readonly string[];
}
