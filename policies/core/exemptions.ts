/** What somebody has decided to live with, for a time. */
import type { Finding } from './check';

export interface Exemption {
  /** Id of a rule. */
  readonly rule: string;
  /** URN of the resources, where `*` is any text. */
  readonly urn: string;
  /** Why that is right. */
  readonly reason: string;
  /** Who answers for it. */
  readonly owner: string;
  /** Last day that it holds, in UTC: `2027-03-31`. */
  readonly expires: string;
}

const pattern = (urn: string): RegExp =>
  new RegExp(
    `^${urn
      .split('*')
      .map((piece) => piece.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );

/** @param today as `2026-11-21` */
export const hasExpired = ({ expires }: Exemption, today: string): boolean => expires < today;

/** The exemption that covers a finding, one that has not expired before any that has. */
export function exemptionFor(
  { rule, urn }: Pick<Finding, 'rule' | 'urn'>,
  exemptions: readonly Exemption[],
  today: string,
): Exemption | undefined {
  const covering = exemptions.filter((each) => each.rule === rule.id && pattern(each.urn).test(urn));
  return covering.find((each) => !hasExpired(each, today)) ?? covering[0];
}
