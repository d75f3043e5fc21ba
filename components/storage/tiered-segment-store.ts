import * as iam from '@pulumi/aws/iam';
import type * as kms from '@pulumi/aws/kms';
import * as pulumi from '@pulumi/pulumi';
import { CHANNEL_PATTERN } from '../../encoder/contract';
import { InputProblems, physicalName, rule, transformed } from '../kit';
import {
  EncryptionType,
  type TieredSegmentStoreArgs,
  type TieredSegmentStoreOptions,
  type TieredSegmentStoreTransforms,
} from './args';
import {
  createDirectory,
  createGeneral,
  createKey,
  readDirectory,
  readGeneral,
  type DirectoryNodes,
  type Family,
  type GeneralNodes,
} from './children';
import { REGIONAL, storeLocation } from './layout';
import { normalise, type NormalArgs } from './normalise';
import { grantPolicy, type Access } from './policies';

/** Environment variables of the runtime. */
export interface StoreEnvironment {
  readonly STORE: pulumi.Output<string>;
}

/** The raw resources. */
export interface TieredSegmentStoreNodes {
  /** Absent where no key was created. */
  readonly key?: kms.Key;
  readonly general: GeneralNodes;
  /** By the zones' keys. */
  readonly zones: Readonly<Record<string, DirectoryNodes>>;
}

/** What a grant is limited to. */
export interface GrantScope {
  /** Ids of channels. In a directory bucket permission is for the whole bucket. @default all */
  readonly channels?: readonly string[];
  /** Keys of zones. @default all */
  readonly zones?: readonly string[];
}

/**
 * Where a channel's media is: bundles of parts in the directory bucket (S3 Express One Zone) of the channel's zone,
 * whole segments, initialisation segments and claims in one general purpose bucket. Encrypted with a key of KMS,
 * closed to the public, TLS only, and everything expires but initialisation segments (a few KB a configuration).
 *
 * Versioning is off. Objects are written once and never overwritten (but for a hint), so a version would protect
 * nothing; and an expired object would stay as a noncurrent version, to be paid for.
 *
 * ### Cost
 * us-east-1; list prices of S3 Express One Zone after the cut of 2025-04, all others of 2024-07; months of 730 h, GB
 * of 2^30 bytes.
 *
 * Fixed: the key $1.00 a month; buckets, policies and lifecycle rules nothing. `encryption: { type: 'sse-s3' }` or a
 * `keyArn` of your own: $0.00.
 *
 * A channel that is on all month (ladder `hevc-2160p30-50`, seven tracks, 74.66 Mbit/s = 22,841 GB a month; profile
 * `balanced`), the same with nobody watching, because an encoder writes whether anybody watches or not:
 *
 * | line | arithmetic | $ a month |
 * |---|---|---|
 * | bundles, PUT to Express | 3 a second: 7.884 M x $0.00113 / 1000 | 8.91 |
 * | bundles, upload to Express | 22,841 GB x $0.0032 | 73.09 |
 * | bundles, storage in Express | 751 GB a day x 1.5 days until lifecycle deletes x $0.11 | 123.91 |
 * | segments, PUT to Standard | 7 every 4 s: 4.599 M x $0.005 / 1000 | 23.00 |
 * | claims and hints, PUT to Standard | 2 every 4 s: 1.314 M x $0.005 / 1000 | 6.57 |
 * | segments, storage in Standard, `dvr` of 1 day | 751 GB a day x 1.5 days x $0.023 | 25.91 |
 * | sum | | 261.38 |
 *
 * Storage assumes that the writer deletes nothing; one that deletes bundles as they leave the playlist saves nearly
 * all of the third line. Without `zones` the first three lines are 39.42 (7.884 M PUTs x $0.005 / 1000) and 25.91
 * (storage). `dvr` of 7 days is 7.5 days on the average: $129.54 in place of $25.91. `archive: { keepFor: '30 days' }`
 * is 30.5 days: $526.79 at the frequent tier's $0.023, and at most $11.50 a month for each month kept for the
 * monitoring of 4.599 M objects at $0.0025 / 1000. Reads are the origins' cost.
 */
