/** Physical names from one table of the services' limits. */
import { createHash } from 'node:crypto';

/** What a service says of a name. */
export interface NameRule {
  readonly maxLength: number;
  /** What a name may not contain; each run of it becomes a hyphen. */
  readonly forbidden: RegExp;
  readonly lowerCase: boolean;
  /** Beginnings that the service keeps for itself. */
  readonly reserved?: RegExp;
  /** What stands before the hash where nothing is left of the name. @default nothing */
  readonly nameless?: string;
}

/** S3 User Guide, "General purpose bucket naming rules"; dots are left out, because TLS of virtual hosts fails with them. */
const BUCKET: NameRule = {
  maxLength: 63,
  forbidden: /[^a-z0-9]+/g,
  lowerCase: true,
  reserved: /^(?:sthree|amzn-s3-demo)(?:-|$)/,
};

/** Limits of physical names, by resource type, each with its source. */
export const NAME_RULES = {
  'aws:s3/bucket:Bucket': BUCKET,
  /** With `--<zone id>--x-s3` at its end: S3 User Guide, "Directory bucket naming rules". */
  'aws:s3/directoryBucket:DirectoryBucket': BUCKET,
  /** IAM API Reference, PutRolePolicy: [\w+=,.@-]{1,128} */
  'aws:iam/rolePolicy:RolePolicy': { maxLength: 128, forbidden: /[^A-Za-z0-9+=,.@_]+/g, lowerCase: false },
} as const satisfies Record<string, NameRule>;

/** Resource types whose names are made by {@link physicalName}. */
export type NamedType = keyof typeof NAME_RULES;

/** Children that have no name of their own: they belong to another resource or are found by id. */
export const UNNAMED_TYPES: readonly string[] = [
  'aws:kms/key:Key',
  'aws:kms/keyPolicy:KeyPolicy',
  'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
  'aws:s3/bucketOwnershipControls:BucketOwnershipControls',
  'aws:s3/bucketPolicy:BucketPolicy',
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
];

/** What a resource is called in the program. */
export interface NameContext {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  /** Logical name, unique in the stack. */
  readonly name: string;
}

const HASH_DIGITS = 8;

/**
 * `<project>-<stack>-<name>-<hash><suffix>`. Where that is too long the project goes first, then the stack, then the
 * end of the name. The hash is of all four parts of the context, so names that were cut alike stay different.
 * @param suffix what the service asks for at the end; kept as it is
 * @throws RangeError where the suffix leaves no room
 */
export function physicalName(type: NamedType, context: NameContext, suffix = ''): string {
  const rule: NameRule = NAME_RULES[type];
  if (rule.maxLength < HASH_DIGITS + suffix.length + 1) {
    throw new RangeError(`no room for a name before ${JSON.stringify(suffix)} of ${type}`);
  }
  return nameWithin(rule, context, { suffix });
}

/** What else is in a name. */
export interface NameParts {
  /** What the service asks for at the end; kept as it is. */
  readonly suffix?: string;
  /**
   * What cannot be changed in place: it is in the hash, so a replacement has a name of its own and can be made before
   * the old resource goes.
   */
  readonly fixed?: readonly (string | number | boolean)[];
}

/** As {@link physicalName}, by a rule that is in no table of the kit. */
export function nameWithin(
  rule: NameRule,
  { organization, project, stack, name }: NameContext,
  { suffix = '', fixed = [] }: NameParts = {},
): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([organization, project, stack, name, ...fixed]))
    .digest('hex')
    .slice(0, HASH_DIGITS);
  const tail = `${hash}${suffix}`;
  const room = rule.maxLength - tail.length - 1;
  const candidates = [[project, stack, name], [stack, name], [name]].map((parts) => clean(parts, rule));
  const fitting =
    candidates.find((text) => text.length <= room) ?? trimmed(candidates.at(-1)!.slice(0, room));
  const head = fitting || rule.nameless;
  return head ? `${head}-${tail}` : tail;
}

function clean(parts: readonly string[], { forbidden, lowerCase, reserved }: NameRule): string {
  const joined = parts.join('-');
  const text = trimmed((lowerCase ? joined.toLowerCase() : joined).replace(forbidden, '-'));
  return reserved?.test(text) ? `media-${text}` : text;
}

const trimmed = (text: string): string => text.replace(/^-+|-+$/g, '');
