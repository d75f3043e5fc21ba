import { longestHoldSeconds } from '../../../encoder/contract';
import {
  compliant,
  notApplicable,
  number,
  stackRule,
  text,
  violating,
  type Resource,
  type Stack,
} from '../../core';
import { BALANCER, isAsked } from './cdn';
import { TARGET_GROUP, named } from './containers';

const LISTENER = 'aws:lb/listener:Listener';
const LISTENER_RULE = 'aws:lb/listenerRule:ListenerRule';

/** Load balancers that forward to a group. */
function balancersOf(group: Resource, stack: Stack): readonly Resource[] {
  const forwards = (from: Resource, property: string): boolean =>
    stack.behind(from, property, TARGET_GROUP).some(({ urn }) => urn === group.urn);
  const listeners = [
    ...stack.ofType(LISTENER).filter((listener) => forwards(listener, 'defaultActions')),
    ...stack
      .ofType(LISTENER_RULE)
      .filter((rule) => forwards(rule, 'actions'))
      .flatMap((rule) => named(rule, 'listenerArn', stack, LISTENER, ['arn', 'id'])),
  ];
  return listeners.flatMap((listener) => named(listener, 'loadBalancerArn', stack, BALANCER, ['arn', 'id']));
}

export const heldRequestsMayFinish = stackRule({
  id: 'held-requests-may-finish',
  family: 'media',
  title: 'An origin that leaves its load balancer may answer the requests that it holds',
  severity: 'medium',
  controls: [],
  why: 'When the deregistration delay is over, the balancer closes what is still open: with every deployment all players that wait for a part at that moment get an error.',
  fix: 'Write `deregistrationDelay: 30`.',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [TARGET_GROUP],
  settings: {
    holdSeconds: {
      type: 'integer',
      default: longestHoldSeconds(),
      minimum: 1,
      description: 'The longest that the origin holds a request',
    },
  },
  check: (group, { holdSeconds }, stack) => {
    if (!['HTTP', 'HTTPS'].includes(text(group, 'protocol') ?? '')) return notApplicable('it takes no HTTP');
    if (!balancersOf(group, stack).some((balancer) => isAsked(balancer, stack)))
      return notApplicable('CloudFront does not ask it');
    const delay = number(group, 'deregistrationDelay') ?? 300;
    return delay > holdSeconds
      ? compliant
      : violating(
          `it waits ${delay} s for its last requests, and a playlist may be held for ${holdSeconds} s`,
        );
  },
});
