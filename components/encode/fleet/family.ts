/** What all children of a fleet share. */
import type * as pulumi from '@pulumi/pulumi';
import { tagsFor, transformed, type Child, type Transform } from '../../kit';
import type { NvencEncodeFleetTransforms } from './args';
import { NVENC_ENCODE_FLEET, fleetName } from './names';
import type { NormalFleet } from './normalise';

export interface Family {
  readonly component: pulumi.ComponentResource;
  readonly name: string;
  /** As errors name it. */
  readonly owner: string;
  readonly args: NormalFleet;
  readonly transform: NvencEncodeFleetTransforms;
}

/** What a child is made from, besides the arguments of its own. */
export interface Made {
  /** Logical name. */
  readonly child: string;
  /** Name in AWS. */
  readonly name: string;
  readonly tags: Record<string, pulumi.Input<string>>;
}

/** @param suffix of the fleet's name; none for what is the fleet's own */
export function made({ name, args }: Family, suffix: string): Made {
  const child = `${name}-${suffix}`;
  return { child, name: fleetName(child), tags: tagsFor(NVENC_ENCODE_FLEET, child, args.tags) };
}

/** A child's constructor's arguments. */
export function childOf<K extends keyof NvencEncodeFleetTransforms, Args extends object>(
  { component, transform }: Family,
  kind: K,
  name: string,
  args: Args,
  opts: pulumi.CustomResourceOptions = {},
): Child<Args> {
  const change = transform[kind] as Transform<Args> | undefined;
  return transformed(change, name, args, { parent: component, ...opts });
}
