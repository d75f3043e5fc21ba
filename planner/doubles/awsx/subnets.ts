import { after, aligned, blockOf, contains, first, last, overlap, sizeOf, textOf } from './cidr';
import type { Block } from './cidr';

/** How many addresses each subnet of a VPC gets: the strategies of awsx.ec2.Vpc. */
export interface SubnetSpec {
  readonly type: string;
  readonly name?: string;
  readonly cidrMask?: number;
  readonly size?: number;
  readonly cidrBlocks?: readonly string[];
  readonly assignIpv6AddressOnCreation?: boolean;
  readonly tags?: unknown;
}

export interface Subnet {
  readonly type: string;
  readonly zone: string;
  /** From 0. */
  readonly zoneIndex: number;
  readonly cidrBlock: string;
  /** The logical name, from the number of the zone. */
  readonly resourceName: string;
  readonly nameTag: string;
  readonly spec: SubnetSpec;
}

export interface Layout {
  readonly name: string;
  readonly cidrBlock: string;
  readonly zones: readonly string[];
  readonly strategy: string;
  readonly specs: readonly SubnetSpec[] | undefined;
  readonly zoneMask: number | undefined;
  readonly nameTags: string;
}

/** Smallest and largest subnet that upstream takes, by mask. */
const LARGEST_ZONE_MASK = 26;
const DEFAULT_SPECS: readonly SubnetSpec[] = [{ type: 'Private' }, { type: 'Public' }];

/**
 * The subnets of all zones, in upstream's order.
 * @throws Error that says what does not fit
 */
export function subnetsOf(layout: Layout): Subnet[] {
  const specs = layout.specs && normalised(layout.specs, layout.zones.length);
  if (layout.strategy === 'AutoMerge' && specs?.some(({ cidrBlocks }) => cidrBlocks)) {
    throw new Error('subnetSpecs: AutoMerge takes no cidrBlocks; use Auto or Exact');
  }
  const subnets = allocated(layout, specs);
  const overlapping = subnets.filter((a) =>
    subnets.some((b) => a !== b && overlap(blockOf(a.cidrBlock), blockOf(b.cidrBlock))),
  );
  if (overlapping.length > 0) {
    const each = overlapping.map(({ resourceName, cidrBlock }) => `${resourceName} ${cidrBlock}`);
    throw new Error(
      `subnets overlap: ${each.join(', ')}; make the VPC's block larger, the subnets smaller, or the zones fewer`,
    );
  }
  if (layout.strategy === 'Exact') noGaps(layout.cidrBlock, subnets);
  return subnets;
}

function allocated(layout: Layout, specs: readonly SubnetSpec[] | undefined): Subnet[] {
  const { strategy, zones } = layout;
  const auto = strategy === 'Auto' || strategy === 'AutoMerge';
  if (strategy === 'Legacy' || (!specs && !auto)) return legacy(layout, specs);
  if (specs?.some(({ cidrBlocks }) => cidrBlocks)) {
    return zones.flatMap((_, zone) =>
      specs.map((spec) => subnet(layout, spec, zone, spec.cidrBlocks?.[zone] ?? '')),
    );
  }
  return divided(layout, strategy === 'AutoMerge' ? merged(specs ?? []) : specs);
}

/** Each zone gets an equal part, and in it each subnet what it asks for, in the order that they are given. */
function divided(layout: Layout, specs: readonly SubnetSpec[] | undefined): Subnet[] {
  const vpc = blockOf(layout.cidrBlock);
  const zoneMask = layout.zoneMask ?? vpc.mask + bitsFor(layout.zones.length);
  const all = specs ?? DEFAULT_SPECS;
  if (all.length === 0) throw new Error('subnetSpecs: give at least one, or leave it out');
  const masks = masksOf(all, zoneMask, specs === undefined || layout.strategy === 'AutoMerge');
  const needed = masks.reduce((sum, mask) => sum + sizeOf(mask), 0);
  if (needed > sizeOf(zoneMask)) {
    throw new Error(
      `subnets need ${needed} addresses a zone, and the VPC has ${sizeOf(zoneMask)}; ` +
        "make the VPC's block larger or the subnets smaller",
    );
  }
  const start = aligned({ address: first(vpc), mask: zoneMask }).address;
  return layout.zones.flatMap((_, zone) => {
    let previous: Block | undefined;
    return all.map((spec, n) => {
      const mask = masks[n] ?? zoneMask;
      const block: Block = previous
        ? after(previous, mask)
        : aligned({ address: start + zone * sizeOf(zoneMask), mask });
      previous = block;
      return subnet(layout, spec, zone, textOf(block));
    });
  });
}

