/** Ports of a task's containers: ranges, what the network mode allows, and two that want the same. */
import type { Fields } from '../../../planner/graph/values';
import { at, type Problems } from '../problems';
import { listIn, type Task } from './containers';

const GUIDE = 'ECS API Reference, PortMapping';
const MAX_PORT = 65_535;
/** The agent's and Docker's own, on EC2. */
const RESERVED = [22, 2375, 2376, 51_678, 51_679, 51_680];

export function checkPorts(containers: readonly Fields[], task: Task, problems: Problems): void {
  const taken = new Map<string, string>();
  for (const [n, container] of containers.entries()) {
    const list = at(at('', n), 'portMappings');
    for (const [i, mapping] of listIn(container, 'portMappings').entries()) {
      checkMapping(mapping, at(list, i), task, taken, problems);
    }
  }
}

function checkMapping(
  mapping: Fields,
  path: string,
  { networkMode, isFargate }: Task,
  taken: Map<string, string>,
  problems: Problems,
): void {
  const { containerPort, hostPort, containerPortRange, protocol = 'tcp' } = mapping;
  for (const [name, value, min] of [
    ['containerPort', containerPort, 1],
    ['hostPort', hostPort, 0],
  ] as const) {
    if (typeof value !== 'number' || (value >= min && value <= MAX_PORT)) continue;
    const allowed = `${min} to ${MAX_PORT} (${GUIDE})`;
    problems.refuse(at(path, name), { value, problem: 'no port', allowed, fix: 'give a port' });
    return;
  }
  if ((containerPort === undefined) === (containerPortRange === undefined)) {
    const allowed = `one of containerPort and containerPortRange (${GUIDE})`;
    problems.refuse(path, { problem: 'not exactly one', allowed, fix: 'give containerPort' });
    return;
  }
  const isShared = networkMode === 'host' || networkMode === 'awsvpc';
  if (isShared && typeof hostPort === 'number' && hostPort !== containerPort) {
    const allowed = `containerPort, or none, in network mode ${networkMode} (${GUIDE})`;
    const fix = `give ${String(containerPort)}`;
    problems.refuse(at(path, 'hostPort'), { value: hostPort, problem: 'another port', allowed, fix });
    return;
  }
  const onHost = isShared ? containerPort : hostPort;
  // 0 is one that the host chooses.
  if (typeof onHost !== 'number' || onHost === 0) return;
  if (!isFargate && networkMode !== 'awsvpc' && RESERVED.includes(onHost)) {
    const name = isShared ? 'containerPort' : 'hostPort';
    const allowed = `none of ${RESERVED.join(', ')} (${GUIDE})`;
    problems.ineffective(at(path, name), {
      value: onHost,
      problem: 'reserved on the host, so no task is placed',
      allowed,
      fix: 'use another',
    });
  }
  const key = `${onHost}/${String(protocol)}`;
  const before = taken.get(key);
  if (before !== undefined) {
    const allowed = `each port of the host once (${GUIDE})`;
    problems.ineffective(path, {
      value: key,
      problem: `${before} has it already, so no task starts`,
      allowed,
      fix: 'use another',
    });
  }
  taken.set(key, path);
}
