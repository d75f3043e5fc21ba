/** Policy documents, as data. */
import { FOLDERS } from './layout';

/** A statement of a policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | { readonly Service: string } | { readonly AWS: string };
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy of IAM, of a bucket or of a key. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

const document = (...statements: Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});

const CLOUDFRONT = { Service: 'cloudfront.amazonaws.com' } as const;

/** Only for these distributions: without the condition anybody's distribution could read. */
const forDistributions = (arns: readonly string[]) => ({ StringEquals: { 'aws:SourceArn': arns } });

/**
 * TLS only; and for distributions what viewers may see, with neither claims nor bundles.
 * @param distributionArns of CloudFront; none: nobody but roles of the account may read
 */
export function generalPolicy(bucketArn: string, distributionArns: readonly string[] = []): PolicyDocument {
  const reading: Statement = {
    Sid: 'CloudFrontReads',
    Effect: 'Allow',
    Principal: CLOUDFRONT,
    Action: 's3:GetObject',
    Resource: `${bucketArn}/${FOLDERS.live}*`,
    Condition: forDistributions(distributionArns),
  };
  return document(
    {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [bucketArn, `${bucketArn}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
    ...(distributionArns.length > 0 ? [reading] : []),
  );
}

/**
 * What KMS gives a key without a policy of its own (the account's policies decide), and decryption for
 * distributions: CloudFront Developer Guide, "Restrict access to an Amazon S3 origin", SSE-KMS.
 * @param keyArn names partition and account
 */
export function keyPolicy(keyArn: string, distributionArns: readonly string[]): PolicyDocument {
  const [, partition = '', , , account = ''] = keyArn.split(':');
  return document(
    {
      Sid: 'Account',
      Effect: 'Allow',
      Principal: { AWS: `arn:${partition}:iam::${account}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'CloudFrontDecrypts',
      Effect: 'Allow',
      Principal: CLOUDFRONT,
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: forDistributions(distributionArns),
    },
  );
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

/** `write` as an encoder does, `read` as an origin does. */
export type Access = 'write' | 'read';

/** What a role is given. */
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

/** The calls that an encoder (write) or an origin (read) makes, and no others: docs/s3-store.md. */
export function grantPolicy({ access, generalArn, directoryArns, keyArn, channels }: Grant): PolicyDocument {
  const ofChannels = (folders: readonly string[], tail: string) =>
    folders.flatMap((folder) => (channels ?? ['*']).map((id) => `${folder}${id}/${tail}`));
  const { live, claims, edge } = FOLDERS;
  const isRegional = directoryArns.length === 0;
  const objects = (folders: readonly string[]) =>
    ofChannels(folders, '*').map((pattern) => `${generalArn}/${pattern}`);
  return document(
    {
      Sid: 'Objects',
      Effect: 'Allow',
      Action: ACTIONS[access],
      Resource: objects(isRegional ? [live, claims, edge] : [live, claims]),
    },
    ...(access === 'write' && isRegional ? [eviction(objects([edge]))] : []),
    names(generalArn, access === 'write' ? ofChannels(isRegional ? [claims, edge] : [claims], '') : []),
    ...(isRegional ? [] : [session(access, directoryArns)]),
    ...(keyArn === undefined ? [] : [keyUse(access, keyArn, !isRegional)]),
  );
}

/** Bundles alone are deleted by the writer; segments and claims expire by lifecycle. */
const eviction = (objects: readonly string[]): Statement => ({
  Sid: 'Eviction',
  Effect: 'Allow',
  Action: 's3:DeleteObject',
  Resource: objects,
});

/**
 * Without s3:ListBucket S3 answers 403, not 404, where a key is absent, and absent keys are what a live edge asks
 * for. A request for a key has no s3:prefix, so one without it must pass.
 * @param listed prefixes that are listed as well
 */
const names = (generalArn: string, listed: readonly string[]): Statement => ({
  Sid: listed.length > 0 ? 'Names' : 'Absence',
  Effect: 'Allow',
  Action: 's3:ListBucket',
  Resource: generalArn,
  Condition:
    listed.length > 0 ? { StringLikeIfExists: { 's3:prefix': listed } } : { Null: { 's3:prefix': 'true' } },
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
