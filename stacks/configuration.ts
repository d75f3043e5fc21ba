/** The stack's configuration, as Pulumi hands it to the program that it runs. */
import * as pulumi from '@pulumi/pulumi';
import type { Configuration } from './environment';

/** Full keys of secrets. The SDK reads them here too, but tells nobody. */
const SECRET_KEYS = 'PULUMI_CONFIG_SECRET_KEYS';

/** @param name what stands before the colon of each key */
export function pulumiConfiguration(name: string): Configuration {
  const config = new pulumi.Config(name);
  const secrets = JSON.parse(process.env[SECRET_KEYS] ?? '[]') as readonly string[];
  return {
    name,
    get: (key) => config.get(key),
    isSecret: (key) => secrets.includes(`${name}:${key}`),
  };
}
