import { list, text, type Reader } from './reader';
import { QUOTAS, type QuotaData } from './quota-data';
import type { GraphResource } from '../graph/types';
import type { Plan, Quota } from './types';

const BALANCER = 'aws:lb/loadBalancer:LoadBalancer';
const VPC = 'aws:ec2/vpc:Vpc';
const GROUP = 'aws:ec2/securityGroup:SecurityGroup';
const ACCELERATOR = 'aws:globalaccelerator/accelerator:Accelerator';
const CLUSTER = 'aws:ecs/cluster:Cluster';

/** What of AWS's quotas this stack takes; those of which it takes nothing are left out. The most used comes first. */
export function quotasOf(reader: Reader, capacity: Plan['capacity']): Quota[] {
  const all = [...instances(capacity), ...countedTypes(reader), ...mostOfOne(reader)].filter(
    ({ needed }) => needed > 0,
  );
  const use = ({ needed, default: value }: Quota) => needed / Math.max(value, 0.5);
  return all.sort((a, b) => use(b) - use(a) || (a.name < b.name ? -1 : 1));
}

function verdict(data: QuotaData, needed: number, of: string | null = null): Quota {
  const { value, ...about } = data;
  const service = encodeURIComponent(data.service);
  return {
    ...about,
    ...{ needed, default: value, verdict: needed > value ? 'raise' : 'ok', of },
    where:
      data.code === null
        ? `Service Quotas, ${data.service}, "${data.name}"`
        : `aws service-quotas request-service-quota-increase --service-code ${CODES[data.service] ?? service} --quota-code ${data.code} --desired-value ${needed}`,
  };
}

const CODES: Readonly<Record<string, string>> = {
  ...{ EC2: 'ec2', Fargate: 'fargate', VPC: 'vpc', ELB: 'elasticloadbalancing', IAM: 'iam' },
};

/** vCPUs of GPU instances that hold all tasks at once, and of Fargate at the most that scaling allows. */
function instances({ pools, fargate }: Plan['capacity']): Quota[] {
  const vcpus = (isSpot: boolean) =>
    pools
      .filter(({ instanceTypes, purchase }) => instanceTypes.every(isG) && (purchase === 'spot') === isSpot)
      .reduce((sum, pool) => sum + (pool.vcpus ?? 0) * (pool.instances ?? 0), 0);
  const most = fargate.reduce((sum, service) => sum + service.vcpus * service.most, 0);
  return [
    verdict(QUOTAS.gOnDemand, vcpus(false)),
    verdict(QUOTAS.gSpot, vcpus(true)),
    verdict(QUOTAS.fargate, most),
  ];
}

const isG = (type: string): boolean => /^(g|vt)/.test(type);

function countedTypes(reader: Reader): Quota[] {
  const count = (type: string, only: (resource: GraphResource) => boolean = () => true) =>
    reader.ofType(type).filter(only).length;
  const kind = (name: string) => (each: GraphResource) =>
    (text(each.inputs['loadBalancerType']) ?? 'application') === name;
  return [
    verdict(QUOTAS.addresses, count('aws:ec2/eip:Eip')),
    verdict(QUOTAS.vpcs, count(VPC)),
    verdict(
      QUOTAS.gatewayEndpoints,
      count('aws:ec2/vpcEndpoint:VpcEndpoint', (each) => isGateway(each)),
    ),
    verdict(QUOTAS.applicationBalancers, count(BALANCER, kind('application'))),
    verdict(QUOTAS.networkBalancers, count(BALANCER, kind('network'))),
    verdict(QUOTAS.targetGroups, count('aws:lb/targetGroup:TargetGroup')),
    verdict(QUOTAS.vpcOrigins, count('aws:cloudfront/vpcOrigin:VpcOrigin')),
    verdict(QUOTAS.distributions, count('aws:cloudfront/distribution:Distribution')),
    verdict(QUOTAS.cachePolicies, count('aws:cloudfront/cachePolicy:CachePolicy')),
    verdict(QUOTAS.accelerators, count(ACCELERATOR)),
    verdict(QUOTAS.directoryBuckets, count('aws:s3/directoryBucket:DirectoryBucket')),
    verdict(QUOTAS.buckets, count('aws:s3/bucket:Bucket')),
    verdict(QUOTAS.roles, count('aws:iam/role:Role')),
    verdict(QUOTAS.alarms, count('aws:cloudwatch/metricAlarm:MetricAlarm')),
  ];
}

