import { GPU_INSTANCES } from '../../encoder/contract/gpu-instances';
import { fields, list, number, parsed, text, type Reader } from './reader';
import type { GraphResource, GraphValue } from '../graph/types';
import type { FargateService, Plan, Pool, PooledTask } from './types';

const UNITS_PER_VCPU = 1024;
const GROUP = 'aws:autoscaling/group:Group';
const PROVIDER = 'aws:ecs/capacityProvider:CapacityProvider';
const TASK = 'aws:ecs/taskDefinition:TaskDefinition';
const SERVICE = 'aws:ecs/service:Service';

/** What carries the load, by zone: groups of instances with the tasks that ask for them, and services on Fargate. */
export function capacityOf(reader: Reader): Plan['capacity'] {
  return {
    pools: reader.ofType(GROUP).map((group) => pool(reader, group)),
    fargate: reader
      .ofType(SERVICE)
      .filter((service) => isFargate(reader, service))
      .map((service) => fargate(reader, service)),
  };
}

/** The zone of each service, where its subnets or its capacity provider say it. */
export function zonesOfService(reader: Reader, service: GraphResource): string[] {
  const own = reader.zones(service, 'networkConfiguration');
  if (own.length > 0) return own;
  const groups = reader.uses(service, PROVIDER).flatMap((provider) => reader.uses(provider, GROUP));
  return [...new Set(groups.flatMap((group) => reader.zones(group)))].sort();
}

function pool(reader: Reader, group: GraphResource): Pool {
  const types = instanceTypes(reader, group);
  const providers = reader.ofType(PROVIDER).filter((each) => reader.uses(each, GROUP).includes(group));
  const tasks = reader
    .ofType(SERVICE)
    .filter((service) => reader.uses(service, PROVIDER).some((each) => providers.includes(each)))
    .map((service) => pooledTask(reader, service));
  const vcpus = types.length === 1 ? (GPU_INSTANCES.get(types[0]!)?.vcpus ?? null) : null;
  return {
    group: reader.path(group),
    zones: reader.zones(group),
    instanceTypes: types,
    purchase: purchase(reader, group),
    vcpus,
    minSize: number(group.inputs['minSize']) ?? null,
    maxSize: number(group.inputs['maxSize']) ?? null,
    tasks,
    instances: vcpus === null ? null : instancesFor(tasks, vcpus * UNITS_PER_VCPU),
  };
}

function instanceTypes(reader: Reader, group: GraphResource): string[] {
  const mixed = fields(fields(group.inputs['mixedInstancesPolicy'])['launchTemplate']);
  const overrides = list(mixed['overrides']).map((each) => text(fields(each)['instanceType']));
  const templates = reader
    .uses(group, 'aws:ec2/launchTemplate:LaunchTemplate')
    .map((template) => text(template.inputs['instanceType']));
  const given = overrides.some((each) => each !== undefined) ? overrides : templates;
  return [...new Set(given.filter((each) => each !== undefined))];
}

function purchase(reader: Reader, group: GraphResource): Pool['purchase'] {
  const mix = fields(fields(group.inputs['mixedInstancesPolicy'])['instancesDistribution']);
  const above = number(mix['onDemandPercentageAboveBaseCapacity']);
  const base = number(mix['onDemandBaseCapacity']) ?? 0;
  const spot = reader
    .uses(group, 'aws:ec2/launchTemplate:LaunchTemplate')
    .some((each) => fields(each.inputs['instanceMarketOptions'])['marketType'] === 'spot');
  if (spot || (above === 0 && base === 0)) return 'spot';
  return above === undefined || above === 100 ? 'on-demand' : 'mixed';
}

function pooledTask(reader: Reader, service: GraphResource): PooledTask {
  const task = reader.uses(service, TASK)[0];
  const containers = list(parsed(task?.inputs['containerDefinitions']) as GraphValue);
  const reserved = containers.reduce<number>(
    (sum, container) => sum + (number(fields(container)['cpu']) ?? 0),
    0,
  );
  const channel = channelOf(reader, service);
  const placement = fields(fields(channel?.component.outputs['placements'])[channel?.name ?? '']);
  const [resource, share, perInstance] = [
    text(placement['binding']),
    number(placement['share']),
    number(placement['channelsPerInstance']),
  ];
  return {
    name: channel?.name ?? reader.path(service),
    count: number(service.inputs['desiredCount']) ?? 1,
    cpuUnits: Math.max(reserved, number(task?.inputs['cpu']) ?? 0),
    limit:
      resource === undefined || share === undefined || perInstance === undefined
        ? null
        : { resource, share, perInstance },
  };
}

/** A fleet's outputs name the service of each of its channels. */
export function channelOf(
  reader: Reader,
  service: GraphResource,
): { readonly name: string; readonly component: GraphResource } | undefined {
  const component = reader.component(service);
  const names = Object.entries(fields(component?.outputs['serviceNames']));
  const found = names.find(([, name]) => name === service.inputs['name'] && name !== undefined);
  const channels = Object.keys(fields(component?.outputs['placements']));
  return component && found && channels.includes(found[0]) ? { name: found[0], component } : undefined;
}

/** By first fit of the largest, as ECS's binpack comes to. */
export function instancesFor(tasks: readonly PooledTask[], registered: number): number | null {
  const all = tasks.flatMap(({ count, cpuUnits }) => Array.from({ length: count }, () => cpuUnits));
  if (all.some((units) => units === 0 || units > registered)) return null;
  const free: number[] = [];
  for (const units of all.sort((a, b) => b - a)) {
    const at = free.findIndex((left) => left >= units);
    if (at < 0) free.push(registered - units);
    else free[at]! -= units;
  }
  return free.length;
}

function isFargate(reader: Reader, service: GraphResource): boolean {
  if (service.inputs['launchType'] === 'FARGATE') return true;
  const task = reader.uses(service, TASK)[0];
  return (
    service.inputs['launchType'] === undefined &&
    reader.uses(service, PROVIDER).length === 0 &&
    list(task?.inputs['requiresCompatibilities']).includes('FARGATE')
  );
}

function fargate(reader: Reader, service: GraphResource): FargateService {
  const task = reader.uses(service, TASK)[0];
  const desired = number(service.inputs['desiredCount']) ?? 1;
  const name = text(service.outputs['name']) ?? text(service.inputs['name']);
  const target = reader
    .ofType('aws:appautoscaling/target:Target')
    .find((each) => name !== undefined && text(each.inputs['resourceId'])?.endsWith(`/${name}`));
  return {
    path: reader.path(service),
    zones: zonesOfService(reader, service),
    vcpus: (number(task?.inputs['cpu']) ?? 0) / UNITS_PER_VCPU,
    memoryMiB: number(task?.inputs['memory']) ?? 0,
    desired,
    most: Math.max(desired, number(target?.inputs['maxCapacity']) ?? desired),
  };
}
