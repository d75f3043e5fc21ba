/** AWS's event, version 1.0 (CloudFront Functions event structure), and what each step of ours is told. */

export interface Value {
  value: string;
  /** Every value, the first included, where there is more than one. */
  multiValue?: Value[];
}

export type Values = Record<string, Value>;

export interface ViewerRequest {
  method: string;
  /** The path, as the viewer encoded it. */
  uri: string;
  /** A text is taken too, in place of the object that comes: it says the order. */
  querystring: Values | string;
  headers: Values;
  cookies: Values;
}

export interface ViewerResponse {
  statusCode: number;
  statusDescription?: string;
  headers: Values;
  cookies?: Values;
  body?: string | { encoding: 'text' | 'base64'; data: string };
}

export interface EdgeEvent {
  version: string;
  context: {
    eventType: string;
    distributionDomainName?: string;
    distributionId?: string;
    requestId?: string;
  };
  viewer: { ip: string };
  request: ViewerRequest;
  /** Of a viewer-response event. */
  response?: ViewerResponse;
}

/** A step lets a request on, or answers it. */
export type Answer = ViewerRequest | ViewerResponse;

/** Whose pages may read the answers that a function itself gives; without it no page may. */
export interface Cors {
  /** `*`, or origins as `https://player.example.com`. */
  readonly origins: '*' | readonly string[];
  /** Whether pages send cookies; then `origins` is a list. */
  readonly credentials?: boolean;
}

/** Countries by CloudFront-Viewer-Country, which the behaviour's cache or origin request policy must name. */
export interface CountryParameters {
  /** ISO 3166-1 alpha-2 codes. One of `block`, `allow` and `fromKey`. */
  readonly block?: readonly string[];
  readonly allow?: readonly string[];
  /** A key of the KeyValueStore with the codes to block, commas between: changed without a deployment. */
  readonly fromKey?: string;
  /** For a request whose country CloudFront does not know. @default 'allow' */
  readonly whenUnknown?: 'allow' | 'deny';
  /** @default 403; 451 says that the reason is a legal one */
  readonly status?: 403 | 451;
  /** @default 'Content not available in your region' */
  readonly message?: string;
}

/** A JWT of algorithm HS256 with `kid`, `exp` and `path`; the keys are in the KeyValueStore as `key/<kid>`. */
export interface TokenParameters {
  /** Where the token is, the first that is there counts. @default ['cookie', 'query'] */
  readonly from?: readonly ('cookie' | 'query' | 'header')[];
  /** Name of the cookie and of the query parameter. @default 'media-token' */
  readonly name?: string;
  /** What `aud` of the token must be, where it is given. */
  readonly audience?: string;
  /** Whether a token with `jti` is refused while the KeyValueStore has `revoked/<jti>`: a second read. @default false */
  readonly revocation?: boolean;
  /** By how much clocks may differ, in seconds: 0 to 300. @default 30 */
  readonly leewaySeconds?: number;
}

/** Delivery directives of the origin's playlists. */
export interface DirectiveParameters {
  /** Query parameters that stay on the request. They are in no cache key: for logs. @default ['CMCD'] */
  readonly keep?: readonly string[];
}

/** Another path for phones and tablets. */
export interface DeviceParameters {
  readonly rewrites: readonly {
    /** Begins and ends with a slash, as the behaviour's path does before its `*`. @example '/videos/' */
    readonly prefix: string;
    /** What it becomes for a phone. @example '/videos/mobile/' */
    readonly mobile: string;
    /** What it becomes for a tablet. @default mobile */
    readonly tablet?: string;
  }[];
}

/** Headers of answers below 400, which are all that a viewer-response function sees. */
export interface HeaderParameters {
  /** Cache-Control of 200, 206 and 304 by path; the first rule that fits counts. Never of a playlist. */
  readonly cache?: readonly {
    /** @default '/' */
    readonly prefix?: string;
    /** Ends of paths. @example ['.m4s', '.mp4'] */
    readonly suffixes: readonly string[];
    /** @example 'public, max-age=86400, immutable' */
    readonly cacheControl: string;
  }[];
  /**
   * Headers of every answer, in lower case. A header that the answer has already is left alone.
   * @default strict-transport-security, x-content-type-options, referrer-policy
   */
  readonly security?: Readonly<Record<string, string>>;
}
