/** The origin's listeners: HTTP/1.1, and HTTP/2 over TLS. */
import { createServer as createHttpServer, type Server } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import { ORIGIN_DRAIN_MS, ORIGIN_KEEP_ALIVE_SECONDS } from '../contract';
import { listen } from '../telemetry/server';
import type { Origin } from './origin';
import type { StaticFiles } from './static-files';
import type { Request, Response } from './respond';
import { SentBytes } from './sent-bytes';

const KEEP_ALIVE_MS = ORIGIN_KEEP_ALIVE_SECONDS * 1000;

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
  /** Bytes that went out by all connections so far, headers included. */
  sentBytes(): number;
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
  const sent = new SentBytes(http);
  const sentBytes = () => sent.total;
  if (!tls) return { httpPort, sentBytes, close: () => closeAll(origin, [http], []) };

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
  sent.count(https);
  try {
    const httpsPort = await listen(https, tls.port, host);
    return { httpPort, httpsPort, sentBytes, close: () => closeAll(origin, [http, https], sockets) };
  } catch (error) {
    http.close();
    throw error;
  }
}

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
  }, ORIGIN_DRAIN_MS);
  for (const server of servers) if ('closeIdleConnections' in server) server.closeIdleConnections();
  await Promise.all(closed);
  clearTimeout(timer);
}