/** Defaults that nobody changed get half of the zone, then a quarter; others share it evenly. */
function masksOf(specs: readonly SubnetSpec[], zoneMask: number, defaults: boolean): number[] {
  if (defaults && zoneMask > LARGEST_ZONE_MASK) {
    throw new Error(
      `a zone has a /${zoneMask} only, and subnets are laid out by themselves from a /${LARGEST_ZONE_MASK} on; ` +
        'give subnetSpecs with their sizes, or a larger block',
    );
  }
  const even = zoneMask + bitsFor(specs.length);
  return specs.map((spec, n) => {
    return spec.cidrMask ?? (DEFAULT_SPECS.includes(spec) ? Math.max(zoneMask, 16) + n + 1 : even);
  });
}

/** The defaults, changed by what is given without a name for the same type, then the rest. */
function merged(specs: readonly SubnetSpec[]): SubnetSpec[] {
  const changes = (type: string) =>
    specs.filter((spec) => spec.name === undefined && same(spec.type, type)).at(-1);
  const rest = specs.filter(
    (spec) => spec.name !== undefined || !DEFAULT_SPECS.some(({ type }) => same(type, spec.type)),
  );
  return [...DEFAULT_SPECS.map((each) => changes(each.type) ?? each), ...rest];
}

/** Private subnets first in each zone, then public, then isolated ones, by the sizes of old releases. */
function legacy(layout: Layout, specs: readonly SubnetSpec[] | undefined): Subnet[] {
  const zoneBits = bitsFor(layout.zones.length);
  const bases = layout.zones.map((_, zone) => part(blockOf(layout.cidrBlock), zoneBits, zone));
  if (!specs) {
    const halves = bases.map((base) => part(base, 1, 0));
    const quarters = halves.map((half) => part(part(half, 0, 1), 1, 0));
    return [
      ...halves.map((block, zone) => subnet(layout, { type: 'Private' }, zone, textOf(block))),
      ...quarters.map((block, zone) => subnet(layout, { type: 'Public' }, zone, textOf(block))),
    ];
  }
  const share = specs.length === 1 ? 0 : 1;
  return bases.flatMap((base, zone) => {
    const made: Subnet[] = [];
    let previous: Block = { address: first(base) - 1, mask: 32 };
    let before: Block | undefined;
    for (const [type, smallest] of LEGACY_ORDER) {
      const of = before;
      for (const [n, spec] of specs.filter((each) => same(each.type, type)).entries()) {
        const mask = spec.cidrMask ?? Math.max(base.mask + share, smallest);
        const start = of ? part(of, 0, 1) : base;
        let block = part(start, mask - (of ?? base).mask, n);
        if (overlap(previous, block)) block = after(previous, mask);
        made.push(subnet(layout, { ...spec, type }, zone, textOf(block)));
        previous = block;
        before = block;
      }
    }
    return made;
  });
}

/** With the mask that a subnet of that type has at most. */
const LEGACY_ORDER = [
  ['Private', 19],
  ['Public', 20],
  ['Isolated', 24],
] as const;

/** The n-th of the parts that a block falls into with so many bits more (or fewer). */
function part({ address, mask }: Block, bits: number, n: number): Block {
  const smaller = mask + bits;
  if (smaller > 32)
    throw new Error(`a /${mask} can't be split by ${bits} bits more; make the VPC's block larger`);
  return { address: address + sizeOf(smaller) * n, mask: smaller };
}

function subnet(layout: Layout, spec: SubnetSpec, zoneIndex: number, cidrBlock: string): Subnet {
  const zone = layout.zones[zoneIndex] ?? '';
  const start = `${layout.name}-${spec.name ?? spec.type.toLowerCase()}`;
  return {
    ...{ type: spec.type, zone, zoneIndex, cidrBlock, spec, resourceName: `${start}-${zoneIndex + 1}` },
    nameTag: `${start}-${layout.nameTags === 'AvailabilityZone' ? zoneSuffix(zone) : zoneIndex + 1}`,
  };
}

/** `1a` of us-east-1a. */
export function zoneSuffix(zone: string): string {
  return zone.replace(/^[a-z]{2}(?:-[a-z]+)+-/, '');
}

