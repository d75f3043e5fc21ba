/** The load balancer, its listener, and the VPC origin by which CloudFront reaches it. */
import * as cloudfront from '@pulumi/aws/cloudfront';
import * as lb from '@pulumi/aws/lb';
import * as pulumi from '@pulumi/pulumi';
import { TASK_PORTS, type OriginSecurityNodes } from './security';
import { childOf, made, type Family } from './family';
import { balancerName, vpcOriginName } from './names';
import { ORIGIN_TIMES } from './times';

/** As raw resources. */
export interface OriginBalancerNodes {
  readonly loadBalancer: lb.LoadBalancer;
  readonly listener: lb.Listener;
  readonly vpcOrigin: cloudfront.VpcOrigin;
  /** By the ids of the zones. */
  readonly targetGroups: Readonly<Record<string, lb.TargetGroup>>;
  /** By the ids of the zones; none where there is one zone, to which the listener leads. */
  readonly zoneRules: Readonly<Record<string, lb.ListenerRule>>;
  /** By the ids of the channels; none where there is one zone. */
  readonly channelRules: Readonly<Record<string, lb.ListenerRule>>;
}

/** What CloudFront calls, by whether there is a certificate. */
export const balancerPort = ({ tls }: Family['args']): number => (tls ? 443 : 80);

/** Asks for a zone's tasks, whichever channel: for people in the VPC. CloudFront forwards no such header. */
export const ZONE_HEADER = 'x-origin-zone';

export function createBalancer(family: Family, security: OriginSecurityNodes): OriginBalancerNodes {
  const loadBalancer = createLoadBalancer(family, security);
  const targetGroups: Record<string, lb.TargetGroup> = {};
  for (const id of family.args.zones.keys()) targetGroups[id] = createTargetGroup(family, id);
  const listener = createListener(family, loadBalancer, targetGroups);
  const { zoneRules, channelRules } = createRules(family, listener, targetGroups);
  const vpcOrigin = createVpcOrigin(family, loadBalancer, listener);
  return { loadBalancer, listener, vpcOrigin, targetGroups, zoneRules, channelRules };
}

function createLoadBalancer(family: Family, { securityGroup }: OriginSecurityNodes): lb.LoadBalancer {
  const { args, protect } = family;
  const { child, tags } = made(family, 'balancer');
  const subnets = Object.keys(args.network.zones)
    .sort()
    .map((id) => args.network.zones[id]!.privateSubnetId);
  const balancerArgs: lb.LoadBalancerArgs = {
    name: pulumi.output(args.network.vpcId).apply((vpcId) => balancerName(child, [vpcId])),
    loadBalancerType: 'application',
    internal: true,
    ipAddressType: 'ipv4',
    securityGroups: [securityGroup.id],
    subnets,
    idleTimeout: ORIGIN_TIMES.balancerIdle,
    dropInvalidHeaderFields: true,
    desyncMitigationMode: 'defensive',
    enableDeletionProtection: protect,
    ...(args.accessLogs && { accessLogs: { enabled: true, ...args.accessLogs } }),
    tags,
  };
  return new lb.LoadBalancer(...childOf(family, 'loadBalancer', child, balancerArgs, { protect }));
}

/** Checks in a row that decide. */
const CHECKS = 2;
const CHECK_SECONDS = { interval: 10, timeout: 5 } as const;
/** Where the runtime says how it is. */
export const HEALTH_PATH = '/healthz';

function createTargetGroup(family: Family, zone: string): lb.TargetGroup {
  const { args } = family;
  const { child, tags } = made(family, `zone-${zone}`);
  const port = TASK_PORTS.media;
  const groupArgs: lb.TargetGroupArgs = {
    name: pulumi.output(args.network.vpcId).apply((vpcId) => balancerName(child, [port, vpcId])),
    vpcId: args.network.vpcId,
    targetType: 'ip',
    ...{ protocol: 'HTTP', protocolVersion: 'HTTP1', port },
    // Requests are held for different times: by turns, one task could hold most of them.
    loadBalancingAlgorithmType: 'least_outstanding_requests',
    // The zone's tasks are reached from the load balancer's nodes in all zones.
    loadBalancingCrossZoneEnabled: 'true',
    deregistrationDelay: args.deregistrationSeconds,
    healthCheck: {
      protocol: 'HTTP',
      port: String(TASK_PORTS.health),
      path: HEALTH_PATH,
      matcher: '200',
      ...{ ...CHECK_SECONDS, healthyThreshold: CHECKS, unhealthyThreshold: CHECKS },
    },
    tags,
  };
  return new lb.TargetGroup(...childOf(family, 'targetGroup', child, groupArgs));
}

