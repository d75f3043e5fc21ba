import { blocks, found, notApplicable, resourceRule, text, texts } from '../../core';
import { TASK, containersOf } from './containers';

export const gpuIsNotOnFargate = resourceRule({
  id: 'gpu-is-not-on-fargate',
  family: 'media',
  title: 'No task of Fargate needs a GPU',
  severity: 'high',
  controls: [],
  why: 'Fargate has no GPU: ECS refuses a task that reserves one, and an encoder that needs one without saying so ends as soon as it has begun, again and again.',
  fix: "Write `requiresCompatibilities: ['EC2']` and run the service on a capacity provider of GPU instances; or encode in software, with `ENCODER=software`.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [TASK],
  check: (task) => {
    if (!texts(task, 'requiresCompatibilities').includes('FARGATE'))
      return notApplicable('it does not run on Fargate');
    return found(
      containersOf(task).flatMap(({ name, values, environment }) => [
        ...(blocks(values, 'resourceRequirements').some((each) => text(each, 'type') === 'GPU')
          ? [`the container ${name} reserves a GPU`]
          : []),
        ...(environment.get('ENCODER') === 'nvenc' ? [`the container ${name} encodes by NVENC alone`] : []),
      ]),
    );
  },
});
