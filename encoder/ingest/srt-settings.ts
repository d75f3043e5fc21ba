/** What an SRT front is told, checked, and put into the words of its program (srt-front/config.h). */
import { readSecrets } from './secret-file';
import { readSecretOf, type SecretManagerOptions } from './secret-manager';

export interface SrtSettings {
  /** `listener` waits for a caller; `caller` connects to one who listens, and again when that ends. */
  readonly mode: 'listener' | 'caller';
  /** Listener: the address to bind to. Caller: the name or address to connect to. */
  readonly host: string;
  /** UDP port; 0 lets a listener take any that is free. */
  readonly port: number;
  /** 20 to 8000 ms; the larger of both sides' holds. At least four round trips are needed to mend losses. */
  readonly latencyMs: number;
  /** Listener: the only stream id that is let in (default: any). Caller: the one that is sent. */
  readonly streamId?: string;
  /** In bytes. Listener: the only one that is let in (default: any). */
  readonly keyLength?: 16 | 24 | 32;
  /** None, one, or two while they are rotated: a listener takes either, a caller uses the first. */
  readonly passphrases: readonly string[];
  /** A peer that is silent for so long has gone: 5 (less has no effect on libsrt 1.5) to 60 s, default 5. */
  readonly idleSeconds?: number;
}

/** libsrt's limits on SRTO_PASSPHRASE, in bytes. */
export const PASSPHRASE_BYTES = { min: 10, max: 79 } as const;
const STREAM_ID_BYTES = 512;
const DEFAULT_IDLE_SECONDS = 5;

/** @throws Error that names every setting that is wrong, and never shows a passphrase */
export function checkSettings(settings: SrtSettings): void {
  const wrong: string[] = [];
  const check = (good: boolean, message: string) => good || wrong.push(message);
  const { host, port, latencyMs, streamId = '', keyLength, passphrases, idleSeconds } = settings;
  const caller = settings.mode === 'caller';
  check(
    /^[^\s\p{Cc}]{1,255}$/u.test(host),
    `host is ${JSON.stringify(host)}; allowed is an address such as 127.0.0.1`,
  );
  check(
    whole(port, caller ? 1 : 0, 65_535),
    `port is ${port}; allowed is a whole number from ${caller ? 1 : 0} to 65535`,
  );
  check(
    whole(latencyMs, 20, 8000),
    `latencyMs is ${latencyMs}; allowed is a whole number of milliseconds from 20 to 8000`,
  );
  check(
    Buffer.byteLength(streamId) <= STREAM_ID_BYTES && !/\p{Cc}/u.test(streamId),
    `streamId has ${Buffer.byteLength(streamId)} bytes; allowed are ${STREAM_ID_BYTES}, without control characters`,
  );
  check(
    keyLength === undefined || [16, 24, 32].includes(keyLength),
    `keyLength is ${keyLength}; allowed are 16, 24 and 32 bytes`,
  );
  check(
    passphrases.length <= 2,
    `passphrases are ${passphrases.length}; allowed are two, the one in use and the next`,
  );
  passphrases.forEach((passphrase, i) => {
    const problem = passphraseProblem(passphrase);
    check(problem === undefined, `passphrase ${i + 1} ${problem}`);
  });
  check(
    idleSeconds === undefined || (idleSeconds >= 5 && idleSeconds <= 60),
    `idleSeconds is ${idleSeconds}; allowed are 5 to 60 seconds`,
  );
  if (wrong.length === 0) return;
  throw new Error(
    `${wrong.length} bad setting(s) of the SRT front:\n${wrong.map((line) => `  ${line}`).join('\n')}`,
  );
}

/** @throws Error, see {@link readSecrets} */
export const readPassphrases = (file: string): Promise<readonly string[]> =>
  readSecrets(file, { name: 'passphrase', problem: passphraseProblem });

/** @throws SecretError or Error, see {@link readSecretOf} */
export const readPassphraseSecret = (
  arn: string,
  options: SecretManagerOptions,
): Promise<readonly string[]> =>
  readSecretOf(arn, { name: 'passphrase', problem: passphraseProblem }, options);

/** What is wrong with a passphrase, without any of its characters. */
export function passphraseProblem(passphrase: string): string | undefined {
  const bytes = Buffer.byteLength(passphrase);
  if (bytes < PASSPHRASE_BYTES.min || bytes > PASSPHRASE_BYTES.max) {
    return `has ${bytes} bytes; SRT allows ${PASSPHRASE_BYTES.min} to ${PASSPHRASE_BYTES.max}`;
  }
  return /\p{Cc}/u.test(passphrase) ? 'has a control character; use printable ones' : undefined;
}

/** @param port what a front that is started again must keep */
export function programInput(settings: SrtSettings, port: number): string {
  const { mode, host, latencyMs, streamId, keyLength, passphrases } = settings;
  const idleMs = Math.round((settings.idleSeconds ?? DEFAULT_IDLE_SECONDS) * 1000);
  const lines = [
    `mode ${mode}`,
    `host ${host}`,
    `port ${port}`,
    `latency-ms ${latencyMs}`,
    `idle-ms ${idleMs}`,
    ...(streamId === undefined || streamId === '' ? [] : [`stream-id ${streamId}`]),
    ...(keyLength === undefined ? [] : [`key-length ${keyLength}`]),
    ...passphrases.map((passphrase) => `passphrase ${passphrase}`),
    'end',
  ];
  return `${lines.join('\n')}\n`;
}

/** Where people push to; never with a passphrase, and without latency, which tools give in different units. */
export function frontUrl(settings: SrtSettings, port: number): string {
  const wildcard: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
  const host = wildcard[settings.host] ?? settings.host;
  const mode = settings.mode === 'listener' ? 'caller' : 'listener';
  const streamId =
    settings.streamId === undefined ? '' : `&streamid=${encodeURIComponent(settings.streamId)}`;
  return `srt://${host.includes(':') ? `[${host}]` : host}:${port}?mode=${mode}${streamId}`;
}

const whole = (value: number, min: number, max: number): boolean =>
  Number.isInteger(value) && value >= min && value <= max;
