import { isFields, markOf } from '../../graph/values';
import type { Graph, GraphProvider, GraphValue } from '../../graph/types';

export interface ProviderBlocks {
  readonly blocks: readonly { readonly [name: string]: unknown }[];
  /** The alias of the provider of a resource (`<urn>::<id>`); undefined for the first default one. */
  aliasOf(reference: string | null): string | undefined;
}

/** What identifies an account is left to whoever applies the configuration. */
const CREDENTIALS = new Set([
  'accessKey',
  'secretKey',
  'token',
  'profile',
  'sharedConfigFiles',
  'sharedCredentialsFiles',
  'skipCredentialsValidation',
  'skipMetadataApiCheck',
  'skipRegionValidation',
  'skipRequestingAccountId',
]);

export interface ProviderSurroundings {
  readonly gap: (urn: string, property: string, message: string) => void;
  /** A value in Terraform's syntax. */
  readonly written: (value: GraphValue, provider: GraphProvider, property: string) => unknown;
}

/** A block for each AWS provider of the program: region, default tags, tags to ignore. */
export function providerBlocks(graph: Graph, around: ProviderSurroundings): ProviderBlocks {
  const aliases = new Map<string, string | undefined>();
  const blocks: { readonly [name: string]: unknown }[] = [];
  const own = graph.providers.filter((provider) => provider.package === 'aws');
  // Several versions of the SDK make several default providers, which say the same.
  const first = own.find(({ explicit }) => !explicit);
  for (const provider of own) {
    const alias = provider.explicit ? aliasFor(provider, aliases) : undefined;
    aliases.set(provider.urn, alias);
    if (!provider.explicit && provider !== first) continue;
    blocks.push(block(provider, alias, around));
  }
  return {
    blocks,
    aliasOf: (reference) =>
      reference === null ? undefined : aliases.get(reference.slice(0, reference.lastIndexOf('::'))),
  };
}

function aliasFor(provider: GraphProvider, taken: ReadonlyMap<string, string | undefined>): string {
  const name = provider.urn.slice(provider.urn.lastIndexOf('::') + 2).replaceAll(/[^A-Za-z0-9_]+/g, '_');
  const plain = name.replace(/^(?=\d|$)/, '_');
  let alias = plain;
  for (let n = 2; [...taken.values()].includes(alias); n++) alias = `${plain}_${n}`;
  return alias;
}

/** What is exported, unless it is secret or not known as a whole. */
const EXPORTED = new Set(['region', 'defaultTags', 'ignoreTags', 'version']);

function block(
  provider: GraphProvider,
  alias: string | undefined,
  { gap, written }: ProviderSurroundings,
): { [name: string]: unknown } {
  const { urn, configuration, region, defaultTags } = provider;
  for (const [name, value] of Object.entries(configuration)) {
    if (CREDENTIALS.has(name) || (EXPORTED.has(name) && markOf(value) === undefined)) continue;
    gap(urn, name, `the provider's ${name} is not exported`);
  }
  const ignored = configuration['ignoreTags'];
  return {
    ...(alias !== undefined && { alias }),
    ...(region !== null && { region }),
    ...(Object.keys(defaultTags).length > 0 && {
      default_tags: [{ tags: written(defaultTags, provider, 'defaultTags') }],
    }),
    ...(isFields(ignored) &&
      markOf(ignored) === undefined && {
        ignore_tags: [{ keys: ignored['keys'] ?? [], key_prefixes: ignored['keyPrefixes'] ?? [] }],
      }),
  };
}
