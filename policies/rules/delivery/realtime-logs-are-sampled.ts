import { compliant, number, resourceRule, violating } from '../../core';

export const realtimeLogsAreSampled = resourceRule({
  id: 'realtime-logs-are-sampled',
  family: 'delivery',
  title: 'Real-time logs are a sample of the requests',
  severity: 'medium',
  controls: [],
  why: 'A viewer of a low-latency channel asks some twelve times a second, and each line of the log is paid for: 50,000 viewers write 625,000 lines a second.',
  fix: 'Write `samplingRate: 1`, a request of a hundred; the standard log has them all.',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'advisory' },
  looksAt: ['aws:cloudfront/realtimeLogConfig:RealtimeLogConfig'],
  settings: {
    percent: {
      type: 'integer',
      default: 10,
      minimum: 1,
      maximum: 100,
      description: 'The most that may be logged',
    },
  },
  check: (config, { percent }) => {
    const rate = number(config, 'samplingRate') ?? 100;
    return rate > percent ? violating(`${rate} % of the requests are logged at once`) : compliant;
  },
});
