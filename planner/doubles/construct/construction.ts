import { WIRE, isFields, isSecret, reveal } from '../../graph/values';
import { Traced, inKeyOrder, traced } from './traced';
import type { Fields } from '../../graph/values';
import type { Host, Versions } from './types';

export interface ConstructionOptions {
  readonly host: Host;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly stack: string;
  /** As on the wire. */
  readonly inputs: Fields;
  readonly inputDependencies: { readonly [input: string]: readonly string[] };
  /** References `<urn>::<id>` by package. */
  readonly providers: { readonly [name: string]: string };
  readonly protect: boolean | undefined;
  readonly versions: Versions;
}

export interface ChildOptions {
  /** The component itself by default; null for none. */
  readonly parent?: Child | Construction | null;
  readonly dependsOn?: readonly (Child | Construction)[];
  readonly ignoreChanges?: readonly string[];
  /** In place of the component's provider for the package. */
  readonly provider?: Child;
}

/** A resource that was made for a component. */
export class Child {
  readonly urn: string;
  readonly type: string;
  readonly id: Traced;
  readonly #outputs: Fields;

  constructor(urn: string, type: string, id: string, outputs: Fields) {
    this.urn = urn;
    this.type = type;
    this.id = new Traced(id === '' ? WIRE.unknown : id, [urn]);
    this.#outputs = outputs;
  }

  output(name: string): Traced {
    return new Traced(this.#outputs[name], [this.urn]);
  }

  /** The resource as a value. */
  get reference(): Traced {
    return referenceTo(this.urn, this.id.wire);
  }
}

/** A component that is being made: what it was given, and what its children are made by. */
export class Construction {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly stack: string;
  readonly #options: ConstructionOptions;
  readonly #inputs: Fields;

  constructor(options: ConstructionOptions) {
    this.#options = options;
    this.urn = options.urn;
    this.type = options.type;
    this.name = options.name;
    this.stack = options.stack;
    this.#inputs = inKeyOrder(options.inputs) as Fields;
  }

