import { compliant, resourceRule, text, violating } from '../../core';

const KEPT = ['IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION'];

export const imageTagsStay = resourceRule({
  id: 'image-tags-stay',
  family: 'operations',
  title: 'A tag of an image always means the same image',
  severity: 'medium',
  controls: ['AWS FSBP ECR.2'],
  why: 'With tags that move, a task that is replaced at night runs what somebody pushed in the afternoon, and going back to a version goes back to nothing known.',
  fix: "imageTagMutability: 'IMMUTABLE'",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:ecr/repository:Repository'],
  check: (repository) =>
    KEPT.includes(text(repository, 'imageTagMutability') ?? 'MUTABLE')
      ? compliant
      : violating('its tags can be moved'),
});
