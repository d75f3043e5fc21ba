/** What an ingest consists of, one function a group of children. */
import * as ec2 from '@pulumi/aws/ec2';
import * as globalaccelerator from '@pulumi/aws/globalaccelerator';
import * as lb from '@pulumi/aws/lb';
import * as secretsmanager from '@pulumi/aws/secretsmanager';
import * as vpc from '@pulumi/aws/vpc';
import * as pulumi from '@pulumi/pulumi';
import { tagsFor, transformed, type NameContext } from '../kit';
import { IngestHealthProtocol, SrtEntry, type SrtIngestTransforms } from './args';
import { ingestName } from './names';
import type { NormalArgs, NormalZone } from './normalise';
import type { NormalChannel } from './normal-channels';
import { isPrefixList } from './sources';

/** What all children of an ingest share. */
export interface Family {
  readonly component: pulumi.ComponentResource;
  readonly name: string;
  readonly names: Omit<NameContext, 'name'>;
  readonly args: NormalArgs;
  readonly protect: boolean;
  readonly transform: SrtIngestTransforms;
}

/** A zone's load balancer, and what lets it reach the instances. */
export interface ZoneNodes {
  readonly loadBalancer: lb.LoadBalancer;
  /** Of the load balancer. */
  readonly securityGroup: ec2.SecurityGroup;
  readonly egressRules: readonly vpc.SecurityGroupEgressRule[];
  readonly ingressRules: readonly vpc.SecurityGroupIngressRule[];
  /** Absent without an accelerator, as the endpoint group. */
  readonly acceleratorListener?: globalaccelerator.Listener;
  readonly endpointGroup?: globalaccelerator.EndpointGroup;
}

/** What a channel has of its own. */
export interface ChannelNodes {
  readonly targetGroup: lb.TargetGroup;
  readonly listener: lb.Listener;
  /** By the ids of the sources. */
  readonly sourceRules: Readonly<Record<string, vpc.SecurityGroupIngressRule>>;
  /** Absent where the channel is not encrypted, or its secret was there already. */
  readonly secret?: secretsmanager.Secret;
}

/** Checks in a row that decide. */
const CHECKS = 2;
/** Not longer than the shortest interval. */
const CHECK_TIMEOUT_SECONDS = 5;
const HEALTH_PATH = '/healthz';
const RECOVERY_DAYS = 30;

const tagged = (family: Family, name: string): Record<string, pulumi.Input<string>> =>
  tagsFor('SrtIngest', name, family.args.tags);

const child = ({ component }: Family): pulumi.CustomResourceOptions => ({ parent: component });

/** What others know by its address, or what a person put into it. */
const lasting = ({ component, protect }: Family): pulumi.CustomResourceOptions => ({
  parent: component,
  protect,
});

/** Of the instances: only the load balancers reach the ports of the channels. */
export function createTargetSecurityGroup(family: Family): ec2.SecurityGroup {
  const { name, transform } = family;
  const own = `${name}-targets`;
  const args = securityGroupArgs(family, own, 'Instances of SRT encoders');
  return new ec2.SecurityGroup(...transformed(transform.targetSecurityGroup, own, args, child(family)));
}

/** Without rules of its own, in or out: each is a resource, so that none of them stands in another's way. */
function securityGroupArgs(family: Family, own: string, description: string): ec2.SecurityGroupArgs {
  const { names, args } = family;
  const type = 'aws:ec2/securityGroup:SecurityGroup';
  return {
    name: pulumi.output(args.network.vpcId).apply((id) => ingestName(type, { ...names, name: own }, [id])),
    description,
    vpcId: args.network.vpcId,
    tags: tagged(family, own),
  };
}

export function createAccelerator(family: Family): globalaccelerator.Accelerator {
  const { name, names, args, transform } = family;
  const own = `${name}-accelerator`;
  const { flowLogs } = args;
  const acceleratorArgs: globalaccelerator.AcceleratorArgs = {
    name: ingestName('aws:globalaccelerator/accelerator:Accelerator', { ...names, name: own }),
    enabled: true,
    ipAddressType: 'IPV4',
    ...(flowLogs && {
      attributes: {
        flowLogsEnabled: true,
        flowLogsS3Bucket: flowLogs.bucket,
        flowLogsS3Prefix: flowLogs.prefix!,
      },
    }),
    tags: tagged(family, own),
  };
  return new globalaccelerator.Accelerator(
    ...transformed(transform.accelerator, own, acceleratorArgs, lasting(family)),
  );
}

