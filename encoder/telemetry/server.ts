/** The listener for metrics (`/metrics`, Prometheus text) and health (`/healthz`). */
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import type { Registry } from 'prom-client';

export interface TelemetryServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function startTelemetry(
  registry: Registry,
  options: { host: string; port: number; health: () => { ok: boolean } & Record<string, unknown> },
): Promise<TelemetryServer> {
  const server = createServer((request, response) => {
    if (request.url === '/metrics') {
      registry.metrics().then(
        (text) => response.setHeader('content-type', registry.contentType).end(text),
        () => response.writeHead(500).end(),
      );
      return;
    }
    if (request.url === '/healthz') {
      const health = options.health();
      response.writeHead(health.ok ? 200 : 503, { 'content-type': 'application/json' });
      response.end(JSON.stringify(health));
      return;
    }
    response.writeHead(404).end('allowed paths: /metrics, /healthz\n');
  });
  const port = await listen(server, options.port, options.host);
  return { port, close: () => close(server) };
}

/** @returns the port that was bound, which differs from the one asked for where that is 0 */
export function listen(server: NetServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
