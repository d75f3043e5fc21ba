export const STACK_TYPE = 'pulumi:pulumi:Stack';

/** The type with those of its parents, which is the third part of a URN. */
function qualifiedType(urn: string): string {
  return urn.split('::')[2] ?? '';
}

/** The name, which may itself hold `::`. */
export function nameOfUrn(urn: string): string {
  return urn.split('::').slice(3).join('::');
}

/** As the engine makes them: the types of all parents except the stack, then the type (sdk/go/common/resource/urn). */
export function urnOf(
  at: { stack: string; project: string },
  parent: string,
  type: string,
  name: string,
): string {
  const above = parent === '' ? '' : qualifiedType(parent);
  const qualified = above === '' || above === STACK_TYPE ? type : `${above}$${type}`;
  return `urn:pulumi:${at.stack}::${at.project}::${qualified}::${name}`;
}
