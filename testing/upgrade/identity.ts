/** Which resource of the new version is which of the old one: pkg/resource/deploy/step_generator.go, getOldResource. */
import type { Graph, GraphResource, GraphValue } from '../../planner/graph/types';
import { aliasUrn, inheritedUrn, nameOf, qualifiedTypeOf, STACK, typeOf } from './urns';

/** Two resources claim to have been the same one; the engine refuses the run. */
export interface Claim {
  /** URN of the old resource. */
  readonly alias: string;
  readonly claimants: readonly string[];
}

export interface Identity {
  /** Old resources by the URNs of the new ones. */
  readonly olds: ReadonlyMap<string, GraphResource>;
  readonly conflicts: readonly Claim[];
}

export function identify(before: Graph, after: Graph): Identity {
  const old = new Map(before.resources.map((resource) => [resource.urn, resource]));
  const olds = new Map<string, GraphResource>();
  /** The old URN of those that were found by an alias, by the new one. */
  const aliases = new Map<string, string>();
  for (const resource of inOrder(after)) {
    const urn = [resource.urn, ...aliasesOf(resource, aliases, after)].find((each) => old.has(each));
    if (urn === undefined) continue;
    olds.set(resource.urn, old.get(urn)!);
    if (urn !== resource.urn) aliases.set(resource.urn, urn);
  }
  return { olds, conflicts: conflictsOf(after, aliases) };
}

/** As the engine meets them: after their parents and those that their aliases name, whose URNs the program awaits. */
function inOrder(graph: Graph): GraphResource[] {
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  const met = new Set<GraphResource>();
  const ordered: GraphResource[] = [];
  const meet = (resource: GraphResource | undefined): void => {
    if (!resource || met.has(resource)) return;
    met.add(resource);
    for (const urn of [resource.parent, ...(resource.options.aliases ?? []).map(parentIn)]) {
      if (typeof urn === 'string') meet(byUrn.get(urn));
    }
    ordered.push(resource);
  };
  graph.resources.forEach(meet);
  return ordered;
}

const parentIn = (alias: GraphValue): unknown =>
  typeof alias === 'string' ? undefined : (alias as { readonly parentUrn?: unknown }).parentUrn;

/** All URNs that a resource may have had, its own aliases first, then those that its parent's alias brings. */
function aliasesOf(resource: GraphResource, aliases: ReadonlyMap<string, string>, graph: Graph): string[] {
  const { name, type, parent } = resource;
  const own = (resource.options.aliases ?? []).map((alias) => collapsed(alias, resource, aliases, graph));
  const parentAlias = parent === null ? undefined : aliases.get(parent);
  if (parent === null || parentAlias === undefined) return own;
  const inherited = (childName: string, childType: string): string =>
    inheritedUrn(childName, childType, nameOf(parent), parentAlias, graph);
  return [...own, inherited(name, type), ...own.map((urn) => inherited(nameOf(urn), typeOf(urn)))];
}

function collapsed(
  alias: GraphValue,
  { name, type, parent }: GraphResource,
  aliases: ReadonlyMap<string, string>,
  graph: Graph,
): string {
  if (typeof alias === 'string') return alias;
  const spec = alias as { readonly [field: string]: string | boolean | undefined };
  const text = (field: string): string | undefined =>
    typeof spec[field] === 'string' ? spec[field] : undefined;
  const given = text('parentUrn');
  // A parent that is given may itself have been found by an alias.
  const above = given === undefined ? (parent ?? '') : (aliases.get(given) ?? given);
  const isNone = spec['noParent'] === true || qualifiedTypeOf(above) === STACK;
  return aliasUrn(text('name') ?? name, text('type') ?? type, isNone ? '' : above, {
    project: text('project') ?? graph.project,
    stack: text('stack') ?? graph.stack,
  });
}

function conflictsOf(after: Graph, aliases: ReadonlyMap<string, string>): Claim[] {
  const claims = new Map<string, string[]>();
  for (const [urn, alias] of aliases) claims.set(alias, [...(claims.get(alias) ?? []), urn]);
  return [...claims]
    .map(([alias, claimants]) => ({
      alias,
      claimants: after.resources.some(({ urn }) => urn === alias) ? [alias, ...claimants] : claimants,
    }))
    .filter(({ claimants }) => claimants.length > 1);
}
