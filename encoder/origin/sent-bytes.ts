/** Counts what goes out of listeners: by their connections, so that nothing is missed that an answer does not know of. */
import type { Server, Socket } from 'node:net';

export class SentBytes {
  readonly #open = new Set<Socket>();
  #closed = 0;

  constructor(...servers: readonly Server[]) {
    for (const server of servers) this.count(server);
  }

  /** From its next connection on. */
  count(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.once('close', () => {
        this.#open.delete(socket);
        this.#closed += socket.bytesWritten;
      });
    });
  }

  /** It never gets less. */
  get total(): number {
    let bytes = this.#closed;
    for (const { bytesWritten } of this.#open) bytes += bytesWritten;
    return bytes;
  }
}
