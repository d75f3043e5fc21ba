/** Containers of ECS task definitions. */
import {
  document,
  itemsOf,
  isValues,
  peek,
  text,
  type Resource,
  type Stack,
  type Value,
  type Values,
} from '../../core';

export const TASK = 'aws:ecs/taskDefinition:TaskDefinition';
export const SERVICE = 'aws:ecs/service:Service';
export const TARGET_GROUP = 'aws:lb/targetGroup:TargetGroup';

export interface Container {
  readonly name: string;
  readonly values: Values;
  readonly environment: ReadonlyMap<string, string>;
}

const pairs = (value: Value): readonly (readonly [string, string])[] =>
  itemsOf(value)
    .filter(isValues)
    .map((each) => [text(each, 'name') ?? '', text(each, 'value') ?? ''] as const);

/** @throws Undecided where the definitions are known only in the update */
export function containersOf(task: Resource): readonly Container[] {
  const definitions = document(task, 'containerDefinitions');
  return itemsOf(definitions)
    .filter(isValues)
    .map((values) => ({
      name: text(values, 'name') ?? '',
      values,
      environment: new Map(pairs(values['environment'])),
    }));
}

/** The runtime's encoder: no other process has both a channel and a source. */
export const isEncoder = ({ environment }: Container): boolean =>
  environment.has('CHANNEL') && (environment.has('SOURCE') || environment.has('LADDER'));

export const encodersOf = (task: Resource): readonly Container[] => containersOf(task).filter(isEncoder);

/** Why a rule of encoders has nothing to say of a task or service. */
export const NO_ENCODER = 'it runs no encoder of a channel';

/** Resources of one type whose ARN, name or id a property has: by where its value came from, or else by the value. */
export function named(
  resource: Resource,
  property: string,
  stack: Stack,
  type: string,
  own: readonly string[],
): readonly Resource[] {
  const behind = stack.behind(resource, property, type);
  const value = peek(resource, property);
  if (behind.length > 0 || typeof value !== 'string') return behind;
  return stack.ofType(type).filter((other) => own.some((name) => peek(other, name) === value));
}

/** What a service runs; undefined where the stack does not say. */
export const taskOf = (service: Resource, stack: Stack): Resource | undefined =>
  named(service, 'taskDefinition', stack, TASK, ['arn', 'family', 'id'])[0];

/** Whether a service is known to answer HTTP: then it is no encoder, whatever its task is. */
export function answersHttp(service: Resource, stack: Stack): boolean {
  const groups = stack.behind(service, 'loadBalancers', TARGET_GROUP);
  return (
    groups.length > 0 && groups.every((group) => ['HTTP', 'HTTPS'].includes(text(group, 'protocol') ?? ''))
  );
}
