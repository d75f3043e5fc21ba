/** Container definitions: the shape of ECS's API, and the rules that only its documentation has. */
import { isFields, type Fields } from '../../../planner/graph/values';
import { shapesOf } from '../data';
import { at, closest, meant, type Problems } from '../problems';
import { checkShape } from '../shape';
import { checkHealth, checkLogging, checkVariables } from './container-parts';
import { checkPorts } from './ports';

/** What the task definition says around the containers. */
export interface Task {
  readonly networkMode: string;
  /** `FARGATE` among `requiresCompatibilities`. */
  readonly isFargate: boolean;
  /** CPU units and MiB of the whole task; absent where it has none. */
  readonly cpu?: number;
  readonly memory?: number;
  readonly volumes: readonly string[];
  readonly hasExecutionRole: boolean;
}

const GUIDE = 'ECS API Reference, ContainerDefinition';
const PARAMETERS = 'ECS Developer Guide, "Task definition parameters"';

/** ECS Developer Guide, "Amazon ECS service quotas". */
const MAX_CONTAINERS = 10;

export function taskOf(inputs: Fields): Task {
  const compatibilities = Array.isArray(inputs['requiresCompatibilities'])
    ? (inputs['requiresCompatibilities'] as readonly unknown[])
    : [];
  const isFargate = compatibilities.includes('FARGATE');
  const mode = inputs['networkMode'];
  const volumes = Array.isArray(inputs['volumes']) ? (inputs['volumes'] as readonly unknown[]) : [];
  const cpu = units(inputs['cpu']);
  const memory = units(inputs['memory']);
  return {
    networkMode: typeof mode === 'string' ? mode : isFargate ? 'awsvpc' : 'bridge',
    isFargate,
    ...(cpu !== undefined && { cpu }),
    ...(memory !== undefined && { memory }),
    volumes: volumes.flatMap((each) =>
      isFields(each) && typeof each['name'] === 'string' ? [each['name']] : [],
    ),
    hasExecutionRole: inputs['executionRoleArn'] !== undefined,
  };
}

