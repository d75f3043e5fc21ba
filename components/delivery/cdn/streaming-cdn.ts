import * as pulumi from '@pulumi/pulumi';
import { multivariantPath } from '../../../encoder/contract';
import type { StreamingCdnArgs, StreamingCdnOptions } from './args';
import { createDistribution, hostOf, type CdnDistributionNodes } from './distribution';
import { STREAMING_CDN, type Family } from './family';
import { readerId } from './neighbours';
import { normalise, ownerOf, type NormalCdn } from './normalise';
import { createShared, type CdnSharedNodes } from './shared';

/** Where a channel's viewers are sent. */
export interface CdnChannel {
  /** Number of its distribution, from 1. */
  readonly distribution: number;
  /** Of its multivariant playlist. */
  readonly url: pulumi.Output<string>;
}

/** What the owner of a bucket adds to its policy. */
export interface CdnBucketStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: { readonly Service: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition: { readonly StringEquals: { readonly 'aws:SourceArn': readonly string[] } };
}

/** The raw resources. */
export interface StreamingCdnNodes extends CdnSharedNodes {
  /** By number, from 1. */
  readonly distributions: Readonly<Record<string, CdnDistributionNodes>>;
}

/**
 * Distribution of live channels by CloudFront: playlists and parts from the live origin, segments and initialisation
 * segments from S3, failing over to the live origin where S3 has not got them yet; each with a cache key and lifetime of
 * its own. Signed URLs and cookies, or public by choice. Split over several distributions where one would be asked for
 * more than the account's quotas let it give.
 *
 * Every distribution can serve every channel, so that a channel which is moved is still there at its old address.
 *
 * ### Cost
 * Viewers in North America; list prices of 2024-07, data transfer's undated (2024 to 2025), Origin Shield's and the
 * metrics' assumed; months of 730 h, GB of 2^30 bytes, without the free 1 TB a month.
 *
 * With nobody watching: nothing, but for the alarm of a distribution ($0.10) and `additionalMetrics` (8 metrics x $0.30 =
 * $2.40 a distribution). Certificates, records of aliases, policies and keys cost nothing.
 *
 * A viewer who watches all month at 5 Mbit/s, or a track of a channel behind Origin Shield:
 *
 * | line | arithmetic | $ a month |
 * |---|---|---|
 * | bytes, the first 10 TB | 1,530 GB x $0.085 | 130.05 |
 * | requests, `balanced`, 12.5 a second | 3,285 x $0.01 | 32.85 |
 * | requests, `economy`, 4 a second | 1,051 x $0.01 | 10.51 |
 * | requests, `lowest`, 20 a second | 5,256 x $0.01 | 52.56 |
 * | a function on all of them, `balanced` | 32.85 x $0.10 | 3.29 |
 * | Origin Shield, a track that a regional cache follows, 6.25 a second | 1,643 x $0.0075 | 12.32 |
 *
 * Requests are counted by 10,000, functions' by a million. So requests are a quarter on top of the bytes at 5 Mbit/s, and
 * a fortieth at 50. A gigabyte becomes cheaper with their number: $0.080 for the next 40 TB, $0.060 for 100, $0.040 for
 * 350, $0.030 for 524, $0.025 for 4 PB, then $0.020. Elsewhere it costs up to $0.120. Prices of this size are agreed with
 * AWS; these are what is paid without. Real-time logs are $0.01 for a million lines, and the stream.
 */
export class StreamingCdn extends pulumi.ComponentResource {
  static readonly __pulumiType = `aws-media:index:${STREAMING_CDN}`;

  /** By the ids of the channels. */
  declare readonly channels: Readonly<Record<string, CdnChannel>>;
  /** Names that viewers see, by the distributions' numbers. */
  declare readonly domainNames: pulumi.Output<Record<string, string>>;
  /** By the distributions' numbers. */
  declare readonly distributionIds: pulumi.Output<Record<string, string>>;
  /** By the distributions' numbers; with those of staging distributions, as `1-s`. */
  declare readonly distributionArns: pulumi.Output<Record<string, string>>;
  /** What signatures name their key by (`Key-Pair-Id`), by the ids of the keys. */
  declare readonly keyPairIds: pulumi.Output<Record<string, string>>;
  /**
   * What the owners of buckets that were there already add to their policies: `store`, `videos`. A key of KMS needs
   * `kms:Decrypt` for the same principal, with the same condition.
   */
  declare readonly bucketPolicyStatements: pulumi.Output<Record<string, CdnBucketStatement>>;
  declare readonly nodes: StreamingCdnNodes;

