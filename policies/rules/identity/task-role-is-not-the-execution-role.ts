import { compliant, filled, notApplicable, stackRule, text, violating } from '../../core';

const ROLE = 'aws:iam/role:Role';

export const taskRoleIsNotTheExecutionRole = stackRule({
  id: 'task-role-is-not-the-execution-role',
  family: 'identity',
  title: 'What a task may do is apart from what ECS may do to start it',
  severity: 'medium',
  controls: [],
  why: 'The execution role reads every secret that is injected and pulls the images; a process that has it as its own reads the secrets of the other containers of its task.',
  fix: "A role for each: `executionRoleArn: execution.arn` with AmazonECSTaskExecutionRolePolicy and the secrets, `taskRoleArn: task.arn` with what the code calls; both trust 'ecs-tasks.amazonaws.com'",
  levels: {
    starter: 'advisory',
    production: 'mandatory',
    regulated: 'mandatory',
  },
  looksAt: ['aws:ecs/taskDefinition:TaskDefinition'],
  check: (task, _settings, stack) => {
    if (!filled(task, 'taskRoleArn') || !filled(task, 'executionRoleArn')) {
      return notApplicable('it has one role at most');
    }
    const [own] = stack.behind(task, 'taskRoleArn', ROLE);
    const [execution] = stack.behind(task, 'executionRoleArn', ROLE);
    const isSame =
      own && execution ? own === execution : text(task, 'taskRoleArn') === text(task, 'executionRoleArn');
    return isSame ? violating('its own role is its execution role') : compliant;
  },
});
