import { compliant, resourceRule, text, violating } from '../../core';

export const alarmsSayWhatToDo = resourceRule({
  id: 'alarms-say-what-to-do',
  family: 'operations',
  title: 'The description of an alarm leads to its section of a runbook',
  severity: 'low',
  controls: [],
  why: 'Who is woken by an alarm has seconds of a live event to find out what to do.',
  fix: "alarmDescription: 'No segment for 10 s. What to do: https://wiki.example.com/runbook#stalled'",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:cloudwatch/compositeAlarm:CompositeAlarm', 'aws:cloudwatch/metricAlarm:MetricAlarm'],
  settings: {
    marks: {
      description: 'Texts one of which the description has, in any case',
      type: 'array',
      items: { type: 'string' },
      default: ['https://', 'runbook'],
    },
  },
  check: (alarm, { marks }) => {
    const description = (text(alarm, 'alarmDescription') ?? '').toLowerCase();
    if (description === '') return violating('it has no description');
    return marks.some((mark) => description.includes(mark.toLowerCase()))
      ? compliant
      : violating('its description leads to no runbook');
  },
});
