import type { Deployment, EngineEvent, OutputMap, PulumiFn, Stack } from '@pulumi/pulumi/automation';
import type { Checkpoint } from './checkpoint';
import { OutcomeOfEvents, RunFailed, type Outcome } from './outcome';

export interface RunOptions {
  /** The code from now on, in place of what the stack was made or last run with. */
  readonly program?: PulumiFn;
  /** Policy packs: executables, or folders with a PulumiPolicy.yaml. */
  readonly policyPacks?: readonly string[];
  /** The configuration of each pack, a file of JSON, in the same order. */
  readonly policyPackConfigs?: readonly string[];
  /** After this the run is interrupted as by Ctrl-C, in ms: 30000 by default. */
  readonly timeoutMs?: number;
  /** Interrupts the run, as Ctrl-C does: what is under way is still finished and kept. */
  readonly signal?: AbortSignal;
}

const RUN_MS = 30_000;

/** One stack. Every run answers what the engine did, and one that fails rejects with `RunFailed`. */
export class EngineStack {
  readonly #stack: Stack;
  readonly #checkpoint: Checkpoint;

  constructor(stack: Stack, checkpoint: Checkpoint) {
    this.#stack = stack;
    this.#checkpoint = checkpoint;
  }

  async preview(options: RunOptions = {}): Promise<Outcome> {
    return this.#run('preview', options, async (given) => this.#stack.preview(given));
  }

  /** Also the stack's outputs. */
  async up(options: RunOptions = {}): Promise<Outcome & { readonly outputs: OutputMap }> {
    const outcome = await this.#run('up', options, async (given) => this.#stack.up(given));
    return { ...outcome, outputs: await this.#checkpoint.outputs() };
  }

  async refresh(options: Pick<RunOptions, 'timeoutMs' | 'signal'> = {}): Promise<Outcome> {
    return this.#run('refresh', options, async (given) => this.#stack.refresh(given));
  }

  async destroy(options: Pick<RunOptions, 'timeoutMs' | 'signal'> = {}): Promise<Outcome> {
    return this.#run('destroy', options, async (given) => this.#stack.destroy(given));
  }

  /** The state as `pulumi stack export` writes it. */
  async state(): Promise<Deployment> {
    return this.#checkpoint.state();
  }

  async setConfig(key: string, value: string, secret = false): Promise<void> {
    await this.#stack.setConfig(key, { value, secret });
  }

  async #run(
    what: string,
    { program, policyPacks, policyPackConfigs, timeoutMs = RUN_MS, signal }: RunOptions,
    start: (given: {
      onEvent: (event: EngineEvent) => void;
      policyPacks?: string[];
      policyPackConfigs?: string[];
      signal: AbortSignal;
    }) => Promise<unknown>,
  ): Promise<Outcome> {
    if (program !== undefined) this.#stack.workspace.program = program;
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    try {
      for (let isFirst = true; ; isFirst = false) {
        const events = new OutcomeOfEvents();
        try {
          await start({
            onEvent: events.take,
            signal: signal === undefined ? timeout.signal : AbortSignal.any([signal, timeout.signal]),
            ...(policyPacks && { policyPacks: [...policyPacks] }),
            ...(policyPackConfigs && { policyPackConfigs: [...policyPackConfigs] }),
          });
          return events.outcome;
        } catch (error) {
          const { outcome } = events;
          if (isFirst && !timeout.signal.aborted && !signal?.aborted && hasNotBegun(outcome)) continue;
          const late = timeout.signal.aborted ? `${what}, interrupted after ${timeoutMs} ms,` : what;
          throw new RunFailed(signal?.aborted ? `${what}, interrupted,` : late, outcome, error);
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }
}

/** On a busy machine the program, which runs in this process, sometimes does not reach the engine in gRPC's time. */
const hasNotBegun = ({ steps, errors }: Outcome): boolean =>
  steps.length === 0 && errors.some((error) => error.includes('UNAVAILABLE: No connection established'));
