/** A pack's configuration, as `pulumi preview --policy-pack-config` reads it: the same file serves here. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { LEVELS, type Exemption, type Level, type Rule, type Setting } from '../../policies/core';
import { EXEMPTIONS } from '../../policies/pulumi/ledger';
import { ALL_RULES } from '../../policies/rules';
import type { CheckOptions, RuleConfiguration } from './check';

const text = (label: string) =>
  z.string({ error: `${label} must be a text` }).min(1, `${label} must not be empty`);

const exemption = z.strictObject({
  rule: text('rule'),
  urn: text('urn'),
  reason: text('reason'),
  owner: text('owner'),
  expires: z.iso.date({ error: 'expires must be a day, as 2027-03-31' }),
});

function valueOf(setting: Setting): z.ZodType {
  switch (setting.type) {
    case 'integer':
    case 'number': {
      const number = setting.type === 'integer' ? z.int() : z.number();
      return number.min(setting.minimum ?? -Number.MAX_VALUE).max(setting.maximum ?? Number.MAX_VALUE);
    }
    case 'boolean':
      return z.boolean();
    case 'string':
      return setting.enum ? z.enum([...setting.enum]) : z.string();
    case 'array':
      return z.array(setting.items.type === 'integer' ? z.int() : z.string());
  }
}

const level = z.enum(LEVELS, { error: `allowed are ${LEVELS.join(', ')}` });

const schemaOf = ({ settings = {} }: Rule) =>
  z.union([
    level,
    z.strictObject({
      enforcementLevel: level.optional(),
      ...Object.fromEntries(
        Object.entries(settings).map(([name, setting]) => [name, valueOf(setting).optional()]),
      ),
    }),
  ]);

/** The policies of the pack that are no rules: they show what the others did. */
const LISTS = ['exemptions-are-listed', 'undecided-is-listed'];

/**
 * @throws Error with everything that is wrong in the file, by key
 */
export function readPolicyConfiguration(file: string): Pick<CheckOptions, 'rules' | 'exemptions'> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} can't be read: ${(error as Error).message}`, { cause: error });
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Error(`${file}: allowed is an object of rules, as {"bucket-is-encrypted": "mandatory"}`);
  }
  const byId = new Map(ALL_RULES.map((rule) => [rule.id, rule]));
  const problems: string[] = [];
  const rules: Record<string, RuleConfiguration> = {};
  let exemptions: readonly Exemption[] = [];
  const parse = <T>(key: string, schema: z.ZodType<T>, value: unknown): T | undefined => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    problems.push(...parsed.error.issues.flatMap((issue) => problemsOf(issue, [key])));
    return undefined;
  };
  const { all, ...others } = json as Record<string, unknown>;
  const forAll = all === undefined ? undefined : parse('all', level, all);
  for (const [key, value] of Object.entries(others)) {
    const rule = byId.get(key);
    if (key === EXEMPTIONS) {
      const own = z.strictObject({
        enforcementLevel: level.optional(),
        exemptions: z.array(exemption).default([]),
      });
      exemptions = parse(key, own, value)?.exemptions ?? [];
    } else if (rule) {
      const given = parse(key, schemaOf(rule), value);
      if (typeof given === 'string') rules[key] = { level: given };
      else if (given) {
        const { enforcementLevel, ...settings } = given as { enforcementLevel?: Level };
        rules[key] = { ...(enforcementLevel && { level: enforcementLevel }), settings };
      }
    } else if (!LISTS.includes(key))
      problems.push(`${key}: no rule is called that; policies/RULES.md lists them`);
  }
  if (problems.length > 0) throw new Error(problems.map((problem) => `${file}: ${problem}`).join('\n'));
  if (forAll !== undefined) {
    for (const { id } of ALL_RULES) rules[id] = { level: forAll, ...rules[id] };
  }
  return { rules, exemptions };
}

/** A union's issue is that of the member which fits best: the one that went deepest. */
function problemsOf(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): string[] {
  const at = [...path, ...issue.path];
  if (issue.code === 'invalid_union') {
    const [best = []] = issue.errors.toSorted((a, b) => depth(b) - depth(a));
    return best.flatMap((each) => problemsOf(each, at));
  }
  return [`${at.map(String).join('.')}: ${issue.message}`];
}

const depth = (issues: readonly z.core.$ZodIssue[]): number =>
  Math.max(...issues.map(({ path, code }) => path.length + (code === 'unrecognized_keys' ? 1 : 0)));
