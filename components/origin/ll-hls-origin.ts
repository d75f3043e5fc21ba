import type * as cloudwatch from '@pulumi/aws/cloudwatch';
import type * as vpc from '@pulumi/aws/vpc';
import * as pulumi from '@pulumi/pulumi';
import { BALANCER_ALARM } from './alarms';
import type { LlHlsOriginArgs, LlHlsOriginOptions } from './args';
import { balancerPort, createBalancer, type OriginBalancerNodes } from './balancer';
import { createBase, type OriginBaseNodes } from './base';
import type { Family } from './family';
import type { LiveOrigin } from './live-origin';
import { LL_HLS_ORIGIN } from './names';
import { normalise, type NormalOrigin } from './normalise';
import { admitCloudFront, createSecurity, type OriginSecurityNodes } from './security';
import { createZone, type OriginZoneNodes } from './service';
import { ORIGIN_TIMES } from './times';
import { createAlarms } from './watch';

/** The raw resources. */
export interface LlHlsOriginNodes extends OriginBaseNodes, OriginSecurityNodes, OriginBalancerNodes {
  /** What lets CloudFront in. */
  readonly cloudFrontRule: vpc.SecurityGroupIngressRule;
  /** By the ids of the zones. */
  readonly zones: Readonly<Record<string, OriginZoneNodes>>;
  /** Of the load balancer, by the sections of the runbook. Empty without alarms. */
  readonly alarms: Readonly<Record<string, cloudwatch.MetricAlarm>>;
}

/**
 * The LL-HLS origin: for each zone with a live edge a service of ECS on Fargate, which reads that zone's store and holds
 * requests until what they ask for is there; one internal load balancer before all of them; and a VPC origin, by which
 * CloudFront reaches it, and nobody else.
 *
 * A task holds nothing that it cannot read again, so any may go at any time. One that leaves gets no new requests, ends
 * those that it holds, and is only then told to end.
 *
 * ### Cost
 * us-east-1, list prices: Fargate of 2025-07 (arm64 assumed), load balancer and alarms of 2024-07, metrics assumed; months
 * of 730 h. Whether anybody watches makes no difference to these lines. One zone, everything by default:
 *
 * | line | arithmetic | $ a month |
 * |---|---|---|
 * | CPU of two tasks | 1,460 h x $0.04048 | 59.10 |
 * | their memory, 2 GB each | 2,920 GB-h x $0.004445 | 12.98 |
 * | load balancer | 730 h x $0.0225 | 16.43 |
 * | alarms | 6 x $0.10 | 0.60 |
 * | metrics | 3 x $0.30 | 0.90 |
 *
 * That is $90.01. With `architecture: 'arm64'` two tasks are $57.67 in place of $72.08. Two zones cost the same tasks (one
 * each), five more alarms and three more metrics: $1.40 more. The load balancer also asks $0.008 for each capacity unit,
 * which is 1 GB an hour here: a channel of the reference ladder (74.66 Mbit/s in all) that is fetched once is 31.3 of them,
 * $182.71 a month. Origin Shield is what makes that once. `alarms: false` saves the alarms; `containerInsights` adds
 * metrics at $0.30 each. Logs are $0.50 a GB.
 */
export class LlHlsOrigin extends pulumi.ComponentResource implements LiveOrigin {
  static readonly __pulumiType = `aws-media:index:${LL_HLS_ORIGIN}`;

  declare readonly vpcOriginId: pulumi.Output<string>;
  /** For the distribution's origin: the load balancer's, or that of `tls`. */
  declare readonly domainName: pulumi.Output<string>;
  declare readonly readTimeoutSeconds: number;
  declare readonly keepaliveTimeoutSeconds: number;
  /** Of the load balancer. */
  declare readonly securityGroupId: pulumi.Output<string>;
  declare readonly loadBalancerArn: pulumi.Output<string>;
  declare readonly loadBalancerDomainName: pulumi.Output<string>;
  declare readonly clusterName: pulumi.Output<string>;
  /** Names of the services, by the ids of the zones. */
  declare readonly serviceNames: pulumi.Output<Record<string, string>>;
  /** Names of the tasks' roles, by the ids of the zones. */
  declare readonly taskRoleNames: pulumi.Output<Record<string, string>>;
  /** Names of the logs, by the ids of the zones. */
  declare readonly logGroupNames: pulumi.Output<Record<string, string>>;
  declare readonly nodes: LlHlsOriginNodes;

