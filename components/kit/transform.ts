/** The escape hatch: what a component would give to a child, changed just before it does. */
import type * as pulumi from '@pulumi/pulumi';

/** Properties to set, or a function that changes arguments and options in place. */
export type Transform<Args> =
  Partial<Args> | ((args: Args, opts: pulumi.CustomResourceOptions, name: string) => void);

/** A child's arguments: spread them into its constructor. */
export type Child<Args> = [name: string, args: Args, opts: pulumi.CustomResourceOptions];

/** The component's own arguments are left as they were. */
export function transformed<Args extends object>(
  transform: Transform<Args> | undefined,
  ...[name, args, opts]: Child<Args>
): Child<Args> {
  if (typeof transform !== 'function') return [name, { ...args, ...transform }, opts];
  const child: Child<Args> = [name, { ...args }, { ...opts }];
  transform(child[1], child[2], name);
  return child;
}