export class TieredSegmentStore extends pulumi.ComponentResource {
  static readonly __pulumiType = 'aws-media:index:TieredSegmentStore';

  declare readonly generalBucketName: pulumi.Output<string>;
  declare readonly generalBucketArn: pulumi.Output<string>;
  /** What a CDN reads segments from. */
  declare readonly generalBucketDomainName: pulumi.Output<string>;
  /** By the zones' keys. */
  declare readonly directoryBucketNames: pulumi.Output<Record<string, string>>;
  /** By the zones' keys. */
  declare readonly directoryBucketArns: pulumi.Output<Record<string, string>>;
  /** ARN of the key that encrypts; empty where S3's own keys do. */
  declare readonly keyArn: pulumi.Output<string>;
  /** What an encoder or origin of a zone needs, by the zones' keys; under `regional` where there are no zones. */
  declare readonly runtimeEnvironment: Readonly<Record<string, StoreEnvironment>>;
  declare readonly nodes: TieredSegmentStoreNodes;

  readonly #name: string;
  readonly #transform: TieredSegmentStoreTransforms;

  /** @throws pulumi.InputPropertiesError with every bad argument, before any resource exists */
  constructor(name: string, args: TieredSegmentStoreArgs = {}, options: TieredSegmentStoreOptions = {}) {
    const { transform = {}, ...opts } = options;
    const normal = opts.urn ? undefined : normalise(ownerOf(name), args);
    super(TieredSegmentStore.__pulumiType, name, { ...args }, opts);
    this.#name = name;
    this.#transform = transform;
    if (!normal) return;

    const family = this.#family(normal, opts);
    const key = createsKey(normal) ? createKey(family) : undefined;
    const keyArn = normal.keyArn ?? key?.arn;
    const general = generalNodes(family, normal, keyArn);
    const zones = directoryNodes(family, normal, keyArn);

    this.generalBucketName = general.bucket.bucket;
    this.generalBucketArn = general.bucket.arn;
    this.generalBucketDomainName = general.bucket.bucketRegionalDomainName;
    this.directoryBucketNames = eachZone(zones, ({ bucket }) => bucket.bucket);
    this.directoryBucketArns = eachZone(zones, ({ bucket }) => bucket.arn);
    this.keyArn = pulumi.output(keyArn ?? '');
    this.runtimeEnvironment = environments(general, zones);
    this.nodes = { general, zones, ...(key && { key }) };
    this.registerOutputs({
      generalBucketName: this.generalBucketName,
      generalBucketArn: this.generalBucketArn,
      generalBucketDomainName: this.generalBucketDomainName,
      directoryBucketNames: this.directoryBucketNames,
      directoryBucketArns: this.directoryBucketArns,
      keyArn: this.keyArn,
      runtimeEnvironment: this.runtimeEnvironment,
    });
  }

  /**
   * Lets a role write, as an encoder does.
   * @param id of the grant, unique in this store; it stays for the life of the grant
   * @param role name of the role
   * @throws pulumi.InputPropertiesError where the scope names what is not there
   */
  grantWrite(id: string, role: pulumi.Input<string>, scope: GrantScope = {}): iam.RolePolicy {
    return this.#grant('write', id, role, scope);
  }

  /** Lets a role read, as an origin does; parameters and errors are those of {@link grantWrite}. */
  grantRead(id: string, role: pulumi.Input<string>, scope: GrantScope = {}): iam.RolePolicy {
    return this.#grant('read', id, role, scope);
  }

  /** A resource of its own, so that a role may depend on the store and the store on no role. */
  #grant(access: Access, id: string, role: pulumi.Input<string>, scope: GrantScope): iam.RolePolicy {
    this.#checkScope(access, scope);
    const { zones = Object.keys(this.nodes.zones), channels } = scope;
    const logicalName = `${this.#name}-${id}-${access}`;
    const policy = pulumi
      .all([
        this.generalBucketArn,
        pulumi.all(zones.map((zone) => this.nodes.zones[zone]!.bucket.arn)),
        this.keyArn,
      ])
      .apply(([generalArn, directoryArns, keyArn]) =>
        grantPolicy({ access, generalArn, directoryArns, keyArn: keyArn || undefined, channels }),
      );
    const args: iam.RolePolicyArgs = {
      name: physicalName('aws:iam/rolePolicy:RolePolicy', { ...nameContext(), name: logicalName }),
      role,
      policy: pulumi.jsonStringify(policy),
    };
    return new iam.RolePolicy(
      ...transformed(this.#transform.rolePolicy, logicalName, args, { parent: this }),
    );
  }

