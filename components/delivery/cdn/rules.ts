/** What several of the arguments' checks share. */
import { isDeferred, matching, rule, type InputProblems, type Judge } from '../../kit';

/** What a user names, for good. */
export const ID_FORM = '1 to 16 of a-z, 0-9 and hyphens, a letter or digit first and last';
export const isId = matching(/^[a-z0-9](?:[a-z0-9-]{0,14}[a-z0-9])?$/);

const HOST = '(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}';

export const hostName = rule(
  matching(new RegExp(`^${HOST}$`)),
  'a domain name in small letters, as live.example.com',
  'give the name alone, without https:// and path',
);

export const bucketDomainName = rule(
  matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\.s3[.-][a-z0-9.-]+$/),
  'the regional domain name of a bucket, as media.s3.us-east-1.amazonaws.com',
  "give the bucket's bucketRegionalDomainName",
);

export const bucketArn = rule(
  matching(/^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  'the ARN of a bucket, as arn:aws:s3:::media',
  "give the bucket's arn",
);

export const certificateArn = rule(
  matching(/^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/[A-Za-z0-9-]+$/),
  'the ARN of a certificate in us-east-1, the only region that CloudFront takes them from',
  'give one of that region, or leave it out for a new one',
);

export const webAclArn = rule(
  matching(/^arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/),
  'the ARN of a web ACL of scope CLOUDFRONT, as arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/1a2b',
  "give its arn; one of scope REGIONAL can't be used",
);

export const streamArn = rule(
  matching(/^arn:aws[a-z-]*:kinesis:[a-z0-9-]+:\d{12}:stream\/[A-Za-z0-9_.-]{1,128}$/),
  'the ARN of a data stream, as arn:aws:kinesis:us-east-1:123456789012:stream/logs',
  "give the stream's arn",
);

export const keyArn = rule(
  matching(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/),
  'the ARN of a key, as arn:aws:kms:us-east-1:123456789012:key/...',
  'give the ARN of the key itself, not of an alias',
);

export const logDestinationArn = rule(
  matching(
    /^arn:aws[a-z-]*:(?:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[^{}]*)?|logs:[a-z0-9-]+:\d{12}:log-group:[^:*]+(?::\*)?|firehose:[a-z0-9-]+:\d{12}:deliverystream\/[\w.-]+)$/,
  ),
  'the ARN of a bucket, a log group or a Firehose stream',
  'give its arn',
);

export const zoneId = rule(
  matching(/^Z[A-Z0-9]{1,31}$/),
  'the id of a hosted zone, as Z0123456789ABCDEFGHIJ',
  "give the zone's zoneId, not its name",
);

export const keyValueStoreArn = rule(
  matching(/^arn:aws[a-z-]*:cloudfront::\d{12}:key-value-store\/[A-Za-z0-9-]+$/),
  'the ARN of a key value store of CloudFront',
  "give the store's arn",
);

export const keyGroupId = rule(
  matching(/^[A-Za-z0-9-]{1,64}$/),
  'the id of a key group',
  "give the group's id, not its name",
);

export const someText = rule(
  (value) => typeof value === 'string' && value.length > 0,
  'a text',
  'write one, or leave it out',
);

/**
 * What a resource answers is trusted further than what somebody typed: of an ARN that is known later only the service is
 * judged, and of a name only its characters.
 */
export const judgeOf = (value: unknown, typed: Judge<unknown>, answered: RegExp): Judge<unknown> =>
  isDeferred(value)
    ? (known) => (matching(answered)(known) ? undefined : (typed(known) ?? typed(undefined)))
    : typed;

/** {@link judgeOf} what resources answer. */
export const ANSWERED = {
  webAcl: /^arn:aws[a-z-]*:wafv2:(?!.*:regional\/)/,
  certificate: /^arn:aws[a-z-]*:acm:us-east-1:/,
  keyValueStore: /^arn:aws[a-z-]*:cloudfront:/,
  logDestination: /^arn:aws[a-z-]*:(?:s3|logs|firehose|kinesis):/,
  stream: /^arn:aws[a-z-]*:kinesis:/,
  host: /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])$/,
} as const;

export const wholeNumber = (from: number, to: number, of = ''): Judge<unknown> =>
  rule(
    (value) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to,
    `a whole number${of} from ${from} to ${to}`,
    'give one of these',
  );

/** A number above zero. */
export const positive = (of: string): Judge<unknown> =>
  rule(
    (value) => typeof value === 'number' && Number.isFinite(value) && value > 0,
    `a number ${of}, above 0`,
    'give what is expected at the peak',
  );

/** For errors of names, where values may be secrets. */
export const namesOnly = (value: object): Record<string, string> =>
  Object.fromEntries(Object.keys(value).map((name) => [name, 'a value that is not shown']));

/** A list of texts, each judged. @returns those that it has, or the fallback where the list is absent or bad */
export function texts(
  problems: InputProblems,
  path: string,
  given: readonly string[] | undefined,
  judge: Judge<unknown>,
  fallback: readonly string[],
): readonly string[] {
  if (given === undefined) return fallback;
  if (!Array.isArray(given) || given.length === 0) {
    problems.add(path, given, {
      allowed: 'a list with at least one entry',
      fix: 'write one, or leave it out',
    });
    return fallback;
  }
  given.forEach((value, n) => problems.judge(`${path}[${n}]`, value as unknown, judge));
  return given as readonly string[];
}
