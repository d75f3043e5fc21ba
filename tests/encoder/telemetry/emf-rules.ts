/**
 * The rules of the Embedded Metric Format, as its specification and JSON schema give them (Amazon CloudWatch user
 * guide, "Specification: Embedded metric format").
 */
const UNITS =
  /^(?:Seconds|Microseconds|Milliseconds|Percent|None|(?:Bytes|Bits|Count|(?:Kilo|Mega|Giga|Tera)(?:bytes|bits))(?:\/Second)?)$/;
const MOST_BYTES = 256 * 1024;
const MOST_METRICS = 100;
/** Of the schema; the CloudWatch API takes more by now. */
const MOST_DIMENSIONS = 9;

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= 255;
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);

/** What of the rules a line breaks; nothing where it is right. */
export function emfFaults(line: string): string[] {
  const faults: string[] = [];
  if (/[\r\n]/.test(line)) faults.push('it is not one line');
  if (Buffer.byteLength(line) > MOST_BYTES) faults.push('it is longer than 256 KiB');
  let root: unknown;
  try {
    root = JSON.parse(line);
  } catch {
    return [...faults, 'it is no JSON'];
  }
  if (!isObject(root) || !isObject(root['_aws'])) return [...faults, 'it has no _aws'];
  const { Timestamp, CloudWatchMetrics, ...others } = root['_aws'];
  if (Object.keys(others).length > 0) faults.push(`_aws has ${Object.keys(others).join(', ')}`);
  if (!Number.isInteger(Timestamp)) faults.push('Timestamp is no integer');
  if (!Array.isArray(CloudWatchMetrics)) return [...faults, 'CloudWatchMetrics is no array'];
  for (const directive of CloudWatchMetrics as unknown[]) faults.push(...directiveFaults(directive, root));
  return faults;
}

function directiveFaults(directive: unknown, root: Json): string[] {
  if (!isObject(directive)) return ['a directive is no object'];
  const { Namespace, Dimensions, Metrics, ...others } = directive;
  const faults = Object.keys(others).map((name) => `a directive has ${name}`);
  if (!isName(Namespace)) faults.push('Namespace is not 1 to 255 characters');
  if (!Array.isArray(Dimensions) || Dimensions.length < 1) faults.push('Dimensions are not one set or more');
  else for (const set of Dimensions as unknown[]) faults.push(...dimensionFaults(set, root));
  if (!Array.isArray(Metrics)) return [...faults, 'Metrics is no array'];
  if (Metrics.length > MOST_METRICS) faults.push('a directive has more than 100 metrics');
  for (const metric of Metrics as unknown[]) faults.push(...metricFaults(metric, root));
  return faults;
}

function dimensionFaults(set: unknown, root: Json): string[] {
  if (!Array.isArray(set)) return ['a dimension set is no array'];
  const faults = set.length > MOST_DIMENSIONS ? ['a dimension set has more than 9 keys'] : [];
  for (const key of set as unknown[]) {
    if (!isName(key)) faults.push('a dimension is not 1 to 255 characters');
    else if (typeof root[key] !== 'string' || root[key] === '')
      faults.push(`dimension ${key} has no text at the root`);
  }
  return faults;
}

function metricFaults(metric: unknown, root: Json): string[] {
  if (!isObject(metric)) return ['a metric is no object'];
  const { Name, Unit, ...others } = metric;
  const faults = Object.keys(others).map((name) => `a metric has ${name}`);
  if (!isName(Name)) return [...faults, 'a metric has no name of 1 to 255 characters'];
  if (Unit !== undefined && !(typeof Unit === 'string' && UNITS.test(Unit)))
    faults.push(`${Name} has the unit ${JSON.stringify(Unit)}`);
  const value = root[Name];
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length > 100 || !values.every(isNumber)) faults.push(`${Name} has no number at the root`);
  return faults;
}
