import {
  blocks,
  compliant,
  flag,
  notApplicable,
  stackRule,
  text,
  violating,
  type Resource,
  type Values,
} from '../../core';

const RULE = 'aws:lb/listenerRule:ListenerRule';

const redirects = (action: Values): boolean =>
  text(action, 'type') === 'redirect' && text(action, 'redirect.protocol') === 'HTTPS';

const serves = (resource: Resource, property: string): boolean => !blocks(resource, property).some(redirects);

export const publicListenerUsesTls = stackRule({
  id: 'public-listener-uses-tls',
  family: 'encryption',
  title:
    'An application load balancer that faces the internet answers plain HTTP only with a redirect to HTTPS',
  severity: 'high',
  controls: ['AWS FSBP ELB.1'],
  why: "Playback tokens and cookies in a plain request are anybody's on the way, and playlists can be changed to point elsewhere.",
  fix: "`defaultActions: [{ type: 'redirect', redirect: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' } }]`, and a second listener with `protocol: 'HTTPS', port: 443, sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06', certificateArn`",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:lb/listener:Listener'],
  settings: {
    internalToo: {
      type: 'boolean',
      default: false,
      description: 'Whether load balancers inside a VPC must use TLS as well',
    },
  },
  check: (listener, { internalToo }, stack) => {
    const [balancer] = stack.behind(listener, 'loadBalancerArn', 'aws:lb/loadBalancer:LoadBalancer');
    if (!balancer) return notApplicable('its load balancer is not of this stack');
    if ((text(balancer, 'loadBalancerType') ?? 'application') !== 'application') {
      return notApplicable('a network load balancer passes on what its targets speak');
    }
    if (flag(balancer, 'internal') === true && !internalToo) {
      return notApplicable('its load balancer cannot be reached from the internet');
    }
    if ((text(listener, 'protocol') ?? 'HTTP') !== 'HTTP') return compliant;
    if (serves(listener, 'defaultActions')) return violating('it answers plain HTTP itself');
    const rules = stack
      .pointingAt(listener, 'listenerArn', [RULE], ['arn', 'id'])
      .filter((rule) => serves(rule, 'actions'));
    return rules.length === 0
      ? compliant
      : violating(...rules.map(({ name }) => `its rule ${name} answers plain HTTP itself`));
  },
});
