/** A caller that makes its handshakes by hand, for what no library sends. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const INDUCTION = 1;
export const CONCLUSION = 0xffff_ffff;
const REPEAT_MS = 250;
/** What a code of refusal is added to. */
const FAILURE = 1000;
const HEADER = 16;
const HANDSHAKE = 48;
const EXTENSIONS = { hsreq: 1, kmreq: 2, config: 4 } as const;

export interface HandshakeFields {
  readonly version?: number;
  readonly cookie: number;
  /** What follows the 48 bytes that all handshakes have. */
  readonly extensions?: Buffer;
}

export class HandmadeCaller {
  readonly #socket: Socket;
  readonly #port: number;

  private constructor(socket: Socket, port: number) {
    this.#socket = socket;
    this.#port = port;
  }

  static async open(port: number): Promise<HandmadeCaller> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new HandmadeCaller(socket, port);
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  send(datagram: Buffer): void {
    this.#socket.send(datagram, this.#port, '127.0.0.1');
  }

  /** @returns the listener's cookie for this socket */
  async induce(): Promise<number> {
    this.send(handshake(INDUCTION, 4, 2, 0));
    const [answer] = (await once(this.#socket, 'message')) as [Buffer];
    return answer.readUInt32BE(HEADER + 28);
  }

  /**
   * Sends its request until it is answered, as any caller does every 250 ms.
   *
   * @returns SRT's code of refusal
   */
  async conclude(fields: HandshakeFields): Promise<number> {
    const { version = 5, cookie, extensions = Buffer.alloc(0) } = fields;
    const flags = EXTENSIONS.hsreq | EXTENSIONS.kmreq | EXTENSIONS.config;
    const request = Buffer.concat([handshake(CONCLUSION, version, flags, cookie), extensions]);
    this.send(request);
    const again = setInterval(() => this.send(request), REPEAT_MS);
    const [answer] = (await once(this.#socket, 'message').finally(() => clearInterval(again))) as [Buffer];
    return answer.readUInt32BE(HEADER + 20) - FAILURE;
  }

  close(): void {
    this.#socket.close();
  }
}

export function handshake(type: number, version: number, flags: number, cookie: number): Buffer {
  const packet = Buffer.alloc(HEADER + HANDSHAKE);
  packet.writeUInt32BE(0x8000_0000, 0);
  packet.writeUInt32BE(version, HEADER);
  packet.writeUInt16BE(flags, HEADER + 6);
  packet.writeUInt32BE(1, HEADER + 8);
  packet.writeUInt32BE(1500, HEADER + 12);
  packet.writeUInt32BE(8192, HEADER + 16);
  packet.writeUInt32BE(type, HEADER + 20);
  packet.writeUInt32BE(77, HEADER + 24);
  packet.writeUInt32BE(cookie, HEADER + 28);
  return packet;
}

export function extension(command: number, content: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(command, 0);
  head.writeUInt16BE(Math.ceil(content.length / 4), 2);
  return Buffer.concat([head, content]);
}

/** The extension that says version, abilities and latencies, as libsrt 1.5 sends it. */
export function hsreq(): Buffer {
  const content = Buffer.alloc(12);
  content.writeUInt32BE(0x0001_0501, 0);
  content.writeUInt32BE(0xbf, 4);
  content.writeUInt32BE((120 << 16) | 120, 8);
  return extension(1, content);
}

/** A key-material message that is whole, of a key that nobody's passphrase unwraps. */
export function kmreq(
  change: { flags?: number; saltWords?: number; keyWords?: number; cut?: number } = {},
): Buffer {
  const { flags = 1, saltWords = 4, keyWords = 4, cut = 0 } = change;
  const message = Buffer.alloc(16 + 16 + 16 + 8, 0x5a);
  message.set([0x12, 0x20, 0x29, flags, 0, 0, 0, 0, 2, 0, 2, 0, 0, 0, saltWords, keyWords]);
  return extension(3, message.subarray(0, message.length - cut));
}
