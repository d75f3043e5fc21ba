/** The socket that MPEG-TS arrives at, a member of its group where the address is one of multicast. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4, isIPv6 } from 'node:net';

export interface UdpSocketOptions {
  readonly host: string;
  readonly port: number;
  /** Asked of the kernel, in bytes; `net.core.rmem_max` may allow less. */
  readonly rcvbufBytes: number;
  /** The address of the interface on which to join a multicast group; that of the route to it by default. */
  readonly interfaceAddress: string | undefined;
}

export interface UdpSocket {
  readonly socket: Socket;
  readonly port: number;
  /** The kernel's receive buffer, in bytes. */
  readonly rcvbufBytes: number;
  /** The address of the interface that is a member of the group; only for a group. */
  readonly interfaceAddress?: string;
}

export const isMulticast = (host: string): boolean =>
  isIPv4(host) && Number(host.split('.')[0]) >= 224 && Number(host.split('.')[0]) <= 239;

/** @throws Error which says what cannot be bound or joined, and what to do */
export async function openUdpSocket(options: UdpSocketOptions): Promise<UdpSocket> {
  const { host, port, rcvbufBytes } = options;
  const group = isMulticast(host);
  // Several may listen to a group.
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', reuseAddr: group });
  try {
    socket.bind(port, host);
    await once(socket, 'listening');
    socket.setRecvBufferSize(rcvbufBytes);
    const bound = socket.address().port;
    // Linux says double of what it has for data.
    const effective = Math.floor(socket.getRecvBufferSize() / 2);
    if (!group) return { socket, port: bound, rcvbufBytes: effective };
    const interfaceAddress = options.interfaceAddress ?? (await routeTo(host, bound));
    socket.addMembership(host, interfaceAddress);
    return { socket, port: bound, rcvbufBytes: effective, interfaceAddress };
  } catch (error) {
    socket.close();
    throw new Error(problem(error as NodeJS.ErrnoException, options), { cause: error });
  }
}

/** This machine's address on the way to the group. Connecting a UDP socket sends nothing. */
async function routeTo(group: string, port: number): Promise<string> {
  const socket = createSocket('udp4');
  try {
    socket.connect(port, group);
    await once(socket, 'connect');
    return socket.address().address;
  } finally {
    socket.close();
  }
}

function problem(error: NodeJS.ErrnoException, { host, port, interfaceAddress }: UdpSocketOptions): string {
  const what = `UDP cannot listen on ${host}, port ${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return `${what}: another program listens there. Stop it, or choose another port.`;
    case 'EACCES':
      return `${what}: not allowed. Choose a port above 1023.`;
    case 'EADDRNOTAVAIL':
      return `${what}: this machine has no such address.`;
    case 'ENODEV':
    case 'EINVAL':
      return `${what}: no interface has the address ${interfaceAddress ?? 'that was found'}. Give one of this machine's.`;
    case 'ENETUNREACH':
      return `${what}: there is no route to this multicast group. Give the address of the interface to join it on.`;
    default:
      return `${what}: ${error.message}`;
  }
}
