/** The instance types that a resource asks for. */
import { UNKNOWN, Undecided, found, isValues, itemsOf, notApplicable, peek } from '../../core';
import type { Outcome, Resource, Value } from '../../core';

/** Where each type of resource says so; a list of objects says it in their `instanceType`. */
const PLACES: Readonly<Record<string, string>> = {
  'aws:autoscaling/group:Group': 'mixedInstancesPolicy.launchTemplate.overrides',
  'aws:batch/computeEnvironment:ComputeEnvironment': 'computeResources.instanceTypes',
  'aws:ec2/instance:Instance': 'instanceType',
  'aws:ec2/launchConfiguration:LaunchConfiguration': 'instanceType',
  'aws:ec2/launchTemplate:LaunchTemplate': 'instanceType',
  'aws:ec2/spotInstanceRequest:SpotInstanceRequest': 'instanceType',
  'aws:eks/nodeGroup:NodeGroup': 'instanceTypes',
};

const DATABASES: Readonly<Record<string, string>> = {
  'aws:elasticache/cluster:Cluster': 'nodeType',
  'aws:elasticache/replicationGroup:ReplicationGroup': 'nodeType',
  'aws:rds/clusterInstance:ClusterInstance': 'instanceClass',
  'aws:rds/instance:Instance': 'instanceClass',
};

export const MACHINES: readonly string[] = Object.keys(PLACES);
export const MACHINES_AND_DATABASES: readonly string[] = [...MACHINES, ...Object.keys(DATABASES)];

const place = (resource: Resource): string => PLACES[resource.type] ?? DATABASES[resource.type] ?? '';

const typesAt = (resource: Resource): readonly Value[] =>
  itemsOf(peek(resource, place(resource))).map((item) => (isValues(item) ? item['instanceType'] : item));

/** Not `optimal` and `default_x86_64`, by which Batch leaves the choice to AWS. */
const TYPE = /^(?:[a-z]+|u[a-z0-9]*-)\d/;

/** Those that are known, as `g5.xlarge`, without the `db.` and `cache.` of managed databases. */
export const knownTypes = (resource: Resource): readonly string[] =>
  typesAt(resource)
    .filter((type) => typeof type === 'string')
    .map((type) => type.replace(/^(?:db|cache)\./, ''))
    .filter((type) => TYPE.test(type));

/** Judges each type that is known, and waits for the others only where those are right. */
export function judgeTypes(resource: Resource, problem: (type: string) => string | undefined): Outcome {
  const findings = knownTypes(resource)
    .map(problem)
    .filter((each) => each !== undefined);
  if (findings.length > 0) return found([...new Set(findings)]);
  if (typesAt(resource).includes(UNKNOWN)) throw new Undecided(place(resource));
  return knownTypes(resource).length > 0 ? found([]) : notApplicable('it names no instance type');
}

/** Letters before the generation: `g` of `g5.xlarge`, `gr` of `gr6.4xlarge`. */
export const seriesOf = (type: string): string => /^[a-z]+(?=\d)/.exec(type)?.[0] ?? type.split('.')[0]!;

/** Series with GPUs or other accelerators. */
const ACCELERATED = ['dl', 'g', 'gr', 'inf', 'p', 'trn', 'vt'];

export const isAccelerated = (type: string): boolean => ACCELERATED.includes(seriesOf(type));
