/** CloudWatch's limits of a dashboard: Amazon CloudWatch User Guide, "CloudWatch service quotas". None can be raised. */
import type { InputProblems } from '../kit';
import type { DashboardBody, Facts } from './facts';
import type { Widget } from './widgets';

export const MAX_WIDGETS = 500;
export const MAX_METRICS_OF_WIDGET = 500;
/** Those that a graph computes with count, too. */
export const MAX_METRICS = 2500;

/** @param of which dashboard, for people */
export function checkLimits(problems: InputProblems, of: string, facts: Facts, body: DashboardBody): void {
  const widgets = body.widgets as readonly Widget[];
  const counts = widgets.map(({ properties }) => metricsOf(properties['metrics']));
  const found: [what: string, count: number, most: number][] = [
    ['widgets', widgets.length, MAX_WIDGETS],
    ['metrics in one graph', Math.max(...counts), MAX_METRICS_OF_WIDGET],
    ['metrics', counts.reduce((sum, count) => sum + count, 0), MAX_METRICS],
  ];
  const channels = Object.keys(facts.channels).length;
  for (const [what, count, most] of found) {
    if (count <= most) continue;
    problems.add('fleet', `${channels} channels`, {
      because: `${of} would have ${count} ${what}`,
      allowed: `at most ${most} ${what} a dashboard`,
      fix: 'give some of the channels a fleet of their own, with dashboards of its own',
    });
  }
}

/** Rows that name a metric, and do not compute. */
const metricsOf = (rows: unknown): number =>
  Array.isArray(rows) ? rows.filter((row: unknown[]) => typeof row[0] === 'string').length : 0;
