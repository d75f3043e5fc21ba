/** What is asked of every grant to a role. */
import { InputProblems, rule } from './input-errors';
import { matching } from './rules';

export const grantId = rule(
  matching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/),
  '1 to 64 letters, digits and _.-, beginning with a letter or digit',
  'rename it; it stays for the life of the grant',
);

/** IAM API Reference, PutRolePolicy. */
export const roleName = rule(
  matching(/^[\w+=,.@-]{1,64}$/),
  'the name of a role: 1 to 64 letters, digits and _+=,.@-',
  'give its name, not its ARN',
);

/** IAM User Guide, "IAM and AWS STS quotas": all inline policies of a role together, without white space. */
const MAX_POLICY_CHARACTERS = 10_240;

/**
 * @param owner as errors name it
 * @param channels what made the policy long
 * @throws pulumi.InputPropertiesError where IAM would refuse the policy for its length
 */
export function checkPolicyLength<Policy extends object>(
  owner: string,
  policy: Policy,
  channels: readonly string[] | undefined,
  fix: string,
): Policy {
  const { length } = JSON.stringify(policy);
  if (length <= MAX_POLICY_CHARACTERS) return policy;
  const problems = new InputProblems(owner);
  problems.add('channels', channels, {
    because: `a policy of ${length} characters`,
    allowed: `at most ${MAX_POLICY_CHARACTERS}, which is IAM's limit of all inline policies of a role`,
    fix,
  });
  problems.throwIfAny();
  return policy;
}
