/** What several of the arguments' checks share. */
import { isPlain, matching, rule, type InputProblems, type Judge } from '../kit';

const SECRET_ARN =
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6}$/;
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;
const ID = /^[a-z][a-z0-9-]{0,15}$/;

export const secretArn = rule(
  matching(SECRET_ARN),
  'the ARN of a secret, as arn:aws:secretsmanager:us-east-1:123456789012:secret:srt-news-Ab1Cd2',
  'give its whole ARN, with the six characters at its end',
);

export const keyArn = rule(
  matching(KEY_ARN),
  'the ARN of a key, as arn:aws:kms:us-east-1:123456789012:key/...',
  'give the ARN of the key itself, not of an alias',
);

export const sourceId = rule(
  matching(ID),
  '1 to 16 of a-z, 0-9 and hyphens, a letter first',
  'rename it; it stays for the life of the rules',
);

/** A number in a range, whole. */
export const wholeNumber = (from: number, to: number, unit: string): Judge<unknown> =>
  rule(
    (value) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to,
    `a whole number${unit} from ${from} to ${to}`,
    'give one of these',
  );

/** The entries of a map that must have some. */
export function entriesOf<T>(
  problems: InputProblems,
  path: string,
  value: Record<string, T>,
  example: string,
): [id: string, entry: T][] {
  if (!isPlain(value) || Object.keys(value).length === 0) {
    problems.add(path, value, { allowed: 'an object with at least one entry', fix: `write ${example}` });
    return [];
  }
  return Object.entries(value);
}
