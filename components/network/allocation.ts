/**
 * Which subnet of which zone has which addresses. A zone's blocks follow from its number alone (`use1-az4` is the
 * fourth), and room for six zones is set aside from the start, so zones come and go without moving another's.
 */
import { blockText, part, type Block } from './cidr';
import { zoneNumber } from './zone-ids';

/** Tiers of subnets. */
export const Tier = { Public: 'public', Private: 'private', Isolated: 'isolated' } as const;
/** One of {@link Tier}. */
export type Tier = (typeof Tier)[keyof typeof Tier];

/** All tiers, in the order of their blocks of IPv6. */
export const TIERS: readonly Tier[] = Object.values(Tier);

/** AWS allows /16 to /28 for a VPC and for a subnet; below /22 the smallest subnets here would be below /28. */
export const VPC_PREFIX = { largest: 16, smallest: 22 } as const;

/** An eighth of the VPC a zone: six zones, and two eighths that are left free. */
const ZONE_BITS = 3;
/** The lower half of a zone is its private subnet. */
const PRIVATE_BITS = ZONE_BITS + 1;
/** Two eighths of the upper half are the others; the rest is left free. */
const SMALL_BITS = ZONE_BITS + 3;
const SMALL_AT: Readonly<Record<'public' | 'isolated', number>> = { public: 4, isolated: 5 };

/**
 * @param vpc of /16 to /22
 * @param zoneId as `use1-az4`
 * @returns in a VPC of /16: a /20 (4,091 usable addresses) private, a /22 (1,019) public, a /22 isolated
 */
export function allocate(vpc: Block, zoneId: string): Readonly<Record<Tier, string>> {
  const zone = part(vpc, vpc.prefix + ZONE_BITS, zoneNumber(zoneId) - 1);
  const small = vpc.prefix + SMALL_BITS;
  return {
    public: blockText(part(zone, small, SMALL_AT.public)),
    private: blockText(part(zone, vpc.prefix + PRIVATE_BITS, 0)),
    isolated: blockText(part(zone, small, SMALL_AT.isolated)),
  };
}

const SIXTY_FOURS_A_ZONE = 4;
/** With all of its four groups, or without the last ones that are zero. */
const SLASH_56 = /^([0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,3})::\/56$/i;

/**
 * @param vpc the /56 that AWS gave the VPC, as `2600:1f18:1234:5600::/56`
 * @returns the subnet's /64
 * @throws RangeError where it is no /56
 */
export function allocateIpv6(vpc: string, zoneId: string, tier: Tier): string {
  const groups = SLASH_56.exec(vpc)?.[1]?.split(':') ?? [];
  const [a, b = '0', c = '0', d = '0'] = groups;
  const fourth = parseInt(d, 16);
  if (a === undefined || fourth % 256 !== 0) {
    throw new RangeError(
      `${JSON.stringify(vpc)} is no block of IPv6 as AWS gives it, a /56 with :: at its end`,
    );
  }
  const n = (zoneNumber(zoneId) - 1) * SIXTY_FOURS_A_ZONE + TIERS.indexOf(tier);
  return `${a}:${b}:${c}:${(fourth + n).toString(16)}::/64`;
}
