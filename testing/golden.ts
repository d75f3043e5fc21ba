/** Golden graphs: what a stack made when somebody last looked, in a file that a review can read. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Tracer } from '../planner/graph/tracer';
import { isFields, markOf } from '../planner/graph/values';
import type { Graph, GraphResource, GraphValue } from '../planner/graph/types';
import { PathNames } from './path-names';
import { differencesOf, type GoldenDifference } from './golden-differences';

export type { GoldenDifference } from './golden-differences';

/** The version of the shape of golden files. */
export const GOLDEN_VERSION = 1;

/** A resource as a golden has it: what the program asked for, and nothing that AWS or a double would answer. */
export interface GoldenResource {
  readonly inputs: { readonly [name: string]: GraphValue };
  readonly options?: { readonly [name: string]: GraphValue };
  /** Explicit ones only, by path. */
  readonly provider?: string;
  /** By path; those that the inputs already show are left out. */
  readonly dependsOn?: readonly string[];
  readonly read?: true;
  /** Of a component: what it registered. */
  readonly outputs?: { readonly [name: string]: GraphValue };
}

/** What a golden file holds. */
export interface Golden {
  readonly golden: typeof GOLDEN_VERSION;
  /** By `<type> <path>`, sorted. */
  readonly resources: { readonly [name: string]: GoldenResource };
  /** Configuration of the providers, by path, or by package where it is the default one. */
  readonly providers: { readonly [name: string]: { readonly [name: string]: GraphValue } };
  readonly outputs: { readonly [name: string]: GraphValue };
}

/** When a golden is written, and what it leaves out. */
export interface GoldenOptions {
  /** Write the graph whatever the file holds. @default whether UPDATE_GOLDENS is 1 or true */
  readonly update?: boolean;
  /** Whether a missing file is an error, and not written. @default whether CI is set, and not to 0 or false */
  readonly ci?: boolean;
  /** Inputs that are left out, by type: `{ 'aws:lambda/function:Function': ['code'] }`; `'*'` for every type. */
  readonly ignore?: Readonly<Record<string, readonly string[]>>;
}

/** What `matchGolden` did. */
export interface GoldenMatch {
  /** `created` where there was no file, `updated` where there was another. */
  readonly status: 'same' | 'created' | 'updated';
  /** What an update changed. */
  readonly differences: readonly GoldenDifference[];
}

/** Thrown where the graph is not that of the file. */
export class GoldenError extends Error {
  override readonly name = 'GoldenError';
  readonly differences: readonly GoldenDifference[];

  constructor(message: string, differences: readonly GoldenDifference[] = []) {
    super(message);
    this.differences = differences;
  }
}

/**
 * Compares a graph with the golden file, and says by resource and input what changed. A file that is missing is
 * written, but in CI; UPDATE_GOLDENS=1 writes it anew.
 * @param file relative to the working directory
 * @throws GoldenError with every difference; in CI where there is no file; where the file is no golden
 */
export function matchGolden(graph: Graph, file: string, options: GoldenOptions = {}): GoldenMatch {
  const { update = isOn(process.env['UPDATE_GOLDENS']), ci = isOn(process.env['CI']), ignore = {} } = options;
  const now = goldenOf(graph, ignore);
  const text = readIfThere(file);
  if (text === undefined) {
    if (ci && !update) {
      throw new GoldenError(
        `${file}: there is no golden, and in CI none is written. Run the test once elsewhere and commit the file`,
      );
    }
    write(file, now);
    return { status: 'created', differences: [] };
  }
  let before: Golden;
  try {
    before = parsed(file, text);
  } catch (error) {
    if (!update) throw error;
    write(file, now);
    return { status: 'updated', differences: [] };
  }
  const differences = differencesOf(before, now);
  if (differences.length === 0) return { status: 'same', differences };
  if (update) {
    write(file, now);
    return { status: 'updated', differences };
  }
  const title = `${file}: ${differences.length === 1 ? '1 difference' : `${differences.length} differences`}`;
  throw new GoldenError(
    `${[title, ...differences.map(({ text: line }) => line)].join('\n  ')}\nIf this is what you want: UPDATE_GOLDENS=1, and look at the file's diff`,
    differences,
  );
}

/**
 * What a golden file holds of a graph: no positions, no answers of doubles, references by the path of the resource
 * (`${live/bucket#arn}`), and JSON in texts as JSON. So a resource that is renamed changes at its own place, and
 * a policy by its statements.
 */
export function goldenOf(graph: Graph, ignore: GoldenOptions['ignore'] = {}): Golden {
  const names = new PathNames(graph);
  const values = new GoldenValues(graph, names);
  const resources = graph.resources
    .filter(({ type }) => type !== 'pulumi:pulumi:Stack' && !type.startsWith('pulumi:providers:'))
    .map((resource): [string, GoldenResource] => [
      `${resource.type} ${names.path(resource.urn)}`,
      goldenResource(graph, resource, names, values, [
        ...(ignore['*'] ?? []),
        ...(ignore[resource.type] ?? []),
      ]),
    ]);
  const providers = graph.providers.map((provider): [string, { readonly [name: string]: GraphValue }] => [
    provider.explicit ? names.path(provider.urn) : provider.package,
    values.fields(provider.configuration),
  ]);
  return {
    golden: GOLDEN_VERSION,
    resources: sorted(distinct(resources)),
    providers: sorted(distinct(providers)),
    outputs: values.fields(graph.outputs),
  };
}

