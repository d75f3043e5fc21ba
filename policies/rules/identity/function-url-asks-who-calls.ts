import { compliant, resourceRule, text, violating } from '../../core';

export const functionUrlAsksWhoCalls = resourceRule({
  id: 'function-url-asks-who-calls',
  family: 'identity',
  title: 'The URL of a function asks who calls',
  severity: 'high',
  controls: [],
  why: 'A URL without authorization is an API without a limit, a firewall and a log of who called, and each call is paid for.',
  fix: "`authorizationType: 'AWS_IAM'`; viewers come by CloudFront with an origin access control of type lambda",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:lambda/functionUrl:FunctionUrl'],
  check: (url) =>
    text(url, 'authorizationType') === 'NONE' ? violating('everybody may call it') : compliant,
});
