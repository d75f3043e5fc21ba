/** Judges a recorded graph by the rules of the pack: the same verdicts as in Pulumi's engine, with no engine. */
import {
  PROFILES,
  exemptionFor,
  hasExpired,
  problemsOfExemptions,
  verdictsOf,
  type Exemption,
  type Level,
  type Profile,
  type Rule,
} from '../../policies/core';
import { ALL_RULES } from '../../policies/rules';
import { stackOf } from './from-graph';
import type { Graph, Position } from '../graph/types';

/** Name of {@link PolicyReport}'s shape, and its version; a reader refuses one that it does not know. */
export const POLICY_REPORT = { schema: 'pulumi-aws-media/policy-report', version: 1 } as const;

/** What a pack's configuration says of one rule. */
export interface RuleConfiguration {
  readonly level?: Level;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface CheckOptions {
  /** Which level each rule has, where `rules` does not say. @default 'production' */
  readonly profile?: Profile;
  /** By id. */
  readonly rules?: Readonly<Record<string, RuleConfiguration>>;
  readonly exemptions?: readonly Exemption[];
  /** In UTC, as `2026-11-21`. @default today */
  readonly today?: string;
}

interface Place {
  readonly urn: string;
  /** Where in the program, where the recorder saw it. */
  readonly position: Position | null;
}

export interface PolicyFinding extends Place {
  readonly rule: string;
  readonly level: 'advisory' | 'mandatory';
  readonly severity: string;
  /** What is there. */
  readonly found: string;
  /** Why that matters. */
  readonly why: string;
  /** What to do. */
  readonly fix: string;
  readonly controls: readonly string[];
}

export interface ExemptFinding extends Place {
  readonly rule: string;
  readonly found: string;
  readonly reason: string;
  readonly owner: string;
  readonly expires: string;
}

export interface RuleResult {
  readonly id: string;
  readonly level: Level;
  readonly severity: string;
  /** `not applicable` where it judged nothing, which is no pass. */
  readonly result: 'compliant' | 'violating' | 'not applicable' | 'disabled';
  /** How many resources it judged. */
  readonly judged: number;
  /** Why it judged nothing. */
  readonly reason: string | null;
}

export interface PolicyReport {
  readonly schema: typeof POLICY_REPORT.schema;
  readonly version: typeof POLICY_REPORT.version;
  readonly project: string;
  readonly stack: string;
  readonly profile: Profile;
  /** No mandatory finding. */
  readonly ok: boolean;
  /** Mandatory first, then by severity, rule and URN. */
  readonly findings: readonly PolicyFinding[];
  readonly exempt: readonly ExemptFinding[];
  /** What the recorder could not know, so that a rule could not judge it. */
  readonly undecided: readonly (Place & { readonly rule: string; readonly path: string })[];
  /** Exemptions that cover nothing: their time has come. */
  readonly unusedExemptions: readonly Exemption[];
  readonly rules: readonly RuleResult[];
}

const SEVERITY = ['critical', 'high', 'medium', 'low'];

/** @throws Error with everything that is wrong in the options */
export function checkGraph(graph: Graph, options: CheckOptions = {}): PolicyReport {
  const { profile = 'production', rules: configured = {}, exemptions = [] } = options;
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  refuse(profile, configured, exemptions);
  const levelOf = (rule: Rule): Level => configured[rule.id]?.level ?? rule.levels[profile];
  const enabled = ALL_RULES.filter((rule) => levelOf(rule) !== 'disabled');
  const settings = Object.fromEntries(
    Object.entries(configured).map(([id, { settings: values = {} }]) => [id, values]),
  );
  const positions = new Map(graph.resources.map(({ urn, position }) => [urn, position]));
  const used = new Set<Exemption>();
  const findings: PolicyFinding[] = [];
  const exempt: ExemptFinding[] = [];
  const undecided: PolicyReport['undecided'][number][] = [];
  const results = new Map<string, RuleResult>();
  for (const { rule, verdicts } of verdictsOf(enabled, stackOf(graph), settings)) {
    const level = levelOf(rule) === 'advisory' ? 'advisory' : 'mandatory';
    let violations = 0;
    for (const { urn, verdict } of verdicts) {
      const place = { urn, position: positions.get(urn) ?? null };
      if (verdict.result === 'undecided') undecided.push({ rule: rule.id, ...place, path: verdict.path });
      if (verdict.result !== 'violating') continue;
      const exemption = exemptionFor({ rule, urn }, exemptions, today);
      if (exemption) used.add(exemption);
      for (const found of verdict.found) {
        if (exemption && !hasExpired(exemption, today)) {
          const { reason, owner, expires } = exemption;
          exempt.push({ rule: rule.id, ...place, found, reason, owner, expires });
          continue;
        }
        violations++;
        const { id, severity, why, fix, controls } = rule;
        const past = exemption ? `${found} (exempt until ${exemption.expires}, which is past)` : found;
        findings.push({ rule: id, level, severity, ...place, found: past, why, fix, controls });
      }
    }
    const judged = verdicts.filter(({ verdict }) => verdict.result !== 'not applicable');
    const reasons = verdicts.flatMap(({ verdict }) => ('reason' in verdict ? [verdict.reason] : []));
    results.set(rule.id, {
      ...{ id: rule.id, level: levelOf(rule), severity: rule.severity, judged: judged.length },
      result: violations > 0 ? 'violating' : judged.length > 0 ? 'compliant' : 'not applicable',
      reason: judged.length > 0 ? null : [...new Set(reasons)].join('; ') || nothingToJudge(rule),
    });
  }
  const rank = ({ level, severity, rule, urn }: PolicyFinding): string =>
    `${level === 'mandatory' ? 0 : 1}${SEVERITY.indexOf(severity)} ${rule} ${urn}`;
  findings.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return {
    ...POLICY_REPORT,
    ...{ project: graph.project, stack: graph.stack, profile },
    ok: !findings.some(({ level }) => level === 'mandatory'),
    ...{ findings, exempt, undecided, unusedExemptions: exemptions.filter((each) => !used.has(each)) },
    rules: ALL_RULES.map(
      (rule) =>
        results.get(rule.id) ?? {
          ...{ id: rule.id, level: 'disabled', severity: rule.severity, result: 'disabled' },
          ...{ judged: 0, reason: null },
        },
    ),
  };
}

const nothingToJudge = ({ looksAt }: Rule): string => `no resource of ${looksAt?.join(', ') ?? 'AWS'}`;

function refuse(
  profile: Profile,
  configured: Readonly<Record<string, RuleConfiguration>>,
  exemptions: readonly Exemption[],
): void {
  const ids = new Set(ALL_RULES.map(({ id }) => id));
  const problems = [
    ...(PROFILES.includes(profile) ? [] : [`profile ${profile}: allowed are ${PROFILES.join(', ')}`]),
    ...Object.keys(configured)
      .filter((id) => !ids.has(id))
      .map((id) => `no rule is called ${id}; policies/RULES.md lists them`),
    ...problemsOfExemptions(exemptions, ids),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
