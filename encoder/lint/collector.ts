/** Gathers findings and which rules were looked at. The same breach of the same playlist is one finding, counted. */
import { ruleOf, RULES } from './catalog';
import type { Check, Finding, LintReport, Place, Severity } from './types';

export interface Detail {
  readonly severity?: Severity;
  readonly remedy?: string;
}

export class Collector {
  readonly #findings = new Map<string, Finding>();
  readonly #checked = new Set<string>();
  readonly #skipped = new Map<string, string>();

  /**
   * @param code tells breaches of one rule apart; the same code on the same URL is counted, not repeated
   */
  report(rule: string, code: string, place: Place, found: string, detail: Detail = {}): void {
    const known = ruleOf(rule);
    const key = `${rule}|${code}|${place.url}`;
    const earlier = this.#findings.get(key);
    this.#checked.add(rule);
    if (earlier !== undefined) {
      this.#findings.set(key, { ...earlier, occurrences: earlier.occurrences + 1 });
      return;
    }
    this.#findings.set(key, {
      rule,
      severity: detail.severity ?? known.severity,
      place,
      found,
      remedy: detail.remedy ?? known.remedy,
      source: known.source,
      occurrences: 1,
    });
  }

  /** The rule was applied to something; without a finding it has passed. */
  checked(...rules: readonly string[]): void {
    for (const rule of rules) this.#checked.add(ruleOf(rule).id);
  }

  /** Why a rule could not be applied. A rule that was applied elsewhere stays checked. */
  notChecked(rule: string, reason: string): void {
    if (!this.#skipped.has(rule)) this.#skipped.set(ruleOf(rule).id, reason);
  }

  has(rule: string, url: string): boolean {
    return [...this.#findings.values()].some((finding) => finding.rule === rule && finding.place.url === url);
  }

  finish(target: string, playlists: LintReport['playlists']): LintReport {
    const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };
    const findings = [...this.#findings.values()].sort((a, b) => rank[a.severity] - rank[b.severity]);
    const failed = new Set(findings.filter((f) => f.severity !== 'info').map((finding) => finding.rule));
    const checks = RULES.map(({ id, title, needs }): Check => {
      if (failed.has(id)) return { rule: id, title, status: 'failed' };
      if (this.#checked.has(id)) return { rule: id, title, status: 'passed' };
      return { rule: id, title, status: 'not checked', reason: this.#skipped.get(id) ?? needs };
    });
    const count = (severity: Severity): number => findings.filter((f) => f.severity === severity).length;
    const withStatus = (status: Check['status']): number => checks.filter((c) => c.status === status).length;
    return {
      target,
      ok: count('error') === 0,
      findings,
      checks,
      counts: {
        errors: count('error'),
        warnings: count('warning'),
        infos: count('info'),
        passed: withStatus('passed'),
        failed: withStatus('failed'),
        notChecked: withStatus('not checked'),
      },
      playlists,
    };
  }
}
