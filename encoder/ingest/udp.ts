/**
 * The UDP front: MPEG-TS in datagrams, plain or in RTP. UDP knows no connection, so whoever sends first has the
 * session until it is silent.
 */
import type { RemoteInfo } from 'node:dgram';
import { Readable } from 'node:stream';
import { Counter, type Registry } from 'prom-client';
import type { FrontOptions, InputFront } from './front';
import { inputMetrics, type InputMetrics } from './input-metrics';
import { Refusals } from './refusals';
import { RtpSequence, transportStream, type RtpHeader } from './udp/datagram';
import { isMulticast, openUdpSocket, type UdpSocket } from './udp/socket';

export interface UdpSettings {
  /** The address to listen on, or an IPv4 multicast group (224.0.0.0 to 239.255.255.255) to join. */
  readonly host: string;
  /** 0 to 65535; 0 takes any free one. */
  readonly port: number;
  /** The kernel's receive buffer, in bytes; 8 MiB by default: 1 s at 60 Mbit/s. */
  readonly rcvbufBytes?: number;
  /** Silence after which a sender is taken for gone, in seconds; 2 by default. */
  readonly idleSeconds?: number;
  /** This machine's address on the interface on which to join the group; that of the route to it by default. */
  readonly interfaceAddress?: string;
  /** Media that waits for the session's reader, in bytes; 32 MiB by default. Beyond it, datagrams are dropped. */
  readonly bufferBytes?: number;
}

const DEFAULT_RCVBUF_BYTES = 8 * 1024 * 1024;
const DEFAULT_IDLE_SECONDS = 2;
const DEFAULT_BUFFER_BYTES = 32 * 1024 * 1024;

/** @throws Error where the settings are wrong or the port cannot be bound; it says what to do. */
export async function startUdpFront(settings: UdpSettings, options: FrontOptions): Promise<InputFront> {
  const { host, port, interfaceAddress } = settings;
  const { rcvbufBytes = DEFAULT_RCVBUF_BYTES, idleSeconds = DEFAULT_IDLE_SECONDS } = settings;
  const { bufferBytes = DEFAULT_BUFFER_BYTES } = settings;
  const problems: string[] = [];
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    problems.push(`port: ${port}; allowed: 0 (any free one) to 65535`);
  if (!Number.isInteger(rcvbufBytes) || rcvbufBytes < 1 || rcvbufBytes > 2 ** 30)
    problems.push(`rcvbufBytes: ${rcvbufBytes}; allowed: 1 to ${2 ** 30}`);
  if (!(idleSeconds > 0 && idleSeconds <= 3600))
    problems.push(`idleSeconds: ${idleSeconds}; allowed: above 0, at most 3600`);
  if (!(bufferBytes > 0)) problems.push(`bufferBytes: ${bufferBytes}; allowed: above 0`);
  if (interfaceAddress !== undefined && !isMulticast(host))
    problems.push(`interfaceAddress: only for a multicast group; host is ${JSON.stringify(host)}`);
  if (problems.length > 0) throw new Error(`UDP cannot be started:\n${problems.join('\n')}`);

  const bound = await openUdpSocket({ host, port, rcvbufBytes, interfaceAddress });
  const front = new UdpFront(bound, { idleMs: idleSeconds * 1000, bufferBytes }, options);
  const url = `udp://${host.includes(':') ? `[${host}]` : host}:${bound.port}`;
  options.log.info(
    {
      url,
      rcvbufBytes: bound.rcvbufBytes,
      ...(bound.interfaceAddress && { interface: bound.interfaceAddress }),
    },
    'waiting for datagrams',
  );
  if (bound.rcvbufBytes < rcvbufBytes)
    options.log.warn(
      { asked: rcvbufBytes, given: bound.rcvbufBytes },
      `the kernel gives a smaller receive buffer, so bursts may be lost: set net.core.rmem_max to ${rcvbufBytes}`,
    );
  return { url, close: () => front.close() };
}

interface Session {
  readonly address: string;
  readonly media: Readable;
  readonly sequence: RtpSequence;
  readonly since: number;
  readonly idle: NodeJS.Timeout;
  dropping: boolean;
  bytes: number;
  droppedBytes: number;
  lostPackets: number;
}

class UdpFront {
  readonly #bound: UdpSocket;
  readonly #limits: { readonly idleMs: number; readonly bufferBytes: number };
  readonly #options: FrontOptions;
  readonly #metrics: InputMetrics;
  readonly #lost: Counter;
  readonly #refusals: Refusals;
  #session: Session | undefined;
  #closed: Promise<void> | undefined;

