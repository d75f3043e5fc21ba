/** Calls `nvidia-smi`, for a limited time, and says why it gave no answer. */
import { execFile, type ChildProcess } from 'node:child_process';

/**
 * Why there is no reading: the GPU is `lost`; the driver sees `no-device`; the `driver`, or its library, cannot be
 * reached; it took too long (`timeout`); the program is `absent`; anything else.
 */
export const GPU_FAILURES = ['lost', 'no-device', 'driver', 'timeout', 'absent', 'other'] as const;
export type GpuFailureReason = (typeof GPU_FAILURES)[number];

export interface GpuFailure {
  readonly reason: GpuFailureReason;
  /** A sentence, with nvidia-smi's own words. */
  readonly message: string;
}

export interface GpuAnswer {
  readonly text: string;
  readonly failure?: GpuFailure;
}

const MOST_BYTES = 64 * 1024;

/** nvidia-smi's exit codes, of its manual: RETURN VALUE. */
const EXIT_CODES: Readonly<Record<number, GpuFailureReason>> = {
  6: 'no-device',
  9: 'driver',
  12: 'driver',
  13: 'driver',
  15: 'lost',
};

/** Where the exit code does not tell: some of these come with 255, or with 0. */
const WORDS: readonly (readonly [RegExp, GpuFailureReason])[] = [
  [/GPU is lost|requires reset|fallen off the bus|Unable to determine the device handle/i, 'lost'],
  [/communicate with the NVIDIA driver|Failed to initialize NVML|NVML.*(?:mismatch|not found)/i, 'driver'],
  [/No devices were found/i, 'no-device'],
];

/** @param said by nvidia-smi */
export function failureOf(message: string, said = '', exitCode = 0): GpuFailure {
  const word = WORDS.find(([pattern]) => pattern.test(said))?.[1];
  return { reason: word ?? EXIT_CODES[exitCode] ?? 'other', message };
}

/** As the end of a sentence. */
export const firstLine = (text: string): string => {
  const line = text.trim().split('\n')[0]!.slice(0, 200);
  return line === '' ? '' : `: ${line}`;
};

export class NvidiaSmi {
  readonly #timeoutMs: number;
  #child: ChildProcess | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** A process that a broken driver holds outlives even SIGKILL: there must not be a second one. */
  get hangs(): boolean {
    return this.#child !== undefined;
  }

  /** One call. */
  query(fields: readonly string[]): Promise<GpuAnswer> {
    const list = [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits'];
    return new Promise((resolve) => {
      const child = execFile('nvidia-smi', list, { maxBuffer: MOST_BYTES }, (error, text, stderr) => {
        clearTimeout(timer);
        this.#child = undefined;
        resolve(error === null ? { text } : { text, failure: cause(error, text, stderr) });
      });
      this.#child = child;
      const timer = setTimeout(() => {
        kill(child);
        const message = `nvidia-smi did not answer within ${this.#timeoutMs / 1000} s`;
        resolve({ text: '', failure: { reason: 'timeout', message } });
      }, this.#timeoutMs);
    });
  }

  /** Ends a call that is under way. */
  stop(): void {
    kill(this.#child);
  }
}

/** What it started itself, or a broken driver that keeps it, shall not hold this process. */
function kill(child: ChildProcess | undefined): void {
  child?.kill('SIGKILL');
  child?.stdout?.destroy();
  child?.stderr?.destroy();
  child?.unref();
}

function cause(error: Error & { code?: unknown }, stdout: string, stderr: string): GpuFailure {
  if (error.code === 'ENOENT')
    return {
      reason: 'absent',
      message: 'nvidia-smi is not on PATH: in a container NVIDIA_DRIVER_CAPABILITIES has to name utility',
    };
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return { reason: 'other', message: `nvidia-smi wrote more than ${MOST_BYTES / 1024} KiB` };
  if (typeof error.code === 'number') {
    const message = `nvidia-smi ended with exit code ${error.code}${firstLine(stderr.trim() || stdout)}`;
    return failureOf(message, `${stderr}\n${stdout}`, error.code);
  }
  return { reason: 'other', message: `nvidia-smi could not be run: ${error.message.split('\n')[0]}` };
}
