/** How components make their children: named, tagged, parented, and changed by whoever asked for it. */
import * as pulumi from '@pulumi/pulumi';
import { physicalName, type NameContext } from './names';
import { tagsFor, type Tags } from './tags';
import { transformed, type Child, type Transform } from './transform';

/** What a child is made from, besides the arguments of its own. */
export interface Made {
  /** Logical name. */
  readonly child: string;
  /** Name in AWS. */
  readonly name: string;
  readonly tags: Record<string, pulumi.Input<string>>;
}

/** A component, as far as its children's names go. */
export interface NamedParent {
  readonly name: string;
  readonly args: { readonly tags: Tags };
}

/**
 * @param type the last part of the component's type, which its children's tags have
 * @param nameOf the name in AWS of a logical name
 * @returns what names a child by the end of its name
 */
export const maker =
  (type: string, nameOf: (child: string) => string) =>
  ({ name, args }: NamedParent, suffix: string): Made => {
    const child = `${name}-${suffix}`;
    return { child, name: nameOf(child), tags: tagsFor(type, child, args.tags) };
  };

/** A component, as far as its children's options go. */
export interface ChildParent<Transforms> {
  readonly component: pulumi.ComponentResource;
  readonly transform: Transforms;
}

/** @returns what gives a child's constructor its arguments, by the kind that users know the child by */
export const childrenOf =
  <Transforms extends object>() =>
  <Args extends object>(
    { component, transform }: ChildParent<Transforms>,
    kind: keyof Transforms & string,
    name: string,
    args: Args,
    opts: pulumi.CustomResourceOptions = {},
  ): Child<Args> => {
    // By a plain table: the union of all kinds' arguments is more than the compiler takes.
    const changes = transform as Readonly<Record<string, unknown>>;
    return transformed(changes[kind] as Transform<Args> | undefined, name, args, {
      parent: component,
      ...opts,
    });
  };

/** Of the program that runs. */
export const contextOf = (name: string): NameContext => ({
  organization: pulumi.getOrganization(),
  project: pulumi.getProject(),
  stack: pulumi.getStack(),
  name,
});

const MAX_NAME = 63;

/**
 * `<project>-<stack>-<name>-<hash>`, by the narrowest rule (63 of a-z, 0-9 and hyphens), which every service here takes
 * but Elastic Load Balancing: IAM roles have 64 characters, launch templates 128, all others 255 or more. So names are
 * alike, and known before anything exists: an instance is told its cluster's name.
 */
export function plainName(name: string): string {
  const found = physicalName('aws:s3/bucket:Bucket', contextOf(name));
  // Capacity providers and security groups may not begin so.
  return /^(?:aws|ecs|fargate|sg-|amazon)/.test(found) ? `m-${found}`.slice(0, MAX_NAME) : found;
}
