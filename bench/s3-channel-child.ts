/**
 * Encoder or origin of a channel, as their processes wire them, with the store looked at from outside: when each
 * bundle was put, seen and read. The encoder's bundles are filled up to FILL_BYTES with a part of a rendition that no
 * claim declares, so that no playlist lists it. Started by s3-channel.bench.ts.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { keys, LADDERS, targetDuration, tickGrid, type BundleHeader } from '../encoder/contract';
import { Encoder } from '../encoder/encoder';
import { Origin } from '../encoder/origin/origin';
import { startOriginServer } from '../encoder/origin/server';
import { StaticFiles } from '../encoder/origin/static-files';
import { announce } from '../encoder/process';
import { encodeBundle } from '../encoder/store/bundle';
import { Evictor, retention } from '../encoder/store/evictor';
import { evictedStores, openStores } from '../encoder/store/open';
import type { ByteRange, ChannelStores, SegmentStore } from '../encoder/store/store';
import { createLogger } from '../encoder/telemetry/log';

/** Seconds: the shortest one, so that filled bundles do not fill the memory. */
const WINDOW = 24;
const CHANNEL = 'test';
const FILLER = 'filler';

/** What happened to a bundle, in Unix milliseconds. */
export interface BundleEvent {
  readonly type: 'put' | 'seen' | 'read';
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

const now = (): number => performance.timeOrigin + performance.now();
const tell = (event: BundleEvent): void => void process.send?.(event);

/** A store with some methods replaced. */
function over(store: SegmentStore, changed: Partial<SegmentStore>): SegmentStore {
  return {
    create: (key, body) => store.create(key, body),
    begin: (key) => store.begin(key),
    replace: (key, body) => store.replace(key, body),
    read: (key, range) => store.read(key, range),
    size: (key) => store.size(key),
    delete: (key) => store.delete(key),
    list: (prefix) => store.list(prefix),
    ...changed,
  };
}

/** The same bundle, with one more part. */
function filled(body: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  const [, json, ...media] = body;
  const header = JSON.parse(Buffer.from(json!).toString()) as BundleHeader;
  const offset = media.reduce((sum, { length }) => sum + length, 0);
  const like = header.parts[0];
  if (!like || offset >= bytes) return body;
  const filler = Buffer.allocUnsafe(bytes - offset).fill(header.tick);
  const part = { ...like, rendition: FILLER, offset, length: filler.length };
  return encodeBundle({ ...header, parts: [...header.parts, part] }, [...media, filler]);
}

const watchedPuts = (edge: SegmentStore, fill: number): SegmentStore =>
  over(edge, {
    create: async (key, body) => {
      const from = now();
      const whole = key.startsWith('edge/') && fill > 0 ? filled(body, fill) : body;
      const created = await edge.create(key, whole);
      if (key.startsWith('edge/')) {
        tell({
          type: 'put',
          key,
          from,
          to: now(),
          bytes: whole.reduce((sum, { length }) => sum + length, 0),
        });
      }
      return created;
    },
  });

const watchedReads = (edge: SegmentStore): SegmentStore =>
  over(edge, {
    read: async (key: string, range?: ByteRange) => {
      const from = now();
      const bytes = await edge.read(key, range);
      if (bytes && key.startsWith('edge/')) {
        tell({ type: range?.start === 0 ? 'seen' : 'read', key, from, to: now(), bytes: bytes.length });
      }
      return bytes;
    },
  });

/** One store for both, or two. */
const withEdge = ({ edge, general }: ChannelStores, changed: SegmentStore): ChannelStores => ({
  edge: changed,
  general: general === edge ? changed : general,
});

async function encode(stores: ChannelStores, location: string, fill: number): Promise<void> {
  const grid = tickGrid('30', 'balanced');
  const evictor = new Evictor(
    evictedStores(location, stores),
    CHANNEL,
    retention(WINDOW, targetDuration(grid)),
  );
  const encoder = new Encoder({
    channel: CHANNEL,
    source: { kind: 'test' },
    ladder: LADDERS.tiny,
    frameRate: '30',
    grid,
    stores: withEdge(stores, watchedPuts(stores.edge, fill)),
    log: createLogger('encoder', 'warn'),
    onOwned: () => evictor.start(),
    onTick: ({ msn, tick }) => evictor.made('edge', keys.bundle(CHANNEL, msn, tick)),
    onSegment: ({ msn }, seconds) => {
      announce({ type: 'segment', msn });
      evictor.advance(seconds).catch((error: unknown) => console.error(error));
    },
  });
  process.once('SIGTERM', () => encoder.finish());
  process.once('disconnect', () => encoder.finish());
  await encoder.done;
  process.exit(0);
}

async function serve(stores: ChannelStores): Promise<void> {
  const origin = new Origin({
    stores: withEdge(stores, watchedReads(stores.edge)),
    windowSeconds: WINDOW,
    log: createLogger('origin', 'warn'),
  });
  const { TLS_CERT, TLS_KEY } = process.env as Record<string, string>;
  const server = await startOriginServer({
    origin,
    host: '127.0.0.1',
    httpPort: 0,
    tls: { port: 0, cert: await readFile(TLS_CERT!), key: await readFile(TLS_KEY!) },
    player: await StaticFiles.load(path.join(__dirname, '..', 'encoder', 'player'), '/player/', [
      'index.html',
      'player.js',
      'player.css',
    ]),
  });
  announce({ type: 'listening', ports: { https: server.httpsPort ?? null } });
  const leave = async (): Promise<void> => {
    await server.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'disconnect'] as const) process.once(signal, () => void leave());
}

async function main(): Promise<void> {
  const { ROLE, STORE, S3_ENDPOINT = '', FILL_BYTES = '0' } = process.env as Record<string, string>;
  const stores = openStores(STORE!, { endpoint: S3_ENDPOINT });
  await (ROLE === 'encoder' ? encode(stores, STORE!, Number(FILL_BYTES)) : serve(stores));
}

// The types of this module are read by the one that starts it.
if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