const forward = ({ arn }: lb.TargetGroup) => ({ type: 'forward', targetGroupArn: arn });

function createListener(
  family: Family,
  loadBalancer: lb.LoadBalancer,
  targetGroups: Readonly<Record<string, lb.TargetGroup>>,
): lb.Listener {
  const { args } = family;
  const { child, tags } = made(family, 'listener');
  const [only, ...more] = Object.values(targetGroups);
  const listenerArgs: lb.ListenerArgs = {
    loadBalancerArn: loadBalancer.arn,
    port: balancerPort(args),
    ...(args.tls
      ? {
          protocol: 'HTTPS',
          certificateArn: args.tls.certificateArn,
          sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        }
      : { protocol: 'HTTP' }),
    defaultActions: [
      more.length === 0
        ? forward(only!)
        : {
            type: 'fixed-response',
            fixedResponse: {
              ...{ contentType: 'text/plain', statusCode: '404' },
              messageBody: 'no zone has this channel',
            },
          },
    ],
    tags,
  };
  return new lb.Listener(...childOf(family, 'listener', child, listenerArgs));
}

/** Their order does not matter, as no request fits two of one kind: AWS gives them their priorities. */
function createRules(
  family: Family,
  { arn: listenerArn }: lb.Listener,
  targetGroups: Readonly<Record<string, lb.TargetGroup>>,
): Pick<OriginBalancerNodes, 'zoneRules' | 'channelRules'> {
  const { zones, channels } = family.args;
  const rule = (suffix: string, zone: string, conditions: lb.ListenerRuleArgs['conditions']) => {
    const { child, tags } = made(family, suffix);
    const ruleArgs: lb.ListenerRuleArgs = {
      listenerArn,
      conditions,
      actions: [forward(targetGroups[zone]!)],
      tags,
    };
    return new lb.ListenerRule(...childOf(family, 'listenerRule', child, ruleArgs));
  };
  if (zones.size === 1) return { zoneRules: {}, channelRules: {} };
  // Without a rule a zone that has no channel would have a target group of no load balancer, which ECS refuses.
  const zoneRules = [...zones.keys()].map((id) => [
    id,
    rule(`zone-${id}-rule`, id, [{ httpHeader: { httpHeaderName: ZONE_HEADER, values: [id] } }]),
  ]);
  const channelRules = [...channels].map(([id, zone]) => [
    id,
    rule(`channel-${id}-rule`, zone, [{ pathPattern: { values: [`/live/${id}/*`] } }]),
  ]);
  return {
    zoneRules: Object.fromEntries(zoneRules) as Record<string, lb.ListenerRule>,
    channelRules: Object.fromEntries(channelRules) as Record<string, lb.ListenerRule>,
  };
}

function createVpcOrigin(
  family: Family,
  loadBalancer: lb.LoadBalancer,
  listener: lb.Listener,
): cloudfront.VpcOrigin {
  const { args } = family;
  const { child, tags } = made(family, 'vpc-origin');
  const originArgs: cloudfront.VpcOriginArgs = {
    vpcOriginEndpointConfig: {
      name: loadBalancer.arn.apply((arn) => vpcOriginName(child, [arn, args.tls !== undefined])),
      arn: loadBalancer.arn,
      // Both must be given; the policy says which is used.
      ...{ httpPort: 80, httpsPort: 443 },
      originProtocolPolicy: args.tls ? 'https-only' : 'http-only',
      originSslProtocols: { items: ['TLSv1.2'], quantity: 1 },
    },
    tags,
  };
  return new cloudfront.VpcOrigin(
    ...childOf(family, 'vpcOrigin', child, originArgs, {
      dependsOn: [listener],
      // CloudFront changes none that a distribution has: a new one is made, the distribution moves, the old one goes.
      replaceOnChanges: ['vpcOriginEndpointConfig'],
    }),
  );
}