function goldenResource(
  graph: Graph,
  resource: GraphResource,
  names: PathNames,
  values: GoldenValues,
  ignored: readonly string[],
): GoldenResource {
  const shown = new Set(Object.values(resource.propertyDependencies).flat());
  const dependsOn = resource.dependencies.filter((urn) => !shown.has(urn)).map((urn) => names.path(urn));
  const provider = graph.providers.find(
    ({ urn, id, explicit }) => explicit && resource.provider === `${urn}::${id}`,
  );
  const inputs = Object.entries(resource.inputs).filter(([name]) => !ignored.includes(name));
  // The version is that of the installed package: no decision of the program's.
  const options = Object.entries(resource.options).filter(([name]) => name !== 'version');
  const outputs = resource.custom || resource.remote ? {} : values.fields(resource.outputs, resource.urn);
  return {
    inputs: values.fields(Object.fromEntries(inputs), resource.urn),
    ...(options.length > 0 && {
      options: values.fields(Object.fromEntries<GraphValue>(options), resource.urn),
    }),
    ...(provider && { provider: names.path(provider.urn) }),
    ...(dependsOn.length > 0 && { dependsOn: [...new Set(dependsOn)].sort() }),
    ...(resource.external && { read: true }),
    ...(Object.keys(outputs).length > 0 && { outputs }),
  };
}

/** Values with references in place of what the doubles made up. */
class GoldenValues {
  readonly #tracer: Tracer;
  readonly #names: PathNames;
  /** By token. */
  readonly #urns: ReadonlyMap<string, string>;
  readonly #tokens: RegExp | undefined;
  readonly #stackUrn: string;
  readonly #urnHead: string;

  constructor(graph: Graph, names: PathNames) {
    this.#tracer = Tracer.of(graph);
    this.#names = names;
    this.#urns = new Map(graph.resources.map(({ token, urn }) => [token, urn]));
    this.#urnHead = `urn:pulumi:${graph.stack}::${graph.project}::`;
    this.#stackUrn = `${this.#urnHead}pulumi:pulumi:Stack::${graph.project}-${graph.stack}`;
    const tokens = [...this.#urns.keys()].filter((token) => /^[0-9a-f]{7}$/.test(token));
    this.#tokens = tokens.length === 0 ? undefined : new RegExp(tokens.join('|'), 'g');
  }

  /** @param of whose values they are: its own outputs are no references */
  fields(values: { readonly [name: string]: GraphValue }, of = ''): { readonly [name: string]: GraphValue } {
    return sorted(Object.entries(values).map(([name, value]) => [name, this.#value(value, of)]));
  }

  #value(value: GraphValue, of: string): GraphValue {
    if (typeof value === 'string') return this.#json(value, of) ?? this.#text(value, of);
    if (Array.isArray(value)) return (value as readonly GraphValue[]).map((item) => this.#value(item, of));
    if (!isFields(value)) return value;
    const secret = markOf(value) === '$secret' ? value['$secret'] : undefined;
    if (isFields(secret)) return { $secret: { references: this.#outputs(secret['references']) } };
    if (markOf(value) === '$unknown') return { $unknown: this.#outputs(value['$unknown']) };
    const urn = markOf(value) === '$resource' ? value['$resource'] : undefined;
    if (typeof urn === 'string') return { $resource: this.#names.path(urn) };
    return sorted(Object.entries(value).map(([key, item]) => [this.#text(key, of), this.#value(item, of)]));
  }

  #outputs(outputs: unknown): string[] {
    return Array.isArray(outputs) ? outputs.map((each) => this.#names.output(String(each))).sort() : [];
  }

  /** A text that is JSON of an object or list, as that. */
  #json(text: string, of: string): GraphValue | undefined {
    if (!/^\s*[[{]/.test(text)) return undefined;
    try {
      return { $json: this.#value(JSON.parse(text) as GraphValue, of) };
    } catch {
      return undefined;
    }
  }

  #text(given: string, of: string): string {
    // As in aliases; the same program in another stack has the same golden.
    const text = given.replaceAll(this.#stackUrn, '<stack>').replaceAll(this.#urnHead, 'urn:');
    let result = '';
    let at = 0;
    for (const found of this.#tracer.inText(text)) {
      if (found.urn === of) continue;
      result += this.#untokened(text.slice(at, found.at));
      result += `\${${this.#names.output(`${found.urn}#${found.output}`)}}`;
      at = found.at + found.value.length;
    }
    return result + this.#untokened(text.slice(at));
  }

  /** Digits that come from a URN stand in for what is random in AWS. */
  #untokened(text: string): string {
    if (this.#tokens === undefined) return text;
    return text.replaceAll(
      this.#tokens,
      (token) => `<7 digits of ${this.#names.path(this.#urns.get(token) ?? '')}>`,
    );
  }
}

function sorted<T>(entries: readonly (readonly [string, T])[]): { [name: string]: T } {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Names that are there twice get a number, in the order of the graph. */
function distinct<T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  const seen = new Map<string, number>();
  return entries.map(([name, value]) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return [times === 1 ? name : `${name} (${times})`, value] as const;
  });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parsed(file: string, text: string): Golden {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new GoldenError(
      `${file} is not JSON: ${(error as Error).message}. UPDATE_GOLDENS=1 writes it anew`,
    );
  }
  if (isFields(value) && value['golden'] === GOLDEN_VERSION) return value as unknown as Golden;
  throw new GoldenError(`${file} is no golden of version ${GOLDEN_VERSION}. UPDATE_GOLDENS=1 writes it anew`);
}

function write(file: string, golden: Golden): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(golden, null, 2)}\n`);
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase());
}
