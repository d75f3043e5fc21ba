import { compliant, notApplicable, resourceRule, text, violating } from '../../core';

export const listenerTlsPolicyIsCurrent = resourceRule({
  id: 'listener-tls-policy-is-current',
  family: 'encryption',
  title: 'Listeners with TLS speak TLS 1.2 and 1.3 only',
  severity: 'medium',
  controls: ['AWS FSBP ELB.17'],
  why: 'The policy that a listener gets when it names none, ELBSecurityPolicy-2016-08, still speaks TLS 1.0, whose ciphers are broken.',
  fix: "`sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06'`",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:lb/listener:Listener'],
  settings: {
    policies: {
      type: 'array',
      items: { type: 'string' },
      default: ['ELBSecurityPolicy-TLS13-1-2-', 'ELBSecurityPolicy-TLS13-1-3-'],
      description: 'Beginnings of the names of policies that are allowed',
    },
  },
  check: (listener, { policies }) => {
    if (!['HTTPS', 'TLS'].includes(text(listener, 'protocol') ?? 'HTTP')) {
      return notApplicable('it does not end TLS');
    }
    // The name as AWS has it when none is given.
    const named = text(listener, 'sslPolicy') ?? 'ELBSecurityPolicy-2016-08';
    // These speak TLS 1.2 also with ciphers in CBC mode and without forward secrecy.
    const weak = /-Ext[12]-/.test(named);
    return policies.some((policy) => named.startsWith(policy)) && !weak
      ? compliant
      : violating(`its policy is ${named}`);
  },
});