  /** @throws pulumi.InputPropertiesError with every bad argument, before any resource exists */
  constructor(name: string, args: StreamingCdnArgs, options: StreamingCdnOptions = {}) {
    const { transform = {}, ...opts } = options;
    const owner = ownerOf(name);
    const normal = opts.urn ? undefined : normalise(owner, args, transform);
    super(StreamingCdn.__pulumiType, name, normal ? stored(normal) : {}, opts);
    if (!normal) return;

    const protect = opts.protect ?? normal.protect;
    const family: Family = { component: this, name, owner, args: normal, protect, transform };
    const shared = createShared(family);
    const distributions = createDistributions(family, shared);
    grantReads(normal, distributions);

    this.nodes = { ...shared, distributions };
    this.domainNames = each(distributions, ({ distribution }, number) =>
      hostName(normal, distribution, number),
    );
    this.distributionIds = each(distributions, ({ distribution }) => distribution.id);
    this.distributionArns = pulumi.all(arnsOf(distributions));
    this.keyPairIds = pulumi.all(
      Object.fromEntries(Object.entries(shared.publicKeys).map(([id, key]) => [id, key.id])),
    );
    this.channels = channelsOf(normal, distributions);
    this.bucketPolicyStatements = statementsOf(normal, this.distributionArns);
    this.registerOutputs({
      channels: this.channels,
      domainNames: this.domainNames,
      distributionIds: this.distributionIds,
      distributionArns: this.distributionArns,
      keyPairIds: this.keyPairIds,
      bucketPolicyStatements: this.bucketPolicyStatements,
    });
  }
}

/** What is kept of the arguments in the state: no components, and nothing that could be secret. */
const stored = ({ load, access }: NormalCdn) => ({
  channels: Object.fromEntries([...load.assigned].sort(([a], [b]) => (a < b ? -1 : 1))),
  distributions: load.distributions,
  isPublic: access.isPublic,
});

type Distributions = Readonly<Record<string, CdnDistributionNodes>>;

const createDistributions = (family: Family, shared: CdnSharedNodes): Distributions =>
  Object.fromEntries(
    Array.from({ length: family.args.load.distributions }, (_, index) => [
      String(index + 1),
      createDistribution(family, shared, index + 1),
    ]),
  );

/** The store's policies wait for the ARNs. */
function grantReads({ store: { store }, readers }: NormalCdn, distributions: Distributions): void {
  if (!store) return;
  for (const [number, { distribution, stagingDistribution }] of Object.entries(distributions)) {
    store.grantCloudFrontRead(readerId(readers, Number(number)), distribution.arn);
    if (stagingDistribution) {
      store.grantCloudFrontRead(readerId(readers, Number(number), true), stagingDistribution.arn);
    }
  }
}

const each = (
  distributions: Distributions,
  pick: (nodes: CdnDistributionNodes, number: number) => pulumi.Output<string>,
): pulumi.Output<Record<string, string>> =>
  pulumi.all(
    Object.fromEntries(
      Object.entries(distributions).map(([number, nodes]) => [number, pick(nodes, Number(number))]),
    ),
  );

const hostName = (
  { domain }: NormalCdn,
  { domainName }: CdnDistributionNodes['distribution'],
  number: number,
): pulumi.Output<string> => (domain ? pulumi.output(hostOf(domain, number)) : domainName);

const arnsOf = (distributions: Distributions): Record<string, pulumi.Output<string>> =>
  Object.fromEntries(
    Object.entries(distributions).flatMap(([number, { distribution, stagingDistribution }]) => [
      [number, distribution.arn],
      ...(stagingDistribution ? [[`${number}-s`, stagingDistribution.arn]] : []),
    ]),
  ) as Record<string, pulumi.Output<string>>;

const channelsOf = (normal: NormalCdn, distributions: Distributions): Record<string, CdnChannel> =>
  Object.fromEntries(
    [...normal.load.assigned].map(([id, number]) => {
      const host = hostName(normal, distributions[number]!.distribution, number);
      const channel = {
        distribution: number,
        url: pulumi.interpolate`https://${host}${multivariantPath(id)}`,
      };
      return [id, channel];
    }),
  );

function statementsOf(
  { store, videos }: NormalCdn,
  distributionArns: pulumi.Output<Record<string, string>>,
): pulumi.Output<Record<string, CdnBucketStatement>> {
  const buckets = [
    { id: 'store', arn: store.bucketArn, folder: 'live' },
    { id: 'videos', arn: videos?.bucket.bucketArn, folder: 'videos' },
  ].filter(({ arn }) => arn !== undefined);
  return pulumi
    .all([pulumi.all(buckets), distributionArns])
    .apply(([known, arns]) =>
      Object.fromEntries(
        known.map(({ id, arn, folder }) => [id, statement(arn!, folder, Object.values(arns).sort())]),
      ),
    );
}

const statement = (
  bucketArn: string,
  folder: string,
  distributionArns: readonly string[],
): CdnBucketStatement => ({
  Sid: 'CloudFrontReads',
  Effect: 'Allow',
  Principal: { Service: 'cloudfront.amazonaws.com' },
  Action: 's3:GetObject',
  Resource: `${bucketArn}/${folder}/*`,
  Condition: { StringEquals: { 'aws:SourceArn': distributionArns } },
});