/** Plain numbers only: `1 vCPU` is ECS's to read. */
function units(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function checkContainers(definitions: unknown, task: Task, problems: Problems): void {
  checkShape(shapesOf().roots['containerDefinitions']!, definitions, '', problems);
  if (!Array.isArray(definitions)) return;
  const containers = definitions.filter(isFields);
  if (definitions.length === 0 || definitions.length > MAX_CONTAINERS) {
    problems.refuse('', {
      problem: `${definitions.length} containers`,
      allowed: `1 to ${MAX_CONTAINERS} (ECS Developer Guide, "Amazon ECS service quotas")`,
      fix: 'split the task',
    });
  }
  if (containers.length > 0 && containers.every(({ essential }) => essential === false)) {
    const allowed = `at least one that is essential (${PARAMETERS})`;
    problems.refuse('', { problem: 'no essential container', allowed, fix: 'set essential of one' });
  }
  checkNames(containers, problems);
  for (const [n, container] of containers.entries()) checkContainer(container, at('', n), task, problems);
  checkPorts(containers, task, problems);
  checkNeighbours(containers, task, problems);
  checkSums(containers, task, problems);
}

function checkNames(containers: readonly Fields[], problems: Problems): void {
  const seen = new Set<unknown>();
  for (const [n, { name }] of containers.entries()) {
    const path = at(at('', n), 'name');
    if (typeof name !== 'string' || !/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
      const allowed = `1 to 255 letters, digits, _ and - (${GUIDE})`;
      problems.refuse(path, {
        ...(name !== undefined && { value: name }),
        ...{ problem: name === undefined ? 'missing' : 'no name that ECS takes', allowed, fix: 'rename it' },
      });
    } else if (seen.has(name)) {
      const allowed = `each name once in a task (${PARAMETERS})`;
      problems.refuse(path, { value: name, problem: 'another container has it', allowed, fix: 'rename one' });
    }
    seen.add(name);
  }
}

function checkContainer(container: Fields, path: string, task: Task, problems: Problems): void {
  const { image, memory, memoryReservation, stopTimeout, privileged } = container;
  if (typeof image !== 'string' || !isImage(image)) {
    problems.refuse(at(path, 'image'), {
      ...(image !== undefined && { value: image }),
      problem: image === undefined ? 'missing' : 'no image',
      allowed: `repository/image:tag or repository/image@sha256:<64 hexadecimal digits> (${GUIDE})`,
      fix: 'name an image',
    });
  }
  if (memory === undefined && memoryReservation === undefined && task.memory === undefined) {
    const allowed = `memory, memoryReservation, or memory of the task (${GUIDE})`;
    problems.refuse(at(path, 'memory'), { problem: 'missing', allowed, fix: 'give one of them' });
  }
  if (typeof memory === 'number' && typeof memoryReservation === 'number' && memory < memoryReservation) {
    const allowed = `at least memoryReservation, ${memoryReservation} (${GUIDE})`;
    problems.refuse(at(path, 'memory'), { value: memory, problem: 'too little', allowed, fix: 'raise it' });
  }
  for (const name of ['memory', 'memoryReservation'] as const) {
    const value = container[name];
    if (typeof value !== 'number' || value >= 6) continue;
    const allowed = `at least 6 MiB (${GUIDE})`;
    problems.ineffective(at(path, name), {
      value,
      problem: 'so little that Docker starts none',
      allowed,
      fix: 'raise it',
    });
  }
  if (task.isFargate && typeof stopTimeout === 'number' && stopTimeout > 120) {
    const allowed = `at most 120 s on Fargate (${GUIDE})`;
    problems.refuse(at(path, 'stopTimeout'), {
      value: stopTimeout,
      problem: 'too long',
      allowed,
      fix: 'lower it',
    });
  }
  if (task.isFargate && privileged === true) {
    const allowed = `not on Fargate (${GUIDE})`;
    problems.refuse(at(path, 'privileged'), {
      value: true,
      problem: 'privileged',
      allowed,
      fix: 'remove it',
    });
  }
  checkVariables(container, path, task, problems);
  checkHealth(container, path, problems);
  checkLogging(container, path, task, problems);
  checkUlimits(container, path, task, problems);
}

function isImage(image: string): boolean {
  const [, name = '', digest] = /^([^@]*)(?:@(.*))?$/s.exec(image) ?? [];
  if (!/^[A-Za-z0-9][A-Za-z0-9\-_:./#]{0,254}$/.test(name)) return false;
  return digest === undefined || /^sha256:[A-Fa-f0-9]{64}$/.test(digest);
}

function checkUlimits(container: Fields, path: string, task: Task, problems: Problems): void {
  const seen = new Set<unknown>();
  for (const [n, each] of listIn(container, 'ulimits').entries()) {
    const { name, softLimit, hardLimit } = each;
    const here = at(at(path, 'ulimits'), n);
    if (typeof softLimit === 'number' && typeof hardLimit === 'number' && softLimit > hardLimit) {
      const allowed = `at most hardLimit, ${hardLimit} (ECS API Reference, Ulimit)`;
      problems.refuse(at(here, 'softLimit'), {
        value: softLimit,
        problem: 'too high',
        allowed,
        fix: 'lower it',
      });
    }
    if (seen.has(name) || (task.isFargate && name !== 'nofile')) {
      const allowed = `each once, and on Fargate nofile only (ECS API Reference, Ulimit)`;
      problems.refuse(at(here, 'name'), {
        value: name,
        problem: 'not possible here',
        allowed,
        fix: 'remove it',
      });
    }
    seen.add(name);
  }
}

/** What containers say of each other and of the task's volumes. */
function checkNeighbours(containers: readonly Fields[], task: Task, problems: Problems): void {
  const names = containers.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  const refer = (path: string, value: unknown, known: readonly string[], what: string): void => {
    if (typeof value !== 'string' || known.includes(value)) return;
    const allowed = `${what}: ${known.join(', ') || 'there is none'} (${PARAMETERS})`;
    const fix = meant(closest(value, known), `add it, or remove this`);
    problems.refuse(path, { value, problem: 'there is none of this name', allowed, fix });
  };
  for (const [n, container] of containers.entries()) {
    const path = at('', n);
    for (const [i, each] of listIn(container, 'mountPoints').entries()) {
      const here = at(at(at(path, 'mountPoints'), i), 'sourceVolume');
      refer(here, each['sourceVolume'], task.volumes, 'a volume of the task');
    }
    for (const [i, each] of listIn(container, 'volumesFrom').entries()) {
      refer(
        at(at(at(path, 'volumesFrom'), i), 'sourceContainer'),
        each['sourceContainer'],
        names,
        'a container',
      );
    }
    const others = names.filter((name) => name !== container['name']);
    for (const [i, each] of listIn(container, 'dependsOn').entries()) {
      const here = at(at(path, 'dependsOn'), i);
      refer(at(here, 'containerName'), each['containerName'], others, 'another container');
      const other = containers.find(({ name }) => name === each['containerName']);
      if (each['condition'] === 'HEALTHY' && other !== undefined && other['healthCheck'] === undefined) {
        const allowed = `HEALTHY of a container with a health check (ECS API Reference, ContainerDependency)`;
        problems.refuse(at(here, 'condition'), {
          ...{ value: 'HEALTHY', problem: `${String(other['name'])} has none` },
          ...{ allowed, fix: 'add healthCheck there, or wait for START' },
        });
      }
    }
  }
  checkCircle(containers, problems);
}

function checkCircle(containers: readonly Fields[], problems: Problems): void {
  const needs = new Map(
    containers.map((each) => [
      each['name'],
      listIn(each, 'dependsOn').map(({ containerName }) => containerName),
    ]),
  );
  const reaches = (from: unknown, to: unknown, seen = new Set<unknown>()): boolean => {
    if (seen.has(from)) return false;
    seen.add(from);
    return (needs.get(from) ?? []).some((next) => next === to || reaches(next, to, seen));
  };
  for (const [n, { name }] of containers.entries()) {
    if (name === undefined || !(needs.get(name) ?? []).length || !reaches(name, name)) continue;
    const allowed = `no circle (ECS API Reference, ContainerDependency)`;
    const path = at(at('', n), 'dependsOn');
    problems.refuse(path, { problem: 'the container waits for itself', allowed, fix: 'remove one of them' });
    return;
  }
}

/** Together no more than the task has. */
function checkSums(containers: readonly Fields[], task: Task, problems: Problems): void {
  for (const [of, limit, unit] of [
    ['cpu', task.cpu, 'CPU units'],
    ['memoryReservation', task.memory, 'MiB'],
  ] as const) {
    const all = containers.map((each) => each[of]).filter((each) => typeof each === 'number');
    const sum = all.reduce((a, b) => a + b, 0);
    if (limit === undefined || sum <= limit) continue;
    problems.refuse('', {
      problem: `${of} of the containers is ${sum} ${unit} together`,
      allowed: `at most the task's ${limit} (${PARAMETERS})`,
      fix: 'raise the task or lower the containers',
    });
  }
}

/** The objects of a list that a container has, whatever else is in it. */
export function listIn(container: Fields, name: string): readonly Fields[] {
  const value = container[name];
  return Array.isArray(value) ? value.filter(isFields) : [];
}
