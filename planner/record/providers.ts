import { tokenOf, uuid } from '../doubles';
import { holdsSecret, isFields, reveal, secret } from '../graph/values';
import type { Fields } from '../graph/values';
import type { StackConfiguration } from './stack-configuration';

export interface ProviderRow {
  readonly urn: string;
  readonly id: string;
  readonly package: string;
  readonly version: string | null;
  readonly explicit: boolean;
  /** On the wire's form: with the marks of secrets. */
  readonly configuration: Fields;
}

/** Where the region is asked for and nobody said one. The cheapest of the documents' examples, and marked as made up. */
export const STAND_IN_REGION = 'us-east-1';

/** The providers of a stack, explicit and default, and what they give to their resources. */
export class Providers {
  readonly rows = new Map<string, ProviderRow>();
  readonly #at: { stack: string; project: string };
  readonly #configuration: StackConfiguration;

  constructor(at: { stack: string; project: string }, configuration: StackConfiguration) {
    this.#at = at;
    this.#configuration = configuration;
  }

  addExplicit(urn: string, name: string, version: string, inputs: Fields): ProviderRow {
    const row = {
      ...{ urn, id: uuid(tokenOf(urn)), package: name, version: version || null, explicit: true },
      configuration: decoded(inputs),
    };
    this.rows.set(urn, row);
    return row;
  }

  /** The provider of a reference `<urn>::<id>`, or, where there is none, the default one of the package. */
  of(reference: string, name: string, version: string): ProviderRow {
    const explicit = this.rows.get(reference.slice(0, reference.lastIndexOf('::')));
    if (explicit) return explicit;
    const { stack, project } = this.#at;
    const label = version ? `default_${version.replaceAll(/[.+-]/g, '_')}` : 'default';
    const urn = `urn:pulumi:${stack}::${project}::pulumi:providers:${name}::${label}`;
    const known = this.rows.get(urn);
    if (known) return known;
    const row = {
      ...{ urn, id: uuid(tokenOf(urn)), package: name, version: version || null, explicit: false },
      configuration: decoded(this.#fromStack(name)),
    };
    this.rows.set(urn, row);
    return row;
  }

  static region({ configuration }: ProviderRow): string | undefined {
    const region = reveal(configuration['region']);
    return typeof region === 'string' && region !== '' ? region : undefined;
  }

  static defaultTags({ configuration }: ProviderRow): Fields {
    const tags = configuration['defaultTags'];
    const inner = isFields(tags) ? tags['tags'] : undefined;
    return isFields(inner) ? inner : {};
  }

  #fromStack(name: string): Fields {
    const { values, secretKeys } = this.#configuration;
    return Object.fromEntries(
      Object.entries(values)
        .filter(([key]) => key.startsWith(`${name}:`))
        .map(([key, value]) => [
          key.slice(name.length + 1),
          secretKeys.includes(key) ? secret(value) : value,
        ]),
    );
  }
}

/** A provider's nested arguments travel as JSON text. */
function decoded(inputs: Fields): Fields {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, wire]) => {
      const value = reveal(wire);
      if (typeof value !== 'string' || !/^[[{]/.test(value)) return [name, wire];
      try {
        const inner: unknown = JSON.parse(value);
        return [name, holdsSecret(wire) ? secret(inner) : inner];
      } catch {
        return [name, wire];
      }
    }),
  );
}
