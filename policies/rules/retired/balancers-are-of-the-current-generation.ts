import { compliant, resourceRule, violating } from '../../core';

const CLASSIC = 'aws:elb/loadBalancer:LoadBalancer';

export const balancersAreOfTheCurrentGeneration = resourceRule({
  id: 'balancers-are-of-the-current-generation',
  family: 'retired',
  title: 'Load balancers are application, network or gateway load balancers',
  severity: 'low',
  controls: [],
  why: 'Classic load balancers know neither HTTP/2 nor target groups nor UDP, and AWS calls them the previous generation.',
  fix: "new aws.lb.LoadBalancer('web', { loadBalancerType: 'application', subnets: .. });",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [CLASSIC, 'aws:lb/loadBalancer:LoadBalancer'],
  check: ({ type }) => (type === CLASSIC ? violating('it is a classic load balancer') : compliant),
});
