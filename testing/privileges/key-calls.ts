/**
 * What S3 asks KMS in the caller's name, which no client sees: S3 User Guide, "Using server-side encryption with AWS
 * KMS keys"; API reference of GetObject, PutObject and CreateSession, "Permissions".
 */
import type { Graph, GraphResource, GraphValue } from '../../planner/graph/types';
import { isFields } from '../../planner/graph/values';
import type { ApiCall } from './types';

const ENCRYPTION = /^aws:s3\/bucketServerSideEncryptionConfiguration(V2)?:/;
const BUCKET = /^aws:s3\/(bucket|bucketV2|directoryBucket):/;
const KEY = 'aws:kms/key:Key';
const ALIAS = 'aws:kms/alias:Alias';

interface Encrypted {
  readonly bucketArn: string;
  readonly keyArn: string;
  readonly bucketKey: boolean;
}

/** A call that another one brings with it. */
export interface KeyCall extends ApiCall {
  /** The call that brings it. */
  readonly because: ApiCall;
}

/** By action of S3. Uploads in parts need `kms:Decrypt` too, but look like others here. */
const KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  's3:GetObject': ['kms:Decrypt'],
  's3:GetObjectVersion': ['kms:Decrypt'],
  's3:PutObject': ['kms:GenerateDataKey'],
  // For reading, too: a directory bucket asks for both.
  's3express:CreateSession': ['kms:Decrypt', 'kms:GenerateDataKey'],
};

/** The calls of KMS that those of S3 bring with them, for the buckets of the graph that are encrypted with a key. */
export function keyCalls(graph: Graph, calls: readonly ApiCall[]): KeyCall[] {
  const buckets = encryptedBuckets(graph);
  const found = new Map<string, KeyCall>();
  for (const call of calls) {
    const actions = KEY_ACTIONS[call.action];
    const bucket =
      actions && buckets.find(({ bucketArn }) => `${call.resource}/`.startsWith(`${bucketArn}/`));
    if (!bucket || call.context?.['s3:x-amz-server-side-encryption'] === 'AES256') continue;
    const encryptedWith = bucket.bucketKey ? bucket.bucketArn : call.resource;
    const service = call.action.split(':')[0] ?? '';
    for (const action of actions) {
      const context = {
        'kms:ViaService': `${service}.${bucket.keyArn.split(':')[3]}.amazonaws.com`,
        'kms:EncryptionContext:aws:s3:arn': encryptedWith,
        'kms:CallerAccount': bucket.keyArn.split(':')[4] ?? '',
      };
      const key = `${action} ${bucket.keyArn} ${encryptedWith}`;
      if (!found.has(key)) found.set(key, { action, resource: bucket.keyArn, context, because: call });
    }
  }
  return [...found.values()];
}

function encryptedBuckets({ resources }: Graph): Encrypted[] {
  return resources.flatMap(({ type, inputs }) => {
    if (!ENCRYPTION.test(type)) return [];
    const bucket = resources.find((each) => BUCKET.test(each.type) && each.id === inputs['bucket']);
    const bucketArn = bucket?.outputs['arn'];
    const [rule] = (Array.isArray(inputs['rules']) ? inputs['rules'] : []) as GraphValue[];
    if (!isFields(rule) || typeof bucketArn !== 'string') return [];
    const byDefault = rule['applyServerSideEncryptionByDefault'];
    // Without a key it is the one that AWS manages, which every caller of the account may use through S3.
    const keyArn = isFields(byDefault) && keyArnOf(resources, byDefault['kmsMasterKeyId']);
    // What a directory bucket asks is about the bucket in any case.
    const bucketKey = rule['bucketKeyEnabled'] === true;
    return keyArn ? [{ bucketArn, keyArn, bucketKey }] : [];
  });
}

/** A key is named by its id or ARN, or by those of an alias. */
function keyArnOf(resources: readonly GraphResource[], named: unknown): string | undefined {
  if (typeof named !== 'string') return undefined;
  const is = ({ id, outputs }: GraphResource): boolean => named === id || named === outputs['arn'];
  const key = resources.find((each) => each.type === KEY && is(each));
  if (typeof key?.outputs['arn'] === 'string') return key.outputs['arn'];
  const alias = resources.find((each) => each.type === ALIAS && is(each));
  if (alias) return keyArnOf(resources, alias.inputs['targetKeyId']);
  return named.startsWith('arn:') && named.includes(':key/') ? named : undefined;
}
