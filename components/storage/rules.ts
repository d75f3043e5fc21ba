/** What several of the arguments' checks share. */
import { matching, rule, type InputProblems } from '../kit';

const ID = /^[a-z][a-z0-9-]{0,15}$/;
const DISTRIBUTION_ARN = /^arn:aws[a-z-]*:cloudfront:[a-z0-9-]*:\d{12}:distribution\/[A-Za-z0-9-]+$/;

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
