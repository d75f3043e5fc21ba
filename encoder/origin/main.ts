/** The origin process: environment in, listeners out. SIGTERM and SIGINT release held requests and leave. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { ORIGIN_EMF, ORIGIN_ENVIRONMENT } from '../contract';
import { EnvironmentError, parseEnvironment } from '../environment';
import { openStores } from '../store/open';
import { startEmf } from '../telemetry/emf';
import { createLogger } from '../telemetry/log';
import { startTelemetry } from '../telemetry/server';
import { announce, exitOnFailure } from '../process';
import { Origin } from './origin';
import { startOriginServer } from './server';
import { StaticFiles } from './static-files';

async function main(): Promise<void> {
  const env = parseEnvironment(ORIGIN_ENVIRONMENT, process.env);
  const log = createLogger('origin', env.LOG_LEVEL);
  if ((env.TLS_CERT === '') !== (env.TLS_KEY === '')) {
    throw new EnvironmentError('TLS_CERT and TLS_KEY are set together or not at all');
  }
  const registry = new Registry();
  const requests = new Counter({
    name: 'media_origin_requests_total',
    help: 'Requests answered, by kind of resource and status',
    labelNames: ['kind', 'status'] as const,
    registers: [registry],
  });
  const renders = new Counter({
    name: 'media_origin_playlists_rendered_total',
    help: 'Playlists rendered; all who wait for one share it',
    registers: [registry],
  });
  const tickDelay = new Histogram({
    name: 'media_origin_tick_delay_seconds',
    help: "From a tick's end by its writer's clock to its bundle being seen",
    labelNames: ['channel'] as const,
    buckets: [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2],
    registers: [registry],
  });
  const origin = new Origin({
    stores: openStores(env.STORE, { endpoint: env.S3_ENDPOINT, registry }),
    windowSeconds: env.WINDOW_SECONDS,
    log,
    onRequest: (kind, status) => requests.inc({ kind, status }),
    onRender: () => renders.inc(),
    onTickDelay: (channel, milliseconds) => tickDelay.observe({ channel }, milliseconds / 1000),
  });
  new Gauge({
    name: 'media_origin_waiting_requests',
    help: 'Requests held until a part is there',
    registers: [registry],
    collect() {
      this.set(origin.waiting);
    },
  });
  new Gauge({
    name: 'media_origin_viewers',
    help: 'Viewers, estimated from how often video playlists are reloaded',
    registers: [registry],
    collect() {
      this.set(origin.viewers);
    },
  });
  new Gauge({
    name: 'media_origin_followed_channels',
    help: 'Channels that somebody asked for in the last minute',
    registers: [registry],
    collect() {
      this.set(origin.followed);
    },
  });
  const player = env.PLAYER === 'true' ? await loadPlayer() : undefined;
  const tls =
    env.TLS_CERT === ''
      ? undefined
      : { port: env.HTTPS_PORT, cert: await readFile(env.TLS_CERT), key: await readFile(env.TLS_KEY) };
  const server = await startOriginServer({
    origin,
    host: env.HOST,
    httpPort: env.HTTP_PORT,
    ...(tls && { tls }),
    ...(player && { player }),
  });
  new Counter({
    name: 'media_origin_sent_bytes_total',
    help: 'Bytes that went out, headers included',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(server.sentBytes());
    },
  });
  const telemetry = await startTelemetry(registry, {
    host: env.HOST,
    port: env.METRICS_PORT,
    health: () => ({ ok: true, waiting: origin.waiting, followed: origin.followed }),
  });
  const emf =
    env.METRICS_EMF === 'true'
      ? startEmf({
          ...{ registry, log, subject: 'Origin', channel: env.ORIGIN_NAME, table: ORIGIN_EMF },
          intervalMs: env.METRICS_INTERVAL_SECONDS * 1000,
        })
      : undefined;
  const ports = { http: server.httpPort, https: server.httpsPort ?? null, metrics: telemetry.port };
  log.info(ports, 'listening');
  announce({ type: 'listening', ports });
  const viewers = setInterval(() => announce({ type: 'viewers', viewers: origin.viewers }), 1000);

  const leave = async (): Promise<void> => {
    clearInterval(viewers);
    await server.close();
    await emf?.close();
    await telemetry.close();
    if (process.connected) process.disconnect();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void leave());
  process.once('disconnect', () => void leave());
}

const loadPlayer = (): Promise<StaticFiles> =>
  StaticFiles.load(path.join(__dirname, '..', 'player'), '/player/', [
    'index.html',
    'player.js',
    'player.css',
  ]);

main().catch(exitOnFailure);
