import * as iam from '@pulumi/aws/iam';
import type * as kms from '@pulumi/aws/kms';
import * as pulumi from '@pulumi/pulumi';
import { checkPolicyLength, physicalName, transformed } from '../kit';
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
  createKeyPolicy,
  readDirectory,
  readGeneral,
  type DirectoryNodes,
  type Family,
  type GeneralNodes,
} from './children';
import { DistributionArns } from './distribution-arns';
import { EXPRESS_ZONES_AS_OF, expressZone } from './express-zones';
import { checkGrant, type GrantScope } from './grants';
import { ARCHIVE_CLASS, REGIONAL, storeLocation } from './layout';
import { normalise, type NormalArgs } from './normalise';
import { grantPolicy, type Access } from './policies';

const TOO_LONG = 'leave it out for all channels, or share the channels out among roles';

/** Environment variables of the runtime. */
export interface StoreEnvironment {
  readonly STORE: pulumi.Output<string>;
  /** Class that whole segments are written with; absent without an archive, where it is the runtime's default. */
  readonly SEGMENT_STORAGE_CLASS?: pulumi.Output<string>;
}

/** The raw resources. */
export interface TieredSegmentStoreNodes {
  /** Absent where no key was created. */
  readonly key?: kms.Key;
  /** Absent where no key was created, or no distribution reads. */
  readonly keyPolicy?: kms.KeyPolicy;
  readonly general: GeneralNodes;
  /** By the zones' keys. */
  readonly zones: Readonly<Record<string, DirectoryNodes>>;
}

