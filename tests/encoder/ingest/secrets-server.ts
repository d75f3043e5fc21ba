/** A Secrets Manager on loopback that checks the signature of each request by AWS's published algorithm. */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'the key',
  sessionToken: 'the token',
};

/** What it answers; undefined: it breaks the connection. */
export type Answer = { readonly status: number; readonly body: unknown } | undefined;

/** A request that it took, and what is wrong with its signature. */
export interface Asked {
  readonly target: string | undefined;
  readonly body: unknown;
  readonly fault: string | undefined;
}

export class SecretsServer {
  readonly asked: Asked[] = [];
  readonly #answers: Answer[];
  readonly #server: Server;

  /** @param answers one a request, in order; the last one stays */
  private constructor(answers: Answer[]) {
    this.#answers = answers;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        this.asked.push({
          target: request.headers['x-amz-target'] as string | undefined,
          body: JSON.parse(body.toString()) as unknown,
          fault: signatureFault(request, body),
        });
        const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
        if (!answer) return void request.socket.destroy();
        response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
      });
    });
  }

  static async start(...answers: Answer[]): Promise<SecretsServer> {
    const server = new SecretsServer(answers);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/** AWS Signature Version 4, "Create a signed AWS API request". */
function signatureFault({ headers, method, url }: IncomingMessage, body: Buffer): string | undefined {
  const form =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/(\d{8})\/([a-z0-9-]+)\/secretsmanager\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
  const [, day, region, names, signature] = form.exec(headers.authorization ?? '') ?? [];
  if (!day || !region || !names) return `authorization is ${headers.authorization}`;
  if (headers['x-amz-security-token'] !== CREDENTIALS.sessionToken) return 'the session token is absent';
  const missing = ['host', 'x-amz-date', 'x-amz-security-token', 'x-amz-target'].filter(
    (name) => !names.split(';').includes(name),
  );
  if (missing.length > 0) return `not signed: ${missing.join(', ')}`;
  const canonical = [
    method,
    url,
    '',
    ...names.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    sha256(body),
  ].join('\n');
  const scope = `${day}/${region}/secretsmanager/aws4_request`;
  const key = [region, 'secretsmanager', 'aws4_request'].reduce<Buffer>(
    hmac,
    hmac(`AWS4${CREDENTIALS.secretAccessKey}`, day),
  );
  const toSign = `AWS4-HMAC-SHA256\n${String(headers['x-amz-date'])}\n${scope}\n${sha256(canonical)}`;
  return hmac(key, toSign).toString('hex') === signature ? undefined : 'the signature is wrong';
}
