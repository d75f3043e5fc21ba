/** Availability Zones that things stand in, by the subnets that they name. */
import { UNKNOWN, Undecided, itemsOf, peek, type Resource, type Stack } from '../../core';

const SUBNET = 'aws:ec2/subnet:Subnet';

/** What differs between subnets of different zones; the subnet itself where its zone is decided later. */
export function zoneOf(subnet: Resource): string {
  const zone = ['availabilityZoneId', 'availabilityZone']
    .map((path) => peek(subnet, path))
    .find((value) => typeof value === 'string' && value !== '');
  return typeof zone === 'string' ? zone : subnet.urn;
}

/**
 * Zones of the subnets that a property lists. Which subnets they are is known also where their ids are not.
 * @throws Undecided where neither is known
 */
export function zonesAt(resource: Resource, property: string, stack: Stack): readonly string[] {
  const value = peek(resource, property);
  const listed = itemsOf(value);
  const behind = [...new Set(stack.behind(resource, property, SUBNET).map(zoneOf))];
  // A list whose length is known may be a choice out of all that it was made from.
  if (behind.length > 0) return value === UNKNOWN ? behind : behind.slice(0, listed.length);
  if (value === UNKNOWN) throw new Undecided(property);
  const subnets = stack.ofType(SUBNET);
  const zones = listed.map((id, index) => {
    const subnet = subnets.find(({ props }) => props['id'] === id);
    return subnet ? zoneOf(subnet) : typeof id === 'string' ? id : `${property} ${index}`;
  });
  return [...new Set(zones)];
}

/**
 * Whether a thing of one zone has others like it, of the same component, in other zones: cells that fail one by one.
 * @param zonesOf zones of a thing of this type
 */
export function isCell(
  resource: Resource,
  least: number,
  zonesOf: (each: Resource) => readonly string[],
  stack: Stack,
): boolean {
  const cells = stack
    .ofType(resource.type)
    .filter((each) => each.parent === resource.parent)
    .map(zonesOf)
    .filter(({ length }) => length === 1);
  return new Set(cells.flat()).size >= least;
}
