import { blocks, compliant, resourceRule, text, violating } from '../../core';

export const clustersHaveContainerInsights = resourceRule({
  id: 'clusters-have-container-insights',
  family: 'operations',
  title: 'An ECS cluster reports what its tasks use',
  severity: 'low',
  controls: ['AWS FSBP ECS.12'],
  why: 'Without it a task that was killed for its memory leaves no number behind. It costs custom metrics for each task.',
  fix: "settings: [{ name: 'containerInsights', value: 'enhanced' }]",
  levels: { starter: 'disabled', production: 'advisory', regulated: 'mandatory' },
  looksAt: ['aws:ecs/cluster:Cluster'],
  check: (cluster) =>
    blocks(cluster, 'settings').some(
      (setting) =>
        text(setting, 'name') === 'containerInsights' &&
        ['enabled', 'enhanced'].includes(text(setting, 'value') ?? ''),
    )
      ? compliant
      : violating('Container Insights is off'),
});
