import { construct } from './construct';
import { tagsAll } from './default-tags';
import { create } from './messages';
import { ACCOUNT, answer, answerInvoke, isModelled, nameInput, partitionOf, tokenOf } from '../doubles';
import { GRAPH_VERSION } from '../graph/types';
import { Tracer } from '../graph/tracer';
import { isFields, isSecret, reveal, secret } from '../graph/values';
import { ValueEncoder } from './encoder';
import { optionsOf, placed, positionOf } from './options';
import { Providers, STAND_IN_REGION } from './providers';
import { SecretTexts } from './secrets';
import { Transforms } from './transforms';
import { inOrder } from '../graph/order';
import { nameOfUrn, STACK_TYPE, urnOf } from './urns';
import type { Fields } from '../graph/values';
import type {
  Graph,
  GraphDouble,
  GraphInvoke,
  GraphLog,
  GraphResource,
  Position,
  Unanswered,
} from '../graph/types';
import type { DoubleAnswer, DoubleContext } from '../doubles';
import type { ProviderRow } from './providers';
import type { StackConfiguration } from './stack-configuration';
import type * as proto from '@pulumi/pulumi/proto/resource_pb';

export interface RecordingOptions {
  readonly project: string;
  readonly stack: string;
  /** The program's folder: assets are read from it, and positions are relative to it. */
  readonly folder: string;
  readonly configuration: StackConfiguration;
  /** Outputs of other stacks, by the name that the program asks for. */
  readonly stackReferences: { readonly [name: string]: Fields };
  /** Results of functions that have no double, or in place of the double's, by token. */
  readonly answers: { readonly [token: string]: Fields };
}

interface Row extends Omit<GraphResource, 'inputs' | 'outputs' | 'position'> {
  position: Position | null;
  inputs: Fields;
  outputs: Fields;
}

interface Invoked {
  readonly kind: 'invokes' | 'calls';
  readonly row: Omit<GraphInvoke, 'arguments' | 'result'>;
  readonly args: Fields;
  readonly result: Fields | null;
}

