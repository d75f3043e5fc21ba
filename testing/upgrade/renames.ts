/** Which deletion and creation are one resource under two names: a guess for the message, not for the outcome. */
import type { Graph, GraphResource } from '../../planner/graph/types';
import { same } from '../../planner/graph/values';
import type { Kept } from './changes';
import { inheritedUrn, STACK } from './urns';

export interface Pair {
  readonly from: GraphResource;
  readonly to: GraphResource;
  /** The aliases that would keep it. */
  readonly remedy: string;
}

/** Inputs by which resources of AWS are named. */
const NAMES = ['bucket', 'name', 'functionName', 'identifier', 'clusterIdentifier', 'repositoryName'];

export function pairsOf(
  before: Graph,
  after: Graph,
  deleted: readonly GraphResource[],
  created: readonly GraphResource[],
  kept: Kept,
): Pair[] {
  const old = new Map(before.resources.map((resource) => [resource.urn, resource]));
  const now = new Map(after.resources.map((resource) => [resource.urn, resource]));
  const pairs = new Map<string, GraphResource>();
  const taken = new Set<string>();
  // Parents first, so that children can be compared by them.
  for (const to of created) {
    const parents = to.parent === null ? '' : (pairs.get(to.parent)?.urn ?? kept.urn(to.parent));
    const scored = deleted
      .filter((from) => !taken.has(from.urn))
      .map((from) => ({ from, score: scoreOf(from, to, parents) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score);
    const [best, second] = scored;
    if (!best || (second && second.score === best.score)) continue;
    pairs.set(to.urn, best.from);
    taken.add(best.from.urn);
  }
  return created.flatMap((to) => {
    const from = pairs.get(to.urn);
    return from ? [{ from, to, remedy: remedyOf(from, to, pairs, old, now, after) }] : [];
  });
}

/** 0: not the same. */
function scoreOf(from: GraphResource, to: GraphResource, parent: string): number {
  const [sameType, sameName, sameParent] = [
    from.type === to.type,
    from.name === to.name,
    (from.parent ?? '') === parent,
  ];
  if (from.custom !== to.custom) return 0;
  if (!sameType) {
    // A component may be called anything; a resource of AWS only changes its module or version.
    const alike = !to.custom || tail(from.type) === tail(to.type);
    return sameName && sameParent && alike ? 2 : 0;
  }
  const named = NAMES.some(
    (input) => typeof to.inputs[input] === 'string' && to.inputs[input] === from.inputs[input],
  );
  const holdsSomething = Object.keys(to.inputs).length > 0;
  return (
    (named && to.custom ? 8 : 0) +
    (holdsSomething && same(from.inputs, to.inputs) ? 4 : 0) +
    (sameName ? 4 : 0) +
    (sameParent ? 2 : 0) +
    // As children of one component often are.
    (sharedEnd(from.name, to.name) ? 1 : 0)
  );
}

const tail = (type: string): string => type.split(/[:/]/).at(-1) ?? '';

const sharedEnd = (a: string, b: string): boolean => {
  const end = a.split('-').at(-1);
  return end !== undefined && end === b.split('-').at(-1);
};

function remedyOf(
  from: GraphResource,
  to: GraphResource,
  pairs: ReadonlyMap<string, GraphResource>,
  old: ReadonlyMap<string, GraphResource>,
  now: ReadonlyMap<string, GraphResource>,
  graph: Graph,
): string {
  const above = to.parent === null ? undefined : pairs.get(to.parent);
  if (above && to.parent !== null) {
    const parentName = now.get(to.parent)?.name ?? '';
    if (inheritedUrn(to.name, to.type, parentName, above.urn, graph) === from.urn) {
      return `an alias of its parent (${to.parent}) would keep it`;
    }
  }
  const parentMoved = from.parent !== to.parent && above?.urn !== from.parent;
  const parent = from.parent === null ? undefined : old.get(from.parent);
  const isTop = parent === undefined || parent.type === STACK;
  const parts = [
    ...(from.name !== to.name ? [`name: '${from.name}'`] : []),
    ...(from.type !== to.type ? [`type: '${from.type}'`] : []),
    ...(parentMoved ? [isTop ? 'parent: pulumi.rootStackResource' : `parent: <${from.parent}>`] : []),
  ];
  const aliasOfParent = above ? ` (and an alias of its parent ${to.parent})` : '';
  return `aliases: [{ ${parts.join(', ')} }]${aliasOfParent} would keep it`;
}
