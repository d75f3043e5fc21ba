/** Which calls are held: those of a method, and of a type or a name where one is given. */
export interface Held {
  readonly method: 'create' | 'update' | 'delete';
  readonly type?: string;
  readonly name?: string;
}

/** A call that is held. */
export interface Hold {
  /** Settles when the call has come. */
  readonly reached: Promise<void>;
  /** Lets it go on; before it has come, it is then not held at all. */
  release(): void;
}

interface Waiting {
  readonly held: Held;
  readonly come: () => void;
  readonly gone: Promise<void>;
}

/** Calls that wait until the test lets them go on, so that a run can be interrupted in the middle. */
export class Holds {
  #waiting: Waiting[] = [];
  readonly #releases: (() => void)[] = [];

  add(held: Held): Hold {
    let come = (): void => undefined;
    let go = (): void => undefined;
    const reached = new Promise<void>((resolve) => (come = resolve));
    const waiting = { held, come, gone: new Promise<void>((resolve) => (go = resolve)) };
    this.#waiting.push(waiting);
    const release = () => {
      this.#waiting = this.#waiting.filter((one) => one !== waiting);
      go();
    };
    this.#releases.push(release);
    return { reached, release };
  }

  /** Waits if the call is one that is held; each hold is of one call. */
  async pass(method: string, type: string, name: string): Promise<void> {
    const one = this.#waiting.find(
      ({ held }) => held.method === method && (held.type ?? type) === type && (held.name ?? name) === name,
    );
    if (one === undefined) return;
    this.#waiting = this.#waiting.filter((each) => each !== one);
    one.come();
    await one.gone;
  }

  releaseAll(): void {
    for (const release of this.#releases) release();
  }
}
