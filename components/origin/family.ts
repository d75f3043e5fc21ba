/** What all children of an origin share. */
import type * as pulumi from '@pulumi/pulumi';
import { tagsFor, transformed, type Child, type Transform } from '../kit';
import type { LlHlsOriginTransforms } from './args';
import { LL_HLS_ORIGIN, originName } from './names';
import type { NormalOrigin } from './normalise';

export interface Family {
  readonly component: pulumi.ComponentResource;
  readonly name: string;
  /** As errors name it. */
  readonly owner: string;
  readonly args: NormalOrigin;
  /** Whether the engine refuses to delete the load balancer. */
  readonly protect: boolean;
  readonly transform: LlHlsOriginTransforms;
}

/** What a child is made from, besides the arguments of its own. */
export interface Made {
  /** Logical name. */
  readonly child: string;
  /** Name in AWS. */
  readonly name: string;
  readonly tags: Record<string, pulumi.Input<string>>;
}

/** @param suffix of the origin's name */
export function made({ name, args }: Family, suffix: string): Made {
  const child = `${name}-${suffix}`;
  return { child, name: originName(child), tags: tagsFor(LL_HLS_ORIGIN, child, args.tags) };
}

/** A child's constructor's arguments. */
export function childOf<Args extends object>(
  { component, transform }: Family,
  kind: keyof LlHlsOriginTransforms,
  name: string,
  args: Args,
  opts: pulumi.CustomResourceOptions = {},
): Child<Args> {
  // By a plain table: the union of all kinds' arguments is more than the compiler takes.
  const changes = transform as Readonly<Record<string, unknown>>;
  const change = changes[kind] as Transform<Args> | undefined;
  return transformed(change, name, args, { parent: component, ...opts });
}
