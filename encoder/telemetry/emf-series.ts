/** The series of a registry, for lines of CloudWatch. */
import type { MetricObjectWithValues, MetricValue } from 'prom-client';

/** What `Registry.getMetricsAsJSON` gives. */
export type RegistryValues = readonly MetricObjectWithValues<MetricValue<string>>[];

export type Labels = Readonly<Record<string, string>>;

export interface Series {
  readonly key: string;
  /** Name of the series: of a histogram another one than the metric's. */
  readonly of: string;
  readonly value: number;
  readonly labels: Labels;
}

export const series = ({ name, values }: RegistryValues[number]): readonly Series[] =>
  values.map((each) => {
    const of = (each as { readonly metricName?: string }).metricName ?? name;
    const text = Object.entries(each.labels).map(([label, given]) => [label, String(given)] as const);
    const labels = Object.fromEntries(text);
    return { key: JSON.stringify([of, text]), of, value: each.value, labels };
  });

/** What stands for an observation beyond the last bucket: so many times that bucket's end. */
const BEYOND = 2;

interface Bucket {
  /** Its upper end; Infinity of the last one. */
  readonly end: number;
  /** Observations that are new in it and in those below it. */
  readonly grown: number;
}

/**
 * The observations of each histogram, each as the upper end of its bucket.
 * @param all series of one metric
 * @param grownOf what a series has grown by
 */
export function observations(
  all: readonly Series[],
  grownOf: (series: Series) => number,
): readonly (readonly [Labels, readonly number[]])[] {
  const histograms = new Map<string, { readonly labels: Labels; readonly buckets: Bucket[] }>();
  for (const each of all) {
    const { le, ...labels } = each.labels;
    if (le === undefined) continue;
    const key = JSON.stringify(labels);
    const histogram = histograms.get(key) ?? { labels, buckets: [] };
    histograms.set(key, histogram);
    histogram.buckets.push({ end: le === '+Inf' ? Infinity : Number(le), grown: grownOf(each) });
  }
  return [...histograms.values()].map(({ labels, buckets }) => [labels, valuesOf(buckets)] as const);
}

function valuesOf(buckets: readonly Bucket[]): readonly number[] {
  const sorted = buckets.toSorted((a, b) => a.end - b.end);
  const last = sorted.findLast(({ end }) => end !== Infinity)?.end ?? 0;
  return sorted.flatMap(({ end, grown }, n) => {
    const own = Math.max(0, grown - (sorted[n - 1]?.grown ?? 0));
    return Array<number>(own).fill(end === Infinity ? BEYOND * last : end);
  });
}
