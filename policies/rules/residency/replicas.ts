/** Regions that data is copied to. */
import { UNKNOWN, Undecided, among, blocks, isValues, itemsOf, peek } from '../../core';
import type { Resource, Stack, Value, Values } from '../../core';
import { regionOf } from './regions';

const BUCKET = 'aws:s3/bucket:Bucket';
const REPLICATION = 'aws:s3/bucketReplicationConfig:BucketReplicationConfig';
const TABLE_REPLICA = 'aws:dynamodb/tableReplica:TableReplica';

/** Where a copy goes; undefined where the stack does not say, UNKNOWN where the program decides it later. */
export type Destination = string | undefined | typeof UNKNOWN;

function destinationOf(value: Value): Destination {
  return typeof value === 'string' || value === UNKNOWN ? value : undefined;
}

const named = (resource: Resource, list: string, property: string): readonly Destination[] =>
  itemsOf(peek(resource, list)).map((replica) =>
    destinationOf(isValues(replica) ? replica[property] : replica),
  );

const madeIn = (copy: Resource): Destination => (peek(copy, 'region') === UNKNOWN ? UNKNOWN : regionOf(copy));

function ofTable(table: Resource, stack: Stack): readonly Destination[] {
  const replicas = stack.pointingAt(table, 'globalTableArn', [TABLE_REPLICA], ['arn']);
  return [...named(table, 'replicas', 'regionName'), ...replicas.map(madeIn)];
}

function ofBucket(bucket: Resource, stack: Stack): readonly Destination[] {
  return stack.pointingAt(bucket, 'bucket', [REPLICATION], ['bucket', 'id']).flatMap((configuration) => {
    const targets = stack.behind(configuration, 'rules', BUCKET).filter((each) => each !== bucket);
    return targets.length > 0 ? targets.map(madeIn) : [undefined];
  });
}

/** The region of a vault's ARN, `arn:aws:backup:eu-west-1:..`, or of the vault itself. */
function ofPlan(plan: Resource, stack: Stack): readonly Destination[] {
  const vaults = stack.behind(plan, 'rules', 'aws:backup/vault:Vault');
  return blocks(plan, 'rules')
    .flatMap((rule) => blocks(rule, 'copyActions'))
    .map((action: Values) => {
      const arn = peek(action, 'destinationVaultArn');
      if (typeof arn === 'string') return arn.split(':')[3];
      if (arn !== UNKNOWN) return undefined;
      const regions = [...new Set(vaults.map(madeIn))];
      return regions.length === 1 ? regions[0] : UNKNOWN;
    });
}

/** Regions that the data of a resource is copied to, by type of the resource. */
export const DESTINATIONS: Readonly<
  Record<string, (resource: Resource, stack: Stack) => readonly Destination[]>
> = {
  'aws:backup/plan:Plan': ofPlan,
  'aws:dynamodb/globalTable:GlobalTable': (table) => named(table, 'replicas', 'regionName'),
  'aws:dynamodb/table:Table': ofTable,
  'aws:ecr/replicationConfiguration:ReplicationConfiguration': (registry) =>
    blocks(registry, 'replicationConfiguration.rules').flatMap((rule) =>
      blocks(rule, 'destinations').map(({ region }) => destinationOf(region)),
    ),
  [BUCKET]: ofBucket,
  'aws:secretsmanager/secret:Secret': (secret) => named(secret, 'replicas', 'region'),
};

/** What is found among the regions that the data of a resource is copied to. */
export const amongDestinations = (
  resource: Resource,
  stack: Stack,
  judge: (region: string | undefined) => readonly string[],
): readonly string[] =>
  among(DESTINATIONS[resource.type]?.(resource, stack) ?? [], (destination) => {
    if (destination === UNKNOWN) throw new Undecided('region');
    return judge(destination);
  });
