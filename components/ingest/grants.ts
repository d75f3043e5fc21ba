/** The arguments of a grant to a role, checked before its policy exists. */
import type * as pulumi from '@pulumi/pulumi';
import { InputProblems, grantId, oneOf, roleName } from '../kit';

/** What a grant is limited to. */
export interface PassphraseScope {
  /** Ids of channels. @default all that are encrypted */
  readonly channels?: readonly string[];
}

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
