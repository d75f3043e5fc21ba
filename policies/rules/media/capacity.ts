/** The instances that a service runs on. */
import {
  UNKNOWN,
  Undecided,
  blocks,
  number,
  peek,
  text,
  type Resource,
  type Stack,
  type Values,
} from '../../core';

const PROVIDER = 'aws:ecs/capacityProvider:CapacityProvider';
const GROUP = 'aws:autoscaling/group:Group';
const TEMPLATE = 'aws:ec2/launchTemplate:LaunchTemplate';

/**
 * Auto Scaling groups behind the capacity providers of a service.
 * @throws Undecided where its providers are not known, not even by where their names come from
 */
export function groupsOf(service: Resource, stack: Stack): readonly Resource[] {
  const behind = stack.behind(service, 'capacityProviderStrategies', PROVIDER);
  if (behind.length === 0 && peek(service, 'capacityProviderStrategies') === UNKNOWN)
    throw new Undecided('capacityProviderStrategies');
  const chosen =
    behind.length > 0
      ? behind
      : blocks(service, 'capacityProviderStrategies').flatMap((strategy) =>
          stack
            .ofType(PROVIDER)
            .filter((provider) => peek(provider, 'name') === peek(strategy, 'capacityProvider')),
        );
  return chosen.flatMap((provider) => {
    const groups = stack.behind(provider, 'autoScalingGroupProvider', GROUP);
    const arn = peek(provider, 'autoScalingGroupProvider.autoScalingGroupArn');
    return groups.length > 0 || typeof arn !== 'string'
      ? groups
      : stack.ofType(GROUP).filter((group) => peek(group, 'arn') === arn);
  });
}

/** Where a group says which launch template it has. */
const TEMPLATE_OF = [
  ['launchTemplate', 'launchTemplate', 'id', 'name'],
  [
    'mixedInstancesPolicy',
    'mixedInstancesPolicy.launchTemplate.launchTemplateSpecification',
    'launchTemplateId',
    'launchTemplateName',
  ],
] as const;

/** Launch templates of a group: by where the values came from, or else by their ids and names. */
export const templatesOf = (group: Resource, stack: Stack): readonly Resource[] =>
  TEMPLATE_OF.flatMap(([property, path, id, name]) => {
    const behind = stack.behind(group, property, TEMPLATE);
    if (behind.length > 0) return behind;
    const named = [id, name].map((each) => peek(group, `${path}.${each}`));
    return stack
      .ofType(TEMPLATE)
      .filter((template) =>
        [peek(template, 'id'), peek(template, 'name')].some(
          (own) => typeof own === 'string' && named.includes(own),
        ),
      );
  });

/** Whether a group may have Spot instances. */
export function hasSpot(group: Resource, stack: Stack): boolean {
  const [mixed] = blocks(group, 'mixedInstancesPolicy');
  const [distribution] = mixed ? blocks(mixed, 'instancesDistribution') : [];
  // Where nothing is said, everything is on demand.
  if (distribution && (number(distribution, 'onDemandPercentageAboveBaseCapacity') ?? 100) < 100) return true;
  return templatesOf(group, stack).some((template) =>
    blocks(template, 'instanceMarketOptions').some((options) => text(options, 'marketType') === 'spot'),
  );
}

/** Instance types that a group may start. Empty where they are chosen by requirements. */
export function instanceTypesOf(group: Resource, stack: Stack): readonly string[] {
  const overrides = blocks(group, 'mixedInstancesPolicy')
    .flatMap((mixed) => blocks(mixed, 'launchTemplate'))
    .flatMap((template) => blocks(template, 'overrides'))
    .flatMap((override: Values) => text(override, 'instanceType') ?? []);
  if (overrides.length > 0) return [...new Set(overrides)];
  return [...new Set(templatesOf(group, stack).flatMap((template) => text(template, 'instanceType') ?? []))];
}
