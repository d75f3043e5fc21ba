/** Where a task of ECS logs. */
import type * as pulumi from '@pulumi/pulumi';

/** `logConfiguration` of a container. CloudWatch must not hold up a task: what does not fit the buffer is lost. */
export const taskLog = (logGroup: pulumi.Input<string>, region: pulumi.Input<string>) => ({
  logDriver: 'awslogs',
  options: {
    'awslogs-group': logGroup,
    'awslogs-region': region,
    'awslogs-stream-prefix': 'task',
    mode: 'non-blocking',
    'max-buffer-size': '4m',
  },
});
