import { isFields, markOf, WIRE } from './values';
import type { Graph, GraphResource, GraphValue } from './types';

/** What `pulumi stack export` writes, as far as `pulumi policy analyze --file` reads it. */
export interface PulumiState {
  readonly version: 3;
  readonly deployment: {
    readonly manifest: { readonly time: string; readonly magic: string; readonly version: string };
    readonly resources: readonly StateResource[];
  };
}

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly inputs: unknown;
  readonly outputs: unknown;
  readonly parent?: string;
  readonly provider?: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: { readonly [property: string]: readonly string[] };
  readonly protect?: boolean;
  readonly external?: boolean;
}

/** The text that stands for each secret: a rule may ask whether there is a value, never what it is. */
export const SECRET_STAND_IN = '[secret]';

/** The graph as an exported state. Its order is the graph's: parents and dependencies first. */
export function toPulumiState(graph: Graph): PulumiState {
  const providers = graph.providers
    .filter(({ explicit }) => !explicit)
    .map((provider): StateResource => ({
      ...{ urn: provider.urn, custom: true, id: provider.id, type: `pulumi:providers:${provider.package}` },
      ...{ inputs: converted(provider.configuration), outputs: converted(provider.configuration) },
      ...{ dependencies: [], propertyDependencies: {} },
    }));
  return {
    version: 3,
    deployment: {
      manifest: { time: '1970-01-01T00:00:00Z', magic: '', version: '' },
      resources: [...providers, ...graph.resources.map(stateOf)],
    },
  };
}

function stateOf(resource: GraphResource): StateResource {
  const { urn, type, custom, dependencies, propertyDependencies } = resource;
  return {
    ...{ urn, type, custom, dependencies, propertyDependencies },
    ...(custom && resource.id !== null && { id: resource.id }),
    inputs: converted(resource.inputs),
    outputs: converted(resource.outputs),
    ...(resource.parent !== null && { parent: resource.parent }),
    ...(resource.provider !== null && { provider: resource.provider }),
    ...(resource.options.protect === true && { protect: true }),
    ...(resource.external && { external: true }),
  };
}

function converted(value: GraphValue): unknown {
  const mark = markOf(value);
  if (mark !== undefined && isFields(value)) return fromMark(mark, value[mark] as GraphValue);
  if (Array.isArray(value)) return (value as readonly GraphValue[]).map(converted);
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, converted(item)]));
}

function fromMark(mark: string, content: GraphValue): unknown {
  switch (mark) {
    case '$secret':
      return { [WIRE.signature]: WIRE.secret, plaintext: JSON.stringify(SECRET_STAND_IN) };
    case '$asset':
      return assetState(content as Record<string, GraphValue>);
    case '$resource':
      return { [WIRE.signature]: WIRE.resource, urn: content };
    case '$unknown':
      return WIRE.unknown;
    default:
      return Object.fromEntries(
        Object.entries(content as Record<string, GraphValue>).map(([key, item]) => [key, converted(item)]),
      );
  }
}

function assetState({ kind, hash, path, uri, members }: Record<string, GraphValue>): unknown {
  return {
    [WIRE.signature]: kind === 'archive' ? WIRE.archive : WIRE.asset,
    ...(hash !== undefined && { hash }),
    ...(path !== undefined && { path }),
    ...(uri !== undefined && { uri }),
    ...(members !== undefined && { assets: converted(members) }),
    // A state needs one of path, URI, text and members.
    ...(path === undefined && uri === undefined && members === undefined && { text: '' }),
  };
}
