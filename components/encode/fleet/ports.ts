/** Ports of the hosts: tasks have the host's network, so each port is one channel's alone. */
import type { InputProblems, Problem } from '../../kit';

/** Below are those of the system, above those that the kernel gives to outgoing connections (from 32768). */
export const FIRST_PORT = 1024;
export const LAST_PORT = 32_767;

/** Ports that an instance uses itself: Docker; the agent's introspection and credentials are above LAST_PORT. */
const HOST_PORTS: Readonly<Record<number, string>> = { 2375: 'Docker', 2376: 'Docker' };

export const PORT_ALLOWED = `a whole number from ${FIRST_PORT} to ${LAST_PORT}, of no other channel of the zone`;

/** @returns undefined where a channel can have the port */
export function portProblem(port: unknown): Problem | undefined {
  const isPort = Number.isInteger(port) && (port as number) >= FIRST_PORT && (port as number) <= LAST_PORT;
  const owner = HOST_PORTS[port as number];
  if (isPort && owner === undefined) return undefined;
  return { ...(owner && { because: `${owner} has it` }), allowed: PORT_ALLOWED, fix: 'choose another port' };
}

/** A port that a channel uses. */
export interface PortUse {
  readonly zone: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Path of the argument. */
  readonly path: string;
}

/** Adds a problem for each port that another channel of the zone has too. */
export function checkCollisions(problems: InputProblems, uses: readonly PortUse[]): void {
  const owners = new Map<string, string>();
  for (const { zone, protocol, port, path } of uses) {
    const key = `${zone}/${protocol}/${port}`;
    const owner = owners.get(key);
    if (owner === undefined) owners.set(key, path);
    else {
      problems.add(path, port, {
        because: `${owner} is ${protocol} port ${port} of the same hosts (${zone})`,
        allowed: PORT_ALLOWED,
        fix: 'choose another port',
      });
    }
  }
}
