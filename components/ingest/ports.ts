/** Which ports channels may have, and that no two programs of a host get the same one. */

/** Ports of a zone, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Ports for a program that listens: above those that only root binds, below those that Linux gives to outgoing
 * connections (net.ipv4.ip_local_port_range begins at 32768).
 */
export const LISTENING_PORTS: PortRange = { from: 1024, to: 32_767 };

/** TCP ports that the ECS agent keeps on every instance (ECS Developer Guide, "PortMapping"); others are out of range. */
export const ECS_PORTS: readonly number[] = [2375, 2376];

/** Listeners of a Network Load Balancer (Elastic Load Balancing, "Quotas for your Network Load Balancers"). */
export const MAX_LISTENERS = 50;

export const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && within(value as number, LISTENING_PORTS);

export const isRange = (value: unknown): value is PortRange => {
  const { from, to } = (value ?? {}) as Partial<PortRange>;
  return isPort(from) && isPort(to) && from <= to;
};

export const within = (port: number, { from, to }: PortRange): boolean => port >= from && port <= to;

export const overlap = (a: PortRange, b: PortRange): boolean => a.from <= b.to && b.from <= a.to;

/** What a channel takes of a host. */
export interface HostPorts {
  readonly id: string;
  readonly zone: string;
  /** UDP. */
  readonly port: number;
  /** TCP. */
  readonly healthPort: number;
}

/** A port that is taken twice. */
export interface Collision {
  readonly id: string;
  readonly property: 'port' | 'healthPort';
  readonly port: number;
  /** Who has it already. */
  readonly holder: string;
}

/** Any two channels of a zone may meet on one instance. The one that comes later among the arguments is named. */
export function collisions(channels: readonly HostPorts[], reserved: readonly number[]): Collision[] {
  const holders = new Map<string, string>();
  const found: Collision[] = [];
  for (const { id, zone, port, healthPort } of channels) {
    const wanted = [
      { property: 'port', port, key: `${zone} udp ${port}`, of: `channels.${id}.port` },
      {
        property: 'healthPort',
        port: healthPort,
        key: `${zone} tcp ${healthPort}`,
        of: `channels.${id}.healthPort`,
      },
    ] as const;
    for (const { property, port: number, key, of } of wanted) {
      const holder = holders.get(key) ?? (property === 'healthPort' ? keeperOf(number, reserved) : undefined);
      if (holder) found.push({ id, property, port: number, holder });
      else holders.set(key, of);
    }
  }
  return found;
}

const keeperOf = (port: number, reserved: readonly number[]): string | undefined =>
  ECS_PORTS.includes(port) ? "ECS's agent" : reserved.includes(port) ? 'reservedPorts' : undefined;
