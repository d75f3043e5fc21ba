/** What several of the arguments' checks share. */
import type * as pulumi from '@pulumi/pulumi';
import { isDeferred, rule, type InputProblems, type Judge } from '../kit';

const ID = /^[a-z][a-z0-9-]{0,15}$/;
const DISTRIBUTION_ARN = /^arn:aws[a-z-]*:cloudfront:[a-z0-9-]*:\d{12}:distribution\/[A-Za-z0-9-]+$/;

/** A predicate: a text of this form. */
export const matching = (pattern: RegExp) => (value: unknown) =>
  typeof value === 'string' && pattern.test(value);

export const flag = rule((value) => typeof value === 'boolean', 'true, false', 'write true or false');

export const distributionArn = rule(
  matching(DISTRIBUTION_ARN),
  'the ARN of a distribution, as arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE',
  'give its arn, not its id or domain name',
);

export function checkId(problems: InputProblems, path: string, id: string, fix: string): void {
  if (ID.test(id)) return;
  const allowed = '1 to 16 of a-z, 0-9 and hyphens, a letter first';
  problems.add(path, id, { because: 'the id', allowed, fix });
}

export const optional = <T>(
  problems: InputProblems,
  path: string,
  value: pulumi.Input<T> | undefined,
  judge: Judge<T>,
): pulumi.Input<T> | undefined => (value === undefined ? undefined : problems.check(path, value, judge));

export function isObject(problems: InputProblems, path: string, value: unknown, example: string): boolean {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isDeferred(value)) return true;
  problems.add(path, value, { allowed: 'an object', fix: `write ${example}` });
  return false;
}
