import { compliant, itemsOf, notApplicable, peek, stackRule, text, violating } from '../../core';

const ATTACHMENTS = [
  'aws:autoscaling/attachment:Attachment',
  'aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment',
];
const LISTS = ['targetGroupArns', 'loadBalancers', 'trafficSources'];

export const groupsAskTheirBalancer = stackRule({
  id: 'groups-ask-their-balancer',
  family: 'resilience',
  title: 'A group behind a load balancer replaces what the load balancer finds unhealthy',
  severity: 'medium',
  controls: ['AWS FSBP AutoScaling.1'],
  why: 'An instance that runs and does not answer is healthy to EC2: it gets no requests, is paid for, and nobody replaces it.',
  fix: "healthCheckType: 'ELB', healthCheckGracePeriod: 300",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:autoscaling/group:Group'],
  check: (group, _settings, stack) => {
    if (text(group, 'healthCheckType') === 'ELB') return compliant;
    const isBehind =
      LISTS.some((path) => itemsOf(peek(group, path)).length > 0) ||
      stack.pointingAt(group, 'autoscalingGroupName', ATTACHMENTS, ['name', 'id']).length > 0;
    return isBehind
      ? violating('it asks EC2 alone whether its instances are healthy')
      : notApplicable('no load balancer sends it anything');
  },
});
