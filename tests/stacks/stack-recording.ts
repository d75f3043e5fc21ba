import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { readSettings } from '../../stacks/environment';
import { live } from '../../stacks/live';
import { recordProgramOf, type Recorded } from '../components/recorded';

const yaml = createRequire(__filename)('js-yaml') as { load(text: string): unknown };

/** Environments that come with the project. */
export const STACKS = ['local', 'dev', 'staging', 'prod'] as const;

/** What Pulumi.<stack>.yaml says, by keys without the project's name. */
export function configurationOf(stack: string): Record<string, unknown> {
  const { config } = yaml.load(readFileSync(path.resolve(`Pulumi.${stack}.yaml`), 'utf8')) as {
    config: Record<string, unknown>;
  };
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      key.startsWith('aws-media:') ? [[key.slice('aws-media:'.length), value]] : [],
    ),
  );
}

/** Records a stack as it is configured, with some keys changed. */
export function recordStack(stack: string, changes: Record<string, unknown> = {}): Promise<Recorded> {
  const values = { ...configurationOf(stack), ...changes };
  return recordProgramOf(() =>
    live(
      readSettings(
        {
          name: 'aws-media',
          get: (key) => {
            const value = values[key];
            return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
          },
        },
        stack,
      ),
    ),
  );
}
