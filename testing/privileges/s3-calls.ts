/**
 * What the commands of @aws-sdk/client-s3 ask of IAM. Actions: Service Authorization Reference, "Actions, resources,
 * and condition keys for Amazon S3" and "... S3 Express"; S3 User Guide, "Required permissions for S3 API operations".
 */
import type { CallPlace, CallRule, CallTable, CommandInput } from './record-calls';
import type { ApiCall } from './types';

/** S3 User Guide, "Directory bucket naming rules". */
const DIRECTORY_BUCKET = /--x-s3$/;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** A bucket is given by its name, or by the ARN of an access point. */
function bucketArn(bucket: string, { partition }: CallPlace): string {
  return bucket.startsWith('arn:') ? bucket : `arn:${partition}:s3:::${bucket}`;
}

function objectArn(bucket: string, key: string, place: CallPlace): string {
  return bucket.startsWith('arn:') ? `${bucket}/object/${key}` : `${bucketArn(bucket, place)}/${key}`;
}

const directoryArn = (bucket: string, { partition, region, account }: CallPlace): string =>
  `arn:${partition}:s3express:${region}:${account}:bucket/${bucket}`;

/** Condition keys, by the field of the input that they repeat. */
const CONTEXT = {
  Prefix: 's3:prefix',
  Delimiter: 's3:delimiter',
  MaxKeys: 's3:max-keys',
  VersionId: 's3:VersionId',
  IfNoneMatch: 's3:if-none-match',
  IfMatch: 's3:if-match',
  StorageClass: 's3:x-amz-storage-class',
  ServerSideEncryption: 's3:x-amz-server-side-encryption',
  SSEKMSKeyId: 's3:x-amz-server-side-encryption-aws-kms-key-id',
  ACL: 's3:x-amz-acl',
} as const;
type ContextField = keyof typeof CONTEXT;

function contextOf(input: CommandInput, fields: readonly ContextField[]): Pick<ApiCall, 'context'> {
  const known = fields.flatMap((field): [string, string][] => {
    const value = input[field];
    return typeof value === 'string' || typeof value === 'number' ? [[CONTEXT[field], String(value)]] : [];
  });
  return known.length > 0 ? { context: Object.fromEntries(known) } : {};
}

/** The session that operations on a directory bucket go through; `mode` is the least that does. */
const session = (bucket: string, mode: string | undefined, place: CallPlace): ApiCall => ({
  action: 's3express:CreateSession',
  resource: directoryArn(bucket, place),
  ...(mode !== undefined && { context: { 's3express:SessionMode': mode } }),
});

type Mode = 'ReadOnly' | 'ReadWrite';

interface Operation {
  /** Of a session in a directory bucket. */
  readonly mode: Mode;
  /** In a general purpose bucket. */
  readonly calls: (bucket: string, input: CommandInput, place: CallPlace) => readonly ApiCall[];
  /** What S3 asks besides, before it says that a key is absent; without it the answer is 403. */
  readonly listsWhereAbsent?: boolean;
}

function operation({ mode, calls, listsWhereAbsent = false }: Operation): CallRule {
  return {
    calls(input, place) {
      const bucket = text(input['Bucket']) ?? '';
      return DIRECTORY_BUCKET.test(bucket) ? [session(bucket, mode, place)] : calls(bucket, input, place);
    },
    whereAbsent(input, place) {
      const bucket = text(input['Bucket']) ?? '';
      if (!listsWhereAbsent || DIRECTORY_BUCKET.test(bucket)) return [];
      return [{ action: 's3:ListBucket', resource: bucketArn(bucket, place) }];
    },
  };
}

const ofBucket = (mode: Mode, action: string, fields: readonly ContextField[] = []): CallRule =>
  operation({
    mode,
    calls: (bucket, input, place) => [
      { action, resource: bucketArn(bucket, place), ...contextOf(input, fields) },
    ],
  });

const ofObject = (
  mode: Mode,
  actions: (input: CommandInput) => readonly string[],
  fields: readonly ContextField[] = [],
): CallRule =>
  operation({
    mode,
    listsWhereAbsent: mode === 'ReadOnly',
    calls: (bucket, input, place) =>
      actions(input).map((action) => ({
        action,
        resource: objectArn(bucket, text(input['Key']) ?? '', place),
        ...contextOf(input, fields),
      })),
  });

const ofVersion =
  (action: string) =>
  (input: CommandInput): readonly string[] => [
    text(input['VersionId']) === undefined ? action : `${action}Version`,
  ];

/** What an upload asks for what it sets besides the content. */
function uploadActions(input: CommandInput): readonly string[] {
  const given = (field: string, action: string): readonly string[] =>
    input[field] === undefined ? [] : [action];
  return [
    's3:PutObject',
    // S3 User Guide, "Conditional writes": comparing with what is there is reading it.
    ...given('IfMatch', 's3:GetObject'),
    ...given('Tagging', 's3:PutObjectTagging'),
    ...given('ACL', 's3:PutObjectAcl'),
    ...given('ObjectLockMode', 's3:PutObjectRetention'),
    ...given('ObjectLockLegalHoldStatus', 's3:PutObjectLegalHold'),
  ];
}

