/** Runs a channel on this machine: an encoder and an origin over a file store, and a page of status about them. */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import type { Profile } from '../encoder/contract';
import { multivariantPath } from '../encoder/contract';
import type { Announcement } from '../encoder/process';
import { close, listen } from '../encoder/telemetry/server';
import type { InputState } from '../encoder/ingest/conform';
import { loopbackCertificate } from './certificate';
import { authority, PORT_VARIABLES, pushInstructions, type LocalIngest } from './contribution';
import { Supervised } from './supervised';

export const CHANNEL = 'test';

export interface LocalOptions {
  /** `test`, `file:<absolute path>`, or the protocol of `ingest`. */
  readonly source: string;
  /** Where the source is a contributor. */
  readonly ingest?: LocalIngest;
  readonly ladder: string;
  readonly profile: Profile;
  readonly frameRate: string;
  /** 0 is any free port. */
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly stateFolder: string;
}

export interface LocalUrls {
  readonly playerUrl: string;
  readonly playlistUrl: string;
  readonly httpsUrl: string;
  readonly metricsUrl: string;
  /** Where to push to, by the protocol that was asked for. */
  readonly srtUrl?: string;
  readonly rtmpUrl?: string;
  readonly udpUrl?: string;
}

export interface LocalStatus {
  readonly id: string;
  readonly pid: number;
  readonly state: 'starting' | 'playing' | 'ended';
  readonly source: string;
  readonly ladder: string;
  readonly profile: string;
  readonly urls: LocalUrls | undefined;
  /** What viewers see, where the source is a contributor. */
  readonly input?: InputState;
  /** How to push, line by line. */
  readonly push?: readonly string[];
  readonly encoderPid: number | undefined;
  readonly originPid: number | undefined;
  readonly fps: number;
  readonly speed: number;
  /** Milliseconds from a part's last frame being captured to the part being in the store. */
  readonly publishMs: number | undefined;
  readonly viewers: number;
  readonly restarts: number;
}

interface LauncherEvents {
  /** The first segment of this run can be played. */
  ready: [];
  change: [];
  notice: [message: string];
  /** The programme ended by itself, or a process cannot be started. */
  end: [failure: string | undefined];
}

const INPUT_NOTICES: Readonly<Record<InputState, string>> = {
  live: 'input: on air',
  repeat: 'input: nothing arrives; the last picture is repeated',
  slate: 'input: nothing arrives; the slate is shown',
  gap: 'input: nothing arrives; the playlist shows a gap',
};

const STOP_MS = 5000;
const LATE_MS = 1000;
const WARN_AGAIN_MS = 30_000;

export class Launcher extends EventEmitter<LauncherEvents> {
  readonly #options: LocalOptions;
  readonly #id = randomUUID();
  #encoder: Supervised | undefined;
  #origin: Supervised | undefined;
  #telemetry: Server | undefined;
  #telemetryPort = 0;
  #ports: { http?: number; https?: number; encoder?: number; origin?: number } = {};
  #state: LocalStatus['state'] = 'starting';
  #ingestUrl: string | undefined;
  #input: InputState = 'slate';
  #progress = { fps: 0, speed: 0 };
  #publishMs: number | undefined;
  #viewers = 0;
  #restarts = 0;
  #segment = false;
  #warnedAt = 0;

  constructor(options: LocalOptions) {
    super();
    this.#options = options;
  }

