/**
 * Metrics for CloudWatch in its Embedded Metric Format: JSON lines on stdout, which a container's log driver carries
 * to CloudWatch Logs, and CloudWatch reads the metrics from. Rules: "Specification: Embedded metric format" of the
 * Amazon CloudWatch user guide.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import type { Registry } from 'prom-client';
import { EMF_NAMESPACE, ENCODER_EMF, type EmfMetric, type EmfUnit } from '../contract/metrics';
import { observations, series, type Labels, type RegistryValues, type Series } from './emf-series';
import type { Logger } from './log';

/** Names are the contract's, for what reads them in CloudWatch. */
export { EMF_NAMESPACE, ENCODER_EMF, type EmfMetric, type EmfUnit } from '../contract/metrics';

/** Value by series. */
export type EmfTotals = ReadonlyMap<string, number>;

/** The dimension that every line has: of an encoder, or of an origin. */
export type EmfSubject = 'Channel' | 'Origin';

export interface EmfContext {
  /** Value of the subject's dimension. */
  readonly channel: string;
  /** @default 'Channel' */
  readonly subject?: EmfSubject;
  /** Unix milliseconds. */
  readonly timestamp: number;
  /** Of the line before, which counters are counted from; without them from 0. */
  readonly previous?: EmfTotals;
}

/** The specification's limit for one directive. */
const MOST_METRICS = 100;

/** The specification's limit for the values of one metric in a line. */
const MOST_VALUES = 100;

/** One value, or all that were observed. */
type Value = number | readonly number[];

interface EmfValue {
  readonly unit: EmfUnit;
  readonly value: Value;
}

interface EmfDocument {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, string>>;
  readonly values: Map<string, EmfValue>;
}

/**
 * One line for each set of dimension values, as a line has one value a metric: one for the channel, one a GPU. More where
 * more was observed of a metric than a line may have. What the registry does not have, or is no finite number, is left out.
 */
export function emfLines(
  values: RegistryValues,
  table: readonly EmfMetric[],
  context: EmfContext,
): readonly string[] {
  const found = new Map(values.map((metric) => [metric.name, metric]));
  const documents = new Map<string, EmfDocument>();
  for (const row of table) {
    const metric = found.get(row.metric);
    if (!metric) continue;
    const all = series(metric).filter(({ labels }) =>
      Object.entries(row.where ?? {}).every(([label, wanted]) => labels[label] === wanted),
    );
    const grown = ({ key, value }: Series): number => value - (context.previous?.get(key) ?? 0);
    if (row.histogram === 'values') {
      for (const [labels, observed] of observations(all, grown))
        if (observed.length > 0) add(documents, row, labels, observed);
      continue;
    }
    const single = row.histogram ? all.filter(({ of }) => of === `${row.metric}_count`) : all;
    for (const each of single) {
      const given = row.histogram || isCounter(metric) ? grown(each) : each.value;
      if (Number.isFinite(given)) add(documents, row, each.labels, digits(given * (row.scale ?? 1)));
    }
  }
  return [...documents.values()].flatMap((document) =>
    pages(document).map((page) => JSON.stringify(root(page, context))),
  );
}

/** A copy: the registry goes on counting in what it has given. */
export const emfTotals = (values: RegistryValues): EmfTotals =>
  new Map(values.flatMap(series).map(({ key, value }) => [key, value]));

const isCounter = ({ type }: RegistryValues[number]): boolean => String(type) === 'counter';

function add(documents: Map<string, EmfDocument>, row: EmfMetric, labels: Labels, value: Value): void {
  const pick = (names: Labels = {}): Labels =>
    Object.fromEntries(Object.entries(names).map(([name, label]) => [name, labels[label] ?? '']));
  const [dimensions, properties] = [pick(row.dimensions), pick(row.properties)];
  const key = JSON.stringify(dimensions);
  const document: EmfDocument = documents.get(key) ?? { dimensions, properties, values: new Map() };
  documents.set(key, document);
  const before = document.values.get(row.name)?.value;
  document.values.set(row.name, { unit: row.unit, value: together(before, value) });
}

