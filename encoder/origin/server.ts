/** The origin's listeners: HTTP/1.1, and HTTP/2 over TLS. */
import { createServer as createHttpServer, type Server } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import { listen } from '../telemetry/server';
import type { Origin } from './origin';
import type { StaticFiles } from './static-files';
import type { Request, Response } from './respond';

/** Longer than the idle time of the balancers and caches in front (60 s), so that they close first. */
const KEEP_ALIVE_MS = 75_000;

export interface OriginServerOptions {
  readonly origin: Origin;
  readonly host: string;
  readonly httpPort: number;
  readonly tls?: { readonly port: number; readonly cert: Buffer; readonly key: Buffer };
  /** The player page. */
  readonly player?: StaticFiles;
}

export interface OriginServer {
  readonly httpPort: number;
  readonly httpsPort?: number;
  /** Releases held requests, then closes every connection. */
  close(): Promise<void>;
}

export async function startOriginServer(options: OriginServerOptions): Promise<OriginServer> {
  const { origin, player, host, tls } = options;
  const handle = (request: Request, response: Response): void => {
    if (player?.handle(request, response)) return;
    origin.handle(request, response);
  };
  const http = createHttpServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, handle);
  http.headersTimeout = KEEP_ALIVE_MS + 5000;
  const httpPort = await listen(http, options.httpPort, host);
  if (!tls) return { httpPort, close: () => closeAll(origin, [http], []) };

  const https = createSecureServer({ cert: tls.cert, key: tls.key, allowHTTP1: true }, (request, response) =>
    handle(request as unknown as Request, response as unknown as Response),
  );
  // For clients that speak HTTP/1.1 over TLS, as CloudFront does; no option sets it.
  Object.assign(https, { keepAliveTimeout: KEEP_ALIVE_MS });
  const sockets = new Set<Socket>();
  https.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  https.on('sessionError', () => undefined);
  try {
    const httpsPort = await listen(https, tls.port, host);
    return { httpPort, httpsPort, close: () => closeAll(origin, [http, https], sockets) };
  } catch (error) {
    http.close();
    throw error;
  }
}

/** Time that released answers get to leave before their connections are closed. */
const DRAIN_MS = 500;

async function closeAll(
  origin: Origin,
  servers: (Server | Http2SecureServer)[],
  sockets: Iterable<Socket>,
): Promise<void> {
  await origin.drain();
  const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
  const timer = setTimeout(() => {
    for (const server of servers) if ('closeAllConnections' in server) server.closeAllConnections();
    for (const socket of sockets) socket.destroy();
  }, DRAIN_MS);
  for (const server of servers) if ('closeIdleConnections' in server) server.closeIdleConnections();
  await Promise.all(closed);
  clearTimeout(timer);
}