  constructor(bound: UdpSocket, limits: { idleMs: number; bufferBytes: number }, options: FrontOptions) {
    this.#bound = bound;
    this.#limits = limits;
    this.#options = options;
    this.#metrics = inputMetrics(options.registry);
    this.#lost = lostPackets(options.registry);
    this.#refusals = new Refusals({ log: options.log, refused: this.#metrics.refused, linesPerMinute: 1 });
    bound.socket.on('message', (datagram, from) => this.#receive(datagram, from));
    bound.socket.on('error', (error) => options.log.error({ error: String(error) }, 'the UDP socket failed'));
  }

  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#end('this side is closing');
      this.#bound.socket.close(() => resolve());
    });
    return this.#closed;
  }

  #receive(datagram: Buffer, from: RemoteInfo): void {
    const address = `${from.family === 'IPv6' ? `[${from.address}]` : from.address}:${from.port}`;
    if (this.#session && this.#session.address !== address) {
      this.#refusals.refuse('busy', from.address, address, `${this.#session.address} is sending`);
      return;
    }
    const found = transportStream(datagram);
    if (!found) {
      const why = 'no MPEG-TS, plain or in RTP: send whole packets of 188 bytes, 7 in a datagram';
      this.#refusals.refuse('format', from.address, address, why);
      return;
    }
    const session = this.#session ?? this.#begin(address);
    session.idle.refresh();
    if (this.#inOrder(session, found.rtp)) this.#deliver(session, found.packets);
    else this.#drop(session, found.packets.length);
  }

  #begin(address: string): Session {
    const session: Session = {
      address,
      media: new Readable({
        read: () => undefined,
        destroy: (error, callback) => {
          if (this.#session === session) this.#end('the stream is not read any more');
          callback(error);
        },
      }),
      sequence: new RtpSequence(),
      since: performance.now(),
      idle: setTimeout(
        () => this.#end(`nothing came for ${this.#limits.idleMs / 1000} s`),
        this.#limits.idleMs,
      ),
      dropping: false,
      bytes: 0,
      droppedBytes: 0,
      lostPackets: 0,
    };
    this.#session = session;
    this.#metrics.connected.set(1);
    this.#metrics.sessions.inc();
    this.#options.log.info({ address, container: 'mpegts' }, 'caller accepted');
    this.#options.onSession({ container: 'mpegts', address, media: session.media });
    return session;
  }

  /** What comes after its place has gone by would be read as damage. */
  #inOrder(session: Session, rtp: RtpHeader | undefined): boolean {
    if (!rtp) return true;
    const missing = session.sequence.next(rtp);
    if (missing === undefined) return false;
    session.lostPackets += missing;
    this.#lost.inc(missing);
    return true;
  }

  #deliver(session: Session, packets: Buffer): void {
    const { media } = session;
    const { bufferBytes } = this.#limits;
    const waiting = media.readableLength;
    // Half of the room is free again before it goes on: one long gap is repaired sooner than many short ones.
    session.dropping = session.dropping ? waiting > bufferBytes / 2 : waiting + packets.length > bufferBytes;
    session.bytes += packets.length;
    this.#metrics.bytes.inc(packets.length);
    if (!session.dropping) media.push(packets);
    else this.#drop(session, packets.length);
  }

  #drop(session: Session, bytes: number): void {
    if (session.dropping && session.droppedBytes === 0)
      this.#options.log.warn({ address: session.address }, 'media is dropped: it is not read in time');
    session.droppedBytes += bytes;
    this.#metrics.droppedBytes.inc(bytes);
  }

  #end(why: string): void {
    const session = this.#session;
    if (!session) return;
    this.#session = undefined;
    clearTimeout(session.idle);
    this.#metrics.connected.set(0);
    const { address, bytes, droppedBytes, lostPackets } = session;
    const seconds = Math.round(performance.now() - session.since) / 1000;
    this.#options.log.info({ address, seconds, bytes, droppedBytes, lostPackets, why }, 'caller has gone');
    session.media.push(null);
  }
}

/** One of a registry, as those of every front are. */
function lostPackets(registry: Registry): Counter {
  const name = 'media_input_rtp_lost_packets_total';
  const known = registry.getSingleMetric(name);
  if (known instanceof Counter) return known;
  return new Counter({ name, help: 'RTP packets missing in the sequence', registers: [registry] });
}
