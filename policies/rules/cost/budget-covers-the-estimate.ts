import { compliant, notApplicable, number, stackRule, text, violating, type Resource } from '../../core';

const isMonthlyCost = (budget: Resource): boolean =>
  text(budget, 'budgetType') === 'COST' &&
  text(budget, 'timeUnit') === 'MONTHLY' &&
  (text(budget, 'limitUnit') ?? 'USD') === 'USD';

export const budgetCoversTheEstimate = stackRule({
  id: 'budget-covers-the-estimate',
  family: 'cost',
  title: 'What the stack is estimated to cost is within its budget',
  severity: 'medium',
  controls: [],
  why: 'A stack that is planned to cost more than anybody has granted is found here before the first bill.',
  fix: "Plan it smaller, or raise the budget: `new aws.budgets.Budget('month', { budgetType: 'COST', timeUnit: 'MONTHLY', limitAmount: '1000', limitUnit: 'USD', notifications: [..] })`. The estimate is what `aws-media plan` prints.",
  levels: { starter: 'advisory', production: 'advisory', regulated: 'advisory' },
  looksAt: ['pulumi:pulumi:Stack'],
  settings: {
    estimateUsd: {
      description: 'What the stack is estimated to cost, in USD a month; 0: there is no estimate',
      type: 'number',
      minimum: 0,
      default: 0,
    },
    budgetUsd: {
      description: 'A budget that is not in the stack, in USD a month; 0: the largest of the stack counts',
      type: 'number',
      minimum: 0,
      default: 0,
    },
  },
  check: (_stack, { estimateUsd, budgetUsd }, stack) => {
    if (estimateUsd === 0) return notApplicable('no estimate is configured');
    const limits = stack
      .ofType('aws:budgets/budget:Budget')
      .filter(isMonthlyCost)
      .map((budget) => number(budget, 'limitAmount') ?? 0);
    const budget = budgetUsd || Math.max(0, ...limits);
    if (budget === 0) return violating(`nothing bounds the ${estimateUsd} USD a month that it is to cost`);
    return estimateUsd <= budget
      ? compliant
      : violating(`it is to cost ${estimateUsd} USD a month, and its budget is ${budget}`);
  },
});
