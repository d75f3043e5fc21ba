import type { Properties } from './properties';

/** What is in AWS although no run of the engine put it there, or no longer. */
export class Outside {
  readonly #known = new Map<string, Properties | undefined>();

  set(type: string, id: string, inputs: Properties | undefined): void {
    this.#known.set(`${type} ${id}`, inputs);
  }

  /** What a read finds: inputs, `gone`, or undefined where the engine knows best. */
  find(type: string, id: string): Properties | 'gone' | undefined {
    const key = `${type} ${id}`;
    return this.#known.has(key) ? (this.#known.get(key) ?? 'gone') : undefined;
  }

  /** Once the engine changed it, it is as the engine says. */
  forget(type: string, id: string): void {
    this.#known.delete(`${type} ${id}`);
  }
}
