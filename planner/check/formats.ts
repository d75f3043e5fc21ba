/** A report for people: in a terminal, and in a pull request. */
import type { PolicyFinding, PolicyReport } from './check';

const nameOf = (urn: string): string => {
  const [, , types = '', name = urn] = urn.split('::');
  return `${name} (${types.split('$').at(-1)})`;
};

const placed = ({ urn, position }: Pick<PolicyFinding, 'urn' | 'position'>): string =>
  position ? `${nameOf(urn)}, ${position.file}:${position.line}` : nameOf(urn);

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** One line: what was judged, and how it went. */
export function headOf(report: PolicyReport): string {
  const mandatory = report.findings.filter(({ level }) => level === 'mandatory').length;
  const judged = report.rules.filter(({ result }) => result === 'compliant' || result === 'violating');
  const idle = report.rules.filter(({ result }) => result === 'not applicable');
  const disabled = report.rules.filter(({ result }) => result === 'disabled');
  return [
    `${report.project}, stack ${report.stack}, profile ${report.profile}:`,
    `${counted(mandatory, 'mandatory finding')}, ${report.findings.length - mandatory} advisory, ${report.exempt.length} exempt;`,
    `${counted(judged.length, 'rule')} judged something, ${idle.length} had nothing to judge, ${disabled.length} disabled`,
  ].join(' ');
}

/** Groups of findings that one rule has, in the order of the report. */
function byRule(
  findings: readonly PolicyFinding[],
): readonly (readonly [PolicyFinding, readonly PolicyFinding[]])[] {
  const groups = new Map<string, PolicyFinding[]>();
  for (const each of findings) groups.set(each.rule, [...(groups.get(each.rule) ?? []), each]);
  return [...groups.values()].map((group) => [group[0]!, group] as const);
}

/** For a terminal. */
export function formatPolicyText(report: PolicyReport): string {
  const lines = byRule(report.findings).flatMap(([first, group]) => [
    `${first.level}, ${first.severity}: ${first.rule}`,
    ...group.map((each) => `  ${placed(each)}: ${each.found}`),
    `  why: ${first.why}`,
    `  fix: ${first.fix.replaceAll('\n', '\n       ')}`,
    '',
  ]);
  return [
    ...lines,
    ...report.exempt.map(
      (each) =>
        `exempt until ${each.expires} (${each.owner}: ${each.reason}): ${each.rule}, ${placed(each)}: ${each.found}`,
    ),
    ...report.undecided.map(
      (each) => `not judged: ${each.rule}, ${placed(each)}: ${each.path} is not known here`,
    ),
    ...report.unusedExemptions.map(
      ({ rule, urn }) => `an exemption covers nothing, so remove it: ${rule}, ${urn}`,
    ),
    headOf(report),
    '',
  ].join('\n');
}

/** In a table's cell, and never HTML or a mention: a program's names are not to be trusted in a comment. */
const cell = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '@\u200b')
    .replace(/\s+/g, ' ');

/** For a comment or a job's summary on GitHub. */
export function formatPolicyMarkdown(report: PolicyReport): string {
  const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
    `| ${head.join(' | ')} |`,
    `|${' --- |'.repeat(head.length)}`,
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
    '',
  ];
  const findings = report.findings.map((each) => [
    each.level,
    each.severity,
    each.rule,
    placed(each),
    each.found,
  ]);
  const exempt = report.exempt.map((each) => [
    each.rule,
    placed(each),
    each.expires,
    each.owner,
    each.reason,
  ]);
  const help = byRule(report.findings).flatMap(([{ rule, why, fix }]) => [
    `- **${rule}**: ${cell(why)}`,
    ...fix.split('\n').map((line) => `      ${line}`),
  ]);
  return [
    `### ${report.ok ? 'Policies: nothing mandatory' : 'Policies: **mandatory findings**'}`,
    '',
    cell(headOf(report)),
    '',
    ...(findings.length > 0 ? table(['level', 'severity', 'rule', 'resource', 'found'], findings) : []),
    ...(help.length > 0
      ? ['<details><summary>Why, and what to do</summary>', '', ...help, '', '</details>', '']
      : []),
    ...(exempt.length > 0
      ? ['#### Exempt', '', ...table(['rule', 'resource', 'until', 'owner', 'reason'], exempt)]
      : []),
  ].join('\n');
}