function bitsFor(count: number): number {
  return count === 0 ? 0 : Math.ceil(Math.log2(count));
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Masks in place of sizes, and everything that does not agree, at once. */
function normalised(specs: readonly SubnetSpec[], zones: number): SubnetSpec[] {
  const problems: string[] = [];
  for (const type of new Set(specs.map((spec) => spec.type.toLowerCase()))) {
    const names = specs.filter((spec) => same(spec.type, type)).map(({ name }) => name);
    if (new Set(names).size < names.length) {
      problems.push(`several subnets of the type ${type} need names of their own; one of them may have none`);
    }
  }
  const explicit = specs.some(({ cidrBlocks }) => cidrBlocks);
  const result = specs.map((spec, n) => {
    const where = `subnetSpecs[${n}]`;
    const ofSize = spec.size === undefined ? undefined : 32 - Math.log2(spec.size);
    if (ofSize !== undefined && (!Number.isInteger(ofSize) || ofSize < 0 || ofSize > 30)) {
      problems.push(`${where}: the size ${spec.size} is no power of two from 4 to 4294967296`);
    }
    const blocks = spec.cidrBlocks;
    if (!explicit) {
      if (ofSize !== undefined && spec.cidrMask !== undefined && spec.cidrMask !== ofSize) {
        problems.push(`${where}: the size ${spec.size} is not that of a /${spec.cidrMask}`);
      }
    } else if (!blocks)
      problems.push(`${where}: cidrBlocks are missing; give them for all subnets or for none`);
    else if (blocks.length !== zones) {
      problems.push(`${where}: ${blocks.length} cidrBlocks for ${zones} zones; give one for each`);
    } else if (
      blocks.some((block) => blockOf(block).mask !== (spec.cidrMask ?? ofSize ?? blockOf(block).mask))
    ) {
      problems.push(`${where}: cidrBlocks are of another size than cidrMask or size`);
    }
    const cidrMask = spec.cidrMask ?? (explicit ? undefined : ofSize);
    return {
      ...spec,
      ...(cidrMask !== undefined && { cidrMask, ...(!explicit && { size: sizeOf(cidrMask) }) }),
    };
  });
  if (problems.length > 0) throw new Error(problems.join('; '));
  return result;
}

function noGaps(vpcBlock: string, subnets: readonly Subnet[]): void {
  const vpc = blockOf(vpcBlock);
  let next = first(vpc);
  const gaps: string[] = [];
  for (const { resourceName, cidrBlock } of subnets) {
    const block = blockOf(cidrBlock);
    if (first(block) !== next) gaps.push(`before ${resourceName} (${cidrBlock})`);
    next = last(block) + 1;
  }
  if (next !== last(vpc) + 1) gaps.push(`after ${subnets.at(-1)?.resourceName ?? 'nothing'}`);
  if (gaps.length > 0) {
    throw new Error(
      `the strategy Exact leaves no addresses over, and there are some ${gaps.join(', ')}; add specs of type Unused`,
    );
  }
}

/** The layout as specs of the strategy Auto, from the first zone: what is between two subnets is `Unused`. */
export function layoutOf(subnets: readonly Subnet[], zones: number): { type: string; cidrMask: number }[] {
  const result: { type: string; cidrMask: number }[] = [];
  let previous: Block | undefined;
  for (const { type, cidrBlock } of subnets.slice(0, subnets.length / zones)) {
    const block = blockOf(cidrBlock);
    if (previous)
      result.push(...gapsBetween(previous, block).map((mask) => ({ type: 'Unused', cidrMask: mask })));
    result.push({ type, cidrMask: block.mask });
    previous = block;
  }
  return result;
}

/** The masks of the widest blocks that fill what is between two. */
function gapsBetween(a: Block, b: Block): number[] {
  const [low, high] = first(a) < first(b) ? [a, b] : [b, a];
  const masks: number[] = [];
  let next = aligned({ address: last(low) + 1, mask: low.mask });
  let end = last(a);
  while (first(next) < first(high)) {
    for (;;) {
      const wider = aligned({ address: next.address, mask: next.mask - 1 });
      if (wider.mask < 0 || contains(wider, end) || contains(wider, first(high))) break;
      next = wider;
    }
    masks.push(next.mask);
    end = last(next);
    next = { address: end + 1, mask: next.mask };
  }
  return masks;
}
