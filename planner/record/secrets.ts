import { isFields, isSecret, reveal, strings } from '../graph/values';
import type { Tracer } from '../graph/tracer';

/** What a log shows in place of a secret's text. */
export const REDACTED = '[secret]';

/** The shortest text that is looked for: a shorter one would be found everywhere. */
const MIN_LENGTH = 6;

/** The texts of all secrets that were seen, to find them where they are not marked. Never leaves the recorder. */
export class SecretTexts {
  readonly #texts = new Set<string>();

  /** Collects the texts of every secret in a wire value. */
  collect(wire: unknown): void {
    if (isSecret(wire)) for (const { text } of strings(reveal(wire.value))) this.add(text);
    else if (Array.isArray(wire)) for (const item of wire) this.collect(item);
    else if (isFields(wire)) for (const item of Object.values(wire)) this.collect(item);
  }

  add(text: string): void {
    if (text.length >= MIN_LENGTH) this.#texts.add(text);
  }

  /** Whether a text holds a secret's. A secret that is a resource's output is a reference, not a leak. */
  holds(text: string, tracer: Tracer): boolean {
    return this.#forms().some((each) => text.includes(each) && tracer.inText(each).length === 0);
  }

  redact(text: string): string {
    return this.#forms().reduce((result, each) => result.replaceAll(each, REDACTED), text);
  }

  /** Longest first; also as they are within a JSON string. */
  #forms(): string[] {
    const forms = [...this.#texts].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]);
    return [...new Set(forms)].sort((a, b) => b.length - a.length);
  }
}
