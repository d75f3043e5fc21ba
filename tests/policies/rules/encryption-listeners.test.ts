import * as aws from '@pulumi/aws';
import { listenerTlsPolicyIsCurrent } from '../../../policies/rules/encryption/listener-tls-policy-is-current';
import { publicListenerUsesTls } from '../../../policies/rules/encryption/public-listener-uses-tls';
import { GoodProgram, both, set, unset, without } from '../cases';

const good = new GoodProgram(() => {
  const target = new aws.lb.TargetGroup('target', { port: 8080, protocol: 'HTTP', targetType: 'ip' });
  const forward = [{ type: 'forward', targetGroupArn: target.arn }];
  const outer = new aws.lb.LoadBalancer('outer', { loadBalancerType: 'application' });
  const plain = new aws.alb.Listener('plain', {
    loadBalancerArn: outer.arn,
    port: 80,
    protocol: 'HTTP',
    defaultActions: [
      { type: 'redirect', redirect: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' } },
    ],
  });
  new aws.lb.ListenerRule('old-player', {
    listenerArn: plain.arn,
    conditions: [{ pathPattern: { values: ['/old/*'] } }],
    actions: [{ type: 'redirect', redirect: { protocol: 'HTTPS', path: '/', statusCode: 'HTTP_302' } }],
  });
  new aws.lb.Listener('secure', {
    loadBalancerArn: outer.arn,
    port: 443,
    protocol: 'HTTPS',
    sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
    defaultActions: forward,
  });
  const inner = new aws.lb.LoadBalancer('inner', { internal: true });
  new aws.lb.Listener('behind-the-cdn', { loadBalancerArn: inner.arn, port: 80, defaultActions: forward });
});

describe('rules of listeners', () => {
  good.tries(publicListenerUsesTls, {
    violating: {
      'a listener that serves plain HTTP': {
        change: set('plain', 'defaultActions.0', { type: 'fixed-response' }),
        at: 'plain',
        found: ['it answers plain HTTP itself'],
      },
      'a redirect from plain HTTP to plain HTTP': {
        change: set('plain', 'defaultActions.0.redirect.protocol', 'HTTP'),
        at: 'plain',
        found: ['it answers plain HTTP itself'],
      },
      'a rule that serves beside the redirect': {
        change: set('old-player', 'actions.0', { type: 'forward' }),
        at: 'plain',
        found: ['its rule old-player answers plain HTTP itself'],
      },
      'a load balancer that was inside': {
        change: unset('inner', 'internal'),
        at: 'behind-the-cdn',
        found: ['it answers plain HTTP itself'],
      },
    },
    nearMisses: { 'a redirect to another port': set('plain', 'defaultActions.0.redirect.port', '8443') },
    notApplicable: {
      'a load balancer inside': {
        change: set('inner', 'internal', 'true'),
        at: 'behind-the-cdn',
        reason: 'its load balancer cannot be reached from the internet',
      },
      'a network load balancer': {
        change: both(set('outer', 'loadBalancerType', 'network'), set('secure', 'protocol', 'TCP')),
        at: 'secure',
        reason: 'a network load balancer passes on what its targets speak',
      },
      "somebody else's load balancer": {
        change: without('inner'),
        at: 'behind-the-cdn',
        reason: 'its load balancer is not of this stack',
      },
    },
  });
  good.tries(listenerTlsPolicyIsCurrent, {
    violating: {
      'the policy that AWS takes by default': {
        change: unset('secure', 'sslPolicy'),
        at: 'secure',
        found: ['its policy is ELBSecurityPolicy-2016-08'],
      },
      'a policy with TLS 1.1': {
        change: set('secure', 'sslPolicy', 'ELBSecurityPolicy-TLS13-1-1-2021-06'),
        at: 'secure',
        found: ['its policy is ELBSecurityPolicy-TLS13-1-1-2021-06'],
      },
      'TLS 1.2 with older ciphers': {
        change: set('secure', 'sslPolicy', 'ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06'),
        at: 'secure',
        found: ['its policy is ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06'],
      },
    },
    nearMisses: { 'TLS 1.3 alone': set('secure', 'sslPolicy', 'ELBSecurityPolicy-TLS13-1-3-2021-06') },
    notApplicable: {
      'a listener without TLS': {
        change: unset('plain', 'tags'),
        at: 'plain',
        reason: 'it does not end TLS',
      },
    },
  });
});
