/** Logs: where to, and which fields. */
import type * as pulumi from '@pulumi/pulumi';
import { isObject, oneOf, optional, type InputProblems, type Judge } from '../../kit';
import type { CdnLogsArgs, CdnRealtimeLogsArgs } from './args';
import {
  ACCESS_FIELDS,
  ALL_ACCESS_FIELDS,
  ALL_REALTIME_FIELDS,
  REALTIME_FIELDS,
  SIGNATURE_FIELDS,
} from './log-fields';
import {
  ANSWERED,
  judgeOf,
  keyArn,
  logDestinationArn,
  someText,
  streamArn,
  texts,
  wholeNumber,
} from './rules';

/** Standard logs, checked. */
export interface NormalLogs {
  readonly destinationArn: pulumi.Input<string>;
  readonly format: string;
  readonly fields: readonly string[];
  readonly suffixPath: string;
}

/** Real-time logs, checked. */
export interface NormalRealtime {
  readonly streamArn: pulumi.Input<string>;
  readonly streamKeyArn: pulumi.Input<string> | undefined;
  readonly samplingPercent: number;
  readonly fields: readonly string[];
}

const SUFFIX_PATH = '{DistributionId}/{yyyy}/{MM}/{dd}/{HH}';
const FORMATS = ['json', 'plain', 'w3c', 'raw', 'parquet'];

/** Signed: none that would let a reader of logs watch. The query string only where it is asked for by name. */
const fieldOf =
  (known: readonly string[], isPublic: boolean): Judge<unknown> =>
  (value) => {
    if (!known.includes(value as string)) {
      return { allowed: 'a field that CloudFront has, as sc-status', fix: 'correct the name' };
    }
    const isSignature = SIGNATURE_FIELDS.includes(value as string) && value !== 'cs-uri-query';
    return isPublic || !isSignature
      ? undefined
      : {
          because: 'access is signed, and whoever reads the signature can watch',
          allowed: 'fields without cookies',
          fix: 'leave it out',
        };
  };

export function normalLogs(
  problems: InputProblems,
  given: CdnLogsArgs | undefined,
  isPublic: boolean,
): NormalLogs | undefined {
  if (given === undefined || !isObject(problems, 'logs', given, '{ destinationArn }')) return undefined;
  problems.checkNames('logs', given, ['destinationArn', 'format', 'fields', 'suffixPath']);
  const { format = 'json', suffixPath = SUFFIX_PATH } = given;
  problems.judge('logs.format', format, oneOf(FORMATS));
  problems.judge('logs.suffixPath', suffixPath, someText);
  const fields = isPublic ? [...ACCESS_FIELDS, 'cs-uri-query'] : ACCESS_FIELDS;
  return {
    destinationArn: problems.check<string>(
      'logs.destinationArn',
      given.destinationArn,
      judgeOf(given.destinationArn, logDestinationArn, ANSWERED.logDestination),
    ),
    ...{ format, suffixPath },
    fields: texts(problems, 'logs.fields', given.fields, fieldOf(ALL_ACCESS_FIELDS, isPublic), fields),
  };
}

export function normalRealtime(
  problems: InputProblems,
  given: CdnRealtimeLogsArgs | undefined,
  isPublic: boolean,
): NormalRealtime | undefined {
  if (given === undefined || !isObject(problems, 'realtimeLogs', given, '{ streamArn }')) return undefined;
  problems.checkNames('realtimeLogs', given, ['streamArn', 'streamKeyArn', 'samplingPercent', 'fields']);
  const { samplingPercent = 1 } = given;
  problems.judge('realtimeLogs.samplingPercent', samplingPercent, wholeNumber(1, 100, ' of percent'));
  const field = fieldOf(ALL_REALTIME_FIELDS, isPublic);
  return {
    streamArn: problems.check<string>(
      'realtimeLogs.streamArn',
      given.streamArn,
      judgeOf(given.streamArn, streamArn, ANSWERED.stream),
    ),
    streamKeyArn: optional(problems, 'realtimeLogs.streamKeyArn', given.streamKeyArn, keyArn),
    samplingPercent,
    fields: texts(problems, 'realtimeLogs.fields', given.fields, field, REALTIME_FIELDS),
  };
}
