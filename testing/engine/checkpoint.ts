import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment, OutputMap, Stack } from '@pulumi/pulumi/automation';
import { STACK_TYPE } from '../../planner/record/urns';

/** A resource as the state has it, as far as it is read here. */
interface Resource {
  readonly type: string;
  readonly outputs?: { readonly [name: string]: unknown };
}

/**
 * The state of one stack, from the backend's own file where that says everything: the CLI takes a quarter of a second
 * and more for each command, and only it can decrypt what is secret.
 */
export class Checkpoint {
  readonly #stack: Stack;
  readonly #outputs: () => Promise<OutputMap>;
  readonly #file: string;

  /** @param folder of the file backend */
  constructor(stack: Stack, folder: string, project: string) {
    this.#stack = stack;
    this.#outputs = stack.outputs.bind(stack);
    this.#file = join(folder, '.pulumi/stacks', project, `${stack.name}.json`);
    // The SDK asks for both after each run, in three commands; the one is not used, and the other is here.
    Object.assign(stack, { info: async () => undefined, outputs: async () => ({}) });
  }

  /** As `pulumi stack export --show-secrets` writes it. */
  async state(): Promise<Deployment> {
    return this.#read() ?? this.#stack.exportStack();
  }

  async outputs(): Promise<OutputMap> {
    const deployment = this.#read()?.deployment as { resources?: readonly Resource[] } | undefined;
    if (deployment === undefined) return this.#outputs();
    const stack = deployment.resources?.find(({ type }) => type === STACK_TYPE);
    return Object.fromEntries(
      Object.entries(stack?.outputs ?? {}).map(([name, value]) => [name, { value, secret: false }]),
    );
  }

  /** Undefined where there is no file yet, or a secret in it. */
  #read(): Deployment | undefined {
    const text = existsSync(this.#file) ? readFileSync(this.#file, 'utf8') : '';
    if (text === '' || text.includes('"ciphertext"')) return undefined;
    const { version, checkpoint } = JSON.parse(text) as {
      version: number;
      checkpoint: { latest?: object | null };
    };
    return { version, deployment: checkpoint.latest ?? {} };
  }
}
