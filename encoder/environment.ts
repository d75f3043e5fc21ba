/** Parses a process's environment variables once, by the contract's table: one error names every bad one. */
import path from 'node:path';
import { z } from 'zod';
import { CHANNEL_PATTERN, type VariableSpec } from './contract';

export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

type Table = Readonly<Record<string, VariableSpec>>;

type Parsed<T extends Table> = {
  readonly [Name in keyof T]: T[Name] extends { type: 'integer' }
    ? number
    : T[Name] extends { type: 'choice'; choices: readonly (infer Choice)[] }
      ? Choice
      : string;
};

/** @throws EnvironmentError naming every variable that is missing or wrong, its value and what is allowed */
export function parseEnvironment<T extends Table>(
  table: T,
  environment: Readonly<Record<string, string | undefined>>,
): Parsed<T> {
  const shape: Record<string, z.ZodType> = {};
  for (const [name, spec] of Object.entries(table)) {
    const type = schema(spec);
    shape[name] = spec.default === undefined ? type : z.preprocess((value) => value ?? spec.default, type);
  }
  const result = z.object(shape).safeParse(environment);
  if (result.success) return result.data as Parsed<T>;
  const lines = result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const value = environment[name];
    const state = value === undefined ? 'is not set' : `is ${JSON.stringify(value)}`;
    return `  ${name} ${state}; ${issue.message}. (${table[name]?.doc})`;
  });
  throw new EnvironmentError(`${lines.length} bad environment variable(s):\n${lines.join('\n')}`);
}

function schema(spec: VariableSpec): z.ZodType {
  switch (spec.type) {
    case 'integer':
      return z
        .string(required)
        .regex(/^\d{1,9}$/, {
          error: `allowed is a whole number from ${spec.min} to ${spec.max}`,
          abort: true,
        })
        .transform(Number)
        .pipe(z.number().min(spec.min, range(spec)).max(spec.max, range(spec)));
    case 'choice':
      return z.enum(spec.choices as [string, ...string[]], { error: `allowed: ${spec.choices.join(', ')}` });
    case 'channel':
      return z.string(required).regex(CHANNEL_PATTERN, 'allowed: 1 to 63 of a-z, 0-9 and inner hyphens');
    case 'store':
      return z
        .string(required)
        .refine((value) => value.startsWith('file:') && path.isAbsolute(value.slice(5)), {
          error: 'allowed: file:<absolute folder>',
        });
    case 'source':
      return z.string(required).refine((value) => value === 'test' || /^file:./.test(value), {
        error: 'allowed: test, or file:<path>',
      });
    case 'host':
      return z.string(required).min(1, 'allowed: an address to bind to, such as 127.0.0.1');
    case 'path':
      return z.string(required);
  }
}

const required = 'it is required';
const range = (spec: { min: number; max: number }): string =>
  `allowed is a whole number from ${spec.min} to ${spec.max}`;
