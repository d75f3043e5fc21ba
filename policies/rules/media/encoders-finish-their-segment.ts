import { found, notApplicable, number, resourceRule } from '../../core';
import { TASK, encodersOf, NO_ENCODER } from './containers';

/** Where a task says nothing: ECS_CONTAINER_STOP_TIMEOUT of the agent. */
const AGENT_SECONDS = 30;

export const encodersFinishTheirSegment = resourceRule({
  id: 'encoders-finish-their-segment',
  family: 'media',
  title: 'An encoder that is stopped has the time to finish its segment',
  severity: 'medium',
  controls: [],
  why: 'An encoder that is told to end writes the rest of its segment and says that it was the last. Killed before, it leaves a gap, and the next one waits until it is sure that nobody writes any more.',
  fix: 'Write `stopTimeout: 30` in the container definition.',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [TASK],
  settings: {
    seconds: {
      type: 'integer',
      default: 10,
      minimum: 1,
      maximum: 120,
      description: 'The least: a segment of four seconds, what it takes to put it, and as much again',
    },
  },
  check: (task, { seconds }) => {
    const encoders = encodersOf(task);
    if (encoders.length === 0) return notApplicable(NO_ENCODER);
    return found(
      encoders.flatMap(({ name, values }) => {
        const given = number(values, 'stopTimeout') ?? AGENT_SECONDS;
        return given < seconds ? [`the container ${name} is killed ${given} s after it is told to end`] : [];
      }),
    );
  },
});