  /** @throws pulumi.InputPropertiesError with every bad argument, before any resource exists */
  constructor(name: string, args: LlHlsOriginArgs, options: LlHlsOriginOptions = {}) {
    const { transform = {}, ...opts } = options;
    const owner = `${LL_HLS_ORIGIN} ${JSON.stringify(name)}`;
    const normal = opts.urn ? undefined : normalise(owner, args, transform);
    super(LlHlsOrigin.__pulumiType, name, normal ? stored(normal) : {}, opts);
    if (!normal) return;

    const protect = opts.protect ?? normal.protection.protect;
    const family: Family = { component: this, name, owner, args: normal, protect, transform };
    const base = createBase(family);
    const security = createSecurity(family);
    const balancer = createBalancer(family, security);
    const { loadBalancer, vpcOrigin } = balancer;
    const cloudFrontRule = admitCloudFront(family, security, vpcOrigin, balancerPort(normal));
    const zones: Record<string, OriginZoneNodes> = {};
    for (const [id, zone] of normal.zones) zones[id] = createZone(family, zone, { base, balancer, security });
    const alarms = createAlarms(family, [BALANCER_ALARM], {
      child: 'alarm',
      of: `Load balancer of ${name}`,
      dimensions: { loadBalancer: { LoadBalancer: loadBalancer.arnSuffix } },
    });

    this.nodes = { ...base, ...security, ...balancer, cloudFrontRule, zones, alarms };
    this.vpcOriginId = vpcOrigin.id;
    this.domainName = pulumi.output(normal.tls?.domainName ?? loadBalancer.dnsName);
    this.readTimeoutSeconds = ORIGIN_TIMES.readTimeout;
    this.keepaliveTimeoutSeconds = ORIGIN_TIMES.keepalive;
    this.securityGroupId = security.securityGroup.id;
    this.loadBalancerArn = loadBalancer.arn;
    this.loadBalancerDomainName = loadBalancer.dnsName;
    this.clusterName = base.cluster.name;
    this.serviceNames = eachZone(zones, ({ service }) => service.name);
    this.taskRoleNames = eachZone(zones, ({ taskRole }) => taskRole.name);
    this.logGroupNames = eachZone(zones, ({ logGroup }) => logGroup.name);
    this.registerOutputs({
      vpcOriginId: this.vpcOriginId,
      domainName: this.domainName,
      readTimeoutSeconds: this.readTimeoutSeconds,
      keepaliveTimeoutSeconds: this.keepaliveTimeoutSeconds,
      securityGroupId: this.securityGroupId,
      loadBalancerArn: this.loadBalancerArn,
      loadBalancerDomainName: this.loadBalancerDomainName,
      clusterName: this.clusterName,
      serviceNames: this.serviceNames,
      taskRoleNames: this.taskRoleNames,
      logGroupNames: this.logGroupNames,
    });
  }
}

/** What is kept of the arguments in the state: no components, and nothing that could be secret. */
const stored = ({ zones, channels, architecture }: NormalOrigin) => ({
  zones: [...zones.keys()],
  channels: Object.fromEntries(channels),
  architecture,
});

const eachZone = (
  zones: Readonly<Record<string, OriginZoneNodes>>,
  pick: (nodes: OriginZoneNodes) => pulumi.Output<string>,
): pulumi.Output<Record<string, string>> =>
  pulumi.all(Object.fromEntries(Object.entries(zones).map(([id, nodes]) => [id, pick(nodes)])));