  #checkScope(access: Access, { channels, zones }: GrantScope): void {
    const problems = new InputProblems(`a grant (${access}) of ${ownerOf(this.#name)}`);
    const known = Object.keys(this.nodes.zones);
    const fix = 'correct it, or leave the property out for all';
    const zone = rule(
      (value) => known.includes(value as string),
      known.join(', ') || 'none: the store has no zones',
      fix,
    );
    const channel = rule(
      (value) => typeof value === 'string' && CHANNEL_PATTERN.test(value),
      '1 to 63 of a-z, 0-9 and inner hyphens',
      fix,
    );
    if (channels?.length === 0) problems.add('channels', channels, { allowed: 'at least one', fix });
    channels?.forEach((value, index) => problems.judge(`channels[${index}]`, value, channel));
    zones?.forEach((value, index) => problems.judge(`zones[${index}]`, value, zone));
    problems.throwIfAny();
  }

  #family({ protection, tags, days }: NormalArgs, opts: pulumi.ComponentResourceOptions): Family {
    return {
      component: this,
      name: this.#name,
      names: nameContext(),
      protection: { ...protection, protect: opts.protect ?? protection.protect },
      tags,
      days,
      transform: this.#transform,
    };
  }
}

const ownerOf = (name: string): string => `TieredSegmentStore ${JSON.stringify(name)}`;

const nameContext = () => ({
  organization: pulumi.getOrganization(),
  project: pulumi.getProject(),
  stack: pulumi.getStack(),
});

/** A bucket that was there already has the encryption that it has. */
function createsKey({ encryption, keyArn, existingBucket, zones }: NormalArgs): boolean {
  const createsBucket =
    existingBucket === undefined || [...zones.values()].some((zone) => !zone.existingBucket);
  return encryption === EncryptionType.Kms && keyArn === undefined && createsBucket;
}

const generalNodes = (
  family: Family,
  { existingBucket }: NormalArgs,
  keyArn: pulumi.Input<string> | undefined,
): GeneralNodes =>
  existingBucket === undefined ? createGeneral(family, keyArn) : readGeneral(family, existingBucket);

function directoryNodes(
  family: Family,
  { zones }: NormalArgs,
  keyArn: pulumi.Input<string> | undefined,
): Record<string, DirectoryNodes> {
  const nodes: Record<string, DirectoryNodes> = {};
  for (const [key, { zoneId, existingBucket }] of zones) {
    nodes[key] =
      existingBucket === undefined
        ? createDirectory(family, key, zoneId, keyArn)
        : readDirectory(family, key, existingBucket);
  }
  return nodes;
}

const eachZone = (
  zones: Readonly<Record<string, DirectoryNodes>>,
  pick: (nodes: DirectoryNodes) => pulumi.Output<string>,
): pulumi.Output<Record<string, string>> =>
  pulumi.all(Object.fromEntries(Object.entries(zones).map(([key, nodes]) => [key, pick(nodes)])));

function environments(
  { bucket: general }: GeneralNodes,
  zones: Readonly<Record<string, DirectoryNodes>>,
): Record<string, StoreEnvironment> {
  const found = Object.entries(zones).map(([key, { bucket }]): [string, StoreEnvironment] => [
    key,
    {
      STORE: pulumi
        .all([general.bucket, bucket.bucket])
        .apply(([name, directory]) => storeLocation(name, directory)),
    },
  ]);
  if (found.length > 0) return Object.fromEntries(found);
  return { [REGIONAL]: { STORE: general.bucket.apply((name) => storeLocation(name)) } };
}