/** @param id of the zone */
export function createZone(
  family: Family,
  id: string,
  zone: NormalZone,
  targets: ec2.SecurityGroup,
  accelerator: globalaccelerator.Accelerator | undefined,
): ZoneNodes {
  const { name, transform } = family;
  const own = `${name}-zone-${id}`;
  const groupArgs = securityGroupArgs(family, `${own}-group`, `SRT load balancer of ${id}`);
  const securityGroup = new ec2.SecurityGroup(
    ...transformed(transform.securityGroup, `${own}-group`, groupArgs, child(family)),
  );
  const paths = [
    { what: 'media', ipProtocol: 'udp' },
    { what: 'health', ipProtocol: 'tcp' },
  ].map(({ what, ipProtocol }) => {
    const ports = { ipProtocol, fromPort: zone.ports.from, toPort: zone.ports.to };
    const egress: vpc.SecurityGroupEgressRuleArgs = {
      ...{ securityGroupId: securityGroup.id, referencedSecurityGroupId: targets.id, ...ports },
      description: `To the instances, ${what}`,
      tags: tagged(family, `${own}-${what}-out`),
    };
    const ingress: vpc.SecurityGroupIngressRuleArgs = {
      ...{ securityGroupId: targets.id, referencedSecurityGroupId: securityGroup.id, ...ports },
      description: `From the load balancer of ${id}, ${what}`,
      tags: tagged(family, `${own}-${what}-in`),
    };
    return {
      egress: new vpc.SecurityGroupEgressRule(
        ...transformed(transform.egressRule, `${own}-${what}-out`, egress, child(family)),
      ),
      ingress: new vpc.SecurityGroupIngressRule(
        ...transformed(transform.ingressRule, `${own}-${what}-in`, ingress, child(family)),
      ),
    };
  });
  const loadBalancer = createLoadBalancer(family, id, zone, securityGroup);
  return {
    loadBalancer,
    securityGroup,
    egressRules: paths.map(({ egress }) => egress),
    ingressRules: paths.map(({ ingress }) => ingress),
    ...(accelerator && createEndpoint(family, own, zone, accelerator, loadBalancer)),
  };
}

/** Its security group is there from the start: one that is made without can never get one. */
function createLoadBalancer(
  family: Family,
  id: string,
  { allocationId }: NormalZone,
  securityGroup: ec2.SecurityGroup,
): lb.LoadBalancer {
  const { name, names, args, protect, transform } = family;
  const own = `${name}-zone-${id}`;
  const isInternal = args.entry !== SrtEntry.Internet;
  const { publicSubnetId, privateSubnetId } = args.network.zones[id]!;
  const subnetId = isInternal ? privateSubnetId : publicSubnetId!;
  const type = 'aws:lb/loadBalancer:LoadBalancer';
  const balancerArgs: lb.LoadBalancerArgs = {
    name: pulumi
      .all([subnetId, allocationId ?? ''])
      .apply((fixed) => ingestName(type, { ...names, name: own }, [isInternal, ...fixed])),
    loadBalancerType: 'network',
    internal: isInternal,
    ipAddressType: 'ipv4',
    securityGroups: [securityGroup.id],
    ...(allocationId === undefined
      ? { subnets: [subnetId] }
      : { subnetMappings: [{ subnetId, allocationId }] }),
    enableCrossZoneLoadBalancing: false,
    enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'on',
    enableDeletionProtection: protect,
    tags: tagged(family, own),
  };
  return new lb.LoadBalancer(...transformed(transform.loadBalancer, own, balancerArgs, lasting(family)));
}

/** A listener for the ports of the zone alone, so that each port leads to one zone. */
function createEndpoint(
  family: Family,
  own: string,
  { ports }: NormalZone,
  accelerator: globalaccelerator.Accelerator,
  loadBalancer: lb.LoadBalancer,
): Required<Pick<ZoneNodes, 'acceleratorListener' | 'endpointGroup'>> {
  const { transform } = family;
  const listenerArgs: globalaccelerator.ListenerArgs = {
    acceleratorArn: accelerator.arn,
    protocol: 'UDP',
    portRanges: [{ fromPort: ports.from, toPort: ports.to }],
    clientAffinity: 'NONE',
  };
  const acceleratorListener = new globalaccelerator.Listener(
    ...transformed(transform.acceleratorListener, `${own}-listener`, listenerArgs, child(family)),
  );
  const endpointArgs: globalaccelerator.EndpointGroupArgs = {
    listenerArn: acceleratorListener.arn,
    endpointConfigurations: [
      { endpointId: loadBalancer.arn, clientIpPreservationEnabled: true, weight: 128 },
    ],
  };
  const endpointGroup = new globalaccelerator.EndpointGroup(
    ...transformed(transform.endpointGroup, `${own}-endpoint`, endpointArgs, child(family)),
  );
  return { acceleratorListener, endpointGroup };
}

