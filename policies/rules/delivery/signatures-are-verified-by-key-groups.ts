import { found, notApplicable, peek, resourceRule, itemsOf } from '../../core';
import { DISTRIBUTION, behaviourName, behavioursOf, type Behaviour } from './behaviours';

const has = ({ values }: Behaviour, list: string): boolean => itemsOf(peek(values, list)).length > 0;

export const signaturesAreVerifiedByKeyGroups = resourceRule({
  id: 'signatures-are-verified-by-key-groups',
  family: 'delivery',
  title: 'Signatures are verified by key groups, and not by the keys of an account',
  severity: 'medium',
  controls: [],
  why: 'Keys of trusted signers are made and changed by the root user of an account alone, two at a time; keys of a group are resources, which can be rotated by an update.',
  fix: "Make `new aws.cloudfront.KeyGroup('keys', { items: [publicKey.id] })`, and write `trustedKeyGroups: [keys.id]` in place of trustedSigners.",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  check: (distribution) => {
    const signed = behavioursOf(distribution).filter(
      (behaviour) => has(behaviour, 'trustedSigners') || has(behaviour, 'trustedKeyGroups'),
    );
    if (signed.length === 0) return notApplicable('no behaviour of it asks for a signature');
    return found(
      signed
        .filter((behaviour) => has(behaviour, 'trustedSigners'))
        .map((behaviour) => `${behaviourName(behaviour)} trusts signers`),
    );
  },
});
