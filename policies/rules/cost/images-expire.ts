import { compliant, stackRule, violating } from '../../core';

export const imagesExpire = stackRule({
  id: 'images-expire',
  family: 'cost',
  title: 'Every image repository has a lifecycle policy',
  severity: 'low',
  controls: ['AWS FSBP ECR.3'],
  why: 'An encoder image with ffmpeg and CUDA is gigabytes, and each build leaves one more.',
  fix: "new aws.ecr.LifecyclePolicy('images', { repository: repository.name, policy: { rules: [{ rulePriority: 1, selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 30 }, action: { type: 'expire' } }] } });",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:ecr/repository:Repository'],
  check: (repository, _settings, stack) =>
    stack.pointingAt(repository, 'repository', ['aws:ecr/lifecyclePolicy:LifecyclePolicy'], ['name', 'id'])
      .length > 0
      ? compliant
      : violating('no lifecycle policy is for it'),
});
