import { capacityOf } from './capacity';
import { componentsOf } from './components';
import { destroyOf } from './destroy';
import { endpointsOf } from './endpoints';
import { flowOf } from './flow';
import { passedRolesOf } from './passed-roles';
import { permissionsOf } from './permissions';
import { afterOf, beforeOf } from './prerequisites';
import { quotasOf } from './quotas';
import { counted, Reader } from './reader';
import { serviceLinkedRolesOf } from './service-linked-roles';
import { slowOf } from './slow';
import { PLAN_SCHEMA_NAME, PLAN_VERSION, type NotKnown, type Plan } from './types';
import type { Graph } from '../graph/types';

/** What is known of a stack before it is deployed, from its graph alone. */
export function planOf(graph: Graph): Plan {
  const reader = new Reader(graph);
  const capacity = capacityOf(reader);
  const permissions = permissionsOf(reader);
  const regions = graph.providers.map(({ region }) => region).filter((region) => region !== null);
  return {
    ...{ schema: PLAN_SCHEMA_NAME, version: PLAN_VERSION, project: graph.project, stack: graph.stack },
    regions: [...new Set(regions)].sort(),
    totals: {
      resources: reader.made.length,
      components: graph.resources.filter(({ custom, type }) => !custom && type !== 'pulumi:pulumi:Stack')
        .length,
      reads: graph.reads.length,
      notModelled: graph.notModelled,
      otherProviders: counted(
        reader.made.map(({ type }) => type.split(':')[0]!).filter((name) => name !== 'aws'),
      ),
    },
    components: componentsOf(reader),
    endpoints: endpointsOf(reader),
    capacity,
    needs: {
      permissions,
      passedRoles: passedRolesOf(reader),
      quotas: quotasOf(reader, capacity),
      serviceLinkedRoles: serviceLinkedRolesOf(reader, capacity),
      before: beforeOf(reader),
      after: afterOf(reader),
      slow: slowOf(reader),
    },
    destroy: destroyOf(reader),
    flow: flowOf(reader),
    notKnown: [...notKnown(graph), ...notCounted(capacity)],
  };
}

function notKnown(graph: Graph): NotKnown[] {
  return [
    ...graph.unanswered.map(({ message, remedy }) => ({ what: message, remedy })),
    ...graph.doubles.flatMap(({ type, leavesOut }) =>
      leavesOut.map((what) => ({ what: `${type}: ${what}`, remedy: 'pulumi preview shows what it makes' })),
    ),
    ...graph.resources
      .filter(({ remote, type }) => remote && !graph.doubles.some((double) => double.type === type))
      .map(({ type, name }) => ({
        what: `what ${name} (${type}) makes: another process makes it, and it has no double`,
        remedy: 'pulumi preview shows it',
      })),
  ];
}

function notCounted({ pools }: Plan['capacity']): NotKnown[] {
  return pools
    .filter(({ instances, tasks }) => instances === null && tasks.length > 0)
    .map(({ group, instanceTypes }) => ({
      what: `how many instances ${group} needs: the vCPUs of ${instanceTypes.join(', ') || 'its instances'}, or what its tasks reserve, are not known here`,
      remedy: 'aws ec2 describe-instance-types',
    }));
}