/**
 * Where a channel's media is: bundles of parts in the directory bucket (S3 Express One Zone) of the channel's zone,
 * whole segments, initialisation segments and claims in one general purpose bucket. Encrypted with a key of KMS,
 * closed to the public but for the distributions that are granted, TLS only, and everything expires.
 *
 * Versioning is off. Objects are written once and never overwritten (but for a hint, and initialisation segments by
 * themselves), so a version would protect nothing; and an expired object would stay as a noncurrent version, to be
 * paid for.
 *
 * ### Cost
 * us-east-1; list prices of S3 Express One Zone after the cut of 2025-04, all others of 2024-07; months of 730 h, GB
 * of 2^30 bytes.
 *
 * Fixed: the key $1.00 a month; buckets, policies and lifecycle rules nothing. `encryption: { type: 'sse-s3' }` or a
 * `keyArn` of your own: $0.00. Requests to KMS are not counted: bucket keys leave few of them.
 *
 * A channel that is on all month (ladder `hevc-2160p30-50`, seven tracks, 74.66 Mbit/s = 22,841 GB a month, 751 GB a
 * day; profile `balanced`: 3 ticks a second, segments of 4 s), the same with nobody watching, because an encoder
 * writes whether anybody watches or not:
 *
 * | line | arithmetic | $ a month |
 * |---|---|---|
 * | bundles, PUT to Express, 3 a second | 7.884 M x $0.00113 / 1000 | 8.91 |
 * | bundles, upload to Express | 22,841 GB x $0.0032 | 73.09 |
 * | bundles, storage in Express: the encoder deletes them after 80 s | 0.695 GB x $0.11 | 0.08 |
 * | segments, PUT to Standard, 7 every 4 s | 4.599 M x $0.005 / 1000 | 23.00 |
 * | claims and hints, PUT to Standard, 2 every 4 s | 1.314 M x $0.005 / 1000 | 6.57 |
 * | segments, storage in Standard, 1.5 days with a `dvr` of 1 day | 1,126 GB x $0.023 | 25.90 |
 * | sum | | 137.55 |
 *
 * Bundles that an encoder left behind when it was killed wait for lifecycle, a day and a half at $0.11. Without
 * `zones` the first two lines are one of $39.42 (7.884 M PUTs x $0.005 / 1000), and the third $0.02. A `dvr` of 7 days
 * is 7.5 days on the average: $129.54 in place of $25.90.
 *
 * `archive: { keepFor: '30 days' }` is 30.5 days on the average: $526.79 in place of $25.90, in the frequent tier of
 * INTELLIGENT_TIERING, and $9.86 for the monitoring of a month's segments of the six tracks of video (3.942 M x
 * $0.0025 / 1000). The sound's (80 KB) are below 128 KiB: not monitored, and never in a cheaper tier. What is not read
 * for 30 days costs $0.0125 a GB in place of $0.023, so an archive below 30 days saves nothing by its class. Reads are
 * the origins' cost and the distributions'.
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
  readonly #distributions: DistributionArns;

  /** @throws pulumi.InputPropertiesError with every bad argument, before any resource exists */
  constructor(name: string, args: TieredSegmentStoreArgs = {}, options: TieredSegmentStoreOptions = {}) {
    const { transform = {}, ...opts } = options;
    const normal = opts.urn ? undefined : normalise(ownerOf(name), args, transform);
    super(TieredSegmentStore.__pulumiType, name, { ...args }, opts);
    this.#name = name;
    this.#transform = transform;
    this.#distributions = new DistributionArns(ownerOf(name), normal?.distributions ?? new Map());
    if (!normal) return;

    this.#warnOfUnknownZones(normal);
    const family = this.#family(normal, opts);
    const key = createsKey(normal) ? createKey(family) : undefined;
    const keyPolicy = key && createKeyPolicy(family, key);
    const keyArn = normal.keyArn ?? key?.arn;
    const general = generalNodes(family, normal, keyArn);
    const zones = directoryNodes(family, normal, keyArn);

    this.generalBucketName = general.bucket.bucket;
    this.generalBucketArn = general.bucket.arn;
    this.generalBucketDomainName = general.bucket.bucketRegionalDomainName;
    this.directoryBucketNames = eachZone(zones, ({ bucket }) => bucket.bucket);
    this.directoryBucketArns = eachZone(zones, ({ bucket }) => bucket.arn);
    this.keyArn = pulumi.output(keyArn ?? '');
    this.runtimeEnvironment = environments(general, zones, normal);
    this.nodes = { general, zones, ...(key && { key }), ...(keyPolicy && { keyPolicy }) };
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

  /**
   * Lets a distribution of CloudFront read segments and initialisation segments, and nothing else, through an origin
   * access control: the bucket's policy and the key's admit this distribution alone. They wait for its ARN, so each
   * distribution that was declared without one must be granted, once.
   * @param id under which `distributions` declares it
   * @throws pulumi.InputPropertiesError where it is not declared, is granted already, or the ARN is none
   */
  grantCloudFrontRead(id: string, distributionArn: pulumi.Input<string>): void {
    this.#distributions.give(id, distributionArn);
  }

  /** A resource of its own, so that a role may depend on the store and the store on no role. */
  #grant(access: Access, id: string, role: pulumi.Input<string>, scope: GrantScope): iam.RolePolicy {
    const owner = `a grant (${access}) of ${ownerOf(this.#name)}`;
    const name = checkGrant(owner, this.nodes.zones, id, role, scope);
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
      )
      .apply((document) => checkPolicyLength(owner, document, channels, TOO_LONG));
    const args: iam.RolePolicyArgs = {
      name: physicalName('aws:iam/rolePolicy:RolePolicy', { ...nameContext(), name: logicalName }),
      role: name,
      policy: pulumi.jsonStringify(policy),
    };
    return new iam.RolePolicy(
      ...transformed(this.#transform.rolePolicy, logicalName, args, { parent: this }),
    );
  }

  /** What the list does not know may be right: AWS adds regions. */
  #warnOfUnknownZones({ zones }: NormalArgs): void {
    for (const [key, { zoneId, existingBucket }] of zones) {
      if (existingBucket !== undefined) continue;
      pulumi.output(zoneId).apply(async (id) => {
        if (expressZone(id).kind !== 'unknown') return;
        const text =
          `zones.${key}.zoneId is ${JSON.stringify(id)}; whether its region has S3 Express One Zone is not known ` +
          `here (list of ${EXPRESS_ZONES_AS_OF}). Where it has none, AWS refuses the bucket.`;
        await pulumi.log.warn(text, this);
      });
    }
  }

  #family({ protection, tags, days }: NormalArgs, opts: pulumi.ComponentResourceOptions): Family {
    return {
      component: this,
      name: this.#name,
      names: nameContext(),
      protection: { ...protection, protect: opts.protect ?? protection.protect },
      tags,
      days,
      distributionArns: this.#distributions.all,
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
  { isArchive }: NormalArgs,
): Record<string, StoreEnvironment> {
  const archive = isArchive && { SEGMENT_STORAGE_CLASS: pulumi.output<string>(ARCHIVE_CLASS) };
  const found = Object.entries(zones).map(([key, { bucket }]): [string, StoreEnvironment] => [
    key,
    {
      STORE: pulumi
        .all([general.bucket, bucket.bucket])
        .apply(([name, directory]) => storeLocation(name, directory)),
      ...archive,
    },
  ]);
  if (found.length > 0) return Object.fromEntries(found);
  return { [REGIONAL]: { STORE: general.bucket.apply((name) => storeLocation(name)), ...archive } };
}
