/** Policy documents, as data. */
import { FOLDERS } from './layout';

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | { readonly Service: string };
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

const document = (...statements: Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});

export function tlsOnly(bucketArn: string): PolicyDocument {
  return document({
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
}

/**
 * Without it nothing would expire: lifecycle deletes through a session like anybody else. S3 User Guide, "Working
 * with S3 Lifecycle for directory buckets". Directory buckets answer TLS only, so that needs no statement.
 */
export function directoryExpiry(bucketArn: string): PolicyDocument {
  return document({
    Sid: 'LifecycleDeletes',
    Effect: 'Allow',
    Principal: { Service: 'lifecycle.s3.amazonaws.com' },
    Action: 's3express:CreateSession',
    Resource: bucketArn,
    Condition: { StringEquals: { 's3express:SessionMode': 'ReadWrite' } },
  });
}

export type Access = 'write' | 'read';

export interface Grant {
  readonly access: Access;
  readonly generalArn: string;
  readonly directoryArns: readonly string[];
  /** Absent: the buckets are not encrypted with a key of KMS. */
  readonly keyArn?: string | undefined;
  /** Absent: all. */
  readonly channels?: readonly string[] | undefined;
}

/** What the runtime's store calls on the objects that are in the general bucket. */
const ACTIONS = {
  write: ['s3:GetObject', 's3:PutObject'],
  read: ['s3:GetObject'],
} as const satisfies Record<Access, readonly string[]>;

const SESSION_MODE = { write: 'ReadWrite', read: 'ReadOnly' } as const satisfies Record<Access, string>;

export function grantPolicy({ access, generalArn, directoryArns, keyArn, channels }: Grant): PolicyDocument {
  const patternsOf = (folders: readonly string[]) =>
    folders.flatMap((folder) => (channels ? channels.map((id) => `${folder}${id}/*`) : [`${folder}*`]));
  const { live, claims, edge } = FOLDERS;
  const used = patternsOf(directoryArns.length > 0 ? [live, claims] : [live, claims, edge]);
  // A writer clears away what is old in all of them, also in one that it does not write to.
  const cleared = patternsOf([live, claims, edge]);
  const objects = (patterns: readonly string[]) => patterns.map((pattern) => `${generalArn}/${pattern}`);
  return document(
    { Sid: 'Objects', Effect: 'Allow', Action: ACTIONS[access], Resource: objects(used) },
    ...(access === 'write' ? [deletion(objects(cleared))] : []),
    {
      // Besides listing, what makes S3 answer 404 and not 403 where a key is absent; such a request has no prefix.
      Sid: 'Names',
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: generalArn,
      Condition: { StringLikeIfExists: { 's3:prefix': access === 'write' ? cleared : used } },
    },
    ...(directoryArns.length > 0 ? [session(access, directoryArns)] : []),
    ...(keyArn === undefined ? [] : [keyUse(access, keyArn, directoryArns.length > 0)]),
  );
}

const deletion = (objects: readonly string[]): Statement => ({
  Sid: 'Eviction',
  Effect: 'Allow',
  Action: 's3:DeleteObject',
  Resource: objects,
});

/** A directory bucket knows no permission on a folder or an object. */
const session = (access: Access, directoryArns: readonly string[]): Statement => ({
  Sid: 'Sessions',
  Effect: 'Allow',
  Action: 's3express:CreateSession',
  Resource: directoryArns,
  Condition: { StringEquals: { 's3express:SessionMode': SESSION_MODE[access] } },
});

/** To upload or to download, a directory bucket asks for both: S3 User Guide, "SSE-KMS in directory buckets". */
const keyUse = (access: Access, keyArn: string, directory: boolean): Statement => ({
  Sid: 'Key',
  Effect: 'Allow',
  Action: access === 'write' || directory ? ['kms:Decrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'],
  Resource: keyArn,
});
