import { compliant, itemsOf, isValues, notApplicable, peek, resourceRule, text, violating } from '../../core';
import type { Resource } from '../../core';

const CURRENT = ['1.4.0', 'LATEST'];

const isOnFargate = (service: Resource): boolean =>
  text(service, 'launchType') === 'FARGATE' ||
  itemsOf(peek(service, 'capacityProviderStrategies')).some((strategy) => {
    const provider = isValues(strategy) ? strategy['capacityProvider'] : undefined;
    return typeof provider === 'string' && provider.startsWith('FARGATE');
  });

export const fargateIsCurrent = resourceRule({
  id: 'fargate-is-current',
  family: 'operations',
  title: 'A service on Fargate runs on the latest platform version',
  severity: 'low',
  controls: ['AWS FSBP ECS.10'],
  why: 'AWS mends the kernel and the runtime in the latest version.',
  fix: "platformVersion: 'LATEST'",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:ecs/service:Service'],
  check: (service) => {
    if (!isOnFargate(service)) return notApplicable('it does not run on Fargate');
    const version = text(service, 'platformVersion') || 'LATEST';
    return CURRENT.includes(version) ? compliant : violating(`its platform version is ${version}`);
  },
});