/** @param id of the channel */
export function createChannel(
  family: Family,
  id: string,
  channel: NormalChannel,
  zone: ZoneNodes,
): ChannelNodes {
  const { name, args, transform } = family;
  const own = `${name}-channel-${id}`;
  const targetGroup = createTargetGroup(family, own, channel);
  const listenerArgs: lb.ListenerArgs = {
    loadBalancerArn: zone.loadBalancer.arn,
    protocol: 'UDP',
    port: channel.port,
    defaultActions: [{ type: 'forward', targetGroupArn: targetGroup.arn }],
    tags: tagged(family, `${own}-listener`),
  };
  const listener = new lb.Listener(
    ...transformed(transform.listener, `${own}-listener`, listenerArgs, child(family)),
  );
  const sourceRules: Record<string, vpc.SecurityGroupIngressRule> = {};
  for (const source of channel.sources) {
    // An underscore is in no id, so no two channels and sources make one name.
    const ruleName = `${own}_${source}`;
    const ruleArgs: vpc.SecurityGroupIngressRuleArgs = {
      securityGroupId: zone.securityGroup.id,
      ipProtocol: 'udp',
      fromPort: channel.port,
      toPort: channel.port,
      ...peer(args.sources.get(source)!),
      description: `SRT of ${id} from ${source}`,
      tags: tagged(family, ruleName),
    };
    sourceRules[source] = new vpc.SecurityGroupIngressRule(
      ...transformed(transform.sourceRule, ruleName, ruleArgs, child(family)),
    );
  }
  const secret = channel.passphrase === 'new' ? createSecret(family, own, id) : undefined;
  return { targetGroup, listener, sourceRules, ...(secret && { secret }) };
}

/** A range or a prefix list, which may be known later. */
function peer(
  source: pulumi.Input<string>,
): Pick<vpc.SecurityGroupIngressRuleArgs, 'cidrIpv4' | 'prefixListId'> {
  if (typeof source === 'string')
    return isPrefixList(source) ? { prefixListId: source } : { cidrIpv4: source };
  const text = pulumi.output(source);
  return {
    cidrIpv4: text.apply((value) => (isPrefixList(value) ? undefined : value)),
    prefixListId: text.apply((value) => (isPrefixList(value) ? value : undefined)),
  };
}

/** Targets are instances: their tasks have the host's network, so that ports are fixed and callers' addresses stay. */
function createTargetGroup(family: Family, own: string, { port, healthPort }: NormalChannel): lb.TargetGroup {
  const { names, args, transform } = family;
  const { protocol, intervalSeconds } = args.healthCheck;
  const type = 'aws:lb/targetGroup:TargetGroup';
  const groupArgs: lb.TargetGroupArgs = {
    name: pulumi
      .output(args.network.vpcId)
      .apply((vpcId) => ingestName(type, { ...names, name: own }, [port, vpcId])),
    vpcId: args.network.vpcId,
    targetType: 'instance',
    protocol: 'UDP',
    port,
    preserveClientIp: 'true',
    connectionTermination: true,
    deregistrationDelay: args.deregistrationSeconds,
    healthCheck: {
      protocol: protocol === IngestHealthProtocol.Http ? 'HTTP' : 'TCP',
      port: String(healthPort),
      ...(protocol === IngestHealthProtocol.Http && { path: HEALTH_PATH, matcher: '200' }),
      interval: intervalSeconds,
      timeout: CHECK_TIMEOUT_SECONDS,
      healthyThreshold: CHECKS,
      unhealthyThreshold: CHECKS,
    },
    tags: tagged(family, own),
  };
  return new lb.TargetGroup(...transformed(transform.targetGroup, own, groupArgs, child(family)));
}

/**
 * Without a value: that would be in the state. A person puts it in. Pulumi names it, anew for each: a name stays taken
 * until the recovery window of a deleted secret is over.
 */
function createSecret(family: Family, own: string, id: string): secretsmanager.Secret {
  const { args, transform } = family;
  const secretName = `${own}-passphrase`;
  const secretArgs: secretsmanager.SecretArgs = {
    description: `SRT passphrase of ${id}: one line, or two while it is rotated`,
    ...(args.keyArn !== undefined && { kmsKeyId: args.keyArn }),
    recoveryWindowInDays: args.protection.forceDestroy ? 0 : RECOVERY_DAYS,
    tags: tagged(family, secretName),
  };
  return new secretsmanager.Secret(...transformed(transform.secret, secretName, secretArgs, lasting(family)));
}