  get status(): LocalStatus {
    const { source, ladder, profile, ingest } = this.#options;
    const url = this.#ingestUrl;
    return {
      id: this.#id,
      pid: process.pid,
      state: this.#state,
      source,
      ladder,
      profile,
      urls: this.#urls(),
      ...(ingest && { input: this.#input }),
      ...(ingest && url && { push: pushInstructions(ingest, url) }),
      encoderPid: this.#encoder?.pid,
      originPid: this.#origin?.pid,
      ...this.#progress,
      publishMs: this.#publishMs,
      viewers: this.#viewers,
      restarts: this.#restarts,
    };
  }

  async start(): Promise<void> {
    const { stateFolder, source, ladder, profile, frameRate, httpPort, httpsPort, ingest } = this.#options;
    const tlsFolder = path.join(stateFolder, 'tls');
    const logFolder = path.join(stateFolder, 'logs');
    for (const folder of [tlsFolder, logFolder]) await mkdir(folder, { recursive: true });
    const tls = await loopbackCertificate(tlsFolder);
    this.#telemetry = createServer((request, response) => void this.#answer(request.url ?? '/', response));
    this.#telemetryPort = await listen(this.#telemetry, 0, '127.0.0.1');
    const shared = {
      STORE: `file:${path.join(stateFolder, 'store')}`,
      METRICS_PORT: '0',
      LOG_LEVEL: 'info',
      HOST: '127.0.0.1',
    };
    const runtime = path.join(__dirname, '..', 'encoder');
    this.#origin = this.#supervise('origin', path.join(runtime, 'origin', 'main.js'), () => ({
      ...shared,
      // Started again, it must be found where it was.
      HTTP_PORT: String(this.#ports.http ?? httpPort),
      HTTPS_PORT: String(this.#ports.https ?? httpsPort),
      TLS_CERT: tls.cert,
      TLS_KEY: tls.key,
      PLAYER: 'true',
    }));
    this.#encoder = this.#supervise('encoder', path.join(runtime, 'main.js'), () => ({
      ...shared,
      CHANNEL,
      SOURCE: source,
      LADDER: ladder,
      PROFILE: profile,
      FRAME_RATE: frameRate,
      ...ingest?.environment,
      ...(ingest && { [PORT_VARIABLES[ingest.protocol]]: String(this.#ingestPort() ?? ingest.port) }),
    }));
  }

  /** Ends the programme, then the processes, in the order of the media. */
  async stop(): Promise<void> {
    await this.#encoder?.stop('SIGINT', STOP_MS);
    await this.#origin?.stop('SIGTERM', STOP_MS);
    if (this.#telemetry) await close(this.#telemetry);
  }

  /** Started again, the encoder must be found where it was. */
  #ingestPort(): string | undefined {
    return this.#ingestUrl && authority(this.#ingestUrl).port;
  }

  #supervise(name: string, entry: string, environment: () => Record<string, string>): Supervised {
    return new Supervised({
      name,
      entry,
      environment,
      logFile: path.join(this.#options.stateFolder, 'logs', `${name}.log`),
      onMessage: (message) => this.#heard(name, message),
      onRestart: (reason) => {
        this.#restarts++;
        this.emit('notice', reason);
      },
      onEnd: (failure) => {
        this.#state = 'ended';
        this.emit('end', failure);
      },
    });
  }

  #heard(name: string, message: Announcement): void {
    switch (message.type) {
      case 'listening':
        if (name === 'encoder') this.#ports.encoder = message.ports['metrics'] ?? 0;
        else {
          this.#ports.origin = message.ports['metrics'] ?? 0;
          this.#ports.http = message.ports['http'] ?? 0;
          this.#ports.https = message.ports['https'] ?? 0;
        }
        break;
      case 'progress':
        this.#progress = { fps: message.fps, speed: message.speed };
        break;
      case 'tick':
        this.#publishMs = message.lateMs;
        this.#warnWhenLate(message.lateMs);
        break;
      case 'viewers':
        this.#viewers = message.viewers;
        break;
      case 'ingest':
        this.#ingestUrl = message.url;
        break;
      case 'input':
        if (message.state !== this.#input) this.emit('notice', INPUT_NOTICES[message.state]);
        this.#input = message.state;
        break;
      case 'standby':
        this.emit('notice', `waiting for another encoder of this channel to end (writer ${message.writer})`);
        break;
      case 'segment':
        this.#segment = true;
        break;
      case 'ended':
        break;
    }
    if (this.#state === 'starting' && this.#segment && this.#urls()) {
      this.#state = 'playing';
      this.emit('ready');
    }
    this.emit('change');
  }

  /** Once in a while, while parts come a second late or more. */
  #warnWhenLate(lateMs: number): void {
    if (lateMs < LATE_MS || Date.now() - this.#warnedAt < WARN_AGAIN_MS) return;
    this.#warnedAt = Date.now();
    this.emit(
      'notice',
      `parts come ${(lateMs / 1000).toFixed(1)} s after capture: this machine does not keep up with the ladder ` +
        `${this.#options.ladder}. Choose a smaller one (--ladder), or longer parts (--profile economy).`,
    );
  }

  #urls(): LocalUrls | undefined {
    const { http, https } = this.#ports;
    const protocol = this.#options.ingest?.protocol;
    if (!http || !https || (protocol && !this.#ingestUrl)) return undefined;
    const base = `http://127.0.0.1:${http}`;
    return {
      playerUrl: `${base}/player/?channel=${CHANNEL}`,
      playlistUrl: base + multivariantPath(CHANNEL),
      httpsUrl: `https://127.0.0.1:${https}/player/?channel=${CHANNEL}`,
      metricsUrl: `http://127.0.0.1:${this.#telemetryPort}/metrics`,
      ...(protocol && { [`${protocol}Url`]: this.#ingestUrl }),
    };
  }

  async #answer(url: string, response: ServerResponse): Promise<void> {
    if (url === '/status') {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(this.status));
    } else if (url === '/metrics') {
      const texts = await Promise.all([this.#ports.encoder, this.#ports.origin].map(metricsOf));
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8').end(texts.join(''));
    } else {
      response.writeHead(404).end('allowed paths: /metrics, /status\n');
    }
  }
}

/** A process that is being started again has no metrics for a moment. */
async function metricsOf(port: number | undefined): Promise<string> {
  if (!port) return '';
  try {
    return await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  } catch {
    return '';
  }
}
