/** A fault asked for by a test. Previews change nothing, so they neither meet a fault nor count towards one. */
export interface Fault {
  readonly method: 'create' | 'update' | 'delete' | 'read';
  /** Resource type, such as `aws:s3/bucket:Bucket`. Without it any type counts. */
  readonly type?: string;
  /** Logical name of the resource. Without it any name counts. */
  readonly name?: string;
  /** Which of the calls that fit fails, counted from 1 since the fault was asked for: 1 by default. */
  readonly nth?: number;
  /** What the provider says, such as AWS's own words. */
  readonly message: string;
}

/** The faults asked for, each of which happens once. */
export class Faults {
  #waiting: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    const nth = fault.nth ?? 1;
    if (!Number.isInteger(nth) || nth < 1) {
      throw new RangeError(
        `fault: nth is ${nth}; it must be a whole number of at least 1, the first call being 1`,
      );
    }
    this.#waiting.push({ fault, left: nth });
  }

  /** Those that have not happened. */
  get waiting(): readonly Fault[] {
    return this.#waiting.map(({ fault }) => fault);
  }

  clear(): void {
    this.#waiting = [];
  }

  /** Counts a call, and answers the message of the fault that it meets. */
  meet(method: string, type: string, name: string): string | undefined {
    const fitting = this.#waiting.filter(
      ({ fault }) =>
        fault.method === method && (fault.type ?? type) === type && (fault.name ?? name) === name,
    );
    for (const one of fitting) one.left -= 1;
    const due = fitting.find(({ left }) => left === 0);
    if (due === undefined) return undefined;
    this.#waiting = this.#waiting.filter((one) => one !== due);
    return due.fault.message;
  }
}
