import { GraphQuery } from '../../graph/query';
import { Tracer } from '../../graph/tracer';
import { isFields, markOf, strings } from '../../graph/values';
import { viewOf } from '../../graph/view';
import { ignoredPath } from './ignored';
import { Labels } from './labels';
import { Mapping, type MappedResource } from './mapping';
import { providerBlocks, type ProviderBlocks } from './providers';
import { NOT_KNOWN, Values, type Surroundings } from './values';
import type { Graph, GraphResource, GraphValue } from '../../graph/types';
import type { ValuePath } from './text';
import type { ExportedResource, Gap, GapReason, TerraformExport } from './types';

export interface TerraformExportOptions {
  /**
   * How secrets are written: as input variables of the configuration (for Terraform's users), or as values that are not
   * known (for a plan, which needs none then). Default: variables.
   */
  readonly secrets?: 'variables' | 'unknown';
  /** Writes `protect` and `ignoreChanges` into lifecycle blocks. Default: true; a plan of a change is refused by them. */
  readonly lifecycle?: boolean;
  /** Before every label, so that several exports can be one configuration. */
  readonly labelPrefix?: string;
  /** Resources to leave out, by URN, and why. */
  readonly without?: ReadonlyMap<string, string>;
  readonly mapping?: Mapping;
}

/** As text, for maps by path. */
export const pathKey = (path: ValuePath): string => path.join('\u0000');

/**
 * A recorded graph as a Terraform configuration. Values that AWS decides become references to the resource that they
 * are of, at any depth, also inside JSON documents. What the Terraform provider does not have is left out and listed.
 */
export function exportTerraform(graph: Graph, options: TerraformExportOptions = {}): TerraformExport {
  return new Export(graph, options).result();
}

/** Arguments that take an id where a resource has both an id and a name. */
const TAKES_ID = /(id|arn|url)s?(\[\d+\])*$/i;

/**
 * Terraform's expression of an output. An id that repeats an input is better called by that: a plan knows it. But where
 * the recorder has no double, the id only looks like the name, so what the argument takes tells which of them it is.
 */
function expressionOf(
  address: string,
  resource: GraphResource,
  mapped: MappedResource,
  output: string,
  argument: string,
): string | undefined {
  if (output === 'id') {
    const repeated = [...mapped.inputs].find(([property]) => resource.outputs[property] === resource.id);
    const isName = repeated !== undefined && (resource.modelled || !TAKES_ID.test(argument));
    return `${address}.${isName ? repeated[1].name : 'id'}`;
  }
  const name = mapped.outputs.get(output) ?? mapped.inputs.get(output)?.name;
  if (name !== undefined) return `${address}.${name}`;
  const numbers = [...output.matchAll(/\[\d+\]/g)].map(([number]) => number);
  const inside = mapped.inside.get(output.replaceAll(/\[\d+\]/g, '[]'));
  return inside?.replace('$', () => address).replaceAll('[]', () => numbers.shift()!);
}

/** The inputs that name a resource. */
const NAME = /name$|^(key|bucket|clusterId|replicationGroupId)$/i;

class Export {
  readonly #graph: Graph;
  readonly #options: TerraformExportOptions;
  readonly #mapping: Mapping;
  readonly #labels: Labels;
  readonly #query: GraphQuery;
  readonly #tracer: Tracer;
  readonly #providers: ProviderBlocks;
  readonly #gaps: Gap[] = [];
  readonly #inputs = new Map<string, string>();
  readonly #resources = new Map<string, ExportedResource>();
  readonly #variables: { [name: string]: unknown } = {};
  /** The names of the variables, by what they stand for. */
  readonly #variableOf = new Map<string, string>();
  readonly #mapped: ReadonlyMap<string, { resource: GraphResource; mapped: MappedResource }>;

