/** Which VPC things of a network are in: by what their values came from, and where nothing is known of that, by the values. */
import { text } from './read';
import type { Resource, Stack } from './resource';
import { Undecided } from './values';

const SUBNET = 'aws:ec2/subnet:Subnet';
const VPC = 'aws:ec2/vpc:Vpc';

/** The subnet that a property names, where it is in the stack. */
function subnetOf(resource: Resource, property: string, stack: Stack): Resource | undefined {
  const [behind] = stack.behind(resource, property, SUBNET);
  if (behind) return behind;
  const id = text(resource, property);
  return id ? stack.ofType(SUBNET).find(({ props }) => props['id'] === id) : undefined;
}

/**
 * What is the same text for all that is in one VPC: its URN, or its id where the stack has only that.
 * @returns undefined where the stack does not say
 */
export function vpcOf(resource: Resource, stack: Stack): string | undefined {
  const [vpc] = stack.behind(resource, 'vpcId', VPC);
  if (vpc) return vpc.urn;
  const id = text(resource, 'vpcId');
  if (id) return stack.ofType(VPC).find(({ props }) => props['id'] === id)?.urn ?? id;
  const subnet = subnetOf(resource, 'subnetId', stack);
  return subnet && subnet !== resource ? vpcOf(subnet, stack) : undefined;
}

/** Whether a thing is in the VPC that {@link vpcOf} has named; what nobody can tell yet is in none. */
export function isInVpc(vpc: string, resource: Resource, stack: Stack): boolean {
  try {
    return vpcOf(resource, stack) === vpc;
  } catch (error) {
    if (error instanceof Undecided) return false;
    throw error;
  }
}
