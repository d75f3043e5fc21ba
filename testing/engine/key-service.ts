import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Where the stacks' keys are kept, in the protocol of Vault's transit engine, which Pulumi speaks. Pulumi's own way, a
 * passphrase, makes the key anew in every command by a million rounds of hashing, half the time of a preview. The
 * secrets of a stand-in's stack are no secrets, so a key is wrapped in nothing.
 */
export class KeyService {
  /** For `pulumi stack init --secrets-provider`. */
  readonly provider = 'hashivault://stand-in';
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<KeyService> {
    const server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        const data = answerOf(request.url ?? '', body);
        response.writeHead(data === undefined ? 404 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ data }));
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new KeyService(server);
  }

  /** For the environment of `pulumi`. */
  get environment(): { readonly VAULT_SERVER_URL: string; readonly VAULT_SERVER_TOKEN: string } {
    const { port } = this.#server.address() as AddressInfo;
    return { VAULT_SERVER_URL: `http://127.0.0.1:${port}`, VAULT_SERVER_TOKEN: 'stand-in' };
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const PREFIX = 'vault:v1:';

function answerOf(url: string, body: string): object | undefined {
  const given = (body === '' ? {} : JSON.parse(body)) as { plaintext?: string; ciphertext?: string };
  if (url.startsWith('/v1/transit/encrypt/')) return { ciphertext: `${PREFIX}${given.plaintext ?? ''}` };
  if (url.startsWith('/v1/transit/decrypt/')) return { plaintext: given.ciphertext?.slice(PREFIX.length) };
  return undefined;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
