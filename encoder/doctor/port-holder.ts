/** Who holds a port, as far as /proc tells: other users' descriptors may not be read. */
import type { System } from './system';

export type Protocol = 'tcp' | 'udp';

interface Socket {
  readonly user: string;
  readonly inode: string;
}

const LISTENING = '0A';

/** A phrase for a person, such as "node (process 812)". Command lines are not shown: they may hold secrets. */
export async function portHolder(
  system: System,
  protocol: Protocol,
  port: number,
): Promise<string | undefined> {
  const sockets = await socketsOn(system, protocol, port);
  for (const { inode } of sockets) {
    const pid = await processWith(system, `socket:[${inode}]`);
    if (pid === undefined) continue;
    const name = (await system.readText(`/proc/${pid}/comm`))?.trim() ?? 'a process';
    return `${name} (process ${pid})`;
  }
  const [first] = sockets;
  return first && `a process of the user with id ${first.user}`;
}

async function socketsOn(system: System, protocol: Protocol, port: number): Promise<Socket[]> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const found: Socket[] = [];
  for (const table of [protocol, `${protocol}6`]) {
    const lines = ((await system.readText(`/proc/net/${table}`)) ?? '').split('\n').slice(1);
    for (const line of lines) {
      const [, local, , state, , , , user, , inode] = line.trim().split(/\s+/);
      if (!local?.endsWith(wanted) || user === undefined || inode === undefined) continue;
      if (protocol === 'tcp' && state !== LISTENING) continue;
      found.push({ user, inode });
    }
  }
  return found;
}

async function processWith(system: System, socket: string): Promise<string | undefined> {
  const pids = (await system.list('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    for (const descriptor of await system.list(`/proc/${pid}/fd`)) {
      if ((await system.readLink(`/proc/${pid}/fd/${descriptor}`)) === socket) return pid;
    }
  }
  return undefined;
}
