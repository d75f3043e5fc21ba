/** A report as text for a terminal, or as JSON. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding, LintReport, Place, Severity } from './types';

export interface FormatOptions {
  readonly format?: 'text' | 'json';
  /** Default: standard output is a terminal and NO_COLOR is not set. */
  readonly colours?: boolean;
  /** List every rule that was not checked, with its reason. Default: yes. */
  readonly showNotChecked?: boolean;
}

const COLOURS: Readonly<Record<Severity | 'ok' | 'dim', string>> = {
  error: '31',
  warning: '33',
  info: '36',
  ok: '32',
  dim: '2',
};

type Paint = (style: keyof typeof COLOURS, words: string) => string;

const shownUrl = (url: string): string => {
  if (!url.startsWith('file:')) return url;
  const file = fileURLToPath(url);
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
};

function shownPlace(place: Place): string {
  const line = place.line === undefined ? '' : `:${place.line}`;
  const uri = place.uri === undefined ? '' : `  ${place.uri}`;
  const request = place.request === undefined ? '' : `  (${place.request})`;
  return `${shownUrl(place.url)}${line}${uri}${request}`;
}

function findingText(finding: Finding, paint: Paint): string {
  const times = finding.occurrences > 1 ? ` (${finding.occurrences} times; the first is shown)` : '';
  return [
    `${paint(finding.severity, finding.severity)} ${finding.rule}  ${shownPlace(finding.place)}`,
    `  ${finding.found}${times}`,
    paint('dim', `  Remedy: ${finding.remedy}`),
    paint('dim', `  Source: ${finding.source}`),
  ].join('\n');
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** Rules that were not checked, those with the same reason together. */
function notCheckedText(report: LintReport, paint: Paint): string {
  const byReason = new Map<string, string[]>();
  for (const { rule, status, reason } of report.checks) {
    if (status === 'not checked') byReason.set(reason ?? '', [...(byReason.get(reason ?? '') ?? []), rule]);
  }
  return [...byReason].map(([reason, rules]) => paint('dim', `  ${rules.join(', ')}: ${reason}`)).join('\n');
}

function textReport(report: LintReport, paint: Paint, showNotChecked: boolean): string {
  const { counts } = report;
  const playlists = report.playlists.map(
    ({ url, versions }) => `  ${shownUrl(url)} (${plural(versions, 'version')})`,
  );
  const verdict = report.ok
    ? paint(
        'ok',
        counts.warnings === 0
          ? 'No errors, no warnings.'
          : `No errors, ${plural(counts.warnings, 'warning')}.`,
      )
    : paint('error', `${plural(counts.errors, 'error')}, ${plural(counts.warnings, 'warning')}.`);
  const summary = `${verdict} ${plural(report.checks.length, 'rule')}: ${counts.passed} passed, ${counts.failed} failed, ${counts.notChecked} not checked.`;
  const skipped = notCheckedText(report, paint);
  return [
    `${report.target}`,
    ...(playlists.length === 0 ? [] : [`Media playlists read:\n${playlists.join('\n')}`]),
    ...report.findings.map((finding) => findingText(finding, paint)),
    ...(showNotChecked && skipped !== '' ? [`Not checked:\n${skipped}`] : []),
    `${summary}\n`,
  ].join('\n\n');
}

/** Ends with a newline. */
export function formatReport(report: LintReport, options: FormatOptions = {}): string {
  if (options.format === 'json') return `${JSON.stringify(report, undefined, 2)}\n`;
  const colours = options.colours ?? (process.stdout.isTTY && process.env['NO_COLOR'] === undefined);
  const paint: Paint = (style, words) => (colours ? `\u001b[${COLOURS[style]}m${words}\u001b[0m` : words);
  return textReport(report, paint, options.showNotChecked ?? true);
}
