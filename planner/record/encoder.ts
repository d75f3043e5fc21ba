import { AssetReader } from './assets';
import type { SecretTexts } from './secrets';
import { isFields, isSecret, literal, reveal, WIRE } from '../graph/values';
import type { Tracer } from '../graph/tracer';
import type { GraphValue, Leak } from '../graph/types';

/** From values on the wire to those of a graph. */
export class ValueEncoder {
  readonly leaks: Leak[] = [];
  readonly #tracer: Tracer;
  readonly #secrets: SecretTexts;
  readonly #assets: AssetReader;

  constructor(options: {
    tracer: Tracer;
    secrets: SecretTexts;
    folder: string;
    missingAsset: (file: string, where: string) => void;
  }) {
    this.#tracer = options.tracer;
    this.#secrets = options.secrets;
    this.#assets = new AssetReader(options.folder, (file) => options.missingAsset(file, ''));
  }

  /** @param where named in a leak: `<urn> inputs` */
  fields(wire: unknown, where: string): { [name: string]: GraphValue } {
    if (!isFields(wire)) return {};
    return Object.fromEntries(
      Object.entries(wire).map(([name, value]) => [
        this.#secrets.redact(name),
        this.value(value, `${where}.${name}`),
      ]),
    );
  }

  value(wire: unknown, where: string): GraphValue {
    if (wire === WIRE.unknown) return { $unknown: [] };
    if (typeof wire === 'string') return this.#text(wire, where);
    if (isSecret(wire)) return this.#secret(wire.value);
    if (Array.isArray(wire)) return wire.map((item, n) => this.value(item, `${where}[${n}]`));
    if (!isFields(wire)) return (wire ?? null) as GraphValue;
    switch (wire[WIRE.signature]) {
      case undefined:
        return literal(this.fields(wire, where));
      case WIRE.asset:
      case WIRE.archive:
        return this.#asset(wire, where);
      case WIRE.resource:
        return { $resource: String(wire['urn']) };
      default:
        if (wire['secret'] === true) return this.#secret(wire['value']);
        return 'value' in wire ? this.value(wire['value'], where) : { $unknown: [] };
    }
  }

  #text(text: string, where: string): GraphValue {
    if (!this.#secrets.holds(text, this.#tracer)) return text;
    this.leaks.push({ where });
    return this.#secret(text);
  }

  #asset(wire: { readonly [key: string]: unknown }, where: string): GraphValue {
    if (typeof wire['text'] === 'string' && this.#secrets.holds(wire['text'], this.#tracer)) {
      this.leaks.push({ where });
      return this.#secret(wire['text']);
    }
    return { ...this.#assets.mark(wire, (value) => this.value(value, where)) };
  }

  #secret(value: unknown): GraphValue {
    return { $secret: { references: this.#tracer.inValue(reveal(value)) } };
  }
}
