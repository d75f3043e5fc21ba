/** `aws-media local up | status | down`. */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import {
  FRAME_RATES,
  LADDER_NAMES,
  PORTS,
  PROFILES,
  type FrameRate,
  type Profile,
} from '../encoder/contract';
import { resolveLadder } from '../encoder/ladder/resolve';
import { probeFile } from '../encoder/ffmpeg/probe';
import { INPUT_LOSS, type OnInputLoss } from '../encoder/ingest/conform';
import {
  DEFAULT_PORTS,
  isProtocol,
  streamKeyFile,
  type LocalIngest,
  type Protocol,
} from '../local/contribution';
import { Launcher, type LocalOptions, type LocalStatus } from '../local/launcher';
import { removeState, runningStatus, writeState } from '../local/state-file';
import { CommandError, EXIT_CODES } from './exit';
import { LiveStatus, screen } from './local-screen';

interface UpFlags {
  source: string;
  ladder: string;
  profile: Profile;
  frameRate: string;
  port?: number;
  httpsPort?: number;
  ingestPort?: number;
  onInputLoss: OnInputLoss;
  slate?: string;
  audioLanguages?: string;
  srtPassphrases?: string;
  srtLatency?: string;
  srtStreamId?: string;
  rtmpKeys?: string;
  state: string;
  detach?: boolean;
  json?: boolean;
}

const READY_MS = 60_000;
const DOWN_MS = 15_000;

export function addLocalCommands(program: Command): void {
  const local = program.command('local').description('run a live channel on this machine');
  local
    .command('up')
    .description('start an encoder and an origin for a test channel, and show where to watch')
    .argument('[environment]', 'what to run; today only "local"', 'local')
    .option(
      '--source <source>',
      'test (a moving picture with a clock), file:PATH (looped), or srt, rtmp, udp: wait for a contributor',
      'test',
    )
    .option(
      '--ladder <name>',
      `what to encode: ${LADDER_NAMES.join(', ')}, or file:PATH of a JSON file`,
      'tiny',
    )
    .addOption(
      new Option('--profile <name>', 'length of parts: 0.2, 0.333 or 1 s')
        .choices(PROFILES)
        .default('balanced'),
    )
    .addOption(new Option('--frame-rate <fps>', 'frames a second').choices(FRAME_RATES).default('30'))
    .option('--port <port>', `HTTP port (default: ${PORTS.originHttp}, or a free one)`, port('--port'))
    .option(
      '--https-port <port>',
      `HTTP/2 port (default: ${PORTS.originHttps}, or a free one)`,
      port('--https-port'),
    )
    .option(
      '--ingest-port <port>',
      'port that contributors push to (default: SRT 9000, RTMP 1935, UDP 5004, or a free one)',
      port('--ingest-port'),
    )
    .addOption(
      new Option(
        '--on-input-loss <what>',
        'while nothing arrives: the last picture, slate after 1 s of it, or a gap',
      )
        .choices(INPUT_LOSS)
        .default('slate'),
    )
    .option('--slate <image>', 'PNG or JPEG file to show as the slate (default: colour bars)')
    .option(
      '--audio-languages <list>',
      'a sound rendition for each, by the tracks of the source, such as en,de',
    )
    .option('--srt-passphrases <file>', 'encrypt: file of mode 0600 with one or two passphrases')
    .option('--srt-latency <ms>', 'receive latency of SRT (default: 120)')
    .option('--srt-stream-id <id>', 'let in this stream id alone')
    .option(
      '--rtmp-keys <file>',
      'file of mode 0600 with one or two stream keys (default: one of its own is made)',
    )
    .option('--state <folder>', 'where media, logs and the certificate are kept', '.aws-media/local')
    .option('--detach', 'return when the first segment can be played; stop with "local down"')
    .option('--json', 'one line of JSON on stdout instead of the screen')
    .action(up);
  local
    .command('status')
    .description('show what runs')
    .option('--state <folder>', 'as given to "up"', '.aws-media/local')
    .option('--json', 'one line of JSON')
    .action(status);
  local
    .command('down')
    .description('end the programme and stop')
    .option('--state <folder>', 'as given to "up"', '.aws-media/local')
    .action(down);
}

