/** The contribution side of an encoder process, from its variables: a front, the input behind it, the mixer. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { frameRateFraction, type CaptionInfo, type FrameRate, type Ladder, type TickGrid } from '../contract';
import { EnvironmentError } from '../environment';
import { pictureFormat, type Engine } from '../ffmpeg/job';
import type { Logger } from '../telemetry/log';
import type { InputState, OnInputLoss } from './conform';
import type { FrontOptions, InputFront } from './front';
import { Input } from './input';
import { lostInput } from './lost-input';
import { Mixer } from './mixer';
import { startRtmpFront } from './rtmp';
import { readStreamKeys } from './rtmp/keys';
import { slatePicture } from './slate';
import { SecretError, secretArnProblem } from './secret-manager';
import { readPassphrases, readPassphraseSecret, startSrtFront } from './srt';
import { startUdpFront } from './udp';
import type { Program } from './ts/program';

/** The variables of `INGEST_ENVIRONMENT` that matter here, and the address to listen on. */
export interface ContributionEnvironment {
  readonly SOURCE: string;
  readonly HOST: string;
  readonly ON_INPUT_LOSS: OnInputLoss;
  /** `CC1=en,SERVICE1` */
  readonly CAPTIONS: string;
  readonly SLATE: string;
  readonly SRT_MODE: 'listener' | 'caller';
  readonly SRT_ADDRESS: string;
  readonly SRT_PORT: number;
  readonly SRT_STREAM_ID: string;
  readonly SRT_LATENCY_MS: number;
  readonly SRT_KEY_LENGTH: 'any' | '16' | '24' | '32';
  readonly SRT_PASSPHRASES_FILE: string;
  readonly SRT_PASSPHRASE_SECRET: string;
  readonly RTMP_PORT: number;
  readonly RTMP_APP: string;
  readonly RTMP_KEYS_FILE: string;
  readonly UDP_ADDRESS: string;
  readonly UDP_PORT: number;
}

export interface ContributionOptions {
  readonly env: ContributionEnvironment;
  readonly ladder: Ladder;
  readonly frameRate: FrameRate;
  readonly grid: TickGrid;
  readonly engine: Engine;
  readonly log: Logger;
  readonly registry: Registry;
  readonly onState?: (state: InputState) => void;
  readonly onProgram?: (program: Program) => void;
}

export interface Contribution {
  readonly mixer: Mixer;
  /** Where to push to; no secret is in it. */
  readonly url: string;
  /** Caption services that are declared, and those that have been seen. */
  captions(): readonly CaptionInfo[];
  close(): Promise<void>;
}

export const isContribution = (source: string): source is 'srt' | 'rtmp' | 'udp' =>
  source === 'srt' || source === 'rtmp' || source === 'udp';

/** @throws EnvironmentError, or an Error that names what cannot be had: a port, a file, a program */
export async function startContribution(options: ContributionOptions): Promise<Contribution> {
  const { env, ladder, frameRate, grid, engine, log, registry } = options;
  checkTogether(env);
  const picture = pictureFormat(ladder, engine);
  const slate = await slatePicture(picture, env.SLATE || undefined).catch((error: unknown) => {
    throw env.SLATE ? new EnvironmentError((error as Error).message) : error;
  });
  const toLostInput = lostInput(registry);
  const mixer = new Mixer({
    grid,
    tracks: ladder.audio.length,
    onInputLoss: env.ON_INPUT_LOSS,
    slate: [slate],
    onState: (state) => {
      log.info({ state }, 'input');
      toLostInput(state);
      options.onState?.(state);
    },
  });
  const captions = new Map(
    env.CAPTIONS.split(',')
      .filter(Boolean)
      .map((declared) => declared.split('=') as [service: string, language?: string])
      .map(([service, language]) => [service, { service, ...(language && { language }) }]),
  );
  const decoders = mixerMetrics(registry, mixer);
  const { numerator, denominator } = frameRateFraction(frameRate);
  const input = new Input({
    ladder,
    picture,
    framesPerSecond: numerator / denominator,
    sampleRate: grid.audioSampleRate,
    hardware: engine === 'nvenc',
    mixer,
    log,
    onDecoderStart: () => decoders.inc(),
    onCaptions: (services) => {
      for (const service of services) if (!captions.has(service)) captions.set(service, { service });
    },
    ...(options.onProgram && { onProgram: options.onProgram }),
  });
  try {
    const front = await openFront(env, { log, registry, onSession: (session) => input.accept(session) });
    return {
      mixer,
      url: front.url,
      captions: () => [...captions.values()],
      close: async () => {
        await front.close();
        await input.close();
        mixer.close();
      },
    };
  } catch (error) {
    mixer.close();
    throw error;
  }
}

