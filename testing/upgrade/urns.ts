/** URNs as the engine takes them apart and makes them: sdk/go/common/resource/urn, resource/alias.go. */

export const STACK = 'pulumi:pulumi:Stack';

/** The type with those of its parents. */
export const qualifiedTypeOf = (urn: string): string => urn.split('::')[2] ?? '';

export const typeOf = (urn: string): string => qualifiedTypeOf(urn).split('$').at(-1) ?? '';

/** The name, which may itself hold `::`. */
export const nameOf = (urn: string): string => urn.split('::').slice(3).join('::');

export interface Stack {
  readonly project: string;
  readonly stack: string;
}

/** @param parent its URN, or '' for none and for the stack */
export function aliasUrn(name: string, type: string, parent: string, { project, stack }: Stack): string {
  const prefix =
    parent === '' ? `urn:pulumi:${stack}::${project}::` : `${parent.slice(0, parent.lastIndexOf('::'))}$`;
  return `${prefix}${type}::${name}`;
}

/**
 * What a child was called while its parent had another URN. A name that begins with that of the parent begins with
 * the parent's old one then.
 */
export function inheritedUrn(
  name: string,
  type: string,
  parentName: string,
  parentAlias: string,
  { project, stack }: Stack,
): string {
  const old = name.startsWith(parentName) ? nameOf(parentAlias) + name.slice(parentName.length) : name;
  const above = qualifiedTypeOf(parentAlias);
  const qualified = above === '' || above === STACK ? type : `${above}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${old}`;
}