/** A call that nobody could answer; its message says what supplies the answer. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
}

/** The engine's side of a program: answers its requests with doubles, and keeps what was asked. */
export class Recording {
  readonly #options: RecordingOptions;
  readonly #rows = new Map<string, Row>();
  readonly #invokes: Invoked[] = [];
  readonly #reads: string[] = [];
  readonly #logs: GraphLog[] = [];
  readonly #unanswered = new Map<string, Unanswered>();
  readonly #providers: Providers;
  readonly #secrets = new SecretTexts();
  readonly #transforms = new Transforms();
  readonly #calledAt: { token: string; position: Position }[] = [];
  readonly #doubles = new Map<string, GraphDouble>();
  #stackUrn = '';
  #complete = false;

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.#providers = new Providers(options, options.configuration);
    for (const key of options.configuration.secretKeys) {
      this.#secrets.add(options.configuration.values[key] ?? '');
    }
  }

  get transforms(): Transforms {
    return this.#transforms;
  }

  /** Whether there is a resource besides the stack itself. */
  get made(): boolean {
    return this.#rows.size > 1;
  }

  /** Whether the program has said what the stack's outputs are, which is the last that it says. */
  get complete(): boolean {
    return this.#complete;
  }

  get stackUrn(): string {
    return this.#stackUrn;
  }

  /** Text for a person: no secret that was seen is in it. */
  redact(text: string): string {
    return this.#secrets.redact(text);
  }

  get unanswered(): Unanswered[] {
    return [...this.#unanswered.values()].map((each) => ({
      ...each,
      message: this.redact(each.message),
      positions: each.positions.length > 0 ? each.positions : this.#positions(each.name),
    }));
  }

  /** Where the program called a function; the request itself does not say. */
  calledAt(token: string, file: string, line: number): void {
    this.#calledAt.push({ token, position: placed(file, line, this.#options.folder) });
  }

  addUnanswered(each: Unanswered): void {
    this.#unanswered.set(`${each.kind} ${each.name}`, each);
  }

  log(severity: GraphLog['severity'], message: string, urn: string): void {
    this.#logs.push({ severity, message, urn: urn || null });
  }

  async registerResource(given: proto.RegisterResourceRequest): Promise<proto.RegisterResourceResponse> {
    const request = await this.#transforms.apply(given);
    const inputs = fieldsOf(request.getObject());
    const type = request.getType();
    const parent = request.getParent();
    const dependencies = request.getPropertydependenciesMap().toArray();
    const row = this.#add({
      ...{
        type,
        parent,
        inputs,
        name: request.getName(),
        custom: request.getCustom(),
        remote: request.getRemote(),
      },
      ...{ external: false, givenId: request.getImportid(), provider: request.getProvider() },
      version: request.getVersion(),
      dependencies: request.getDependenciesList(),
      propertyDependencies: Object.fromEntries(
        // One that was not made by this library's own accessor is still a list of fields.
        dependencies.map(([name]) => [
          name,
          request.getPropertydependenciesMap().get(name)?.getUrnsList() ?? [],
        ]),
      ),
      options: { ...this.#inherited(request), ...optionsOf(request) },
      position: positionOf(request.getSourceposition(), this.#options.folder),
    });
    return (await this.#construct(row, request)) ?? create.registered(row.urn, row.id ?? '', row.outputs);
  }

  /** What a parent's options say of its children too, as the engine has it (source_eval.go, inheritFromParent). */
  #inherited(request: proto.RegisterResourceRequest): GraphResource['options'] {
    const { protect, retainOnDelete, deletedWith } = this.#rows.get(request.getParent())?.options ?? {};
    return {
      ...(protect === true && !request.hasProtect() && { protect }),
      ...(retainOnDelete === true && !request.hasRetainondelete() && { retainOnDelete }),
      ...(deletedWith !== undefined && { deletedWith }),
    };
  }

  async readResource(request: proto.ReadResourceRequest): Promise<proto.ReadResourceResponse> {
    const type = request.getType();
    const inputs = fieldsOf(request.getProperties());
    const row = this.#add({
      ...{ type, inputs, name: request.getName(), parent: request.getParent(), custom: true, remote: false },
      ...{ external: true, givenId: request.getId(), provider: request.getProvider() },
      ...{ version: request.getVersion(), dependencies: request.getDependenciesList() },
      ...{ propertyDependencies: {}, options: {} },
      position: positionOf(request.getSourceposition(), this.#options.folder),
    });
    this.#reads.push(row.urn);
    if (type === 'pulumi:pulumi:StackReference') {
      row.outputs = this.#stackReference(request.getId() || request.getName(), row.position);
      this.#secrets.collect(row.outputs);
    }
    return create.read(row.urn, row.outputs);
  }

  registerOutputs(request: proto.RegisterResourceOutputsRequest): void {
    const row = this.#rows.get(request.getUrn());
    if (!row) throw new Error(`outputs of ${request.getUrn()}, which was never registered`);
    row.outputs = fieldsOf(request.getOutputs());
    if (row.urn === this.#stackUrn) this.#complete = true;
    this.#secrets.collect(row.outputs);
  }

  async invoke(given: proto.ResourceInvokeRequest): Promise<proto.ResourceInvokeResponse> {
    const request = await this.#transforms.applyToInvoke(given);
    const token = request.getTok();
    const args = fieldsOf(request.getArgs());
    if (token === 'pulumi:pulumi:getResource') {
      // The engine's own provider, which it has from the first such question on.
      this.#providers.of('', 'pulumi', '');
      return create.invoked(this.#known(args));
    }
    const provider = this.#providers.of(request.getProvider(), packageOf(token), request.getVersion());
    return create.invoked(this.#answer('invokes', token, args, provider));
  }

  async call(request: proto.ResourceCallRequest): Promise<Fields> {
    const token = request.getTok();
    const provider = this.#providers.of(request.getProvider(), packageOf(token), request.getVersion());
    return this.#answer('calls', token, fieldsOf(request.getArgs()), provider);
  }

  exists(type: string, id: string): boolean {
    return [...this.#rows.values()].some((row) => row.type === type && row.id === id);
  }

  /** The graph of what was asked until now. */
  finish(recorder: Graph['recorder']): Graph {
    const rows = inOrder([...this.#rows.values()]);
    const tracer = new Tracer();
    for (const row of rows)
      tracer.addResource({ ...row, outputs: reveal(row.outputs) as GraphResource['outputs'] });
    const encoder = new ValueEncoder({
      ...{ tracer, secrets: this.#secrets, folder: this.#options.folder },
      missingAsset: (file) => {
        this.addUnanswered({
          ...{ kind: 'asset', name: file, positions: [], message: `the asset ${file} can't be read` },
          remedy: 'build it first, or correct its path (relative to the folder of the program)',
        });
      },
    });
    const resources = rows.map((row) => ({
      ...row,
      id: row.id === null ? null : this.redact(row.id),
      inputs: encoder.fields(row.inputs, `${row.urn} inputs`),
      outputs: encoder.fields(row.outputs, `${row.urn} outputs`),
    }));
    const invoked = this.#invokes.sort(byTokenAndArguments).map(({ kind, row, args, result }) => ({
      kind,
      row: {
        ...row,
        arguments: encoder.fields(args, `${row.token} arguments`),
        result: result && encoder.fields(result, `${row.token} result`),
      },
    }));
    const providers = [...this.#providers.rows.values()].map((row) => ({
      ...row,
      region: Providers.region(row) ?? null,
      configuration: encoder.fields(row.configuration, `${row.urn} configuration`),
      defaultTags: encoder.fields(Providers.defaultTags(row), `${row.urn} defaultTags`),
    }));
    return {
      ...{ version: GRAPH_VERSION, recorder, project: this.#options.project, stack: this.#options.stack },
      ...{ resources, reads: [...this.#reads].sort() },
      providers: providers.sort((a, b) => (a.urn < b.urn ? -1 : 1)),
      invokes: invoked.filter(({ kind }) => kind === 'invokes').map(({ row }) => row),
      calls: invoked.filter(({ kind }) => kind === 'calls').map(({ row }) => row),
      outputs: resources.find(({ urn }) => urn === this.#stackUrn)?.outputs ?? {},
      logs: this.#logs.map((each) => ({ ...each, message: this.redact(each.message) })),
      unanswered: this.unanswered,
      doubles: [...this.#doubles.values()].sort((a, b) => (a.type < b.type ? -1 : 1)),
      notModelled: counted(resources.filter(({ modelled }) => !modelled).map(({ type }) => type)),
      leaks: encoder.leaks,
    };
  }

  /** Makes the children of a remote component, where there is a double for it. */
  async #construct(
    row: Row,
    request: proto.RegisterResourceRequest,
  ): Promise<proto.RegisterResourceResponse | undefined> {
    if (!row.remote) return undefined;
    // The engine has a provider of the component's package as well.
    this.#providers.of(request.getProvider(), packageOf(row.type), request.getVersion());
    const made = await construct(this, this.#options.stack, row.urn, request);
    if (!made) {
      this.log('warning', `${row.type} has no double: its children are not in the graph`, row.urn);
      return undefined;
    }
    Object.assign(row, { outputs: made.outputs, modelled: true });
    this.#doubles.set(row.type, made.double);
    return made.response;
  }

  #add(asked: {
    type: string;
    name: string;
    parent: string;
    inputs: Fields;
    custom: boolean;
    remote: boolean;
    external: boolean;
    givenId: string;
    provider: string;
    version: string;
    dependencies: string[];
    propertyDependencies: { [property: string]: readonly string[] };
    options: GraphResource['options'];
    position: Position | null;
  }): Row {
    const { type, name, custom, inputs } = asked;
    const urn = urnOf(this.#options, asked.parent, type, name);
    const earlier = this.#rows.get(urn);
    if (earlier) {
      const places = [earlier.position, asked.position].map((each) =>
        each ? `${each.file}:${each.line}` : '?',
      );
      throw new Error(`two resources have the URN ${urn} (${places.join(' and ')}); give one another name`);
    }
    this.#secrets.collect(inputs);
    const token = tokenOf(urn);
    const row: Row = {
      ...{ urn, type, name, custom, inputs, token, remote: asked.remote, external: asked.external },
      ...{
        parent: asked.parent || null,
        id: null,
        outputs: inputs,
        computed: [],
        modelled: true,
        provider: null,
      },
      dependencies: [...asked.dependencies].sort(),
      propertyDependencies: sorted(asked.propertyDependencies),
      ...{ options: asked.options, position: asked.position },
    };
    // A component's outputs are those that it registers; a remote one's are made where nobody sees them.
    if (!custom) Object.assign(row, { outputs: asked.remote ? inputs : {}, modelled: !asked.remote });
    else if (type.startsWith('pulumi:providers:')) this.#asProvider(row, asked.version);
    else if (!type.startsWith('pulumi:')) this.#asResource(row, asked);
    else Object.assign(row, { id: asked.givenId || name });
    if (type === STACK_TYPE) {
      this.#stackUrn = urn;
      row.position = null;
    }
    this.#rows.set(urn, row);
    return row;
  }

  #asProvider(row: Row, version: string): void {
    const provider = this.#providers.addExplicit(
      row.urn,
      row.type.slice('pulumi:providers:'.length),
      version,
      row.inputs,
    );
    Object.assign(row, { id: provider.id, computed: ['id'] });
  }

  #asResource(
    row: Row,
    { givenId, provider: reference, version }: { givenId: string; provider: string; version: string },
  ): void {
    const provider = this.#providers.of(reference, packageOf(row.type), version);
    const inputs = reveal(row.inputs) as Fields;
    const { region, partition } = this.#place(provider, inputs);
    const { urn, type, name, token } = row;
    const place = { urn, type, name, token, region, partition, account: ACCOUNT };
    const made = this.#found(place, inputs, givenId) ?? answer({ ...place, inputs });
    const added = Object.fromEntries(
      Object.entries(made.outputs).flatMap(([output, value]) => {
        const given = row.inputs[output];
        if (given === undefined) return [[output, value]];
        // AWS adds fields to some of what it is given, such as the security group of an EKS cluster's network.
        return isFields(value) && isFields(given) && !isSecret(given)
          ? [[output, { ...value, ...given }]]
          : [];
      }),
    );
    // What is read has the tags that it has.
    const defaults = row.external ? {} : Providers.defaultTags(provider);
    const tags = tagsAll(type, row.inputs, defaults);
    if (tags !== undefined) added['tagsAll'] = tags;
    const hidden = row.options.additionalSecretOutputs ?? [];
    const outputs = { ...row.inputs, ...added };
    // An id that the program gave is known to it, under every name.
    const computed = Object.keys(added).filter(
      (output) => !FROM_PROVIDER.has(output) && (givenId === '' || added[output] !== givenId),
    );
    Object.assign(row, {
      id: givenId || made.id,
      outputs: Object.fromEntries(
        Object.entries(outputs).map(([output, value]) => [
          output,
          hidden.includes(output) && !isSecret(value) ? secret(value) : value,
        ]),
      ),
      computed: givenId || made.idOfAnother === true ? computed : ['id', ...computed],
      modelled: isModelled(type),
      provider: `${provider.urn}::${provider.id}`,
    });
  }

  /** What is read by its id, where the id of the type is its name: the resource has that name. */
  #found(place: Omit<DoubleContext, 'inputs'>, inputs: Fields, id: string): DoubleAnswer | undefined {
    const input = nameInput(place.type);
    if (id === '' || input === undefined || inputs[input] !== undefined) return undefined;
    const found = answer({ ...place, inputs: { ...inputs, [input]: id } });
    return found.id === id ? { ...found, outputs: { [input]: id, ...found.outputs } } : undefined;
  }

  #place(provider: ProviderRow, inputs: Fields): { region: string; partition: string } {
    const own = inputs['region'];
    const known = typeof own === 'string' && own !== '' ? own : Providers.region(provider);
    const region = known ?? STAND_IN_REGION;
    if (known === undefined && provider.package === 'aws') {
      const name = provider.explicit ? nameOfUrn(provider.urn) : 'aws:region';
      this.addUnanswered({
        ...{ kind: 'region', name, positions: [], message: `no region: ${STAND_IN_REGION} stands in for it` },
        remedy: provider.explicit ? `give the provider "${name}" a region` : '--config aws:region=<region>',
      });
    }
    return { region, partition: partitionOf(region) };
  }

  #answer(kind: 'invokes' | 'calls', token: string, args: Fields, provider: ProviderRow): Fields {
    this.#secrets.collect(args);
    const plain = reveal(args) as Fields;
    const given = Object.hasOwn(this.#options.answers, token) ? this.#options.answers[token] : undefined;
    const doubled =
      given || kind === 'calls' || token.startsWith('pulumi:')
        ? kind === 'calls'
          ? this.#method(token, args)
          : undefined
        : answerInvoke(token, plain, {
            ...{ ...this.#place(provider, plain), account: ACCOUNT },
            resources: (type) => this.#made(type),
          });
    const result = given ?? doubled ?? null;
    const answeredBy = given ? 'given' : doubled ? 'double' : null;
    this.#invokes.push({
      ...{ kind, args, result },
      row: { token, answeredBy, provider: `${provider.urn}::${provider.id}` },
    });
    if (result !== null) return result;
    const what = kind === 'calls' ? 'call' : 'invoke';
    const message = `nothing answers ${token} with ${this.redact(JSON.stringify(plain))}`;
    const remedy = `--answer ${token}=<file.json> (the result as a JSON object)`;
    this.addUnanswered({ kind: what, name: token, message, remedy, positions: [] });
    const at = this.#positions(token).map(({ file, line }) => `${file}:${line}`);
    throw new UnansweredError(
      `${message}${at.length > 0 ? `, called at ${at.join(', ')}` : ''}: give ${remedy}`,
    );
  }

  /** The one method that all providers have: their configuration, for a Terraform module. */
  #method(token: string, args: Fields): Fields | undefined {
    if (!/^pulumi:providers:[^/]+\/terraformConfig$/.test(token)) return undefined;
    const self = args['__self__'];
    const urn = isFields(self) ? String(self['urn']) : '';
    const provider = this.#providers.rows.get(urn);
    return provider && { result: provider.configuration };
  }

  #made(type: string): Fields[] {
    const rows = [...this.#rows.values()].filter((row) => row.type === type);
    return rows.map((row) => ({ ...(reveal(row.outputs) as Fields), id: row.id }));
  }

  #stackReference(name: string, position: Position | null): Fields {
    const references = this.#options.stackReferences;
    const outputs = Object.hasOwn(references, name) ? references[name] : undefined;
    if (outputs) {
      const secretOutputNames = Object.keys(outputs).filter((key) => isSecret(outputs[key]));
      return { name, outputs, secretOutputNames };
    }
    const message = `nothing says what the outputs of the stack ${name} are`;
    const remedy = `--stack-ref ${name}=<file.json> (what \`pulumi stack output --json\` prints)`;
    this.addUnanswered({
      kind: 'stack-reference',
      name,
      message,
      remedy,
      positions: position ? [position] : [],
    });
    throw new UnansweredError(`${message}: give ${remedy}`);
  }

  #known(args: Fields): Fields {
    const row = this.#rows.get(String(args['urn']));
    if (!row) throw new Error(`no resource ${String(args['urn'])} was registered before it was asked for`);
    return { urn: row.urn, id: row.id ?? '', state: row.outputs };
  }

  #positions(token: string): Position[] {
    const all = this.#calledAt.filter((each) => each.token === token).map(({ position }) => position);
    return all.filter(
      (each, n) => all.findIndex((other) => other.file === each.file && other.line === each.line) === n,
    );
  }
}

/** Outputs that the provider's configuration decides, so that they are known before anything exists. */
const FROM_PROVIDER = new Set(['region', 'bucketRegion', 'tagsAll', 'version']);

/** Programs ask in an order that changes from run to run. */
function byTokenAndArguments(a: Invoked, b: Invoked): number {
  const [left, right] = [a, b].map(({ row, args }) => `${row.token} ${JSON.stringify(args)}`);
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

function packageOf(type: string): string {
  return type.split(':')[0] ?? '';
}

function fieldsOf(struct: { toJavaScript(): unknown } | undefined): Fields {
  const value = struct?.toJavaScript();
  return isFields(value) ? value : {};
}

function sorted(map: { [key: string]: readonly string[] }): { [key: string]: readonly string[] } {
  const entries = Object.entries(map).filter(([, urns]) => urns.length > 0);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, urns]) => [key, [...urns].sort()]),
  );
}

function counted(types: string[]): { [type: string]: number } {
  const counts: { [type: string]: number } = {};
  for (const type of types.sort()) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
