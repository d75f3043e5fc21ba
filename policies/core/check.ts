/** Runs rules on resources. Both the pack in Pulumi's engine and `aws-media policy check` go through here. */
import { judges, type Rule, type SettingValues } from './rule';
import type { Stack } from './resource';
import { type Resource } from './resource';
import { Undecided } from './values';

/** What one rule found at one resource. */
export interface Finding {
  readonly rule: Rule;
  readonly urn: string;
  readonly found: string;
}

/** What one rule says of one resource. */
export type Verdict =
  | { readonly result: 'compliant' }
  | { readonly result: 'violating'; readonly found: readonly string[] }
  | { readonly result: 'not applicable'; readonly reason: string }
  /** It reads what is known only in the update, which asks again before anything is made. */
  | { readonly result: 'undecided'; readonly path: string };

/** The defaults of a rule's settings, and over them what is configured. */
export function settingsOf(
  rule: Rule,
  configured: Readonly<Record<string, unknown>> = {},
): SettingValues<never> {
  const defaults = Object.entries(rule.settings ?? {}).map(([name, setting]) => [
    name,
    configured[name] ?? setting.default,
  ]);
  return Object.fromEntries(defaults) as SettingValues<never>;
}

/** One rule at one resource that it judges. */
export function verdictOn(
  rule: Rule,
  resource: Resource,
  stack: Stack,
  configured?: Readonly<Record<string, unknown>>,
): Verdict {
  const settings = settingsOf(rule, configured);
  try {
    return rule.scope === 'resource' ? rule.check(resource, settings) : rule.check(resource, settings, stack);
  } catch (error) {
    if (error instanceof Undecided) return { result: 'undecided', path: error.path };
    throw new Error(`rule ${rule.id} failed at ${resource.urn}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** What a rule says of a stack: of each resource that it judges. A rule that looked at nothing has no verdicts. */
export interface RuleVerdicts {
  readonly rule: Rule;
  readonly verdicts: readonly { readonly urn: string; readonly verdict: Verdict }[];
}

/** @param configured settings by id of the rule */
export function verdictsOf(
  rules: readonly Rule[],
  stack: Stack,
  configured: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): readonly RuleVerdicts[] {
  return rules.map((rule) => ({
    rule,
    verdicts: stack.resources
      .filter(({ type }) => judges(rule, type))
      .map((resource) => ({
        urn: resource.urn,
        verdict: verdictOn(rule, resource, stack, configured[rule.id]),
      })),
  }));
}
