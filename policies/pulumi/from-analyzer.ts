/** Resources as Pulumi's engine gives them to a policy. */
import type { PolicyProviderResource, PolicyResource, ResourceValidationArgs } from '@pulumi/policy';
import { Stack, UNKNOWN, canonicalType, isValues, type Resource, type Value, type Values } from '../core';

/**
 * Texts that stand for what is not known before the update, one a type (proxy.ts of @pulumi/policy 1.21.0). The SDK's proxies
 * throw where one is read; here each rule decides whether it can go on without.
 */
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7',
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421',
  '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2',
  '030794c1-ac77-496b-92df-f27374a8bd58',
  'e48ece36-62e2-4504-bad9-02848725956a',
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff',
]);

/** What the SDK's proxies answer with the object behind them. */
const TARGET = '__getSpecialProxyTarget';

const behindProxy = (props: Record<string, unknown>): unknown => props[TARGET] ?? props;

function valueOf(value: unknown): Value {
  if (UNKNOWNS.has(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(valueOf);
  if (typeof value !== 'object' || value === null) return value as Value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, valueOf(each)]));
}

const valuesOf = (props: Record<string, unknown>): Values => valueOf(behindProxy(props)) as Values;

/** A provider's own arguments are texts of JSON where they are no texts. */
function parsed(value: Value): Value {
  if (typeof value !== 'string') return value;
  try {
    return valueOf(JSON.parse(value));
  } catch {
    return undefined;
  }
}

function ofProvider(provider: PolicyProviderResource | undefined): Pick<Resource, 'defaultTags' | 'region'> {
  if (!provider) return { defaultTags: {}, region: undefined };
  const props = valuesOf(provider.props);
  const defaults = parsed(props['defaultTags']);
  const tags = isValues(defaults) ? defaults['tags'] : undefined;
  return {
    defaultTags: defaults === UNKNOWN || tags === UNKNOWN ? undefined : isValues(tags) ? tags : {},
    region: typeof props['region'] === 'string' ? props['region'] : undefined,
  };
}

interface Given {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: Record<string, unknown>;
  readonly protect: boolean;
  readonly provider: PolicyProviderResource | undefined;
  readonly parent: string | undefined;
  readonly from: Resource['from'];
}

/** Most rules look at few types, so properties are converted when they are read. */
class AnalyzedResource implements Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly from: Resource['from'];
  readonly options: Resource['options'];
  readonly #given: Given;
  #props: Values | undefined;
  #provider: Pick<Resource, 'defaultTags' | 'region'> | undefined;

  constructor(given: Given) {
    this.#given = given;
    this.urn = given.urn;
    this.type = canonicalType(given.type);
    this.name = given.name;
    this.parent = given.parent;
    this.from = given.from;
    // The engine does not tell a policy of retainOnDelete.
    this.options = { protect: given.protect, retainOnDelete: false };
  }

  get props(): Values {
    this.#props ??= valuesOf(this.#given.props);
    return this.#props;
  }

  get defaultTags(): Values | undefined {
    return this.#fromProvider().defaultTags;
  }

  get region(): string | undefined {
    const own = this.props['region'];
    return typeof own === 'string' ? own : this.#fromProvider().region;
  }

  #fromProvider(): Pick<Resource, 'defaultTags' | 'region'> {
    this.#provider ??= ofProvider(this.#given.provider);
    return this.#provider;
  }
}

/** One resource, before it is made. */
export function resourceOf({ urn, type, name, props, opts, provider }: ResourceValidationArgs): Resource {
  const { protect, parent } = opts;
  return new AnalyzedResource({ urn, type, name, props, protect, provider, parent, from: {} });
}

/** All resources of a stack, once they are made or planned. */
export function stackOf(resources: readonly PolicyResource[]): Stack {
  return new Stack(
    resources.map(({ urn, type, name, props, opts, provider, parent, propertyDependencies }) => {
      const from = Object.fromEntries(
        Object.entries(propertyDependencies).map(([property, behind]) => [
          property,
          behind.map((each) => each.urn),
        ]),
      );
      return new AnalyzedResource({
        ...{ urn, type, name, props, provider, from, protect: opts.protect, parent: parent?.urn },
      });
    }),
  );
}
