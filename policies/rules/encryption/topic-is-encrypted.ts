import { compliant, given, peek, resourceRule, violating } from '../../core';

export const topicIsEncrypted = resourceRule({
  id: 'topic-is-encrypted',
  family: 'encryption',
  title: 'Every topic encrypts its messages with a key of KMS',
  severity: 'medium',
  controls: ['AWS Security Hub SNS.1'],
  why: 'SNS keeps messages until every subscriber has them; without a key nobody can tell who read them.',
  fix: "`kmsMasterKeyId: key.id`; with alarms that publish to it, the key's policy must let cloudwatch.amazonaws.com use kms:Decrypt and kms:GenerateDataKey*, which alias/aws/sns does not",
  levels: { starter: 'disabled', production: 'advisory', regulated: 'mandatory' },
  looksAt: ['aws:sns/topic:Topic'],
  check: (topic) =>
    given(topic, 'kmsMasterKeyId') && peek(topic, 'kmsMasterKeyId') !== ''
      ? compliant
      : violating('it names no key'),
});
