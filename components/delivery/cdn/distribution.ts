/** What each distribution of a CDN has of its own. */
import * as acm from '@pulumi/aws/acm';
import * as cloudfront from '@pulumi/aws/cloudfront';
import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as route53 from '@pulumi/aws/route53';
import * as pulumi from '@pulumi/pulumi';
import { createAlarms } from './alarms';
import { defaultBehavior, orderedBehaviors, originGroups, originsOf, type CommonArgs } from './behaviors';
import type { CdnDomainArgs } from './args';
import { ERROR_CODES } from './caching';
import { GLOBAL_REGION, cdnName, childOf, tagged, type Family } from './family';
import type { CdnSharedNodes } from './shared';

/** A distribution, and what belongs to it. */
export interface CdnDistributionNodes {
  readonly distribution: cloudfront.Distribution;
  /** Absent without `stagedDeployment`, as its policy. */
  readonly stagingDistribution?: cloudfront.Distribution;
  readonly continuousDeploymentPolicy?: cloudfront.ContinuousDeploymentPolicy;
  /** Absent without a domain, or where its certificate was there already. */
  readonly certificate?: acm.Certificate;
  /** Addresses, IPv4 and IPv6; empty without a domain. */
  readonly records: readonly route53.Record[];
  /** Absent without `logs`. */
  readonly logDelivery?: cloudwatch.LogDelivery;
  /** Absent without `additionalMetrics`. */
  readonly monitoringSubscription?: cloudfront.MonitoringSubscription;
  /** By the sections of the runbook; empty without alarms. */
  readonly alarms: Readonly<Record<string, cloudwatch.MetricAlarm>>;
}

/** The name that viewers see. */
export const hostOf = ({ name }: CdnDomainArgs, number: number): string =>
  number === 1 ? name : `${number}.${name}`;

/** Tag of a distribution that says what is watched without a signature, so that policies can tell choice from accident. */
const ACCESS_TAG = 'media-access';
/** Of a tag's value. */
const MAX_VALUE = 256;

