/** Variables, secrets, health check and log configuration of a container. */
import { isFields, type Fields } from '../../../planner/graph/values';
import { at, closest, meant, type Problems } from '../problems';
import { listIn, type Task } from './containers';

const HEALTH = 'ECS API Reference, HealthCheck';
const LOGS = 'ECS Developer Guide, "Send Amazon ECS logs to CloudWatch"';

/** In seconds, but for the number of retries. */
const HEALTH_LIMITS = {
  interval: [5, 300],
  timeout: [2, 60],
  retries: [1, 10],
  startPeriod: [0, 300],
} as const;

const AWSLOGS_NEEDED = ['awslogs-group', 'awslogs-region'];
const AWSLOGS_OPTIONS = [
  ...[...AWSLOGS_NEEDED, 'awslogs-create-group', 'awslogs-stream-prefix', 'awslogs-datetime-format'],
  ...['awslogs-multiline-pattern', 'awslogs-stream', 'awslogs-endpoint', 'awslogs-format', 'tag'],
  ...['awslogs-credentials-endpoint', 'awslogs-force-flush-interval-seconds', 'awslogs-max-buffered-events'],
  ...['mode', 'max-buffer-size'],
];
const FARGATE_DRIVERS = ['awslogs', 'splunk', 'awsfirelens'];

/** Each name once, among secrets too; a secret is named by an ARN that ECS can read. */
export function checkVariables(container: Fields, path: string, task: Task, problems: Problems): void {
  const seen = new Set<unknown>();
  for (const list of ['environment', 'secrets'] as const) {
    for (const [n, each] of listIn(container, list).entries()) {
      const { name } = each;
      const here = at(at(path, list), n);
      if (typeof name !== 'string' || name === '' || name.includes('=')) {
        const allowed = 'a text without "=" (ECS API Reference, KeyValuePair)';
        const value = name === undefined ? {} : { value: name };
        problems.refuse(at(here, 'name'), {
          ...value,
          problem: 'no name',
          allowed,
          fix: 'name the variable',
        });
      } else if (seen.has(name)) {
        const allowed = 'each name once in a container, of variables and secrets together';
        const problem = 'twice, so one of the values is lost';
        // ECS refuses a secret whose name is taken, and takes the later of two variables.
        const verdict = list === 'secrets' ? 'refused' : 'ineffective';
        problems.add(verdict, at(here, 'name'), { value: name, problem, allowed, fix: 'remove one' });
      }
      seen.add(name);
      if (list === 'secrets') checkSecret(each, here, task, problems);
    }
  }
}

function checkSecret({ valueFrom }: Fields, path: string, task: Task, problems: Problems): void {
  const isArn =
    typeof valueFrom === 'string' &&
    /^arn:[\w-]+:(?:secretsmanager:[\w-]+:\d{12}:secret:.+|ssm:[\w-]+:\d{12}:parameter\/.+)$/.test(valueFrom);
  const isParameter = typeof valueFrom === 'string' && /^[\w./-]+$/.test(valueFrom);
  if (!isArn && !isParameter) {
    const allowed = 'the ARN of a secret, or the ARN or name of a parameter (ECS API Reference, Secret)';
    const value = valueFrom === undefined ? {} : { value: valueFrom };
    problems.refuse(at(path, 'valueFrom'), { ...value, problem: 'neither', allowed, fix: 'give its ARN' });
  }
  if (task.hasExecutionRole) return;
  const allowed = 'executionRoleArn of the task (ECS Developer Guide, "Amazon ECS task execution IAM role")';
  problems.refuse(path, {
    problem: 'nobody may read the secret',
    allowed,
    fix: 'give the task an execution role',
  });
}

export function checkHealth({ healthCheck }: Fields, path: string, problems: Problems): void {
  if (!isFields(healthCheck)) return;
  const here = at(path, 'healthCheck');
  for (const [name, [min, max]] of Object.entries(HEALTH_LIMITS)) {
    const value = healthCheck[name];
    if (typeof value !== 'number' || (value >= min && value <= max)) continue;
    const allowed = `${min} to ${max}${name === 'retries' ? '' : ' s'} (${HEALTH})`;
    problems.refuse(at(here, name), {
      value,
      problem: 'out of range',
      allowed,
      fix: 'keep within the range',
    });
  }
  const { command } = healthCheck;
  const first: unknown = Array.isArray(command) ? command[0] : undefined;
  if (first === 'CMD' || first === 'CMD-SHELL') {
    if ((command as unknown[]).length > 1) return;
    const allowed = `a command after ${first} (${HEALTH})`;
    problems.refuse(at(here, 'command'), { value: command, problem: 'no command', allowed, fix: 'add it' });
    return;
  }
  const allowed = `a list that begins with CMD or CMD-SHELL (${HEALTH})`;
  problems.refuse(at(here, 'command'), {
    value: command,
    problem: 'how to run it is missing',
    allowed,
    fix: 'begin with CMD',
  });
}

export function checkLogging(
  { logConfiguration }: Fields,
  path: string,
  task: Task,
  problems: Problems,
): void {
  if (!isFields(logConfiguration)) return;
  const { logDriver } = logConfiguration;
  const here = at(path, 'logConfiguration');
  if (task.isFargate && typeof logDriver === 'string' && !FARGATE_DRIVERS.includes(logDriver)) {
    const allowed = `${FARGATE_DRIVERS.join(', ')} on Fargate (ECS API Reference, LogConfiguration)`;
    const problem = 'not on Fargate';
    problems.refuse(at(here, 'logDriver'), { value: logDriver, problem, allowed, fix: 'use awslogs' });
  }
  const options = isFields(logConfiguration['options']) ? logConfiguration['options'] : {};
  const where = at(here, 'options');
  checkBuffer(options, where, problems);
  if (logDriver !== 'awslogs') return;
  for (const name of [...AWSLOGS_NEEDED, ...(task.isFargate ? ['awslogs-stream-prefix'] : [])]) {
    if (options[name] !== undefined) continue;
    const allowed = `${name}${task.isFargate ? ' on Fargate' : ''} (${LOGS})`;
    problems.refuse(at(where, name), { problem: 'missing', allowed, fix: `give ${name}` });
  }
  for (const name of Object.keys(options)) {
    if (AWSLOGS_OPTIONS.includes(name)) continue;
    problems.refuse(at(where, name), {
      ...{ problem: 'no option of awslogs', allowed: `${AWSLOGS_OPTIONS.join(', ')} (${LOGS})` },
      fix: meant(closest(name, AWSLOGS_OPTIONS), 'remove it'),
    });
  }
}

function checkBuffer(options: Fields, path: string, problems: Problems): void {
  const { mode, 'max-buffer-size': size } = options;
  if (mode !== undefined && mode !== 'blocking' && mode !== 'non-blocking') {
    const allowed = `blocking, non-blocking (${LOGS})`;
    problems.refuse(at(path, 'mode'), { value: mode, problem: 'no mode', allowed, fix: 'give one of these' });
  }
  if (size === undefined) return;
  const where = at(path, 'max-buffer-size');
  // Without a mode the account's default counts, which is non-blocking since June 2025.
  if (mode === 'blocking') {
    const allowed = `with mode non-blocking (${LOGS})`;
    problems.ineffective(where, {
      value: size,
      problem: 'there is no buffer',
      allowed,
      fix: 'change the mode',
    });
  } else if (typeof size !== 'string' || !/^\d+[bkmg]?$/i.test(size)) {
    const allowed = `a size such as 4m (${LOGS})`;
    problems.refuse(where, { value: size, problem: 'no size', allowed, fix: 'write it as 4m' });
  }
}
