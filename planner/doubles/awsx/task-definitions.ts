// Follows awsx/ecs/fargateTaskDefinition.ts, ec2TaskDefinition.ts, containers.ts, fargateMemoryAndCpu.ts,
// awsx/role.ts and awsx/cloudwatch/logGroup.ts of pulumi-awsx 3.9.0 (follows.ts has the revision).
import { createHash } from 'node:crypto';
import { sizeFor } from './fargate-sizes';
import { AWSX, NEVER } from './follows';
import { isFields } from '../../graph/values';
import { Traced, at, derived, fieldsOf, items, traced } from '../construct/traced';
import type { Child, Construction } from '../construct/construction';
import type { ComponentDouble, Outputs } from '../construct/types';

export const FARGATE_TASK_DEFINITION: ComponentDouble = {
  type: 'awsx:ecs:FargateTaskDefinition',
  follows: AWSX,
  source: 'awsx/ecs/fargateTaskDefinition.ts',
  leavesOut: [...NEVER],
  make: async (component) => (await makeTaskDefinition(component, 'FARGATE')).outputs,
};

export const EC2_TASK_DEFINITION: ComponentDouble = {
  type: 'awsx:ecs:EC2TaskDefinition',
  follows: AWSX,
  source: 'awsx/ecs/ec2TaskDefinition.ts',
  leavesOut: [...NEVER],
  make: async (component) => (await makeTaskDefinition(component, 'EC2')).outputs,
};

export type LaunchType = 'FARGATE' | 'EC2';

export interface MadeTaskDefinition {
  readonly taskDefinition: Child;
  readonly loadBalancers: Traced;
  readonly outputs: Outputs;
}

/** What is not an argument of aws.ecs.TaskDefinition. */
const OWN = ['container', 'containers', 'logGroup', 'taskRole', 'executionRole'];

const TRUST = {
  Version: '2012-10-17',
  Statement: [
    { Action: 'sts:AssumeRole', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Effect: 'Allow', Sid: '' },
  ],
};
const EXECUTION_POLICY = 'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy';

/** The children of a task definition; those of a service's own are under a component of its own. */
export async function makeTaskDefinition(
  component: Construction,
  launch: LaunchType,
): Promise<MadeTaskDefinition> {
  const { name } = component;
  const containers = await containersOf(component);
  const logs = await logGroupOf(component);
  const task = await roleOf(component, 'taskRole', `${name}-task`, []);
  const execution = await roleOf(component, 'executionRole', `${name}-execution`, [EXECUTION_POLICY]);
  const definitions = derived(
    containers.map(([label, container]) => definitionOf(label, container, logs.id)),
    (all: object[]) => JSON.stringify(all),
  );
  const family = derived(definitions, (text: string) => `${name}-${sha1(component.stack + text)}`);
  const size = derived(
    containers.map(([, container]) =>
      Object.fromEntries(
        ['cpu', 'memory', 'memoryReservation'].map((field) => [field, at(container, field)]),
      ),
    ),
    sizeFor,
  );
  const taskDefinition = await component.child('aws:ecs/taskDefinition:TaskDefinition', name, {
    ...(launch === 'EC2' ? { networkMode: 'awsvpc' } : { cpu: at(size, 'cpu'), memory: at(size, 'memory') }),
    ...component.allBut(OWN),
    ...(launch === 'FARGATE' && { networkMode: 'awsvpc' }),
    requiresCompatibilities: [launch],
    taskRoleArn: task.arn,
    executionRoleArn: execution.arn,
    family: component.given('family') ?? family,
    containerDefinitions: definitions,
  });
  const loadBalancers = traced(containers.flatMap(([label, container]) => balancersOf(label, container)));
  return {
    taskDefinition,
    loadBalancers,
    outputs: {
      ...{ taskDefinition: taskDefinition.reference, logGroup: logs.group?.reference, loadBalancers },
      ...{ taskRole: task.role?.reference, executionRole: execution.role?.reference },
    },
  };
}

/** By name, in the order of the names. */
async function containersOf(component: Construction): Promise<(readonly [string, Traced])[]> {
  const [one, several] = [component.given('container'), component.given('containers')];
  if ((one === undefined) === (several === undefined)) {
    throw new Error(`${component.name}: give container or containers; ${one ? 'both are' : 'none is'} given`);
  }
  // A target group of a port is a resource.
  const resolved = await component.resolvedAll((one ?? several) as Traced);
  if (one) {
    const own = at(one, 'name').wire;
    return [[typeof own === 'string' && own !== '' ? own : 'container', resolved]];
  }
  return Object.entries(fieldsOf(resolved)).sort(([a], [b]) => a.localeCompare(b));
}