  constructor(graph: Graph, options: TerraformExportOptions) {
    this.#graph = graph;
    this.#options = options;
    this.#mapping = options.mapping ?? Mapping.load();
    this.#query = new GraphQuery(graph);
    this.#labels = new Labels(this.#query, options.labelPrefix);
    this.#tracer = Tracer.of(graph);
    this.#mapped = this.#choose();
    this.#providers = providerBlocks(graph, {
      gap: (urn, property, message) => this.#gap('input', urn, message, property),
      written: (value, provider, property) =>
        new Values(this.#around(provider, `provider_${provider.urn.split('::').at(-1)}`)).value(
          value,
          property,
        ),
    });
  }

  result(): TerraformExport {
    const byType: { [type: string]: { [label: string]: unknown } } = {
      terraform_data: { not_known: {} },
    };
    // The unknown view knows which inputs were changed on the way, so that no value of theirs is left to see.
    const later = new Map(viewOf(this.#graph, 'unknown').resources.map((each) => [each.urn, each.inputs]));
    for (const { resource, mapped } of this.#mapped.values()) {
      const label = this.#labels.of(resource, mapped.type);
      (byType[mapped.type] ??= {})[label] = this.#resource(
        resource,
        mapped,
        label,
        later.get(resource.urn) ?? {},
      );
    }
    const { terraform } = this.#mapping;
    const [source] = terraform.split(' ');
    return {
      configuration: {
        terraform: { required_providers: { aws: { source } } },
        ...(this.#providers.blocks.length > 0 && { provider: { aws: this.#providers.blocks } }),
        ...(Object.keys(this.#variables).length > 0 && { variable: this.#variables }),
        resource: byType,
      },
      resources: this.#resources,
      inputs: this.#inputs,
      gaps: this.#gaps,
    };
  }

  #choose(): Map<string, { resource: GraphResource; mapped: MappedResource }> {
    const chosen = new Map<string, { resource: GraphResource; mapped: MappedResource }>();
    for (const resource of this.#graph.resources) {
      const { urn, type, custom, remote, external } = resource;
      if (remote && this.#query.children(urn).length === 0)
        this.#gap('expanded', urn, `what ${type} makes is not in the graph`);
      if (!custom || type.startsWith('pulumi:')) continue;
      const why = this.#options.without?.get(urn);
      if (why !== undefined) this.#gap('call', urn, why);
      else if (!type.startsWith('aws:')) this.#gap('provider', urn, `${type} is not of the AWS provider`);
      else if (external) this.#gap('read', urn, `${type} is read, not made`);
      else {
        const mapped = this.#mapping.resource(type);
        if (mapped) chosen.set(urn, { resource, mapped });
        else this.#gap('type', urn, `${this.#mapping.terraform} has no type for ${type}`);
      }
    }
    return chosen;
  }

  #resource(
    resource: GraphResource,
    mapped: MappedResource,
    label: string,
    later: { readonly [name: string]: GraphValue },
  ): { [name: string]: unknown } {
    const at = ['resource', mapped.type, label];
    const address = `${mapped.type}.${label}`;
    const { urn, position, type: token } = resource;
    this.#resources.set(address, { address, urn, token, path: this.#query.path(resource), position });
    const values = new Values(this.#around(resource, address));
    const inputs = Object.fromEntries(
      Object.entries(resource.inputs).map(([name, value]) => [
        name,
        this.#lost(value, later[name]) ? later[name]! : value,
      ]),
    );
    const fields = values.fields(inputs, mapped, at);
    for (const [property, name] of Object.entries(this.#names(resource, mapped))) {
      const input = mapped.inputs.get(property)!.name;
      fields[input] = name;
      this.#inputs.set(pathKey([...at, input]), property);
    }
    const alias = this.#providers.aliasOf(resource.provider);
    const depends = this.#depends(resource, fields);
    return {
      ...fields,
      ...(alias !== undefined && { provider: `aws.${alias}` }),
      ...(depends.length > 0 && { depends_on: depends }),
      ...this.#lifecycle(resource, mapped),
    };
  }

  /** The names that Pulumi makes up: known from the logical name on, so they are judged like any other. */
  #names(resource: GraphResource, mapped: MappedResource): { [name: string]: string } {
    const names: { [name: string]: string } = {};
    const { inputs, outputs, computed, token } = resource;
    // As Pulumi's provider does; AWS takes no other name for one.
    const end = inputs['fifoQueue'] === true || inputs['fifoTopic'] === true ? '.fifo' : '';
    for (const [name, input] of mapped.inputs) {
      // A prefix takes the place of a name: AWS's provider refuses both.
      if (name in inputs || (inputs[`${name}Prefix`] ?? null) !== null || !NAME.test(name)) continue;
      const made = outputs[name];
      const given = typeof made === 'string' && made.includes(token) && computed.includes(name);
      if (given) names[name] = made.endsWith(end) ? made : made + end;
      else if (input.autonamed) names[name] = `${resource.name}-${token}${end}`;
    }
    return names;
  }

  /** Only the dependency is left of a value that the program changed on the way. */
  #lost(value: GraphValue, later: GraphValue | undefined): boolean {
    if (markOf(later) !== '$unknown' || this.#tracer.inValue(value).length > 0) return false;
    const leaves = new Set([...strings(value)].map(({ text }) => text));
    return (later as { $unknown: readonly string[] }).$unknown.some((from) => {
      const { id, inputs, outputs } = this.#query.get(from.slice(0, from.lastIndexOf('#')));
      // One that stands in it as it is, such as a name that the program gave, is known.
      return ![...strings([id, inputs, outputs])].some(({ text }) => leaves.has(text));
    });
  }

  #around(resource: { readonly urn: string }, address: string): Surroundings {
    const { urn } = resource;
    return {
      mapping: this.#mapping,
      tracer: this.#tracer,
      expression: (to, output, property) => this.#expression(urn, to, output, property),
      secret: (property) => this.#secret(address, property),
      unmapped: (property) =>
        this.#gap(
          'input',
          urn,
          `${this.#mapping.terraform} has no argument for ${property}, or it is not known`,
          property,
        ),
      notKnown: (property) => this.#gap('value', urn, `${property} is not known before an update`, property),
      placed: (path, property) => this.#inputs.set(pathKey(path), property),
    };
  }

  #expression(from: string, urn: string, output: string, property: string): string | undefined | null {
    // A name that the program chose is the id of the resource itself, too.
    if (urn === from) return null;
    const target = this.#mapped.get(urn);
    if (target) {
      const { resource, mapped } = target;
      const address = `${mapped.type}.${this.#labels.of(resource, mapped.type)}`;
      const expression = expressionOf(address, resource, mapped, output, this.#argument(from, property));
      if (expression !== undefined) return expression;
    }
    if (this.#query.get(urn).external)
      this.#gap('read', from, `${output} of ${urn} is not known: that is read, not made`, property);
    else this.#gap('output', from, `${output} of ${urn} has no name in the export`, property);
    return undefined;
  }

  /** What Terraform calls the argument; below the first level, what the program does. */
  #argument(urn: string, property: string): string {
    return this.#mapped.get(urn)?.mapped.inputs.get(property)?.name ?? property;
  }

  #secret(address: string, property: string): string {
    if (this.#options.secrets === 'unknown') return NOT_KNOWN;
    const key = `${address} ${property}`;
    let name = this.#variableOf.get(key);
    if (name === undefined) {
      // With the type: a label is only one of its type, and two secrets are never one variable.
      const plain = `${address.replace(/^aws_/, '')}_${property}`.replaceAll(/[^A-Za-z0-9_]+/g, '_');
      name = plain;
      for (let n = 2; Object.hasOwn(this.#variables, name); n++) name = `${plain}_${n}`;
      this.#variableOf.set(key, name);
      this.#variables[name] = { sensitive: true };
    }
    return `\${var.${name}}`;
  }

  /** What the program orders without using a value of it. */
  #depends(resource: GraphResource, fields: { readonly [name: string]: unknown }): string[] {
    const text = JSON.stringify(fields);
    return resource.dependencies.flatMap((urn) => {
      const target = this.#mapped.get(urn);
      if (!target || urn === resource.urn) return [];
      const address = `${target.mapped.type}.${this.#labels.of(target.resource, target.mapped.type)}`;
      return text.includes(`\${${address}.`) || text.includes(`(${address}.`) ? [] : [address];
    });
  }

  #lifecycle({ urn, options }: GraphResource, mapped: MappedResource): { lifecycle?: unknown } {
    if (this.#options.lifecycle === false) return {};
    const all = options.ignoreChanges?.includes('*');
    const ignored = (options.ignoreChanges ?? []).flatMap((property) => {
      const path = ignoredPath(property, mapped, this.#mapping);
      if (path === undefined && !all)
        this.#gap('input', urn, `ignoreChanges ${property} has no counterpart`, property);
      return path === undefined ? [] : [path];
    });
    const lifecycle = {
      ...(options.protect === true && { prevent_destroy: true }),
      ...(all ? { ignore_changes: 'all' } : ignored.length > 0 && { ignore_changes: ignored }),
    };
    return isFields(lifecycle) && Object.keys(lifecycle).length > 0 ? { lifecycle } : {};
  }

  #gap(reason: GapReason, urn: string, message: string, property?: string): void {
    const gap = { urn, reason, message, ...(property !== undefined && { property }) };
    if (!this.#gaps.some((each) => JSON.stringify(each) === JSON.stringify(gap))) this.#gaps.push(gap);
  }
}
