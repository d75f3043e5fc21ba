/** What the runtime asked S3, compared with the grants that a TieredSegmentStore makes. */
import * as iam from '@pulumi/aws/iam';
import { TieredSegmentStore } from '../../components/storage';
import { GraphQuery, recordComponent, type Graph } from '../../testing';
import { leastPrivilege, type ApiCall, type LeastPrivilege } from '../../testing/privileges';
import { foldSessions, S3_CALLS } from '../../testing/privileges/s3-calls';
import type { Kind, Shim, ShimRequest } from './s3-express-shim';
import { REGION } from './s3-server';

const COMMANDS: Readonly<Record<Kind, string>> = {
  PUT: 'PutObjectCommand',
  GET: 'GetObjectCommand',
  HEAD: 'HeadObjectCommand',
  DELETE: 'DeleteObjectCommand',
  LIST: 'ListObjectsV2Command',
  SESSION: 'CreateSessionCommand',
};

export interface Roles {
  /** Of the store's buckets, as the graph names them. */
  readonly general: string;
  readonly directory?: string;
  /** @param role `encoder` may write, `origin` may read, both one channel alone */
  compare(role: 'encoder' | 'origin', calls: readonly ApiCall[]): LeastPrivilege;
}

/** A store with a role that writes and one that reads. */
export async function grantedRoles({ channel, zonal }: { channel: string; zonal: boolean }): Promise<Roles> {
  const graph: Graph = await recordComponent(() => {
    const store = new TieredSegmentStore('media', zonal ? { zones: { a: { zoneId: 'use1-az4' } } } : {});
    const role = (name: string): iam.Role => new iam.Role(name, { name, assumeRolePolicy: '{}' });
    store.grantWrite('write', role('encoder').name, { channels: [channel] });
    store.grantRead('read', role('origin').name, { channels: [channel] });
  });
  const query = new GraphQuery(graph);
  const bucket = (type: string): string | undefined => {
    const [found] = query.byType(type);
    return found && (found.outputs['bucket'] as string);
  };
  const directory = bucket('aws:s3/directoryBucket:DirectoryBucket');
  return {
    general: bucket('aws:s3/bucket:Bucket')!,
    ...(directory !== undefined && { directory }),
    compare: (role, calls) => leastPrivilege(graph, query.byName(role)[0]!, calls),
  };
}

/** The calls that requests to the shim were, to the buckets of a graph. */
export function callsOf(requests: readonly ShimRequest[], shim: Shim, roles: Roles): ApiCall[] {
  const place = { partition: 'aws', account: ACCOUNT, region: REGION };
  const seen = new Map<string, ApiCall>();
  for (const { bucket, kind, key, headers, status } of requests) {
    const name = bucket === shim.directory ? roles.directory : roles.general;
    const rule = S3_CALLS[`S3Client.${COMMANDS[kind]}`]!;
    const mode = headers['x-amz-create-session-mode'];
    const input = {
      Bucket: name,
      ...(kind === 'LIST' ? { Prefix: key } : { Key: key }),
      ...(mode !== undefined && { SessionMode: mode }),
    };
    const calls = [
      ...rule.calls(input, place),
      ...(status === 404 ? (rule.whereAbsent?.(input, place) ?? []) : []),
    ];
    for (const call of calls) seen.set(JSON.stringify(call), call);
  }
  return foldSessions([...seen.values()]);
}

/** Of recorded graphs. */
const ACCOUNT = '123456789012';

/** What is not as it should be, in words: calls that are denied, grants that nothing needed. */
export const findings = ({ denied, unused, notEvaluated }: LeastPrivilege): string[] => [
  ...denied.map(({ message }) => message),
  ...unused.map(({ message }) => message),
  ...notEvaluated.map(({ what, where, why }) => `${what} (${where}): ${why}`),
];
