/** A UDP link between one caller and a port, that delays and loses datagrams as told. */
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';

export interface RelayOptions {
  /** In each direction. */
  readonly delayMs?: number;
  /** Called for each datagram of the caller; true loses it. */
  readonly lose?: (datagram: Buffer) => boolean;
}

export interface UdpRelay {
  readonly port: number;
  close(): void;
}

export async function startRelay(to: number, options: RelayOptions = {}): Promise<UdpRelay> {
  const { delayMs = 0, lose = () => false } = options;
  const near = createSocket('udp4');
  const far = createSocket('udp4');
  const timers = new Set<NodeJS.Timeout>();
  let caller: RemoteInfo | undefined;
  let closed = false;
  const later = (send: () => void) => {
    if (delayMs === 0) return send();
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (!closed) send();
    }, delayMs);
    timers.add(timer);
  };
  near.on('message', (datagram, from) => {
    caller = from;
    if (!lose(datagram)) later(() => far.send(datagram, to, '127.0.0.1'));
  });
  far.on('message', (datagram) => later(() => near.send(datagram, caller?.port, caller?.address)));
  near.bind(0, '127.0.0.1');
  far.bind(0, '127.0.0.1');
  await Promise.all([once(near, 'listening'), once(far, 'listening')]);
  return {
    port: near.address().port,
    close: () => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      near.close();
      far.close();
    },
  };
}
