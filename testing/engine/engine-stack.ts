import type { Deployment, EngineEvent, OutputMap, PulumiFn, Stack } from '@pulumi/pulumi/automation';
import { OutcomeOfEvents, RunFailed, type Outcome } from './outcome';

export interface RunOptions {
  /** The code from now on, in place of what the stack was made or last run with. */
  readonly program?: PulumiFn;
  /** Executable policy packs. */
  readonly policyPacks?: readonly string[];
  /** After this the run is interrupted as by Ctrl-C, in ms: 30000 by default. */
  readonly timeoutMs?: number;
}

const RUN_MS = 30_000;

/** One stack. Every run answers what the engine did, and one that fails rejects with `RunFailed`. */
export class EngineStack {
  readonly #stack: Stack;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  async preview(options: RunOptions = {}): Promise<Outcome> {
    return (await this.#run('preview', options, async (given) => this.#stack.preview(given))).outcome;
  }

  /** Also the stack's outputs. */
  async up(options: RunOptions = {}): Promise<Outcome & { readonly outputs: OutputMap }> {
    const { outcome, result } = await this.#run('up', options, async (given) => this.#stack.up(given));
    return { ...outcome, outputs: result.outputs };
  }

  async refresh(options: Pick<RunOptions, 'timeoutMs'> = {}): Promise<Outcome> {
    return (await this.#run('refresh', options, async (given) => this.#stack.refresh(given))).outcome;
  }

  async destroy(options: Pick<RunOptions, 'timeoutMs'> = {}): Promise<Outcome> {
    return (await this.#run('destroy', options, async (given) => this.#stack.destroy(given))).outcome;
  }

  /** The state as `pulumi stack export` writes it. */
  async state(): Promise<Deployment> {
    return this.#stack.exportStack();
  }

  async setConfig(key: string, value: string, secret = false): Promise<void> {
    await this.#stack.setConfig(key, { value, secret });
  }

  async #run<Result>(
    what: string,
    { program, policyPacks, timeoutMs = RUN_MS }: RunOptions,
    start: (given: {
      onEvent: (event: EngineEvent) => void;
      policyPacks?: string[];
      signal: AbortSignal;
    }) => Promise<Result>,
  ): Promise<{ outcome: Outcome; result: Result }> {
    if (program !== undefined) this.#stack.workspace.program = program;
    const events = new OutcomeOfEvents();
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    try {
      const result = await start({
        onEvent: events.take,
        signal: timeout.signal,
        ...(policyPacks && { policyPacks: [...policyPacks] }),
      });
      return { outcome: events.outcome, result };
    } catch (error) {
      throw new RunFailed(
        timeout.signal.aborted ? `${what}, interrupted after ${timeoutMs} ms,` : what,
        events.outcome,
        error,
      );
    } finally {
      clearTimeout(timer);
    }
  }
}
