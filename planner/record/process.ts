import { spawn } from 'node:child_process';
import path from 'node:path';
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { FROM_RECORDER, TO_RECORDER } from './inside';
import type { Report } from './inside';
import { Lines } from './lines';
import type { RuntimeOptions } from './project';
import type { StackConfiguration } from './stack-configuration';

type ErrorReport = Extract<Report, { kind: 'error' }>;
type CalledReport = Extract<Report, { kind: 'called' }>;

/** How a program ended, and what it said about it. */
export interface Ended {
  readonly code: number | null;
  readonly timedOut: boolean;
  /** It had to be killed, because it did not even say what it waits for. */
  readonly busy: boolean;
  readonly errors: readonly ErrorReport[];
  /** Where the program called process.exit. */
  readonly exitedAt: { readonly file: string; readonly line: number } | undefined;
  readonly pending: readonly string[];
  readonly handles: readonly string[];
  /** The end of what it wrote, standard output and error together. */
  readonly output: string;
}

/** Time for a program that is stopped to say what it waits for, before it is killed. */
const GRACE_MS = 2_000;

/** Time for other errors that belong to the first one. */
const AFTER_ERROR_MS = 1_000;

/** Characters of output that are kept. */
const OUTPUT_KEPT = 16_000;

/** One run of a Pulumi program, in a process of its own. */
export class ProgramProcess {
  readonly #child: ChildProcess;
  readonly #errors: ErrorReport[] = [];
  readonly #closed: Promise<number | null>;
  #exitedAt: Ended['exitedAt'];
  #said = false;
  #pending: readonly string[] = [];
  #handles: readonly string[] = [];
  #output = '';
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(options: {
    readonly runner: string;
    readonly folder: string;
    readonly arguments: readonly string[];
    readonly configuration: StackConfiguration;
    readonly runtime: RuntimeOptions;
    /** False: TypeScript is only transpiled, whatever the program's settings say. */
    readonly typeCheck: boolean;
    /** Each line that the program writes, to standard output or error. */
    readonly onOutput: (line: string) => void;
    readonly onCalled: (report: CalledReport) => void;
  }) {
    // One word: the runner looks for `--require` among the arguments, and then leaves ES modules to others.
    const preload = `--require=${path.join(__dirname, 'inside.js')}`;
    const { runner, runtime } = options;
    this.#child = spawn(process.execPath, [preload, ...runtime.nodeargs, runner, ...options.arguments], {
      cwd: options.folder,
      env: { ...environment(), ...settings(runtime, options.typeCheck), AWS_MEDIA_RECORDED: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    });
    this.#closed = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', resolve);
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      const whole = new Lines(options.onOutput);
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-OUTPUT_KEPT);
        whole.add(text);
      });
      stream?.on('end', () => whole.end());
    }
    this.#readReports(options.onCalled);
    const pipe = this.#child.stdio[FROM_RECORDER] as Writable;
    // A program that never started reads nothing; how it ended says why.
    pipe.on('error', () => undefined);
    const { values, secretKeys } = options.configuration;
    pipe.end(JSON.stringify({ config: values, secretKeys }));
  }

  /** Waits for the end; stops the program after `timeoutMs`, or when the signal says so. */
  async ended(timeoutMs: number, signal?: AbortSignal): Promise<Ended> {
    let timedOut = false;
    const stop = () => this.#stop();
    this.#after(timeoutMs, () => {
      timedOut = true;
      stop();
    });
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const code = await this.#closed;
      const said = {
        errors: this.#errors,
        exitedAt: this.#exitedAt,
        busy: timedOut && !this.#said,
        pending: this.#pending,
        handles: this.#handles,
        output: this.#output,
      };
      return { code: timedOut ? null : code, timedOut, ...said };
    } finally {
      for (const timer of this.#timers) clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  #after(ms: number, act: () => void): void {
    this.#timers.push(setTimeout(act, ms));
  }

  #stop(): void {
    this.#child.kill('SIGTERM');
    this.#after(GRACE_MS, () => this.#child.kill('SIGKILL'));
  }

  /** A program that has failed may stay for long, held by its connections: there is nothing to wait for. */
  #failed(report: ErrorReport): void {
    if (this.#errors.push(report) === 1) this.#after(AFTER_ERROR_MS, () => this.#stop());
  }

  #readReports(onCalled: (report: CalledReport) => void): void {
    const lines = new Lines((line) => {
      const report = reportOf(line);
      if (!report) return;
      if (report.kind === 'error') this.#failed(report);
      else if (report.kind === 'called') onCalled(report);
      else if (report.kind === 'exit') this.#exitedAt ??= report;
      else {
        this.#said = true;
        this.#pending = report.promises;
        this.#handles = report.handles;
      }
    });
    (this.#child.stdio[TO_RECORDER] as Readable)
      .setEncoding('utf8')
      .on('data', (text: string) => lines.add(text));
  }
}

/** Undefined for what is no report: the pipe is open to all that the program loads. */
function reportOf(line: string): Report | undefined {
  try {
    return JSON.parse(line) as Report;
  } catch {
    return undefined;
  }
}

/** What the language host of Pulumi's own command sets for the runner (sdk/nodejs/cmd/pulumi-language-nodejs). */
function settings({ typescript, tsconfig }: RuntimeOptions, typeCheck: boolean): NodeJS.ProcessEnv {
  return {
    ...(typescript && { PULUMI_NODEJS_TYPESCRIPT: 'true' }),
    ...(tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
    ...(!typeCheck && { PULUMI_NODEJS_TRANSPILE_ONLY: 'true' }),
  };
}

/** Without credentials, which nothing here needs, and without what would steer Pulumi or Node another way. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(PULUMI_(?!NODEJS_TRANSPILE_ONLY$)|AWS_(ACCESS|SECRET|SESSION|PROFILE|WEB_IDENTITY|CONTAINER)|NODE_OPTIONS$|NODE_V8_COVERAGE$)/.test(
        name,
      ),
  );
  return Object.fromEntries(kept);
}