const isGateway = (endpoint: GraphResource): boolean =>
  (text(endpoint.inputs['vpcEndpointType']) ?? 'Gateway') === 'Gateway';

/** Of the one that takes the most. */
function mostOfOne(reader: Reader): Quota[] {
  const most = (
    data: QuotaData,
    owners: string,
    members: string,
    only: (member: GraphResource, owner: GraphResource) => boolean = () => true,
  ): Quota[] => {
    const counts = reader.ofType(owners).map((owner) => ({
      owner,
      count: reader
        .ofType(members)
        .filter((each) => reader.uses(each, owners).includes(owner) && only(each, owner)).length,
    }));
    return highest(reader, data, counts);
  };
  const distributions = reader.ofType('aws:cloudfront/distribution:Distribution');
  return [
    ...zonesWithMostNat(reader),
    ...most(QUOTAS.interfaceEndpoints, VPC, 'aws:ec2/vpcEndpoint:VpcEndpoint', (each) => !isGateway(each)),
    ...most(QUOTAS.subnets, VPC, 'aws:ec2/subnet:Subnet'),
    ...most(
      QUOTAS.groupRules,
      GROUP,
      'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule',
      isOwn(reader),
    ),
    ...most(
      QUOTAS.networkListeners,
      BALANCER,
      'aws:lb/listener:Listener',
      (_, owner) => owner.inputs['loadBalancerType'] === 'network',
    ),
    ...highest(
      reader,
      QUOTAS.rules,
      reader.ofType(BALANCER).map((owner) => ({ owner, count: rulesOf(reader, owner) })),
    ),
    ...highest(
      reader,
      QUOTAS.behaviors,
      distributions.map((owner) => ({
        owner,
        count: 1 + list(owner.inputs['orderedCacheBehaviors']).length,
      })),
    ),
    ...highest(
      reader,
      QUOTAS.origins,
      distributions.map((owner) => ({ owner, count: list(owner.inputs['origins']).length })),
    ),
    ...most(QUOTAS.acceleratorListeners, ACCELERATOR, 'aws:globalaccelerator/listener:Listener'),
    ...most(QUOTAS.services, CLUSTER, 'aws:ecs/service:Service'),
    ...clustersWithProviders(reader),
  ];
}

/** A rule names its own group, and may name another as the source. */
const isOwn =
  (reader: Reader) =>
  (rule: GraphResource, group: GraphResource): boolean =>
    reader.uses(rule, GROUP, 'securityGroupId').includes(group);

function rulesOf(reader: Reader, balancer: GraphResource): number {
  const listeners = reader
    .ofType('aws:lb/listener:Listener')
    .filter((each) => reader.uses(each, BALANCER).includes(balancer));
  return reader
    .ofType('aws:lb/listenerRule:ListenerRule')
    .filter((rule) => reader.uses(rule, 'aws:lb/listener:Listener').some((each) => listeners.includes(each)))
    .length;
}

function zonesWithMostNat(reader: Reader): Quota[] {
  const zones = reader
    .ofType('aws:ec2/natGateway:NatGateway')
    .flatMap((each) => reader.zones(each, 'subnetId'));
  const counts = [...new Set(zones)].map((zone) => ({
    zone,
    count: zones.filter((each) => each === zone).length,
  }));
  const top = counts.sort((a, b) => b.count - a.count)[0];
  return top ? [verdict(QUOTAS.natGateways, top.count, top.zone)] : [];
}

function clustersWithProviders(reader: Reader): Quota[] {
  const counts = reader
    .ofType('aws:ecs/clusterCapacityProviders:ClusterCapacityProviders')
    .map((owner) => ({ owner, count: list(owner.inputs['capacityProviders']).length }));
  return highest(reader, QUOTAS.capacityProviders, counts);
}

function highest(
  reader: Reader,
  data: QuotaData,
  counts: { readonly owner: GraphResource; readonly count: number }[],
): Quota[] {
  const top = counts.sort((a, b) => b.count - a.count)[0];
  return top ? [verdict(data, top.count, reader.path(top.owner))] : [];
}
