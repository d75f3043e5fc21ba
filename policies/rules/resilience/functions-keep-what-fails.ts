import {
  compliant,
  filled,
  notApplicable,
  stackRule,
  violating,
  type Resource,
  type Stack,
} from '../../core';

/** What calls a function and does not wait for its answer, and in which property. */
const CALLERS: Readonly<Record<string, string>> = {
  'aws:cloudwatch/eventTarget:EventTarget': 'arn',
  'aws:s3/bucketNotification:BucketNotification': 'lambdaFunctions',
  'aws:sns/topicSubscription:TopicSubscription': 'endpoint',
};
const CONFIG = 'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig';

const isCalled = (lambda: Resource, stack: Stack): boolean =>
  stack
    .ofType(...Object.keys(CALLERS))
    .some(({ type, from }) => from[CALLERS[type] ?? '']?.includes(lambda.urn));

export const functionsKeepWhatFails = stackRule({
  id: 'functions-keep-what-fails',
  family: 'resilience',
  title: 'A function that is called by events keeps those that it failed at',
  severity: 'medium',
  controls: [],
  why: 'Lambda tries an event three times and then forgets it: an upload whose transcode never began is noticed by the viewer who misses it.',
  fix: 'deadLetterConfig: { targetArn: failed.arn }, or an aws.lambda.FunctionEventInvokeConfig with `destinationConfig: { onFailure: { destination: failed.arn } }`',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:lambda/function:Function'],
  check: (lambda, _settings, stack) => {
    if (filled(lambda, 'deadLetterConfig.targetArn')) return compliant;
    const keeps = stack
      .pointingAt(lambda, 'functionName', [CONFIG], ['name', 'arn'])
      .some((config) => filled(config, 'destinationConfig.onFailure.destination'));
    if (keeps) return compliant;
    return isCalled(lambda, stack)
      ? violating('events that it fails at are lost')
      : notApplicable('no event of the stack calls it');
  },
});
