/** The rules as policies of Pulumi: for our own pack, and for anybody's. */
import type {
  Policies,
  PolicyConfigSchema,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from '@pulumi/policy';
import {
  hasOlderName,
  judges,
  settingsOf,
  verdictOn,
  Stack,
  type Profile,
  type Resource,
  type ResourceRule,
  type Rule,
  type StackRule,
} from '../core';
import { ALL_RULES } from '../rules';
import { Ledger, exemptionsAreCurrent, exemptionsAreListed, undecidedIsListed } from './ledger';
import { resourceOf, stackOf } from './from-analyzer';

/** What {@link mediaPolicies} takes. */
export interface MediaPolicyOptions {
  /** Which level each rule has, where a pack's configuration does not say. @default 'production' */
  readonly profile?: Profile;
  /** Ids of the rules to have; absent: all of them. Others are not in the pack at all. */
  readonly only?: readonly string[];
  /** The day that exemptions are judged by, in UTC, as `2026-11-21`. @default today */
  readonly today?: string;
}

/**
 * The policies of the pack, as an array for `new PolicyPack(name, { policies })`.
 * @throws Error for ids that no rule has
 */
export function mediaPolicies(options: MediaPolicyOptions = {}): Policies {
  const { profile = 'production', only } = options;
  const ids = new Set(ALL_RULES.map(({ id }) => id));
  const unknown = (only ?? []).filter((id) => !ids.has(id));
  if (unknown.length > 0) {
    throw new Error(`mediaPolicies: no rule is called ${unknown.join(', ')}; policies/RULES.md lists them`);
  }
  const rules = ALL_RULES.filter(({ id }) => only === undefined || only.includes(id));
  const ledger = new Ledger(options.today);
  return [
    // First, because it reads the configuration that the others are judged by.
    exemptionsAreCurrent(ledger, ids),
    ...rules.map((rule) =>
      rule.scope === 'resource' ? ofResource(rule, profile, ledger) : ofStack(rule, profile, ledger),
    ),
    exemptionsAreListed(ledger),
    undecidedIsListed(ledger),
  ];
}

/** What all policies of a rule have in common. */
function described(rule: Rule, profile: Profile) {
  const [control] = rule.controls;
  const [, name = '', reference = ''] = /^(.*) (\S+)$/.exec(control ?? '') ?? [];
  return {
    name: rule.id,
    description: `${rule.title}.`,
    displayName: rule.title,
    enforcementLevel: rule.levels[profile],
    severity: rule.severity,
    tags: [rule.family, ...rule.controls],
    remediationSteps: rule.fix,
    ...(control !== undefined && {
      framework: { name, version: '', reference, specification: rule.title },
    }),
    ...(rule.settings && { configSchema: schemaOf(rule) }),
  };
}

const schemaOf = ({ settings = {} }: Rule): PolicyConfigSchema => ({
  properties: structuredClone(settings) as unknown as PolicyConfigSchema['properties'],
});

/**
 * The SDK reads a resource again for each policy, unless the policy's function is marked with the one type that it is for, as
 * its own helpers mark theirs (policy.ts of @pulumi/policy 1.21.0). Without the mark the verdicts are the same, and slower.
 */
function onlyFor({ looksAt = [] }: Rule, validate: ResourceValidation): ResourceValidation {
  const [type, ...others] = looksAt;
  if (type === undefined || others.length > 0 || hasOlderName(type)) return validate;
  return Object.assign(validate, { __pulumiType: type });
}

const message = (rule: Rule, found: string): string => `${found}. ${rule.why} ${rule.fix}`;

/** A rule of one resource is given no others. */
const NO_STACK = new Stack([]);

function ofResource(rule: ResourceRule, profile: Profile, ledger: Ledger): ResourceValidationPolicy {
  const subject = (args: ResourceValidationArgs): Resource => {
    const resource = resourceOf(args);
    if (!judges(rule, resource.type)) {
      args.notApplicable(`looks at ${rule.looksAt?.join(', ') ?? 'resources of AWS'}`);
    }
    return resource;
  };
  const validateResource: ResourceValidation = (args, report) => {
    const resource = subject(args);
    const verdict = verdictOn(rule, resource, NO_STACK, args.getConfig());
    if (verdict.result === 'violating') {
      for (const found of ledger.withoutExempt(rule, resource.urn, verdict.found)) {
        report(message(rule, found));
      }
    } else if (verdict.result === 'not applicable') args.notApplicable(verdict.reason);
    else if (verdict.result === 'undecided') {
      ledger.undecided(rule, resource.urn, verdict.path);
      args.notApplicable(`${verdict.path} is known only in the update, which asks again`);
    }
  };
  return {
    ...described(rule, profile),
    validateResource: onlyFor(rule, validateResource),
    ...(rule.remedy && {
      remediateResource: (args) => {
        const properties = rule.remedy?.(subject(args), settingsOf(rule, args.getConfig()));
        if (!properties) return;
        // The SDK's proxy lets values in as they are; what nobody knows yet, or is secret, stays behind it.
        Object.assign(args.props, properties);
        return args.props;
      },
    }),
  };
}

function ofStack(rule: StackRule, profile: Profile, ledger: Ledger): StackValidationPolicy {
  return {
    ...described(rule, profile),
    validateStack: (args, report) => {
      const stack = stackOf(args.resources);
      const subjects = stack.resources.filter(({ type }) => judges(rule, type));
      const reasons = new Set<string>();
      let judged = 0;
      for (const resource of subjects) {
        const verdict = verdictOn(rule, resource, stack, args.getConfig());
        if (verdict.result === 'not applicable') reasons.add(verdict.reason);
        else judged++;
        if (verdict.result === 'undecided') ledger.undecided(rule, resource.urn, verdict.path);
        if (verdict.result !== 'violating') continue;
        for (const found of ledger.withoutExempt(rule, resource.urn, verdict.found)) {
          report(message(rule, found), resource.urn);
        }
      }
      if (judged > 0) return;
      const nothing = `no resource of ${rule.looksAt?.join(', ') ?? 'AWS'}`;
      args.notApplicable(reasons.size > 0 ? [...reasons].join('; ') : nothing);
    },
  };
}