function together(before: Value | undefined, value: Value): Value {
  if (before === undefined) return value;
  if (typeof before !== 'number' || typeof value !== 'number') return [before, value].flat();
  // Of few digits, so that 0.07 is 7 %.
  return digits(before + value);
}

const digits = (value: number): number => Number(value.toPrecision(15));

/** The document, with no more values of a metric than a line may have; the others in documents of their own. */
function pages(document: EmfDocument): readonly EmfDocument[] {
  const counts = [...document.values.values()].map(({ value }) =>
    typeof value === 'number' ? 1 : Math.ceil(value.length / MOST_VALUES),
  );
  return Array.from({ length: Math.max(...counts) }, (_, n) => {
    const entries = [...document.values].flatMap(([name, { unit, value }]): [string, EmfValue][] => {
      const part = onPage(value, n);
      return part === undefined ? [] : [[name, { unit, value: part }]];
    });
    return { ...document, values: new Map(entries) };
  });
}

/** A single value stands on the first page. */
function onPage(value: Value, n: number): Value | undefined {
  if (typeof value === 'number') return n === 0 ? value : undefined;
  const part = value.slice(n * MOST_VALUES, (n + 1) * MOST_VALUES);
  return part.length > 0 ? part : undefined;
}

function root(
  document: EmfDocument,
  { channel, subject = 'Channel', timestamp }: EmfContext,
): Record<string, unknown> {
  const { dimensions, properties, values } = document;
  const metrics = [...values].map(([Name, { unit: Unit }]) => ({ Name, Unit }));
  const directives = [];
  for (let from = 0; from < metrics.length; from += MOST_METRICS) {
    directives.push({
      Namespace: EMF_NAMESPACE,
      Dimensions: [[subject, ...Object.keys(dimensions)]],
      Metrics: metrics.slice(from, from + MOST_METRICS),
    });
  }
  return {
    _aws: { Timestamp: timestamp, CloudWatchMetrics: directives },
    [subject]: channel,
    ...dimensions,
    ...properties,
    ...Object.fromEntries([...values].map(([name, { value }]) => [name, value])),
  };
}

export interface EmfOptions {
  readonly registry: Registry;
  /** Value of the subject's dimension. */
  readonly channel: string;
  /** @default 'Channel' */
  readonly subject?: EmfSubject;
  /** @default ENCODER_EMF */
  readonly table?: readonly EmfMetric[];
  readonly log: Logger;
  /** @default 15000 */
  readonly intervalMs?: number;
  /** Takes a line without its end. @default stdout */
  readonly write?: (line: string) => void;
}

export interface Emf {
  /** Writes what counters have counted since the last line. */
  close(): Promise<void>;
}

export function startEmf(options: EmfOptions): Emf {
  const { registry, channel, log, intervalMs = 15_000, write = toStdout(log) } = options;
  const { subject = 'Channel', table = ENCODER_EMF } = options;
  const stop = new AbortController();
  let previous: EmfTotals = new Map();
  const report = async (): Promise<void> => {
    try {
      const values = await registry.getMetricsAsJSON();
      const lines = emfLines(values, table, { channel, subject, timestamp: Date.now(), previous });
      previous = emfTotals(values);
      lines.forEach(write);
    } catch (error) {
      log.error({ error: String(error) }, 'metrics were not written for CloudWatch');
    }
  };
  const done = (async () => {
    for (;;) {
      await delay(intervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) break;
      await report();
    }
    await report();
  })();
  return {
    close: async () => {
      stop.abort();
      await done;
    },
  };
}

/** Lines that wait for a log driver that does not read; what is more is lost, for the encoder must not wait for it. */
const MOST_WAITING_BYTES = 256 * 1024;

function toStdout(log: Logger): (line: string) => void {
  // Asynchronous: `process.stdout` blocks the whole process while its pipe is full.
  const stdout = pino.destination({ dest: 1, sync: false, maxLength: MOST_WAITING_BYTES });
  stdout.on('error', (error: unknown) => log.warn({ error: String(error) }, 'stdout cannot be written'));
  stdout.once('drop', () => log.warn('nobody reads stdout: metrics for CloudWatch are lost'));
  return (line) => stdout.write(`${line}\n`);
}