const UPLOAD_FIELDS = [
  'IfNoneMatch',
  'IfMatch',
  'StorageClass',
  'ServerSideEncryption',
  'SSEKMSKeyId',
  'ACL',
] as const;
const upload = ofObject('ReadWrite', uploadActions, UPLOAD_FIELDS);
const partOfUpload = ofObject('ReadWrite', () => ['s3:PutObject']);
const read = ofObject('ReadOnly', ofVersion('s3:GetObject'), ['VersionId']);
const erase = ofObject('ReadWrite', ofVersion('s3:DeleteObject'), ['VersionId', 'IfMatch']);

const eraseMany: CallRule = {
  calls(input, place) {
    const { Objects: objects } = (input['Delete'] ?? {}) as { Objects?: readonly CommandInput[] };
    return (objects ?? []).flatMap((each) => erase.calls({ ...each, Bucket: input['Bucket'] }, place));
  },
};

const copy: CallRule = {
  calls(input, place) {
    const [bucket, key] = copySource(text(input['CopySource']) ?? '');
    return [...read.calls({ Bucket: bucket, Key: key }, place), ...upload.calls(input, place)];
  },
};

/** `bucket/key` or `/bucket/key`, encoded as in a URL, maybe with `?versionId=`; or an access point's ARN. */
function copySource(source: string): [bucket: string, key: string] {
  const decoded = decodeURIComponent(source.replace(/\?versionId=.*$/, '').replace(/^\//, ''));
  const [, accessPoint, object] = /^(arn:.*?:accesspoint\/[^/]+)\/object\/(.*)$/s.exec(decoded) ?? [];
  if (accessPoint !== undefined && object !== undefined) return [accessPoint, object];
  const slash = decoded.indexOf('/');
  return [decoded.slice(0, slash), decoded.slice(slash + 1)];
}

export const S3_CALLS: CallTable = {
  'S3Client.GetObjectCommand': read,
  'S3Client.HeadObjectCommand': read,
  'S3Client.GetObjectAttributesCommand': ofObject('ReadOnly', (input) => [
    ...ofVersion('s3:GetObject')(input),
    ...(text(input['VersionId']) === undefined
      ? ['s3:GetObjectAttributes']
      : ['s3:GetObjectVersionAttributes']),
  ]),
  'S3Client.PutObjectCommand': upload,
  'S3Client.CopyObjectCommand': copy,
  'S3Client.DeleteObjectCommand': erase,
  'S3Client.DeleteObjectsCommand': eraseMany,
  'S3Client.ListObjectsV2Command': ofBucket('ReadOnly', 's3:ListBucket', ['Prefix', 'Delimiter', 'MaxKeys']),
  'S3Client.ListObjectsCommand': ofBucket('ReadOnly', 's3:ListBucket', ['Prefix', 'Delimiter', 'MaxKeys']),
  'S3Client.CreateMultipartUploadCommand': upload,
  'S3Client.UploadPartCommand': partOfUpload,
  'S3Client.CompleteMultipartUploadCommand': ofObject('ReadWrite', () => ['s3:PutObject'], ['IfNoneMatch']),
  'S3Client.AbortMultipartUploadCommand': ofObject('ReadWrite', () => ['s3:AbortMultipartUpload']),
  'S3Client.ListPartsCommand': ofObject('ReadOnly', () => ['s3:ListMultipartUploadParts']),
  'S3Client.ListMultipartUploadsCommand': ofBucket('ReadOnly', 's3:ListBucketMultipartUploads', ['Prefix']),
  'S3Client.CreateSessionCommand': {
    calls(input, place) {
      const bucket = text(input['Bucket']) ?? '';
      return [session(bucket, text(input['SessionMode']), place)];
    },
  },
  // Signed with the role's own credentials, in a directory bucket too.
  'S3Client.HeadBucketCommand': {
    calls(input, place) {
      const bucket = text(input['Bucket']) ?? '';
      return DIRECTORY_BUCKET.test(bucket)
        ? [session(bucket, 'ReadOnly', place)]
        : [{ action: 's3:ListBucket', resource: bucketArn(bucket, place) }];
    },
  },
};

const MODE = 's3express:SessionMode';

/**
 * One session serves all operations of a bucket: a session to write also reads, and one asked for without a mode gets
 * the most that is allowed (API reference of CreateSession), so what it needs is what the operations need.
 */
export function foldSessions(calls: readonly ApiCall[]): ApiCall[] {
  const sessions = calls.filter(({ action }) => action === 's3express:CreateSession');
  const mode = ({ context }: ApiCall): string | undefined => context?.[MODE] as string | undefined;
  const served = (call: ApiCall): boolean => {
    const others = sessions.filter((each) => each !== call && each.resource === call.resource);
    if (mode(call) === undefined) return others.length > 0;
    return mode(call) === 'ReadOnly' && others.some((each) => mode(each) === 'ReadWrite');
  };
  return calls
    .filter((call) => call.action !== 's3express:CreateSession' || !served(call))
    .map((call) =>
      call.action === 's3express:CreateSession' && mode(call) === undefined
        ? { ...call, context: { [MODE]: 'ReadOnly' } }
        : call,
    );
}
