import type { GraphResource } from './types';

type Placed = Pick<GraphResource, 'urn' | 'parent' | 'provider' | 'dependencies'>;

/** Parents, providers and dependencies first, then by URN. */
export function inOrder<R extends Placed>(resources: readonly R[]): R[] {
  const sorted = [...resources].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  const waiting = new Map(sorted.map((resource) => [resource.urn, resource]));
  const result: R[] = [];
  const place = (urn: string) => {
    const resource = waiting.get(urn);
    if (!resource) return;
    waiting.delete(urn);
    if (resource.parent !== null) place(resource.parent);
    if (resource.provider !== null) place(resource.provider.slice(0, resource.provider.lastIndexOf('::')));
    for (const dependency of resource.dependencies) place(dependency);
    result.push(resource);
  };
  for (const { urn } of sorted) place(urn);
  return result;
}
