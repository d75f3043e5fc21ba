import { compliant, flag, itemsOf, peek, stackRule, violating } from '../../core';

const COMPOSITE = 'aws:cloudwatch/compositeAlarm:CompositeAlarm';

export const alarmsTellSomebody = stackRule({
  id: 'alarms-tell-somebody',
  family: 'operations',
  title: 'An alarm has an action, itself or by a composite alarm',
  severity: 'high',
  controls: ['AWS Security Hub CloudWatch.15', 'AWS Security Hub CloudWatch.17'],
  why: 'An alarm without an action turns red in a console that nobody looks at while the channel is dark.',
  fix: 'alarmActions: [topic.arn]; components of this package take `alarms: { actions: [topic.arn] }`, our stacks `aws-media:alarmTopics`',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:cloudwatch/metricAlarm:MetricAlarm', COMPOSITE],
  check: (alarm, _settings, stack) => {
    const acts = itemsOf(peek(alarm, 'alarmActions')).length > 0;
    if (acts && flag(alarm, 'actionsEnabled') !== false) return compliant;
    const isPart = stack
      .ofType(COMPOSITE)
      .some(({ from, urn }) => urn !== alarm.urn && from['alarmRule']?.includes(alarm.urn));
    if (isPart) return compliant;
    return violating(acts ? 'its actions are off' : 'it has no action, and no composite alarm listens to it');
  },
});
