import { amongItems, document, found, isValues, resourceRule, text, when, type Value } from '../../core';

/** What these write is gone with the instance, or is written nowhere. */
const LOST = ['json-file', 'none'];

export const containersWriteLogs = resourceRule({
  id: 'containers-write-logs',
  family: 'operations',
  title: 'Every container writes its log where it outlives the task',
  severity: 'medium',
  controls: ['AWS FSBP ECS.9'],
  why: 'An encoder that ends takes its last words with it, and why a channel went off air at night is a guess the next morning.',
  fix: "logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': logs.name, 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'encoder', mode: 'non-blocking' } }",
  levels: {
    starter: 'advisory',
    production: 'mandatory',
    regulated: 'mandatory',
  },
  looksAt: ['aws:ecs/taskDefinition:TaskDefinition'],
  check: (task) => {
    const containers = { all: document(task, 'containerDefinitions') as Value };
    return found(
      amongItems(containers, 'all', (container) => {
        if (!isValues(container)) return [];
        const name = `the container ${text(container, 'name') ?? 'without a name'}`;
        const driver = text(container, 'logConfiguration.logDriver');
        if (driver === undefined) return [`${name} has no log`];
        return when(LOST.includes(driver), `${name} has the log driver ${driver}`);
      }),
    );
  },
});
