/** What the policies of one run have in common: exemptions, and what could not be judged yet. */
import type { ResourceValidationPolicy, StackValidationPolicy } from '@pulumi/policy';
import { problemsOfExemptions, exemptionFor, hasExpired, type Exemption, type Rule } from '../core';

/** Id of the policy whose configuration holds the exemptions. */
export const EXEMPTIONS = 'exemptions-are-current';

interface Exempted {
  readonly urn: string;
  readonly found: string;
  readonly exemption: Exemption;
}

export class Ledger {
  exemptions: readonly Exemption[] = [];
  readonly #today: string;
  readonly #exempted: Exempted[] = [];
  readonly #undecided: { readonly rule: Rule; readonly urn: string; readonly path: string }[] = [];

  constructor(today = new Date().toISOString().slice(0, 10)) {
    this.#today = today;
  }

  /** Of what a rule found at a resource, that which nobody has decided to live with. */
  withoutExempt(rule: Rule, urn: string, findings: readonly string[]): readonly string[] {
    const exemption = exemptionFor({ rule, urn }, this.exemptions, this.#today);
    if (!exemption || hasExpired(exemption, this.#today)) return findings;
    this.#exempted.push(...findings.map((found) => ({ urn, found, exemption })));
    return [];
  }

  undecided(rule: Rule, urn: string, path: string): void {
    this.#undecided.push({ rule, urn, path });
  }

  expired(): readonly Exemption[] {
    return this.exemptions.filter((each) => hasExpired(each, this.#today));
  }

  takeExempted(): readonly Exempted[] {
    return this.#exempted.splice(0);
  }

  takeUndecided(): readonly { readonly rule: Rule; readonly urn: string; readonly path: string }[] {
    return this.#undecided.splice(0);
  }
}

const EXEMPTION_SCHEMA = {
  type: 'object',
  required: ['rule', 'urn', 'reason', 'owner', 'expires'],
  additionalProperties: false,
  properties: {
    rule: { type: 'string', description: 'id of a rule' },
    urn: { type: 'string', description: 'URN of the resources, * for any text' },
    reason: { type: 'string', minLength: 1 },
    owner: { type: 'string', minLength: 1, description: 'who answers for it' },
    expires: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'last day that it holds' },
  },
} as const;

/** Reads the exemptions, and refuses those that are wrong or past their day. */
export const exemptionsAreCurrent = (ledger: Ledger, ids: ReadonlySet<string>): ResourceValidationPolicy => ({
  name: EXEMPTIONS,
  description: 'Every exemption is complete, names a rule and has not expired.',
  enforcementLevel: 'mandatory',
  severity: 'medium',
  tags: ['operations'],
  remediationSteps:
    'Mend what the exemption covers and remove it, or give it another last day and say why in its reason.',
  configSchema: {
    properties: {
      exemptions: { type: 'array', default: [], items: structuredClone(EXEMPTION_SCHEMA) as never },
    },
  },
  validateResource: (args, report) => {
    ledger.exemptions = args.getConfig<{ exemptions?: readonly Exemption[] }>().exemptions ?? [];
    if (args.type !== 'pulumi:pulumi:Stack') args.notApplicable('reads the pack’s configuration once');
    for (const problem of problemsOfExemptions(ledger.exemptions, ids)) report(problem);
    for (const { rule, urn, owner, expires } of ledger.expired()) {
      report(`the exemption of ${urn} from ${rule} ended on ${expires}; ${owner} answers for it`);
    }
  },
});

/** Shows in each run what is exempt. */
export const exemptionsAreListed = (ledger: Ledger): StackValidationPolicy => ({
  name: 'exemptions-are-listed',
  description: 'What an exemption covers is shown.',
  enforcementLevel: 'advisory',
  severity: 'low',
  tags: ['operations'],
  validateStack: (args, report) => {
    const exempted = ledger.takeExempted();
    if (exempted.length === 0) args.notApplicable('nothing is exempt');
    for (const { urn, found, exemption } of exempted) {
      const { rule, expires, owner, reason } = exemption;
      report(`exempt from ${rule} until ${expires} (${owner}: ${reason}): ${found}`, urn);
    }
  },
});

/** Shows in a preview what the update will judge. */
export const undecidedIsListed = (ledger: Ledger): StackValidationPolicy => ({
  name: 'undecided-is-listed',
  description: 'What can be judged only in the update is shown.',
  enforcementLevel: 'advisory',
  severity: 'low',
  tags: ['operations'],
  validateStack: (args, report) => {
    const undecided = ledger.takeUndecided();
    if (undecided.length === 0) args.notApplicable('everything was judged');
    for (const { rule, urn, path } of undecided) {
      report(`${rule.id} must wait: ${path} is known only in the update, which asks again`, urn);
    }
  },
});
