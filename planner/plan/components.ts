import { counted, type Reader } from './reader';
import type { PlannedComponent } from './types';

/** The stack and its components, each with its own resources. */
export function componentsOf(reader: Reader): PlannedComponent[] {
  const owned = new Map<string, { path: string; type: string; external: boolean }[]>();
  for (const resource of reader.graph.resources) {
    if (!resource.custom || resource.type.startsWith('pulumi:providers:')) continue;
    const owner = reader.component(resource)?.urn ?? '';
    const { type, external } = resource;
    owned.set(owner, [...(owned.get(owner) ?? []), { path: reader.path(resource), type, external }]);
  }
  const stack = reader.graph.resources.find(({ type }) => type === 'pulumi:pulumi:Stack');
  const component = (urn: string, path: string, type: string, parent: string | null): PlannedComponent => {
    const resources = [...(owned.get(urn) ?? [])].sort((a, b) => (a.path < b.path ? -1 : 1));
    return { urn, path, type, parent, counts: counted(resources.map((each) => each.type)), resources };
  };
  const components = reader.graph.resources
    .filter(({ custom, type }) => !custom && type !== 'pulumi:pulumi:Stack')
    .map((resource) => {
      const above = reader.component(resource)?.urn ?? stack?.urn ?? '';
      return component(resource.urn, reader.path(resource), resource.type, above);
    })
    .sort((a, b) => compare(a.path, b.path) || compare(a.type, b.type));
  return [component(stack?.urn ?? '', '', 'pulumi:pulumi:Stack', null), ...components];
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