/** `public`, or the beginnings of the public channels' paths; nothing where everything is signed. */
function accessTag({ args }: Family): Record<string, string> {
  if (args.access.isPublic) return { [ACCESS_TAG]: 'public' };
  const open = args.routes.flatMap(({ isPublic, pattern }) =>
    isPublic ? (/^\/live\/[^/*]+\//.exec(pattern) ?? []) : [],
  );
  const value = [...new Set(open)].join(' ');
  return value === '' || value.length > MAX_VALUE ? {} : { [ACCESS_TAG]: value };
}

export function createDistribution(
  family: Family,
  shared: CdnSharedNodes,
  number: number,
): CdnDistributionNodes {
  const { args, name } = family;
  const own = `${name}-${number}`;
  const host = args.domain && hostOf(args.domain, number);
  const proof = args.domain && host ? createCertificate(family, own, host, args.domain) : undefined;
  const common = commonArgs(family, shared, proof?.certificateArn);
  const staged = createStaging(family, own, common);
  const distributionArgs: cloudfront.DistributionArgs = {
    ...common,
    comment: `${name}, ${number} of ${args.load.distributions}`.slice(0, 128),
    ...(host && { aliases: [host] }),
    ...(staged && { continuousDeploymentPolicyId: staged.continuousDeploymentPolicy.id }),
    tags: { ...accessTag(family), ...tagged(family, own) },
  };
  const distribution = new cloudfront.Distribution(
    ...childOf(family, 'distribution', own, distributionArgs, { protect: family.protect }),
  );
  const monitoringSubscription = args.additionalMetrics
    ? createMetrics(family, own, distribution)
    : undefined;
  const logDelivery = createLogs(family, shared, own, distribution);
  return {
    distribution,
    ...staged,
    ...(proof?.certificate && { certificate: proof.certificate }),
    records: args.domain && host ? createRecords(family, own, host, args.domain, distribution) : [],
    ...(logDelivery && { logDelivery }),
    ...(monitoringSubscription && { monitoringSubscription }),
    alarms: createAlarms(family, own, distribution),
  };
}

function commonArgs(
  family: Family,
  shared: CdnSharedNodes,
  certificateArn: pulumi.Input<string> | undefined,
): CommonArgs {
  const { args } = family;
  const { restrictionType, locations } = args.geo;
  return {
    enabled: true,
    isIpv6Enabled: true,
    httpVersion: args.http3 ? 'http2and3' : 'http2',
    priceClass: args.priceClass,
    origins: originsOf(family, shared),
    originGroups: originGroups(),
    orderedCacheBehaviors: orderedBehaviors(family, shared),
    defaultCacheBehavior: defaultBehavior(family, shared),
    customErrorResponses: ERROR_CODES.map((errorCode) => ({
      errorCode,
      errorCachingMinTtl: args.errorCachingSeconds ?? (errorCode < 500 ? 0 : 1),
    })),
    restrictions: { geoRestriction: { restrictionType, locations: [...locations] } },
    viewerCertificate:
      certificateArn === undefined
        ? { cloudfrontDefaultCertificate: true }
        : {
            acmCertificateArn: certificateArn,
            sslSupportMethod: 'sni-only',
            minimumProtocolVersion: 'TLSv1.2_2021',
          },
    ...(args.webAclArn !== undefined && { webAclId: args.webAclArn }),
  };
}

/** The same, but for what `transform.stagingDistribution` changes: that is what is tried. */
function createStaging(
  family: Family,
  own: string,
  common: CommonArgs,
): Required<Pick<CdnDistributionNodes, 'stagingDistribution' | 'continuousDeploymentPolicy'>> | undefined {
  const { staged } = family.args;
  if (!staged) return undefined;
  const stagingName = `${own}-staging`;
  const args: cloudfront.DistributionArgs = {
    ...common,
    comment: `${own}, to try changes`.slice(0, 128),
    staging: true,
    tags: { ...accessTag(family), ...tagged(family, stagingName) },
  };
  const [, changed, opts] = childOf(family, 'distribution', stagingName, args);
  const stagingDistribution = new cloudfront.Distribution(
    ...childOf(family, 'stagingDistribution', stagingName, changed, opts),
  );
  const policyArgs: cloudfront.ContinuousDeploymentPolicyArgs = {
    enabled: true,
    stagingDistributionDnsNames: { items: [stagingDistribution.domainName], quantity: 1 },
    trafficConfig:
      'header' in staged
        ? {
            type: 'SingleHeader',
            singleHeaderConfig: { header: staged.header.name, value: staged.header.value },
          }
        : {
            type: 'SingleWeight',
            singleWeightConfig: {
              weight: staged.weight,
              // A viewer stays on one side: playlists of two distributions must not alternate.
              sessionStickinessConfig: { idleTtl: 300, maximumTtl: 3600 },
            },
          },
  };
  const policyName = `${own}-deployment`;
  return {
    stagingDistribution,
    continuousDeploymentPolicy: new cloudfront.ContinuousDeploymentPolicy(
      ...childOf(family, 'continuousDeploymentPolicy', policyName, policyArgs),
    ),
  };
}

/** CloudFront takes certificates from us-east-1 alone. */
function createCertificate(
  family: Family,
  own: string,
  host: string,
  { zoneId, certificateArn }: CdnDomainArgs,
): { readonly certificateArn: pulumi.Input<string>; readonly certificate?: acm.Certificate } {
  if (certificateArn !== undefined) return { certificateArn };
  const certificateName = `${own}-certificate`;
  const certificate = new acm.Certificate(
    ...childOf(family, 'certificate', certificateName, {
      region: GLOBAL_REGION,
      domainName: host,
      validationMethod: 'DNS',
      tags: tagged(family, certificateName),
    }),
  );
  const option = certificate.domainValidationOptions[0]!;
  const record = new route53.Record(
    ...childOf(family, 'record', `${own}-proof`, {
      zoneId,
      name: option.resourceRecordName,
      type: option.resourceRecordType,
      records: [option.resourceRecordValue],
      ttl: 300,
      allowOverwrite: true,
    }),
  );
  const validation = new acm.CertificateValidation(
    ...childOf(family, 'certificateValidation', `${own}-validation`, {
      region: GLOBAL_REGION,
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    }),
  );
  return { certificateArn: validation.certificateArn, certificate };
}

function createRecords(
  family: Family,
  own: string,
  host: string,
  { zoneId }: CdnDomainArgs,
  { domainName, hostedZoneId }: cloudfront.Distribution,
): route53.Record[] {
  return ['A', 'AAAA'].map((type) => {
    const args: route53.RecordArgs = {
      ...{ zoneId, name: host, type },
      aliases: [{ name: domainName, zoneId: hostedZoneId, evaluateTargetHealth: false }],
    };
    return new route53.Record(...childOf(family, 'record', `${own}-${type.toLowerCase()}`, args));
  });
}

function createLogs(
  family: Family,
  { logDestination }: CdnSharedNodes,
  own: string,
  { arn }: cloudfront.Distribution,
): cloudwatch.LogDelivery | undefined {
  const { logs } = family.args;
  if (!logs || !logDestination) return undefined;
  const sourceName = `${own}-log-source`;
  const sourceArgs: cloudwatch.LogDeliverySourceArgs = {
    region: GLOBAL_REGION,
    name: cdnName(sourceName),
    logType: 'ACCESS_LOGS',
    resourceArn: arn,
    tags: tagged(family, sourceName),
  };
  const source = new cloudwatch.LogDeliverySource(...childOf(family, 'logSource', sourceName, sourceArgs));
  const deliveryName = `${own}-log-delivery`;
  const isBucket = pulumi.output(logs.destinationArn).apply((destination) => destination.includes(':s3:::'));
  const args: cloudwatch.LogDeliveryArgs = {
    region: GLOBAL_REGION,
    deliverySourceName: source.name,
    deliveryDestinationArn: logDestination.arn,
    recordFields: [...logs.fields],
    s3DeliveryConfigurations: isBucket.apply((yes) =>
      yes ? [{ suffixPath: logs.suffixPath, enableHiveCompatiblePath: false }] : [],
    ),
    tags: tagged(family, deliveryName),
  };
  return new cloudwatch.LogDelivery(...childOf(family, 'logDelivery', deliveryName, args));
}

function createMetrics(
  family: Family,
  own: string,
  { id }: cloudfront.Distribution,
): cloudfront.MonitoringSubscription {
  const args: cloudfront.MonitoringSubscriptionArgs = {
    distributionId: id,
    monitoringSubscription: {
      realtimeMetricsSubscriptionConfig: { realtimeMetricsSubscriptionStatus: 'Enabled' },
    },
  };
  return new cloudfront.MonitoringSubscription(
    ...childOf(family, 'monitoringSubscription', `${own}-metrics`, args),
  );
}
