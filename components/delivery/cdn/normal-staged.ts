/** A staging distribution: who is sent to it. */
import { isObject, matching, rule, type InputProblems } from '../../kit';
import type { CdnStagedDeploymentArgs } from './args';

/** Who is sent to the staging distribution; one of the two. */
export type NormalStaged =
  { readonly weight: number } | { readonly header: { readonly name: string; readonly value: string } };

/** CloudFront Developer Guide, "Quotas and other considerations for continuous deployment". */
const MOST_PERCENT = 15;

const percent = rule(
  (value) => typeof value === 'number' && value > 0 && value <= MOST_PERCENT,
  `a number above 0, to ${MOST_PERCENT}`,
  'send more by header, or make the change',
);
const headerName = rule(
  matching(/^aws-cf-cd-[A-Za-z0-9-]{1,240}$/i),
  'a name that begins with aws-cf-cd-',
  'write aws-cf-cd-try',
);
const headerValue = rule(
  (value) => typeof value === 'string' && value.length > 0 && value.length <= 1783,
  'a text',
  'write one',
);

export function normalStaged(
  problems: InputProblems,
  given: CdnStagedDeploymentArgs | undefined,
): NormalStaged | undefined {
  const path = 'stagedDeployment';
  if (given === undefined || !isObject(problems, path, given, '{ weightPercent: 5 }')) return undefined;
  problems.checkNames(path, given, ['weightPercent', 'header']);
  const { weightPercent, header } = given;
  if ((weightPercent === undefined) === (header === undefined)) {
    problems.add(path, given, {
      allowed: 'one of weightPercent and header',
      fix: 'write { weightPercent: 5 }',
    });
  }
  if (weightPercent !== undefined) problems.judge(`${path}.weightPercent`, weightPercent, percent);
  if (header === undefined) {
    // Of a fraction there is no more than CloudFront's two digits of a percent.
    return { weight: Math.round((weightPercent ?? 0) * 100) / 10_000 };
  }
  if (!isObject(problems, `${path}.header`, header, `{ name: 'aws-cf-cd-try', value: 'yes' }`))
    return undefined;
  problems.checkNames(`${path}.header`, header, ['name', 'value']);
  problems.judge(`${path}.header.name`, header.name, headerName);
  problems.judge(`${path}.header.value`, header.value, headerValue);
  return { header: { name: header.name, value: header.value } };
}