  /** An argument; not there where the program gave none. */
  given(name: string): Traced | undefined {
    const wire = this.#inputs[name];
    if (wire === undefined || wire === null) return undefined;
    return new Traced(wire, this.#options.inputDependencies[name] ?? []);
  }

  /**
   * An argument that decides what is made, without marks of secrets.
   * @throws Error where it is not known
   */
  plain<Value>(name: string): Value | undefined {
    const value = this.given(name);
    if (value?.isUnknown === true) {
      throw new Error(`${this.urn}: ${name} decides what is made, so it must be known before anything is`);
    }
    return value && (reveal(value.wire) as Value);
  }

  /** Whether there is an argument, also where its value is unknown. */
  has(name: string): boolean {
    return this.given(name) !== undefined;
  }

  get argumentNames(): string[] {
    return Object.keys(this.#inputs).filter((name) => this.has(name));
  }

  /** The arguments of these names that there are. */
  some(names: readonly string[]): { [name: string]: Traced } {
    return Object.fromEntries(
      names.flatMap((name) => {
        const value = this.given(name);
        return value ? [[name, value]] : [];
      }),
    );
  }

  /** All arguments but these. */
  allBut(names: readonly string[]): { [name: string]: Traced } {
    return this.some(this.argumentNames.filter((name) => !names.includes(name)));
  }

  get hasExplicitAwsProvider(): boolean {
    return this.#options.providers['aws'] !== undefined;
  }

  /** Registers a resource; inputs may hold traced values at any depth, and those that are undefined are left out. */
  async child(
    type: string,
    name: string,
    inputs: { readonly [input: string]: unknown },
    options: ChildOptions = {},
  ): Promise<Child> {
    const values = Object.entries(inputs)
      .map(([input, value]) => [input, traced(value)] as const)
      .filter(([, { wire }]) => wire !== undefined);
    const dependsOn = (options.dependsOn ?? []).map(({ urn }) => urn);
    const { provider } = options;
    const answer = await this.#options.host.register({
      ...{ type, name, custom: true, parent: this.#parentOf(options) },
      inputs: Object.fromEntries(values.map(([input, { wire }]) => [input, wire])),
      dependencies: [...new Set([...dependsOn, ...values.flatMap(([, { urns }]) => urns)])],
      propertyDependencies: Object.fromEntries(values.map(([input, { urns }]) => [input, urns])),
      provider: provider
        ? `${provider.urn}::${String(provider.id.wire)}`
        : (this.#options.providers[packageOf(type)] ?? ''),
      version: this.#options.versions[packageOf(type)] ?? '',
      protect: this.#options.protect,
      ignoreChanges: options.ignoreChanges ?? [],
    });
    return new Child(answer.urn, type, answer.id, answer.outputs);
  }

  /** Registers a component inside this one, whose children are then made by what is returned. */
  async component(type: string, name: string, inputs: { readonly [input: string]: unknown }) {
    const values = Object.entries(inputs)
      .map(([input, value]) => [input, traced(value)] as const)
      .filter(([, { wire }]) => wire !== undefined);
    const wires = Object.fromEntries(values.map(([input, { wire }]) => [input, wire]));
    const inputDependencies = Object.fromEntries(values.map(([input, { urns }]) => [input, urns]));
    const { urn } = await this.#options.host.register({
      ...{ type, name, custom: false, parent: this.urn, inputs: wires, provider: '', version: '' },
      dependencies: [...new Set(values.flatMap(([, { urns }]) => urns))],
      ...{ propertyDependencies: inputDependencies, protect: this.#options.protect, ignoreChanges: [] },
    });
    return new Construction({ ...this.#options, urn, type, name, inputs: wires, inputDependencies });
  }

  /** Says what a component inside this one has; that of the outermost is said by who makes it. */
  async registerOutputs(outputs: { readonly [name: string]: unknown }): Promise<void> {
    await this.#options.host.registerOutputs(this.urn, traced(outputs).wire as Fields);
  }

  /** The answer of a provider's function: unknown, as the engine has it, where an argument is. */
  async invoke(token: string, args: { readonly [name: string]: unknown }): Promise<Traced> {
    const { wire, urns } = traced(args);
    const whole = new Traced(wire, urns);
    if (whole.isUnknown) return new Traced(WIRE.unknown, urns);
    const { host, providers, versions } = this.#options;
    const name = packageOf(token);
    return new Traced(
      await host.invoke(token, wire as Fields, providers[name] ?? '', versions[name] ?? ''),
      urns,
    );
  }

  /** The outputs of a resource that was given as a value, and its `id` and `urn`; of any other value, itself. */
  async resolved(value: Traced): Promise<Traced> {
    const { wire, urns } = value;
    const plain = isSecret(wire) ? wire.value : wire;
    if (!isFields(plain) || plain[WIRE.signature] !== WIRE.resource) return value;
    const urn = String(plain['urn']);
    const found = await this.#options.host.invoke('pulumi:pulumi:getResource', { urn }, '', '');
    const state = isFields(found['state']) ? found['state'] : {};
    const id = text(found['id']) ?? text(plain['id']) ?? WIRE.unknown;
    return new Traced({ ...state, id, urn }, [...urns, urn]);
  }

  /** A value in which each resource, at any depth, is its outputs. */
  async resolvedAll(value: Traced): Promise<Traced> {
    const urns = new Set(value.urns);
    const walk = async (wire: unknown): Promise<unknown> => {
      if (Array.isArray(wire)) return Promise.all(wire.map(walk));
      if (!isFields(wire)) return wire;
      if (wire[WIRE.signature] === WIRE.resource) {
        const found = await this.resolved(new Traced(wire));
        for (const urn of found.urns) urns.add(urn);
        return found.wire;
      }
      const entries = Object.entries(wire).map(async ([key, item]) => [key, await walk(item)] as const);
      return Object.fromEntries(await Promise.all(entries));
    };
    const wire = await walk(value.wire);
    return new Traced(wire, urns);
  }

  #parentOf({ parent }: ChildOptions): string {
    if (parent === null) return '';
    return parent?.urn ?? this.urn;
  }
}

/** A resource as a value; a component's has no id. */
export function referenceTo(urn: string, id?: unknown): Traced {
  return new Traced({ [WIRE.signature]: WIRE.resource, urn, ...(id !== undefined && { id }) }, [urn]);
}

/** `kubernetes` of kubernetes:core/v1:ConfigMap, and of the provider pulumi:providers:kubernetes. */
function packageOf(type: string): string {
  const [first = '', second = '', third = ''] = type.split(':');
  return first === 'pulumi' && second === 'providers' ? third : first;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
