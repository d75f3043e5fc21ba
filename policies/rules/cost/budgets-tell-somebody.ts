import { compliant, itemsOf, isValues, peek, resourceRule, violating, type Value } from '../../core';

const SUBSCRIBERS = ['subscriberEmailAddresses', 'subscriberSnsTopicArns'];

const tellsSomebody = (notification: Value): boolean =>
  isValues(notification) && SUBSCRIBERS.some((path) => itemsOf(peek(notification, path)).length > 0);

export const budgetsTellSomebody = resourceRule({
  id: 'budgets-tell-somebody',
  family: 'cost',
  title: 'A budget has a notification with a subscriber',
  severity: 'medium',
  controls: [],
  why: 'A budget stops nothing: without a subscriber it is overrun in silence.',
  fix: "notifications: [{ comparisonOperator: 'GREATER_THAN', notificationType: 'FORECASTED', threshold: 100, thresholdType: 'PERCENTAGE', subscriberSnsTopicArns: [topic.arn] }]",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:budgets/budget:Budget'],
  check: (budget) =>
    itemsOf(peek(budget, 'notifications')).some(tellsSomebody)
      ? compliant
      : violating('no notification of it has a subscriber'),
});
