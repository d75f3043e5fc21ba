import { among, blocks, found, filled, number, stackRule, type Resource } from '../../core';
import { DISTRIBUTION, behaviourName, behavioursOf } from './behaviours';
import { leastFound, policiesOf } from './caching';

/** SecurityHeadersPolicy and those with CORS beside it: Developer Guide, "Use managed response headers policies". */
const MANAGED = new Set([
  '67f7725c-6f97-4210-82d7-5512b31e9d03',
  'e61eb60c-9c35-4d20-a928-2b84e02af89c',
  'eaab4381-ed33-4a86-88ca-d9558dc6cd63',
]);

function missing(policy: Resource, seconds: number): readonly string[] {
  const [security] = blocks(policy, 'securityHeadersConfig');
  const hsts = security && blocks(security, 'strictTransportSecurity')[0];
  const sniff = security && blocks(security, 'contentTypeOptions')[0];
  const age = hsts ? (number(hsts, 'accessControlMaxAgeSec') ?? 0) : 0;
  return [
    ...(age < seconds
      ? [age === 0 ? 'no Strict-Transport-Security' : `Strict-Transport-Security of ${age} s`]
      : []),
    ...(sniff ? [] : ['no X-Content-Type-Options: nosniff']),
  ];
}

export const answersHaveHstsAndNosniff = stackRule({
  id: 'answers-have-hsts-and-nosniff',
  family: 'delivery',
  title: 'Answers of a distribution have Strict-Transport-Security and nosniff',
  severity: 'low',
  controls: [],
  why: 'Without the first a browser may begin over plain HTTP, where a cookie can be taken; without the second it may run as a script what a caller put into a segment.',
  fix: "Give each behaviour `responseHeadersPolicyId: '67f7725c-6f97-4210-82d7-5512b31e9d03'` (SecurityHeadersPolicy), or a policy with securityHeadersConfig: { strictTransportSecurity: { accessControlMaxAgeSec: 31536000, override: true }, contentTypeOptions: { override: true } }.",
  levels: { starter: 'disabled', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [DISTRIBUTION],
  settings: {
    seconds: {
      type: 'integer',
      default: 31_536_000,
      minimum: 1,
      description: 'The least that Strict-Transport-Security lasts',
    },
  },
  check: (distribution, { seconds }, stack) =>
    found(
      among(behavioursOf(distribution), (behaviour) => {
        const name = behaviourName(behaviour);
        if (!filled(behaviour.values, 'responseHeadersPolicyId'))
          return [`${name} has no policy of response headers`];
        const candidates = policiesOf(stack, distribution, behaviour, {
          field: 'responseHeadersPolicyId',
          type: 'aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy',
          managed: (id): readonly string[] | undefined => (MANAGED.has(id) ? [] : undefined),
          read: (policy) => missing(policy, seconds),
        });
        return leastFound(candidates, (lacking) => lacking).map((what) => `answers of ${name} have ${what}`);
      }),
    ),
});
