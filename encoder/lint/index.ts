/**
 * The linter: judges any LL-HLS server, by the rules of `catalog.ts`. It shares no code with the packager, the store
 * or the origin, so that a mistake there is not made here as well.
 */
import { lintFile } from './offline';
import { lintUrl, type ProbeOptions } from './probe';
import type { LintReport } from './types';

export { RULES, type Rule } from './catalog';
export { lintFile, lintPlaylists } from './offline';
export { formatReport, type FormatOptions } from './report';
export type { Check, CheckStatus, Finding, LintReport, Place, Severity, Snapshot } from './types';

export type LintOptions = ProbeOptions;

/**
 * @param target an http or https URL of a multivariant or media playlist, or a playlist file
 * @throws Error if a file cannot be read; a server that does not answer is a finding (M10), not an exception
 */
export async function lint(target: string, options: LintOptions = {}): Promise<LintReport> {
  return /^https?:\/\//i.test(target) ? lintUrl(target, options) : lintFile(target);
}
