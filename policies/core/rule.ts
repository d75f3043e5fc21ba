/** What a rule is. Rules are pure: what they are given, they judge; they ask nobody, and keep nothing. */
import type { Resource, Stack } from './resource';
import type { Values } from './values';

/** Who a stack is for. Each rule has a level in each. */
export const PROFILES = ['starter', 'production', 'regulated'] as const;
/** One of {@link PROFILES}. */
export type Profile = (typeof PROFILES)[number];

/** `mandatory` stops an update, `advisory` is a remark; `remediate` mends what it can, and is mandatory for the rest. */
export const LEVELS = ['advisory', 'mandatory', 'remediate', 'disabled'] as const;
export type Level = (typeof LEVELS)[number];

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a rule is about; also its folder. */
export const FAMILIES = [
  'cost',
  'data-protection',
  'delivery',
  'encryption',
  'identity',
  'media',
  'network',
  'operations',
  'residency',
  'resilience',
  'retired',
] as const;
export type Family = (typeof FAMILIES)[number];

/** A setting of a rule, as JSON Schema has it; each has a default, so that a rule runs without configuration. */
export type Setting = { readonly description: string } & (
  | {
      readonly type: 'integer' | 'number';
      readonly default: number;
      readonly minimum?: number;
      readonly maximum?: number;
    }
  | { readonly type: 'string'; readonly default: string; readonly enum?: readonly string[] }
  | { readonly type: 'boolean'; readonly default: boolean }
  | {
      readonly type: 'array';
      readonly items: { readonly type: 'string' | 'integer' };
      readonly default: readonly (string | number)[];
    }
);

type Settings = Readonly<Record<string, Setting>>;

/** The values of settings, by the type of their defaults. */
export type SettingValues<T extends Settings> = {
  readonly [name in keyof T]: T[name] extends { readonly type: 'integer' | 'number' }
    ? number
    : T[name] extends { readonly type: 'string' }
      ? string
      : T[name] extends { readonly type: 'boolean' }
        ? boolean
        : T[name] extends { readonly items: { readonly type: 'integer' } }
          ? readonly number[]
          : readonly string[];
};

/**
 * What a rule says of one resource. `violating` is what was found, as a clause that can stand alone; several are several
 * findings. A rule that has nothing to judge at a resource says why, which is no pass.
 */
export type Outcome =
  | { readonly result: 'compliant' }
  | { readonly result: 'violating'; readonly found: readonly string[] }
  | { readonly result: 'not applicable'; readonly reason: string };

export const compliant: Outcome = { result: 'compliant' };
export const violating = (...found: readonly string[]): Outcome => ({ result: 'violating', found });
export const notApplicable = (reason: string): Outcome => ({ result: 'not applicable', reason });

/** Compliant where nothing was found. */
export const found = (findings: readonly string[]): Outcome =>
  findings.length === 0 ? compliant : violating(...findings);

interface Description<T extends Settings> {
  /** Permanent, and the name of its file: what must be true, as `bucket-is-encrypted`. */
  readonly id: string;
  readonly family: Family;
  /** What must be true, as a sentence without a full stop. */
  readonly title: string;
  readonly severity: Severity;
  /** Where others ask for the same: `AWS FSBP S3.2`, `CIS AWS v5.0.0 2.1.4`. */
  readonly controls: readonly string[];
  /** Why it matters: what happens where it is not true. */
  readonly why: string;
  /** What to do, as code of @pulumi/aws 7 that can be pasted where that is possible. */
  readonly fix: string;
  readonly levels: Readonly<Record<Profile, Exclude<Level, 'remediate'>>>;
  /** Types that it judges, by their names in @pulumi/aws 7; absent: every resource of AWS. */
  readonly looksAt?: readonly string[];
  readonly settings?: T;
}

/** A rule of one resource: judged before anything is made of it. */
export interface ResourceRule<T extends Settings = Settings> extends Description<T> {
  readonly scope: 'resource';
  check(resource: Resource, settings: SettingValues<T>): Outcome;
  /** The properties to set so that it complies, or nothing where there is nothing to mend. Runs only at level `remediate`. */
  remedy?(resource: Resource, settings: SettingValues<T>): Values | undefined;
}

/** A rule that needs other resources to judge one. */
export interface StackRule<T extends Settings = Settings> extends Description<T> {
  readonly scope: 'stack';
  check(resource: Resource, settings: SettingValues<T>, stack: Stack): Outcome;
}

export type Rule = ResourceRule | StackRule;

export const resourceRule = <const T extends Settings = Record<never, Setting>>(
  rule: Omit<ResourceRule<T>, 'scope'>,
): Rule => ({ ...rule, scope: 'resource' }) as unknown as Rule;

export const stackRule = <const T extends Settings = Record<never, Setting>>(
  rule: Omit<StackRule<T>, 'scope'>,
): Rule => ({ ...rule, scope: 'stack' }) as unknown as Rule;

/** Whether a rule judges resources of a type. */
export const judges = (rule: Rule, type: string): boolean =>
  rule.looksAt ? rule.looksAt.includes(type) : type.startsWith('aws:');
