import { Providers } from '../../planner/record/providers';
import { WIRE, isFields, markOf, type Fields } from '../../planner/graph/values';
import type { Graph, ResourceOptions } from '../../planner/graph/types';

/**
 * A stack in the form in which the engine's state and the recorded graph must be equal; docs/engine.md says what is
 * in it, and what is left out and why. Lists are sorted, and empty ones absent.
 */
export interface NormalStack {
  readonly resources: { readonly [urn: string]: NormalResource };
  /** With the default ones, which the graph does not have among its resources. */
  readonly providers: { readonly [urn: string]: NormalProvider };
  readonly outputs: Fields;
}

export interface NormalResource {
  readonly type: string;
  readonly custom: boolean;
  readonly external: boolean;
  readonly parent: string | null;
  /** Null for components and providers: a provider's id is drawn by lot. */
  readonly id: unknown;
  /** URN, without the id. */
  readonly provider: string | null;
  readonly inputs: Fields;
  readonly outputs: Fields;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: { readonly [property: string]: readonly string[] };
  /** Those that the state keeps. */
  readonly options: Fields;
}

export interface NormalProvider {
  readonly package: string;
  readonly version: string | null;
  readonly region: string | null;
  readonly defaultTags: Fields;
}

const PROVIDER = 'pulumi:providers:';
const STACK = 'pulumi:pulumi:Stack';

/** A resource as `pulumi stack export` has it. */
interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly delete?: boolean;
  readonly external?: boolean;
  readonly parent?: string;
  readonly id?: string;
  readonly provider?: string;
  readonly inputs?: Fields;
  readonly outputs?: Fields;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: { readonly [property: string]: readonly string[] | null };
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deletedWith?: string;
  readonly importID?: string;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly additionalSecretOutputs?: readonly string[];
  readonly customTimeouts?: { readonly create?: number; readonly update?: number; readonly delete?: number };
  readonly resourceHooks?: { readonly [moment: string]: readonly string[] | null };
}

/** From what the engine keeps of a stack: the `deployment` of an exported state. */
export function normalState(deployment: unknown): NormalStack {
  const { resources: all = [] } = deployment as { resources?: readonly StateResource[] };
  const resources = all.filter((each) => each.delete !== true);
  return {
    resources: byUrn(resources.filter((each) => !isDefaultProvider(each)).map(fromState)),
    providers: byUrn(
      resources
        .filter(({ type }) => type.startsWith(PROVIDER))
        .map(({ urn, type, inputs = {} }) => {
          const name = type.slice(PROVIDER.length);
          const { version } = inputs;
          return { urn, ...normalProvider(urn, name, typeof version === 'string' ? version : null, inputs) };
        }),
    ),
    outputs: values(resources.find(({ type }) => type === STACK)?.outputs, fromWire),
  };
}

/** From a recorded graph. */
export function normalGraph(graph: Graph): NormalStack {
  return {
    resources: byUrn(
      graph.resources.map((resource) => {
        const { urn, type, custom, external, parent, provider } = resource;
        return {
          ...{ urn, type, custom, external, parent, provider: withoutId(provider) },
          id: hasDrawnId(type, custom) ? null : resource.id,
          inputs: values(resource.inputs, fromMark),
          outputs: values(resource.outputs, fromMark),
          dependencies: sorted(resource.dependencies),
          propertyDependencies: lists(resource.propertyDependencies),
          options: keptOptions(resource.options),
        };
      }),
    ),
    providers: byUrn(
      graph.providers.map((row) => ({
        ...{ urn: row.urn, package: row.package, version: row.version, region: row.region },
        defaultTags: values(row.defaultTags, fromMark),
      })),
    ),
    outputs: values(graph.outputs, fromMark),
  };
}

function fromState(resource: StateResource): NormalResource & { readonly urn: string } {
  const { urn, type, custom, inputs = {}, outputs = {} } = resource;
  const filled = Array.isArray(inputs['__defaults']) ? (inputs['__defaults'] as readonly unknown[]) : [];
  const provider = type.startsWith(PROVIDER);
  // What the provider's Check added to the program's own inputs.
  const added = new Set<unknown>(['__defaults', 'tagsAll', ...filled]);
  return {
    ...{ urn, type, custom, external: resource.external ?? false },
    ...{ parent: resource.parent ?? null, provider: withoutId(resource.provider ?? null) },
    id: hasDrawnId(type, custom) ? null : (resource.id ?? null),
    inputs: values(without(inputs, provider ? OF_ENGINE : custom ? added : NOTHING), fromWire),
    outputs: values(provider ? without(outputs, OF_ENGINE) : outputs, fromWire),
    dependencies: sorted(resource.dependencies ?? []),
    propertyDependencies: lists(resource.propertyDependencies ?? {}),
    options: stateOptions(resource),
  };
}

/** What the engine adds to the inputs of a provider; the graph has the version beside them. */
const OF_ENGINE = new Set<unknown>(['__internal', 'version']);
const NOTHING = new Set<unknown>();

function isDefaultProvider({ type, urn }: StateResource): boolean {
  return type.startsWith(PROVIDER) && /::default(_[0-9_]+)?$/.test(urn);
}