function definitionOf(name: string, container: Traced, logs: LogGroupId | undefined): object {
  const mappings = items(at(container, 'portMappings'));
  const own = at(container, 'logConfiguration').isGiven;
  return {
    ...fieldsOf(container),
    ...(mappings && { portMappings: mappings.map(mappingOf) }),
    name,
    ...(!own &&
      logs && {
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': logs.name,
            'awslogs-region': logs.region,
            'awslogs-stream-prefix': name,
          },
        },
      }),
  };
}

/** A port that is not said is that of the target group. */
function mappingOf(mapping: Traced): object {
  const given = (...path: string[]) => (at(mapping, ...path).isGiven ? at(mapping, ...path) : undefined);
  const [container, host, target] = [given('containerPort'), given('hostPort'), given('targetGroup', 'port')];
  return {
    ...{
      name: given('name'),
      containerPortRange: given('containerPortRange'),
      appProtocol: given('appProtocol'),
    },
    ...{ containerPort: container ?? host ?? target, hostPort: host ?? target ?? container },
    protocol: given('protocol'),
  };
}

function balancersOf(containerName: string, container: Traced): object[] {
  return (items(at(container, 'portMappings')) ?? []).flatMap((mapping) => {
    const [targetGroupArn, containerPort] = ['arn', 'port'].map((field) => at(mapping, 'targetGroup', field));
    return targetGroupArn?.isGiven && containerPort?.isGiven
      ? [{ containerName, containerPort, targetGroupArn }]
      : [];
  });
}

interface LogGroupId {
  readonly name: unknown;
  readonly region: unknown;
}

async function logGroupOf(component: Construction): Promise<{ group?: Child; id?: LogGroupId }> {
  const given = component.given('logGroup');
  if (given && at(given, 'skip').wire === true) return {};
  const existing = given && at(given, 'existing');
  if (existing?.isGiven) {
    if (at(given as Traced, 'args').isGiven) {
      throw new Error(`${component.name}: logGroup has args and an existing one; give one of them`);
    }
    const [arn, name, region] = ['arn', 'name', 'region'].map((field) => at(existing, field));
    if (arn?.isGiven) {
      const part = (n: number) => derived(arn, (text: string) => text.split(':')[n]);
      return { id: { name: part(6), region: part(3) } };
    }
    if (!name?.isGiven)
      throw new Error(`${component.name}: logGroup.existing has neither arn nor name; give one`);
    return { id: { name, region: region?.isGiven ? region : await regionOf(component) } };
  }
  const group = await component.child(
    'aws:cloudwatch/logGroup:LogGroup',
    component.name,
    given ? fieldsOf(at(given, 'args')) : {},
  );
  return { group, id: { name: group.output('name'), region: await regionOf(component) } };
}

async function regionOf(component: Construction): Promise<Traced> {
  return at(await component.invoke('aws:index/getRegion:getRegion', {}), 'name');
}

async function roleOf(
  component: Construction,
  argument: string,
  name: string,
  policies: readonly string[],
): Promise<{ role?: Child; arn?: Traced }> {
  const given = component.given(argument);
  const field = (key: string) => (given && at(given, key).isGiven ? at(given, key) : undefined);
  if (field('roleArn') && field('args')) {
    throw new Error(`${component.name}: ${argument} has args and a roleArn; give one of them`);
  }
  if (field('skip')?.wire === true) return {};
  const arn = field('roleArn');
  if (arn) return { arn };
  const { policyArns, assumeRolePolicy, ...args } = fieldsOf(field('args'));
  const trust = assumeRolePolicy ?? new Traced(TRUST);
  const role = await component.child('aws:iam/role:Role', name, {
    ...args,
    assumeRolePolicy: derived(trust, (policy: unknown) =>
      isFields(policy) ? JSON.stringify(policy) : policy,
    ),
  });
  for (const policyArn of (policyArns && items(policyArns)) ?? policies.map((each) => new Traced(each))) {
    await component.child(
      'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
      `${name}-${sha1(String(policyArn.wire))}`,
      { role: role.output('name'), policyArn },
    );
  }
  return { role, arn: role.output('arn') };
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex').slice(0, 8);
}
