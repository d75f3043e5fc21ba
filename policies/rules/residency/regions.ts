/** Where a resource is made. */
import { UNKNOWN, Undecided, peek, type Resource } from '../../core';

/** Modules of services that are everywhere: what they make has no region. */
const GLOBAL = [
  ...['account', 'billing', 'budgets', 'cloudfront', 'costexplorer', 'costoptimizationhub', 'cur'],
  ...['globalaccelerator', 'iam', 'networkmanager', 'organizations', 'route53', 'route53domains'],
  ...['route53recoverycontrol', 'route53recoveryreadiness', 'savingsplans', 'shield'],
];

export const isGlobal = ({ type }: Resource): boolean =>
  GLOBAL.includes(/^aws:([^/:]+)/.exec(type)?.[1] ?? '');

/**
 * @returns undefined where nobody says
 * @throws Undecided where the program decides it later
 */
export function regionOf(resource: Resource): string | undefined {
  const own = peek(resource, 'region');
  if (typeof own === 'string' && own !== '') return own;
  if (own === UNKNOWN) throw new Undecided('region');
  return resource.region;
}
