import { compliant, resourceRule, text, violating } from '../../core';

export const alarmsKnowWhatNoDataMeans = resourceRule({
  id: 'alarms-know-what-no-data-means',
  family: 'operations',
  title: 'An alarm says what the absence of data means',
  severity: 'medium',
  controls: [],
  why: 'A dead encoder sends no metrics: by default its alarms go to "insufficient data" and tell nobody.',
  fix: "treatMissingData: 'breaching' where data always comes while all is well, 'notBreaching' where it comes only with errors",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:cloudwatch/metricAlarm:MetricAlarm'],
  check: (alarm) =>
    (text(alarm, 'treatMissingData') || 'missing') === 'missing'
      ? violating('the absence of data means nothing to it')
      : compliant,
});