const port =
  (flag: string) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > 65_535) {
      throw new CommandError(
        `${flag} ${JSON.stringify(text)}: allowed is a whole number from 0 to 65535`,
        EXIT_CODES.usage,
      );
    }
    return value;
  };

async function up(environment: string, flags: UpFlags): Promise<void> {
  if (environment !== 'local') {
    throw new CommandError(
      `environment ${JSON.stringify(environment)}: only "local" can be run so far`,
      EXIT_CODES.usage,
    );
  }
  const stateFolder = path.resolve(flags.state);
  const source = await checkSource(flags.source);
  const running = await runningStatus(stateFolder);
  if (running) {
    throw new CommandError(
      `already running (process ${running.pid}): ${running.urls?.playerUrl}\n` +
        'Stop it with "aws-media local down", or start another one with --state <another folder>.',
      EXIT_CODES.notApplicable,
    );
  }
  mkdirSync(stateFolder, { recursive: true });
  if (flags.detach) return detach(stateFolder, flags);
  const ingest = isProtocol(source) ? await localIngest(source, stateFolder, flags) : undefined;
  const options: LocalOptions = {
    source,
    ...(ingest && { ingest }),
    ladder: checkLadder(flags),
    profile: flags.profile,
    frameRate: flags.frameRate,
    stateFolder,
    httpPort: await choosePort('--port', flags.port, PORTS.originHttp),
    httpsPort: await choosePort('--https-port', flags.httpsPort, PORTS.originHttps),
  };
  await runInForeground(options, flags);
}

async function checkSource(source: string): Promise<string> {
  if (source === 'test' || isProtocol(source)) return source;
  if (!source.startsWith('file:') || source.length === 'file:'.length) {
    throw new CommandError(
      `--source ${JSON.stringify(source)}: allowed are test, file:PATH, srt, rtmp and udp`,
      EXIT_CODES.usage,
    );
  }
  const file = path.resolve(source.slice('file:'.length));
  try {
    await probeFile(file);
  } catch (error) {
    throw new CommandError(`--source: ${(error as Error).message}`, EXIT_CODES.usage);
  }
  return `file:${file}`;
}

function checkLadder({ ladder, frameRate }: UpFlags): string {
  const absolute = ladder.startsWith('file:') ? `file:${path.resolve(ladder.slice('file:'.length))}` : ladder;
  try {
    resolveLadder(absolute, frameRate as FrameRate);
  } catch (error) {
    throw new CommandError(`--ladder: ${(error as Error).message}`, EXIT_CODES.usage);
  }
  return absolute;
}

/** Files are named from here; what is in them the encoder checks. */
async function localIngest(protocol: Protocol, stateFolder: string, flags: UpFlags): Promise<LocalIngest> {
  const file = (name: string | undefined) => name && path.resolve(name);
  const secretFile =
    protocol === 'rtmp'
      ? (file(flags.rtmpKeys) ?? (await streamKeyFile(stateFolder)))
      : protocol === 'srt'
        ? file(flags.srtPassphrases)
        : undefined;
  const environment = {
    ON_INPUT_LOSS: flags.onInputLoss,
    SLATE: file(flags.slate),
    AUDIO_LANGUAGES: flags.audioLanguages,
    ...(protocol === 'srt' && {
      SRT_PASSPHRASES_FILE: secretFile,
      SRT_LATENCY_MS: flags.srtLatency,
      SRT_STREAM_ID: flags.srtStreamId,
    }),
    ...(protocol === 'rtmp' && { RTMP_KEYS_FILE: secretFile }),
  };
  const set = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const free = protocol === 'rtmp' ? isFree : isFreeUdp;
  return {
    protocol,
    port: await choosePort('--ingest-port', flags.ingestPort, DEFAULT_PORTS[protocol], free),
    environment: Object.fromEntries(set),
    ...(protocol === 'srt' && flags.srtStreamId && { streamId: flags.srtStreamId }),
    ...(protocol === 'srt' && flags.srtLatency && { latencyMs: Number(flags.srtLatency) }),
    ...(secretFile && { secretFile }),
  };
}

