import { blocks, compliant, filled, stackRule, violating } from '../../core';
import { DISTRIBUTION, behavioursOf } from './behaviours';

const LOG_SOURCE = 'aws:cloudwatch/logDeliverySource:LogDeliverySource';

export const distributionIsLogged = stackRule({
  id: 'distribution-is-logged',
  family: 'delivery',
  title: 'A distribution logs its requests',
  severity: 'medium',
  controls: ['AWS FSBP CloudFront.5'],
  why: 'Without a log nobody can say afterwards who watched what with which errors, nor find a shared signature.',
  fix: "Make `new aws.cloudwatch.LogDeliverySource('log', { region: 'us-east-1', name, logType: 'ACCESS_LOGS', resourceArn: distribution.arn })` with a LogDeliveryDestination and a LogDelivery; of StreamingCdn: `logs: { destinationArn }`.",
  levels: { starter: 'disabled', production: 'advisory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  check: (distribution, _settings, stack) => {
    const older = blocks(distribution, 'loggingConfig').some((config) => filled(config, 'bucket'));
    const sources = stack.pointingAt(distribution, 'resourceArn', [LOG_SOURCE], ['arn']);
    const sampled = behavioursOf(distribution).every(({ values }) => filled(values, 'realtimeLogConfigArn'));
    return older || sources.length > 0 || sampled ? compliant : violating('its requests are in no log');
  },
});
