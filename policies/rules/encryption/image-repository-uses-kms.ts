import { blocks, compliant, resourceRule, text, violating } from '../../core';

export const imageRepositoryUsesKms = resourceRule({
  id: 'image-repository-uses-kms',
  family: 'encryption',
  title: 'Every repository of images encrypts with KMS',
  severity: 'low',
  controls: [],
  why: 'Layers of an encoder hold licensed codecs and configuration; ECR encrypts with keys of S3 unless it is asked for KMS, and only when the repository is made.',
  fix: "`encryptionConfigurations: [{ encryptionType: 'KMS', kmsKey: key.arn }]` (it replaces the repository)",
  levels: { starter: 'disabled', production: 'advisory', regulated: 'mandatory' },
  looksAt: ['aws:ecr/repository:Repository'],
  check: (repository) =>
    blocks(repository, 'encryptionConfigurations').some((each) =>
      ['KMS', 'KMS_DSSE'].includes(text(each, 'encryptionType') ?? ''),
    )
      ? compliant
      : violating('it encrypts with keys of S3'),
});
