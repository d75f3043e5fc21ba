import { compliant, resourceRule, violating } from '../../core';
import { CLOSED, retiredBy } from './services';

export const noServiceClosedToNewcomers = resourceRule({
  id: 'no-service-closed-to-newcomers',
  family: 'retired',
  title: 'No service is used that takes no new customers',
  severity: 'medium',
  controls: [],
  why: 'It works in an account that has used it, and fails in the next one: in that of another environment, or of another customer.',
  fix: 'Use what the finding names instead.',
  levels: { starter: 'advisory', production: 'advisory', regulated: 'advisory' },
  check: ({ type }) => {
    const closed = retiredBy(CLOSED, type);
    return closed
      ? violating(
          `${closed.service} takes no new customers since ${closed.on}; instead there is ${closed.instead}`,
        )
      : compliant;
  },
});
