import { compliant, flag, given, peek, resourceRule, violating } from '../../core';

export const queueIsEncrypted = resourceRule({
  id: 'queue-is-encrypted',
  family: 'encryption',
  title: 'Every queue encrypts its messages',
  severity: 'medium',
  controls: ['AWS FSBP SQS.1'],
  why: 'Messages carry names of titles, signed URLs and identities of viewers, and stay in the queue for up to 14 days. SQS encrypts by default: this one is told not to.',
  fix: 'Remove `sqsManagedSseEnabled: false`, or name a key: `kmsMasterKeyId: key.id`',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:sqs/queue:Queue'],
  check: (queue) => {
    if (given(queue, 'kmsMasterKeyId') && peek(queue, 'kmsMasterKeyId') !== '') return compliant;
    return flag(queue, 'sqsManagedSseEnabled') === false
      ? violating('encryption is turned off, and it names no key')
      : compliant;
  },
  remedy: (queue) =>
    peek(queue, 'sqsManagedSseEnabled') === false && (peek(queue, 'kmsMasterKeyId') ?? '') === ''
      ? { sqsManagedSseEnabled: true }
      : undefined,
});
