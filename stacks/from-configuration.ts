/** Says of bad arguments which key of the configuration they come from, of all components at once. */
import * as pulumi from '@pulumi/pulumi';
import { ConfigurationError } from './configuration-error';

/** Makes the components whose arguments are configured, and keeps what they refuse until all were tried. */
export class FromConfiguration {
  readonly #refusals: string[] = [];
  readonly #named = new Set<string>();

  /**
   * @param keys for each argument, or path of arguments, the key of the configuration that it comes from
   * @param standIn in place of one that is refused, for those that need it: what they refuse is told too
   */
  make<T, S>(keys: Readonly<Record<string, string>>, make: () => T, standIn: () => S): T | S {
    try {
      return make();
    } catch (error) {
      if (error instanceof ConfigurationError) this.#refusals.push(error.message);
      else if (pulumi.InputPropertiesError.isInstance(error)) this.#refuse(error, keys);
      else throw error;
      return standIn();
    }
  }

  /** @throws ConfigurationError with the components' own words, and the keys */
  finish(): void {
    if (this.#refusals.length > 0) {
      throw new ConfigurationError(
        ['The configuration cannot be used.', ...this.#refusals, 'docs/stacks.md has every key.'].join('\n'),
      );
    }
  }

  /** A key that a component has named already is left out: the next would only say it in other words. */
  #refuse(
    { message, errors }: InstanceType<typeof pulumi.InputPropertiesError>,
    keys: Readonly<Record<string, string>>,
  ): void {
    const lines = (errors ?? []).flatMap(({ propertyPath, reason }) => {
      const key = keyOf(propertyPath, keys);
      if (key === undefined) return [`  ${propertyPath} ${reason}`];
      if (this.#named.has(key)) return [];
      this.#named.add(key);
      return [`  aws-media:${key} ${reason}`];
    });
    // Its first line begins with the component's class and name, and goes on with a number.
    const [owner] = message.split(' has ');
    if (lines.length > 0) this.#refusals.push([`${owner}:`, ...lines].join('\n'));
  }
}

/** The longest path of the table that the path begins with, in the configuration's words. */
function keyOf(path: string, keys: Readonly<Record<string, string>>): string | undefined {
  const [argument] = Object.keys(keys)
    .filter((each) => path === each || path.startsWith(`${each}.`) || path.startsWith(`${each}[`))
    .sort((a, b) => b.length - a.length);
  return argument === undefined ? undefined : keys[argument]! + path.slice(argument.length);
}
