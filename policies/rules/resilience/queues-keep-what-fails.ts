import { compliant, given, notApplicable, peek, stackRule, violating } from '../../core';

const ALLOW = 'aws:sqs/redriveAllowPolicy:RedriveAllowPolicy';
const REDRIVE = 'aws:sqs/redrivePolicy:RedrivePolicy';
/** Properties that name a queue for what failed: of queues, subscriptions, functions and rules of events. */
const KEEPERS = ['deadLetterConfig', 'destinationConfig', 'redrivePolicy'];

export const queuesKeepWhatFails = stackRule({
  id: 'queues-keep-what-fails',
  family: 'resilience',
  title: 'Every queue has a dead-letter queue',
  severity: 'medium',
  controls: [],
  why: 'A message that no worker can handle comes back until it expires, holds up a GPU each time, and is then gone without a trace.',
  fix: 'redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: failed.arn, maxReceiveCount: 3 })',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:sqs/queue:Queue'],
  check: (queue, _settings, stack) => {
    const redrives = stack.pointingAt(queue, 'queueUrl', [REDRIVE], ['url', 'id']);
    if ((given(queue, 'redrivePolicy') && peek(queue, 'redrivePolicy') !== '') || redrives.length > 0)
      return compliant;
    const takes = stack.resources.some(
      ({ from, urn }) => urn !== queue.urn && KEEPERS.some((property) => from[property]?.includes(queue.urn)),
    );
    const allows = stack.pointingAt(queue, 'queueUrl', [ALLOW], ['url', 'id']).length > 0;
    if (takes || allows || (given(queue, 'redriveAllowPolicy') && peek(queue, 'redriveAllowPolicy') !== ''))
      return notApplicable('it is a dead-letter queue');
    return violating('it has no dead-letter queue');
  },
});
