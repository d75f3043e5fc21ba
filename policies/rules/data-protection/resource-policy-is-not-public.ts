import {
  RESOURCE_POLICIES,
  given,
  judgePolicies,
  letsEverybodyIn,
  notApplicable,
  resourceRule,
  when,
} from '../../core';

/** Those of S3 and KMS have rules of their own. */
const ELSEWHERE = /^aws:(kms|s3|s3control)\//;

export const resourcePolicyIsNotPublic = resourceRule({
  id: 'resource-policy-is-not-public',
  family: 'data-protection',
  title: 'No policy of a queue, topic, repository, secret, table or backup lets in everybody',
  severity: 'critical',
  controls: ['AWS FSBP SQS.3', 'AWS FSBP SNS.4'],
  why: 'Any account of AWS may then read messages, pull images or start work by sending messages of its own.',
  fix: "Name who comes: `Principal: { AWS: 'arn:aws:iam::<account>:root' }`, or a service with `Condition: { ArnEquals: { 'aws:SourceArn': topic.arn } }`",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: RESOURCE_POLICIES.filter((type) => !ELSEWHERE.test(type)),
  check: (resource) => {
    if (given(resource, 'vpcOptions')) return notApplicable('its network decides who comes');
    return judgePolicies(resource, ({ name, statement }) =>
      when(letsEverybodyIn(statement), `${name} lets everybody in`),
    );
  },
});
