/** What the linter takes in and gives out. */

export type Severity = 'error' | 'warning' | 'info';

/** Where a finding is: a playlist line, a resource that a playlist names, or an HTTP exchange. */
export interface Place {
  /** The playlist or resource (absolute URL; `file:` for a file on disk). */
  readonly url: string;
  /** 1-based line of the playlist. */
  readonly line?: number;
  /** The URI as the playlist writes it. */
  readonly uri?: string;
  /** The request that showed it, for example `GET /live/a.m3u8?_HLS_part=0`. */
  readonly request?: string;
}

export interface Finding {
  /** Permanent: a rule that is dropped leaves its id unused. */
  readonly rule: string;
  readonly severity: Severity;
  readonly place: Place;
  /** What was found, with the values. */
  readonly found: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Section of the specification. */
  readonly source: string;
  /** How often it was seen; `place` and `found` are those of the first. */
  readonly occurrences: number;
}

/** One answer for one playlist. Snapshots of the same URL are given in the order they were received. */
export interface Snapshot {
  /** Absolute URL without delivery directives: the playlist's identity. */
  readonly url: string;
  readonly text: string;
  /** When the whole answer was there, in ms on any clock that is the same for all snapshots. */
  readonly receivedAtMs?: number;
  /** It answered a blocking request, so its time of arrival says when the server had the part. */
  readonly blocking?: boolean;
}

export type CheckStatus = 'passed' | 'failed' | 'not checked';

export interface Check {
  readonly rule: string;
  readonly title: string;
  readonly status: CheckStatus;
  /** Why it was not checked. */
  readonly reason?: string;
}

export interface LintReport {
  readonly target: string;
  /** No finding is an error. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** Every rule, in the catalogue's order. */
  readonly checks: readonly Check[];
  readonly counts: {
    readonly errors: number;
    readonly warnings: number;
    readonly infos: number;
    readonly passed: number;
    readonly failed: number;
    readonly notChecked: number;
  };
  /** Media playlists that were read, and how many versions of each. */
  readonly playlists: readonly { readonly url: string; readonly versions: number }[];
}
