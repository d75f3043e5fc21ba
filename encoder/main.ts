/**
 * The encoder process. SIGTERM finishes the claimed segments and leaves, so that the programme goes on
 * elsewhere; SIGINT ends the programme.
 */
import { Counter, Gauge, Registry } from 'prom-client';
import {
  ENCODER_ENVIRONMENT,
  keys,
  partHoldBack,
  targetDuration,
  tickGrid,
  tickSeconds,
  withLanguages,
  type AudioSampleRate,
} from './contract';
import { Encoder } from './encoder';
import { parseEnvironment } from './environment';
import type { Source } from './ffmpeg/arguments';
import { chooseEngine } from './ffmpeg/engine';
import { isContribution, startContribution } from './ingest/contribution';
import { resolveLadder } from './ladder/resolve';
import { FencedError } from './packager/segment-writer';
import { announce, exitOnFailure } from './process';
import { Evictor, retention } from './store/evictor';
import { evictedStores, openStores, removeUnfinished } from './store/open';
import { startEmf } from './telemetry/emf';
import { startGpuMetrics } from './telemetry/gpu';
import { createLogger } from './telemetry/log';
import { partDelay } from './telemetry/part-delay';
import { startTelemetry } from './telemetry/server';

async function main(): Promise<void> {
  const env = parseEnvironment(ENCODER_ENVIRONMENT, process.env);
  const log = createLogger('encoder', env.LOG_LEVEL);
  const registry = new Registry();
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const fps = gauge('media_encoder_frames_per_second', 'Frames that ffmpeg encodes a second');
  const speed = gauge(
    'media_encoder_speed',
    'Media time over wall time; below 1 the encoder does not keep up',
  );
  const dropped = gauge('media_encoder_dropped_frames', 'Frames that ffmpeg has dropped since its start');
  const slow = gauge('media_encoder_slow', 'Alarm: 1 while the speed has been below 0.98 for five seconds');
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [registry] });
  const ticks = counter('media_encoder_ticks_total', 'Bundles written');
  const lateTicks = counter(
    'media_encoder_late_ticks_total',
    'Bundles written later after the end of their tick than PART-HOLD-BACK',
  );
  const bytes = counter('media_encoder_bytes_total', 'Media bytes written in bundles');
  const restarts = counter('media_encoder_restarts_total', 'Times that ffmpeg was started again');
  const foreignWriters = counter(
    'media_encoder_foreign_writers_total',
    'Times that another encoder had written where this one was to write, so that this one left the channel',
  );
  const gaps = new Counter({
    name: 'media_encoder_gap_segments_total',
    help: 'Segments without media, by rendition: left out because the encoder did not keep up, or no source',
    labelNames: ['rendition'],
    registers: [registry],
  });
  const stores = openStores(env.STORE, {
    endpoint: env.S3_ENDPOINT,
    segmentClass: env.SEGMENT_STORAGE_CLASS,
    registry,
  });
  const grid = tickGrid(env.FRAME_RATE, env.PROFILE, Number(env.AUDIO_SAMPLE_RATE) as AudioSampleRate);
  const delayed = partDelay(registry, tickSeconds(grid));
  const evictor = new Evictor(
    evictedStores(env.STORE, stores),
    env.CHANNEL,
    retention(env.WINDOW_SECONDS, targetDuration(grid)),
  );
  const languages = env.AUDIO_LANGUAGES.split(',').filter(Boolean);
  const resolved = resolveLadder(env.LADDER, env.FRAME_RATE);
  const ladder = languages.length > 0 ? withLanguages(resolved, languages) : resolved;
  const { engine, reason } = await chooseEngine(env.ENCODER, ladder);
  log.info({ engine, reason }, 'encoding');
  const startedAt = Date.now();
  let lastTickAt = startedAt;
  let standby = false;

  const contribution = isContribution(env.SOURCE)
    ? await startContribution({
        env: { ...env, SOURCE: env.SOURCE },
        ladder,
        frameRate: env.FRAME_RATE,
        grid,
        engine,
        log,
        registry,
        onState: (state) => announce({ type: 'input', state }),
      })
    : undefined;
  const encoder = new Encoder({
    channel: env.CHANNEL,
    source: source(env.SOURCE, env.SOURCE_LOOP === 'true'),
    ...(contribution && { mixer: contribution.mixer, captions: () => contribution.captions() }),
    ladder,
    engine,
    frameRate: env.FRAME_RATE,
    grid,
    stores,
    log,
    // Not before: another encoder may have been writing until now.
    onOwned: async () => {
      await evictor.start();
      await removeUnfinished(env.STORE);
    },
    onStandby: ({ writer }) => {
      standby = true;
      log.info({ writer }, 'standing by: the channel has a writer');
      announce({ type: 'standby', writer });
    },
    onProgress: (progress) => {
      fps.set(progress.fps);
      speed.set(progress.speed);
      dropped.set(progress.droppedFrames);
      announce({ type: 'progress', fps: progress.fps, speed: progress.speed });
    },
    onTick: ({ msn, tick, bytes: size, lateMs }) => {
      standby = false;
      lastTickAt = Date.now();
      ticks.inc();
      if (lateMs > 1000 * partHoldBack(grid)) lateTicks.inc();
      delayed(lateMs);
      bytes.inc(size);
      evictor.made('edge', keys.bundle(env.CHANNEL, msn, tick));
      announce({ type: 'tick', msn, tick, lateMs });
    },
    onSegment: ({ msn, tracks }, seconds) => {
      for (const [rendition, { gap }] of Object.entries(tracks)) if (gap) gaps.inc({ rendition });
      for (const { id } of [...ladder.video, ...ladder.audio])
        evictor.made('segments', keys.segment(env.CHANNEL, id, msn));
      evictor.made('claims', keys.claim(env.CHANNEL, msn));
      evictor
        .advance(seconds)
        .catch((error: unknown) => log.error({ error: String(error) }, 'old objects were not deleted'));
      announce({ type: 'segment', msn });
    },
    onRestart: () => restarts.inc(),
    onSlow: (isSlow) => slow.set(isSlow ? 1 : 0),
  });
  const telemetry = await startTelemetry(registry, {
    host: env.HOST,
    port: env.METRICS_PORT,
    health: () => ({
      ok: standby || Date.now() - lastTickAt < 10_000,
      standby,
      secondsSinceTick: (Date.now() - lastTickAt) / 1000,
    }),
  });
  const intervalMs = env.METRICS_INTERVAL_SECONDS * 1000;
  const visibleDevices = process.env['NVIDIA_VISIBLE_DEVICES'];
  const asksGpu = env.METRICS_GPU === 'auto' ? engine === 'nvenc' : env.METRICS_GPU === 'true';
  const gpu = asksGpu ? startGpuMetrics({ registry, log, intervalMs, visibleDevices }) : undefined;
  const emf =
    env.METRICS_EMF === 'true' ? startEmf({ registry, channel: env.CHANNEL, log, intervalMs }) : undefined;
  announce({ type: 'listening', ports: { metrics: telemetry.port } });
  if (contribution) announce({ type: 'ingest', url: contribution.url });
  process.once('SIGTERM', () => encoder.leave());
  process.once('SIGINT', () => encoder.finish());
  // The launcher is gone: nobody would stop this process any more.
  process.once('disconnect', () => encoder.finish());
  try {
    await encoder.done;
  } catch (error) {
    if (error instanceof FencedError) foreignWriters.inc();
    throw error;
  } finally {
    await emf?.close();
    await gpu?.close();
    await contribution?.close();
  }
  announce({ type: 'ended' });
  await telemetry.close();
  if (process.connected) process.disconnect();
}

function source(text: string, loop: boolean): Source {
  if (isContribution(text)) return { kind: 'frames' };
  return text === 'test' ? { kind: 'test' } : { kind: 'file', path: text.slice('file:'.length), loop };
}

main().catch(exitOnFailure);
