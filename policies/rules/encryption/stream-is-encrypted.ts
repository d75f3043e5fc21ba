import { compliant, given, peek, resourceRule, text, violating } from '../../core';

export const streamIsEncrypted = resourceRule({
  id: 'stream-is-encrypted',
  family: 'encryption',
  title: 'Every Kinesis data stream is encrypted',
  severity: 'medium',
  controls: ['AWS FSBP Kinesis.1'],
  why: 'Real-time logs of viewers, with their addresses, stay in the stream for a day or longer, in the clear by default.',
  fix: "`encryptionType: 'KMS', kmsKeyId: 'alias/aws/kinesis'`, or a key of your own",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:kinesis/stream:Stream'],
  check: (stream) =>
    text(stream, 'encryptionType') === 'KMS' ? compliant : violating('the stream is not encrypted'),
  remedy: (stream) => {
    if (![undefined, 'NONE'].includes(peek(stream, 'encryptionType') as string | undefined)) return undefined;
    return {
      encryptionType: 'KMS',
      ...(!given(stream, 'kmsKeyId') && { kmsKeyId: 'alias/aws/kinesis' }),
    };
  },
});
