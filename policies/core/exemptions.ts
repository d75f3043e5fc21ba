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

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (text: string): boolean => DAY.test(text) && !Number.isNaN(Date.parse(text));

/** What is wrong with a list of exemptions, all of it. */
export function problemsOfExemptions(exemptions: readonly Exemption[], ids: ReadonlySet<string>): string[] {
  return exemptions.flatMap((exemption, index) => {
    const name = `exemption ${index + 1}`;
    const missing = (['rule', 'urn', 'reason', 'owner', 'expires'] as const).filter(
      (key) => typeof exemption[key] !== 'string' || exemption[key].trim() === '',
    );
    if (missing.length > 0) return [`${name}: ${missing.join(', ')} must be given, each as a text`];
    return [
      ...(ids.has(exemption.rule)
        ? []
        : [`${name}: no rule is called ${exemption.rule}; policies/RULES.md lists them`]),
      ...(isDay(exemption.expires)
        ? []
        : [`${name}: expires is ${exemption.expires}; allowed is a day, as 2027-03-31`]),
    ];
  });
}
