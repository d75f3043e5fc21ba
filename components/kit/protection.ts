/** What an environment says of data, or that there is no such environment. */
import { ENVIRONMENTS, PROTECTION, type Protection } from './environments';
import { isDeferred, type InputProblems } from './input-errors';
import { oneOf } from './rules';

/** @returns the careful one where the environment is bad or known later */
export function normalProtection(problems: InputProblems, environment: unknown = 'prod'): Protection {
  problems.judge('environment', environment, oneOf(ENVIRONMENTS));
  return isDeferred(environment) ? PROTECTION.prod : (PROTECTION[environment as 'prod'] ?? PROTECTION.prod);
}
