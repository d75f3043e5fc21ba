/** Characters of a line that has no end: a program may write megabytes without one. */
const LONGEST = 1 << 20;

/** Parts a text that comes in pieces into lines. */
export class Lines {
  readonly #take: (line: string) => void;
  #pieces: string[] = [];
  #length = 0;

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  add(text: string): void {
    const [first = '', ...others] = text.split('\n');
    this.#keep(first);
    for (const piece of others) {
      this.#take(this.#pieces.join(''));
      this.#pieces = [];
      this.#length = 0;
      this.#keep(piece);
    }
  }

  /** What has no end of line yet is a line too. */
  end(): void {
    if (this.#length > 0) this.#take(this.#pieces.join(''));
    this.#pieces = [];
    this.#length = 0;
  }

  #keep(piece: string): void {
    if (piece === '') return;
    this.#pieces.push(piece.slice(0, Math.max(0, LONGEST - this.#length)));
    this.#length += piece.length;
  }
}