/** What one variable alone does not show. */
function checkTogether(env: ContributionEnvironment): void {
  const faults: string[] = [];
  if (env.SOURCE === 'srt' && env.SRT_MODE === 'caller') {
    if (!env.SRT_ADDRESS) faults.push('SRT_ADDRESS is empty; SRT_MODE is caller, so it names whom to call');
    if (env.SRT_PORT === 0) faults.push('SRT_PORT is 0; SRT_MODE is caller, so it names the port to call');
  }
  if (env.SOURCE === 'srt') {
    const { SRT_PASSPHRASES_FILE: file, SRT_PASSPHRASE_SECRET: arn } = env;
    if (file && arn)
      faults.push('SRT_PASSPHRASES_FILE and SRT_PASSPHRASE_SECRET are both set; allowed is one');
    const problem = arn && secretArnProblem(arn);
    if (problem) faults.push(`SRT_PASSPHRASE_SECRET is ${JSON.stringify(arn)}; it ${problem}`);
    if (env.SRT_KEY_LENGTH !== 'any' && !file && !arn) {
      faults.push(
        'SRT_KEY_LENGTH is set; without SRT_PASSPHRASES_FILE or SRT_PASSPHRASE_SECRET nothing is encrypted',
      );
    }
  }
  if (env.SOURCE === 'rtmp' && !env.RTMP_KEYS_FILE) {
    faults.push('RTMP_KEYS_FILE is empty; SOURCE is rtmp, and whoever knows no stream key must not publish');
  }
  if (faults.length === 0) return;
  throw new EnvironmentError(`${faults.length} bad environment variable(s):\n  ${faults.join('\n  ')}`);
}

async function openFront(env: ContributionEnvironment, options: FrontOptions): Promise<InputFront> {
  switch (env.SOURCE) {
    case 'srt':
      return startSrtFront(
        {
          mode: env.SRT_MODE,
          host: env.SRT_MODE === 'caller' ? env.SRT_ADDRESS : env.HOST,
          port: env.SRT_PORT,
          latencyMs: env.SRT_LATENCY_MS,
          passphrases: await passphrases(env, options),
          ...(env.SRT_STREAM_ID && { streamId: env.SRT_STREAM_ID }),
          ...(env.SRT_KEY_LENGTH !== 'any' && { keyLength: Number(env.SRT_KEY_LENGTH) as 16 | 24 | 32 }),
        },
        options,
      );
    case 'rtmp':
      return startRtmpFront(
        {
          host: env.HOST,
          port: env.RTMP_PORT,
          app: env.RTMP_APP,
          keys: await secrets(readStreamKeys(env.RTMP_KEYS_FILE)),
        },
        options,
      );
    default:
      return startUdpFront({ host: env.UDP_ADDRESS || env.HOST, port: env.UDP_PORT }, options);
  }
}

async function passphrases(
  { SRT_PASSPHRASES_FILE: file, SRT_PASSPHRASE_SECRET: arn }: ContributionEnvironment,
  { log }: FrontOptions,
): Promise<readonly string[]> {
  if (file) return secrets(readPassphrases(file));
  if (!arn) return [];
  // As the SDK's own clients name it.
  const endpoint = process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'];
  return readPassphraseSecret(arn, { log, ...(endpoint && { endpoint }) }).catch((error: unknown) => {
    throw error instanceof SecretError ? new EnvironmentError(error.message) : error;
  });
}

/** A file that is wrong stays wrong: starting again does not help. */
async function secrets(read: Promise<readonly string[]>): Promise<readonly string[]> {
  return read.catch((error: unknown) => {
    throw new EnvironmentError((error as Error).message);
  });
}

function mixerMetrics(registry: Registry, mixer: Mixer): Counter {
  const registers = [registry];
  new Gauge({
    name: 'media_input_state',
    help: 'What viewers see: 1 for the state that it is',
    labelNames: ['state'],
    registers,
    collect() {
      for (const state of ['live', 'repeat', 'slate', 'gap'] as const) {
        this.set({ state }, mixer.state === state ? 1 : 0);
      }
    },
  });
  const counts: [name: keyof Mixer['counts'], metric: string, help: string][] = [
    ['input', 'media_input_pictures_total', 'Pictures decoded'],
    ['repeated', 'media_input_repeated_total', 'Frames in which the picture before was shown again'],
    ['slate', 'media_input_slate_total', 'Frames in which the slate was shown'],
    ['late', 'media_input_late_total', 'Pictures that came too late to be shown'],
    ['anchors', 'media_input_retimed_total', "Times that the source's timestamps were taken up anew"],
    ['silentSamples', 'media_input_silent_samples_total', 'Samples of silence put where sound was missing'],
  ];
  for (const [name, metric, help] of counts) {
    new Counter({
      name: metric,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(mixer.counts[name]);
      },
    });
  }
  return new Counter({
    name: 'media_input_decoders_total',
    help: 'Decoders started: one a caller, one more for each change of what it sends',
    registers,
  });
}
