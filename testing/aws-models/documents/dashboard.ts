/** The body of a CloudWatch dashboard. */
import { isFields, type Fields } from '../../../planner/graph/values';
import { at, closest, meant, type Problems, wrongKind } from '../problems';

const GUIDE = 'CloudWatch API Reference, "Dashboard Body Structure and Syntax"';
const COLUMNS = 24;

/** By type of widget, the properties that it must have. An alarm widget may be one of a metric, too. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  metric: [],
  text: ['markdown'],
  log: ['query', 'region'],
  alarm: ['alarms'],
  explorer: ['metrics'],
  custom: ['endpoint'],
};
const VIEWS = ['timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table'];
const STATISTICS =
  /^(?:SampleCount|Average|Sum|Minimum|Maximum|IQM|p\d{1,2}(?:\.\d+)?|p100|(?:tm|wm|tc|ts)\d{1,2}(?:\.\d+)?|(?:TM|WM|PR|TC|TS)\([^)]*\))$/;
const PERIODS = [1, 5, 10, 20, 30];
const MAX_WIDGETS = 500;
const MAX_METRICS = 500;

export function checkDashboard(body: unknown, problems: Problems): void {
  if (!isFields(body)) {
    problems.refuse('', {
      problem: wrongKind(body),
      allowed: `an object (${GUIDE})`,
      fix: 'give {"widgets": [...]}',
    });
    return;
  }
  const { widgets } = body;
  if (!Array.isArray(widgets) || widgets.length > MAX_WIDGETS) {
    const problem = Array.isArray(widgets) ? `${widgets.length} widgets` : wrongKind(widgets);
    const allowed = `a list of at most ${MAX_WIDGETS} widgets (${GUIDE})`;
    problems.refuse('widgets', { problem, allowed, fix: 'give the widgets' });
    return;
  }
  for (const [n, widget] of (widgets as readonly unknown[]).entries()) {
    checkWidget(widget, at('widgets', n), problems);
  }
}

function checkWidget(widget: unknown, path: string, problems: Problems): void {
  if (!isFields(widget)) {
    problems.refuse(path, {
      problem: wrongKind(widget),
      allowed: `an object (${GUIDE})`,
      fix: 'give a widget',
    });
    return;
  }
  const { type, properties } = widget;
  const known = Object.keys(TYPES);
  if (typeof type !== 'string' || !known.includes(type)) {
    const fix = meant(typeof type === 'string' ? closest(type, known) : undefined, 'give one of these');
    const value = type === undefined ? {} : { value: type };
    const allowed = `${known.join(', ')} (${GUIDE})`;
    problems.refuse(at(path, 'type'), { ...value, problem: 'no type of widget', allowed, fix });
    return;
  }
  for (const [name, min, max] of [
    ['x', 0, COLUMNS - 1],
    ['y', 0, Infinity],
    ['width', 1, COLUMNS],
    ['height', 1, 1000],
  ] as const) {
    const value = widget[name];
    if (
      value === undefined ||
      (Number.isInteger(value) && (value as number) >= min && (value as number) <= max)
    ) {
      continue;
    }
    const allowed = `a whole number of ${min} ${max === Infinity ? 'or more' : `to ${max}`} (${GUIDE})`;
    problems.refuse(at(path, name), { value, problem: 'outside the grid', allowed, fix: 'move the widget' });
  }
  const here = at(path, 'properties');
  if (!isFields(properties)) {
    problems.refuse(here, {
      problem: wrongKind(properties),
      allowed: `an object (${GUIDE})`,
      fix: 'give properties',
    });
    return;
  }
  for (const name of TYPES[type] ?? []) {
    if (properties[name] !== undefined) continue;
    const allowed = `a widget of type ${type} has it (${GUIDE})`;
    problems.refuse(at(here, name), { problem: 'missing', allowed, fix: `give ${name}` });
  }
  if (type === 'metric') checkMetricWidget(properties, here, problems);
}

function checkMetricWidget(properties: Fields, path: string, problems: Problems): void {
  const { metrics, annotations, region, view, stat, period } = properties;
  const ofAlarm = isFields(annotations) && annotations['alarms'] !== undefined;
  if (metrics === undefined && !ofAlarm) {
    const allowed = `metrics, or annotations with alarms (${GUIDE})`;
    problems.refuse(at(path, 'metrics'), { problem: 'missing', allowed, fix: 'give the metrics' });
  }
  if (region === undefined && !ofAlarm) {
    problems.refuse(at(path, 'region'), {
      problem: 'missing',
      allowed: `a region (${GUIDE})`,
      fix: 'give the region',
    });
  }
  if (view !== undefined && !VIEWS.includes(view as string)) {
    const allowed = `${VIEWS.join(', ')} (${GUIDE})`;
    problems.refuse(at(path, 'view'), { value: view, problem: 'no view', allowed, fix: 'give one of these' });
  }
  checkStatistic({ stat, period }, path, problems);
  if (metrics === undefined) return;
  if (!Array.isArray(metrics) || metrics.length > MAX_METRICS) {
    const allowed = `a list of at most ${MAX_METRICS} (${GUIDE})`;
    problems.refuse(at(path, 'metrics'), {
      problem: wrongKind(metrics),
      allowed,
      fix: 'give a list of lists',
    });
    return;
  }
  for (const [n, row] of (metrics as readonly unknown[]).entries()) {
    checkRow(row, at(at(path, 'metrics'), n), n === 0, problems);
  }
}

/** `[namespace, name, dimension, value, ..., { options }]`, where `.` and `...` repeat what is above. */
function checkRow(row: unknown, path: string, isFirst: boolean, problems: Problems): void {
  if (!Array.isArray(row) || row.length === 0) {
    problems.refuse(path, {
      problem: wrongKind(row),
      allowed: `a list (${GUIDE})`,
      fix: 'give [namespace, name]',
    });
    return;
  }
  const list = row as readonly unknown[];
  const last = list.at(-1);
  const options = isFields(last) ? last : undefined;
  const texts = options === undefined ? list : list.slice(0, -1);
  if (options !== undefined) checkStatistic(options, at(path, list.length - 1), problems);
  if (texts.length === 0) {
    if (options?.['expression'] !== undefined) return;
    const allowed = `expression in a row without a metric (${GUIDE})`;
    problems.refuse(path, { problem: 'neither metric nor expression', allowed, fix: 'add one' });
    return;
  }
  const repeats = texts.includes('...');
  if (
    texts.some((each) => typeof each !== 'string') ||
    (!repeats && (texts.length < 2 || texts.length % 2 === 1))
  ) {
    const allowed = `namespace, name, and pairs of dimension and value, as texts (${GUIDE})`;
    problems.refuse(path, {
      value: row,
      problem: 'a dimension without a value, or no name',
      allowed,
      fix: 'give the pairs',
    });
  }
  if (isFirst && texts.some((each) => each === '.' || each === '...')) {
    const allowed = `"." and "..." below another metric only (${GUIDE})`;
    problems.refuse(path, {
      value: row,
      problem: 'there is nothing above to repeat',
      allowed,
      fix: 'write it out',
    });
  }
}

function checkStatistic({ stat, period }: Fields, path: string, problems: Problems): void {
  if (stat !== undefined && (typeof stat !== 'string' || !STATISTICS.test(stat))) {
    const allowed =
      'Average, Sum, Minimum, Maximum, SampleCount, p99 and the like (CloudWatch User Guide, "Statistics definitions")';
    problems.refuse(at(path, 'stat'), {
      value: stat,
      problem: 'no statistic',
      allowed,
      fix: 'give one of these',
    });
  }
  if (period === undefined || PERIODS.includes(period as number)) return;
  if (Number.isInteger(period) && (period as number) > 0 && (period as number) % 60 === 0) return;
  const allowed = `${PERIODS.join(', ')}, or a multiple of 60, in seconds (${GUIDE})`;
  problems.refuse(at(path, 'period'), {
    value: period,
    problem: 'no period',
    allowed,
    fix: 'give one of these',
  });
}
