/** Widgets of a dashboard: CloudWatch API Reference, "Dashboard Body Structure and Syntax". Pure. */

/** Namespace, name, pairs of dimension and value, and how it is shown. */
export type MetricRow = readonly (string | Readonly<Record<string, unknown>>)[];

/** What a widget says, without its place. */
export interface Widget {
  readonly type: 'metric' | 'text' | 'log' | 'alarm';
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A widget in its place on the grid. */
export interface PlacedWidget extends Widget {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Statistics that are shown here. */
export type Statistic = 'Average' | 'Maximum' | 'Minimum' | 'Sum' | 'p50' | 'p99';

/** A line across a graph. */
export interface Line {
  readonly label: string;
  readonly value: number;
}

export interface Graph {
  readonly title: string;
  readonly region: string;
  readonly rows: readonly MetricRow[];
  readonly stat: Statistic;
  /** Where alarms begin. */
  readonly lines?: readonly Line[];
  /** What the vertical axis counts. */
  readonly unit?: string;
  /** Lowest and highest value of the vertical axis. @default 0, and as the values are */
  readonly range?: { readonly min?: number; readonly max?: number };
}

const HEIGHT = 6;

/** Runtimes write a line every 15 s, CloudWatch keeps a minute. */
const PERIOD_SECONDS = 60;

export function graph({ title, region, rows, stat, lines = [], unit, range }: Graph): Widget {
  return {
    type: 'metric',
    height: HEIGHT,
    properties: {
      ...{ title, region, view: 'timeSeries', stat, period: PERIOD_SECONDS, metrics: rows },
      yAxis: {
        left: { min: 0, ...range, ...(unit !== undefined && { label: unit, showUnits: false }) },
      },
      ...(lines.length > 0 && { annotations: { horizontal: lines } }),
    },
  };
}

export const text = (markdown: string, height: number): Widget => ({
  type: 'text',
  height,
  properties: { markdown },
});

/** "An array of alarm ARNs": 1 to 100. */
const MAX_ALARMS = 100;

/** What is shown of alarms. */
export interface AlarmList {
  readonly title: string;
  readonly arns: readonly string[];
  /** @default whatever their state */
  readonly states?: readonly ('ALARM' | 'INSUFFICIENT_DATA' | 'OK')[];
  readonly height?: number;
}

/** As many widgets as the alarms need. */
export function alarms({ title, arns, states, height = 3 }: AlarmList): readonly Widget[] {
  const count = Math.ceil(arns.length / MAX_ALARMS);
  return Array.from({ length: count }, (_, n) => ({
    type: 'alarm',
    height,
    properties: {
      title: count === 1 ? title : `${title}, ${n + 1} of ${count}`,
      alarms: arns.slice(n * MAX_ALARMS, (n + 1) * MAX_ALARMS),
      sortBy: 'stateUpdatedTimestamp',
      ...(states && { states }),
    },
  }));
}

/** A query of CloudWatch Logs Insights. */
export const log = (title: string, region: string, group: string, query: string): Widget => ({
  type: 'log',
  height: HEIGHT,
  properties: { title, region, query: `SOURCE '${group}' | ${query}`, view: 'table' },
});
