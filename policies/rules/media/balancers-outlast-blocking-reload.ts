import { longestHoldSeconds } from '../../../encoder/contract';
import { compliant, notApplicable, number, stackRule, text, violating } from '../../core';
import { BALANCER, isAsked } from './cdn';

export const balancersOutlastBlockingReload = stackRule({
  id: 'balancers-outlast-blocking-reload',
  family: 'media',
  title: 'A load balancer of live origins keeps a silent connection longer than a playlist is held back',
  severity: 'high',
  controls: [],
  why: 'While the origin waits for the part that a player asked for, nothing is sent. A balancer that takes the connection for idle closes it, and the player gets 504.',
  fix: 'Write `idleTimeout: 60` (the default) or more.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [BALANCER],
  settings: {
    holdSeconds: {
      type: 'integer',
      default: longestHoldSeconds(),
      minimum: 1,
      description: 'The longest that the origin holds a request',
    },
  },
  check: (balancer, { holdSeconds }, stack) => {
    if ((text(balancer, 'loadBalancerType') ?? 'application') !== 'application')
      return notApplicable('it forwards packets, not requests');
    if (!isAsked(balancer, stack)) return notApplicable('CloudFront does not ask it');
    const idle = number(balancer, 'idleTimeout') ?? 60;
    return idle > holdSeconds
      ? compliant
      : violating(`it closes connections after ${idle} s, and a playlist may be held for ${holdSeconds} s`);
  },
});
