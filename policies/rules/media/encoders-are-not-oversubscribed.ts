import { blocks, found, number, notApplicable, stackRule, text, type Resource } from '../../core';
import { groupsOf, instanceTypesOf } from './capacity';
import { NO_ENCODER, SERVICE, answersHttp, encodersOf, taskOf, type Container } from './containers';
import { encoderShare, type EncoderShare } from './nvenc';

/** The part of an instance that a container keeps for itself, by what ECS admits tasks by. */
function reserved({ values }: Container, task: Resource, { units, gpus }: EncoderShare): number {
  const gpu = blocks(values, 'resourceRequirements').find((each) => text(each, 'type') === 'GPU');
  if (gpu) return (number(gpu, 'value') ?? 0) / gpus;
  return Math.max(number(values, 'cpu') ?? 0, number(task, 'cpu') ?? 0) / units;
}

const percent = (part: number): string => `${Math.round(part * 1000) / 10} %`;

export const encodersAreNotOversubscribed = stackRule({
  id: 'encoders-are-not-oversubscribed',
  family: 'media',
  title: 'Channels of one GPU never ask more of its encoders than those can do',
  severity: 'high',
  controls: [],
  why: 'ECS does not count NVENC. Where a channel reserves less of an instance than it takes of its encoders, ECS puts more of them there than the GPU can encode, and all of them fall behind at once.',
  fix: 'Reserve CPU units in proportion: `cpu` of the container is at least its share of the encoders times 1,024 times the vCPUs; or take a smaller ladder or a larger GPU. `aws-media capacity` gives the units.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [SERVICE],
  settings: {
    margin: {
      type: 'number',
      default: 0.7,
      minimum: 0.1,
      maximum: 1,
      description: "The part of NVIDIA's published rates that is planned with",
    },
  },
  check: (service, { margin }, stack) => {
    const task = taskOf(service, stack);
    if (!task || answersHttp(service, stack)) return notApplicable(NO_ENCODER);
    const types = groupsOf(service, stack).flatMap((group) => instanceTypesOf(group, stack));
    if (types.length === 0) return notApplicable('the stack does not say what instances it runs on');
    const encoders = encodersOf(task).filter(({ environment }) => environment.get('ENCODER') !== 'software');
    if (encoders.length === 0) return notApplicable(NO_ENCODER);
    let known = 0;
    const findings = encoders.flatMap((encoder) =>
      [...new Set(types)].flatMap((type) => {
        const ladder = encoder.environment.get('LADDER') ?? 'tiny';
        const need = encoderShare(type, ladder, encoder.environment.get('FRAME_RATE') ?? '30', margin);
        if (!need) return [];
        known += 1;
        const has = reserved(encoder, task, need);
        if (need.share > 1)
          return [`a channel of ${ladder} takes ${percent(need.share)} of the encoders of a ${type}`];
        // Units are whole numbers.
        return has + 1 / need.units < need.share
          ? [
              `a channel of ${ladder} takes ${percent(need.share)} of the encoders of a ${type}, and reserves ${percent(has)} of it`,
            ]
          : [];
      }),
    );
    return known === 0 ? notApplicable('nothing is known of its ladder on its instances') : found(findings);
  },
});
