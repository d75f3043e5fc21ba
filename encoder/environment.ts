/** Parses a process's environment variables once, by the contract's table: one error names every bad one. */
import path from 'node:path';
import { z } from 'zod';
import { CHANNEL_PATTERN, LADDER_NAMES, type VariableSpec } from './contract';
import { parseS3Location, S3_LOCATION } from './store/s3-location';

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
      return z.string(required).refine((value) => isFolder(value) || parseS3Location(value) !== undefined, {
        error: `allowed: file:<absolute folder>, ${S3_LOCATION}`,
      });
    case 'endpoint':
      return z.string(required).refine((value) => value === '' || isEndpoint(value), {
        error: 'allowed: http:// or https:// with a host and a port and no more, as http://127.0.0.1:7070',
      });
    case 'source':
      return z.string(required).refine((value) => /^(?:test|srt|rtmp|udp|file:.+)$/.test(value), {
        error: 'allowed: test, file:<path>, srt, rtmp, udp',
      });
    case 'host':
      return z.string(required).min(1, 'allowed: an address to bind to, such as 127.0.0.1');
    case 'languages':
      return z.string(required).refine(areLanguages, {
        error: 'allowed: different BCP 47 languages with commas between, such as en,de',
      });
    case 'captions':
      return z.string(required).refine((value) => value === '' || CAPTIONS.test(value), {
        error:
          'allowed: CC1 to CC4 and SERVICE1 to SERVICE6, each with =language (BCP 47) or without, commas between',
      });
    case 'ladder':
      return z.string(required).refine((value) => isLadderName(value) || /^file:./.test(value), {
        error: `allowed: ${LADDER_NAMES.join(', ')}, file:<path>`,
      });
    case 'path':
      return z.string(required);
  }
}

const isFolder = (value: string): boolean => value.startsWith('file:') && path.isAbsolute(value.slice(5));

/** Credentials in a URL would show in every error that names it. */
const isEndpoint = (value: string): boolean => URL.canParse(value) && /^https?:\/\/[^/@?#]+\/?$/.test(value);

const isLadderName = (value: string): boolean => (LADDER_NAMES as readonly string[]).includes(value);

const CAPTION = '(?:CC[1-4]|SERVICE[1-6])(?:=[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)?';
const CAPTIONS = new RegExp(`^${CAPTION}(?:,${CAPTION})*$`);

function areLanguages(value: string): boolean {
  const tags = value === '' ? [] : value.split(',');
  try {
    return new Set(Intl.getCanonicalLocales(tags)).size === tags.length;
  } catch {
    return false;
  }
}

const required = 'it is required';
const range = (spec: { min: number; max: number }): string =>
  `allowed is a whole number from ${spec.min} to ${spec.max}`;