/** A port that was asked for must be free; a default one gives way to any that is. */
async function choosePort(
  flag: string,
  asked: number | undefined,
  preferred: number,
  free: (port: number) => Promise<boolean> = isFree,
): Promise<number> {
  if (await free(asked ?? preferred)) return asked ?? preferred;
  if (asked !== undefined) {
    throw new CommandError(
      `${flag} ${asked} is in use on 127.0.0.1. Choose another, or 0 for any free one.`,
      EXIT_CODES.usage,
    );
  }
  process.stderr.write(`port ${preferred} is in use; taking a free one\n`);
  return 0;
}

function isFree(candidate: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(candidate, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function isFreeUdp(candidate: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind(candidate, '127.0.0.1', () => socket.close(() => resolve(true)));
  });
}

async function runInForeground(options: LocalOptions, flags: UpFlags): Promise<void> {
  const launcher = new Launcher(options);
  const live = new LiveStatus(process.stderr);
  const stopped = new Promise<string | undefined>((resolve) => {
    launcher.once('end', resolve);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve(undefined));
  });
  launcher.on('notice', (message) => live.notice(message));
  launcher.once('ready', () => {
    // The file is written first: who reads the line may ask for the status at once.
    void writeState(options.stateFolder, launcher.status).then(() => {
      process.stdout.write(flags.json ? `${jsonLine(launcher.status)}\n` : screen(launcher.status));
      live.start(() => launcher.status);
    });
  });
  live.notice('starting the encoder and the origin ...');
  let failure: string | undefined;
  try {
    await launcher.start();
    failure = await stopped;
  } finally {
    live.stop();
    live.notice('stopping ...');
    await launcher.stop();
    await removeState(options.stateFolder);
  }
  if (failure) throw new CommandError(failure);
  live.notice('stopped');
}

const jsonLine = ({ urls, pid }: LocalStatus): string => JSON.stringify({ ...urls, pid });

/** Starts this command again without a terminal, and waits for its line. */
async function detach(stateFolder: string, flags: UpFlags): Promise<void> {
  const logFile = path.join(stateFolder, 'launcher.log');
  const log = openSync(logFile, 'w');
  const rest = process.argv.slice(2).filter((argument) => argument !== '--detach' && argument !== '--json');
  const child = spawn(process.execPath, [process.argv[1]!, ...rest, '--json'], {
    detached: true,
    stdio: ['ignore', 'pipe', log],
  });
  closeSync(log);
  const line = new Promise<string>((resolve) =>
    createInterface({ input: child.stdout! }).once('line', resolve),
  );
  const failed = once(child, 'exit').then(() => undefined);
  const found = await Promise.race([line, failed, delay(READY_MS, undefined, { ref: false })]);
  if (!found) {
    child.kill('SIGINT');
    throw new CommandError(`it did not start; what it said is in ${logFile}`);
  }
  child.stdout!.destroy();
  child.unref();
  const current = (await runningStatus(stateFolder))!;
  process.stdout.write(flags.json ? `${found}\n` : screen(current));
}

async function status(flags: { state: string; json?: boolean }): Promise<void> {
  const running = await runningStatus(path.resolve(flags.state));
  if (!running)
    throw new CommandError(
      'nothing is running; start it with "aws-media local up"',
      EXIT_CODES.notApplicable,
    );
  process.stdout.write(flags.json ? `${JSON.stringify(running)}\n` : screen(running));
}

async function down(flags: { state: string }): Promise<void> {
  const stateFolder = path.resolve(flags.state);
  const running = await runningStatus(stateFolder);
  if (!running) throw new CommandError('nothing is running', EXIT_CODES.notApplicable);
  process.kill(running.pid, 'SIGINT');
  for (const until = Date.now() + DOWN_MS; Date.now() < until; await delay(100)) {
    if (!(await runningStatus(stateFolder)) && !isAlive(running.pid)) {
      process.stderr.write('stopped\n');
      return;
    }
  }
  throw new CommandError(
    `process ${running.pid} does not end; its logs are in ${path.join(stateFolder, 'logs')}`,
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