function hasDrawnId(type: string, custom: boolean): boolean {
  return !custom || type.startsWith(PROVIDER);
}

function normalProvider(urn: string, name: string, version: string | null, inputs: Fields): NormalProvider {
  const registry = new Providers({ stack: '', project: '' }, { values: {}, secretKeys: [] });
  const row = registry.addExplicit(urn, name, version ?? '', inputs);
  return {
    ...{ package: name, version, region: Providers.region(row) ?? null },
    defaultTags: values(Providers.defaultTags(row), fromWire),
  };
}

function stateOptions(resource: StateResource): Fields {
  const { customTimeouts = {}, resourceHooks = {} } = resource;
  return present({
    protect: resource.protect,
    retainOnDelete: resource.retainOnDelete,
    deletedWith: resource.deletedWith,
    importId: resource.importID,
    ignoreChanges: resource.ignoreChanges,
    replaceOnChanges: resource.replaceOnChanges,
    additionalSecretOutputs: resource.additionalSecretOutputs,
    customTimeouts: present({ ...customTimeouts }),
    hooks: present(
      Object.fromEntries(
        Object.entries(resourceHooks).map(([moment, names]) => [camelCased(moment), names ?? []]),
      ),
    ),
  });
}

/** Aliases are not among them: the state has only the one that an update matched; nor is the version. */
function keptOptions(options: ResourceOptions): Fields {
  const { protect, retainOnDelete, deletedWith, importId, ignoreChanges, replaceOnChanges } = options;
  const { additionalSecretOutputs, customTimeouts = {}, hooks = {} } = options;
  return present({
    ...{ protect, retainOnDelete, deletedWith, importId, ignoreChanges, replaceOnChanges },
    additionalSecretOutputs,
    customTimeouts: present(
      Object.fromEntries(Object.entries(customTimeouts).map(([step, text]) => [step, seconds(text)])),
    ),
    hooks: present({ ...hooks }),
  });
}

/** Without what is at its default. */
function present(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) =>
        value !== undefined &&
        value !== false &&
        value !== '' &&
        value !== 0 &&
        !(typeof value === 'object' && value !== null && Object.keys(value).length === 0),
    ),
  );
}

/** `5m` or `1h30m`, as the option has it; the state counts seconds. */
function seconds(text: string): number {
  const units: Fields = { h: 3600, m: 60, s: 1, ms: 0.001 };
  return [...text.matchAll(/([0-9.]+)(h|ms|m|s)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * Number(units[unit ?? '']),
    0,
  );
}

/** `BeforeCreate` of the engine is `beforeCreate` of the SDK. */
function camelCased(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function withoutId(reference: string | null): string | null {
  return reference === null || reference === '' ? null : reference.slice(0, reference.lastIndexOf('::'));
}

function without(fields: Fields, names: ReadonlySet<unknown>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));
}

function values(fields: Fields | undefined, change: (value: unknown) => unknown): Fields {
  return Object.fromEntries(Object.entries(fields ?? {}).map(([name, value]) => [name, change(value)]));
}

/** A secret is a mark without its text; an asset is its hash, and an archive what is in it. */
function fromWire(value: unknown): unknown {
  if (value === WIRE.unknown) return { $unknown: true };
  if (Array.isArray(value)) return value.map(fromWire);
  if (!isFields(value)) return value;
  switch (value[WIRE.signature]) {
    case undefined:
      return values(value, fromWire);
    case WIRE.secret:
      return { $secret: true };
    case WIRE.asset:
      return { $asset: value['hash'] ?? null };
    case WIRE.archive:
      return archive(value['assets'], fromWire);
    case WIRE.resource:
      return { $resource: value['urn'] };
    default:
      return value;
  }
}

function fromMark(value: unknown): unknown {
  const mark = markOf(value);
  if (Array.isArray(value)) return value.map(fromMark);
  if (!isFields(value)) return value;
  switch (mark) {
    case '$secret':
    case '$unknown':
      return { [mark]: true };
    case '$asset':
      return ofAsset(value['$asset'] as Fields);
    case '$resource':
      return value;
    default:
      return values(mark === '$literal' ? (value['$literal'] as Fields) : value, fromMark);
  }
}

function ofAsset({ kind, hash, members }: Fields): unknown {
  return kind === 'archive' ? archive(members, fromMark) : { $asset: hash ?? null };
}

/** The engine's hash of an archive is of how it packs it, so only members can be compared. */
function archive(members: unknown, change: (value: unknown) => unknown): unknown {
  return { $archive: isFields(members) ? values(members, change) : true };
}

function sorted(urns: readonly string[]): string[] {
  return [...new Set(urns)].sort();
}

function lists(map: { readonly [property: string]: readonly string[] | null }): {
  [property: string]: string[];
} {
  return Object.fromEntries(
    Object.entries(map)
      .filter(([, urns]) => urns !== null && urns.length > 0)
      .map(([property, urns]) => [property, sorted(urns ?? [])]),
  );
}

function byUrn<T extends { readonly urn: string }>(rows: readonly T[]): { [urn: string]: Omit<T, 'urn'> } {
  return Object.fromEntries(rows.map(({ urn, ...rest }) => [urn, rest]));
}
