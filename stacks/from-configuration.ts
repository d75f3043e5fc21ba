/** Says of bad arguments which key of the configuration they come from. */
import * as pulumi from '@pulumi/pulumi';
import { ConfigurationError } from './environment';

/**
 * Makes a component whose arguments are configured.
 * @param keys for each argument, or path of arguments, the key of the configuration that it comes from
 * @throws ConfigurationError with the component's own words, and the keys
 */
export function fromConfiguration<T>(keys: Readonly<Record<string, string>>, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!pulumi.InputPropertiesError.isInstance(error)) throw error;
    const lines = (error.errors ?? []).map(({ propertyPath, reason }) => {
      const key = keyOf(propertyPath, keys);
      return `  ${key === undefined ? propertyPath : `aws-media:${key}`} ${reason}`;
    });
    throw new ConfigurationError(
      [`${error.message.split('\n')[0]}`, ...lines, 'docs/stacks.md has every key.'].join('\n'),
    );
  }
}

/** The longest path of the table that the path begins with, in the configuration's words. */
function keyOf(path: string, keys: Readonly<Record<string, string>>): string | undefined {
  const [argument] = Object.keys(keys)
    .filter((each) => path === each || path.startsWith(`${each}.`) || path.startsWith(`${each}[`))
    .sort((a, b) => b.length - a.length);
  return argument === undefined ? undefined : keys[argument]! + path.slice(argument.length);
}
