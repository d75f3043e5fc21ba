import {
  compliant,
  namesItsSource,
  notApplicable,
  resourceRule,
  resourceStatements,
  violating,
} from '../../core';

export const resourcePolicyNamesTheSourceOfAService = resourceRule({
  id: 'resource-policy-names-the-source-of-a-service',
  family: 'data-protection',
  title: 'A policy that lets in a service of AWS says on whose behalf',
  severity: 'high',
  controls: [],
  why: 'A service works for every account: without a source, a distribution of another account reads this bucket, and a topic of another account fills this queue.',
  fix: "`Condition: { ArnEquals: { 'aws:SourceArn': distribution.arn } }`, or `{ StringEquals: { 'aws:SourceAccount': '<account>' } }`",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [
    'aws:kms/key:Key',
    'aws:kms/keyPolicy:KeyPolicy',
    'aws:s3/bucket:Bucket',
    'aws:s3/bucketPolicy:BucketPolicy',
    'aws:sns/topic:Topic',
    'aws:sns/topicPolicy:TopicPolicy',
    'aws:sqs/queue:Queue',
    'aws:sqs/queuePolicy:QueuePolicy',
  ],
  settings: {
    services: {
      type: 'array',
      items: { type: 'string' },
      default: [
        'cloudfront.amazonaws.com',
        'cloudtrail.amazonaws.com',
        'delivery.logs.amazonaws.com',
        'logging.s3.amazonaws.com',
        's3.amazonaws.com',
        'sns.amazonaws.com',
      ],
      description: 'Services that send a source with what they do',
    },
  },
  check: (resource, { services }) => {
    const policy = (resourceStatements(resource) ?? []).flatMap(({ name, statement }) =>
      statement.effect === 'Allow'
        ? (statement.principals['Service'] ?? [])
            .filter((service) => services.includes(service))
            .map((service) => ({ name, service, statement }))
        : [],
    );
    if (policy.length === 0) return notApplicable('it lets in no service that sends a source');
    const open = policy.filter(({ statement }) => !namesItsSource(statement));
    return open.length === 0
      ? compliant
      : violating(...open.map(({ name, service }) => `${name} lets ${service} act for anybody`));
  },
});
