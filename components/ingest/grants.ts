/** The arguments of a grant to a role, checked before its policy exists. */
import type * as pulumi from '@pulumi/pulumi';
import { InputProblems, rule } from '../kit';
import type { PassphrasePolicy } from './policies';
import { matching, oneOf } from './rules';

/** What a grant is limited to. */
export interface PassphraseScope {
  /** Ids of channels. @default all that are encrypted */
  readonly channels?: readonly string[];
}

const grantId = rule(
  matching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/),
  '1 to 64 letters, digits and _.-, beginning with a letter or digit',
  'rename it; it stays for the life of the grant',
);
/** IAM API Reference, PutRolePolicy. */
const roleName = rule(
  matching(/^[\w+=,.@-]{1,64}$/),
  'the name of a role: 1 to 64 letters, digits and _+=,.@-',
  'give its name, not its ARN',
);

/**
 * @param owner as errors name it
 * @param encrypted ids of the channels that have a passphrase
 * @returns the channels, and the role, judged later where it is known later
 * @throws pulumi.InputPropertiesError with everything that is wrong
 */
export function checkPassphraseGrant(
  owner: string,
  encrypted: readonly string[],
  id: string,
  role: pulumi.Input<string>,
  scope: PassphraseScope,
): { readonly channels: readonly string[]; readonly role: pulumi.Input<string> } {
  const problems = new InputProblems(owner);
  problems.judge('id', id, grantId);
  const name = problems.check('role', role, roleName);
  problems.checkNames('', scope, ['channels']);
  const { channels = encrypted } = scope;
  if (!Array.isArray(channels) || channels.length === 0) {
    problems.add('channels', scope.channels, {
      allowed: `a list of at least one of: ${encrypted.join(', ') || 'none, no channel has a passphrase'}`,
      fix: 'correct it, or leave the property out for all',
    });
  } else {
    const ids = channels as readonly string[];
    ids.forEach((channel, n) => problems.judge(`channels[${n}]`, channel, oneOf(encrypted)));
  }
  problems.throwIfAny();
  return { channels: [...new Set(channels as readonly string[])], role: name };
}

/** IAM User Guide, "IAM and AWS STS quotas": all inline policies of a role together, without white space. */
const MAX_POLICY_CHARACTERS = 10_240;

/**
 * @param owner as errors name it
 * @throws pulumi.InputPropertiesError where IAM would refuse the policy for its length
 */
export function checkPassphraseLength(
  owner: string,
  policy: PassphrasePolicy,
  { channels }: PassphraseScope,
): PassphrasePolicy {
  const { length } = JSON.stringify(policy);
  if (length <= MAX_POLICY_CHARACTERS) return policy;
  const problems = new InputProblems(owner);
  problems.add('channels', channels, {
    because: `a policy of ${length} characters`,
    allowed: `at most ${MAX_POLICY_CHARACTERS}, which is IAM's limit of all inline policies of a role`,
    fix: 'give each encoder a role, and a grant for its own channel',
  });
  problems.throwIfAny();
  return policy;
}
