/** The metrics that are shown, by the names of those who write them. Pure. */
import { EMF_NAMESPACE, ENCODER_EMF, ORIGIN_EMF, type EmfMetric } from '../../encoder/contract';
import { GPU_DIMENSION } from '../encode/fleet/alarms';
import type { MetricRow } from './widgets';

/** How a row is shown. */
export type RowOptions = Readonly<Record<string, unknown>>;

/** Dimensions besides the subject's own. */
const VALUES: Readonly<Record<string, string>> = GPU_DIMENSION;

/** @throws RangeError where the runtime has no metric of the name */
function written(table: readonly EmfMetric[], subject: string, name: string, value: string): string[] {
  const row = table.find((each) => each.name === name);
  if (!row) throw new RangeError(`no metric ${name}`);
  const others = Object.keys(row.dimensions ?? {}).flatMap((each) => [each, VALUES[each]!]);
  return [EMF_NAMESPACE, name, subject, value, ...others];
}

const withOptions = (row: readonly string[], options: RowOptions): MetricRow =>
  Object.keys(options).length > 0 ? [...row, options] : row;

/** What an encoder writes of its channel, or of its GPU. @throws RangeError where it has no metric of the name */
export const ofChannel = (name: string, channel: string, options: RowOptions = {}): MetricRow =>
  withOptions(written(ENCODER_EMF, 'Channel', name, channel), options);

/** What the tasks of an origin's service write. @throws RangeError where they have no metric of the name */
export const ofOrigin = (name: string, service: string, options: RowOptions = {}): MetricRow =>
  withOptions(written(ORIGIN_EMF, 'Origin', name, service), options);

/** What a service of AWS writes. */
export const ofAws = (
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
  options: RowOptions = {},
): MetricRow => withOptions([namespace, name, ...Object.entries(dimensions).flat()], options);

/** What is computed of other rows of a graph, by their ids. */
export const computed = (expression: string, label: string): MetricRow => [{ expression, label }];
