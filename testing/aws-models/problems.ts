/** What is wrong inside a document, whatever it is of. */
import { nearest } from '../../components/kit/nearest';

/**
 * `refused`: the request that carries it fails. `ineffective`: AWS takes it, and it never does what is written, such
 * as a permission for an action that does not exist.
 */
export type Verdict = 'refused' | 'ineffective';

export interface Problem {
  /** In the document, such as `Statement[0].Action`; empty for the whole. */
  readonly path: string;
  readonly verdict: Verdict;
  readonly problem: string;
  /** What is allowed, and where that is published. */
  readonly allowed: string;
  readonly fix: string;
  /** Absent where there is none, or where it is the whole document. */
  readonly value?: unknown;
}

/** What says nothing about a part of a document, and why. */
export interface Unjudged {
  readonly path: string;
  readonly reason: string;
}

type Words = Omit<Problem, 'path' | 'verdict'>;

/** Gathers all problems of one document. */
export class Problems {
  readonly #found: Problem[] = [];
  readonly #unjudged: Unjudged[] = [];

  get found(): readonly Problem[] {
    return this.#found;
  }

  get unjudged(): readonly Unjudged[] {
    return this.#unjudged;
  }

  refuse(path: string, words: Words): void {
    this.#found.push({ path, verdict: 'refused', ...words });
  }

  ineffective(path: string, words: Words): void {
    this.#found.push({ path, verdict: 'ineffective', ...words });
  }

  add(verdict: Verdict, path: string, words: Words): void {
    this.#found.push({ path, verdict, ...words });
  }

  skip(path: string, reason: string): void {
    this.#unjudged.push({ path, reason });
  }
}

/** A path and one more step. */
export function at(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  const plain = /^[A-Za-z_][\w-]*$/.test(step);
  if (!plain) return `${path}[${JSON.stringify(step)}]`;
  return path === '' ? step : `${path}.${step}`;
}

/** What is wrong with a value of another kind than it must be. */
export function wrongKind(value: unknown): string {
  return value === undefined ? 'missing' : `it is ${kindOf(value)}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return 'a text';
  return typeof value === 'boolean' ? String(value) : `a ${typeof value}`;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** The known name that a misspelt one is nearest to; of two that it continues, the one nearer in length. */
export function closest(name: string, known: readonly string[]): string | undefined {
  const off = (other: string): number => Math.abs(other.length - name.length);
  return nearest(
    name,
    known.toSorted((a, b) => off(a) - off(b)),
  );
}

/** What was probably meant, as a fix; otherwise what to do instead. */
export function meant(name: string | undefined, otherwise: string): string {
  return name === undefined ? otherwise : `did you mean ${name}?`;
}
