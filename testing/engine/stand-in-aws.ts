import type {
  CheckRequest,
  CreateRequest,
  DiffRequest,
  InvokeRequest,
} from '@pulumi/pulumi/proto/provider_pb';
import { ACCOUNT, answer, answerInvoke, partitionOf, tokenOf } from '../../planner/doubles';
import { WIRE, reveal } from '../../planner/graph/values';
import { Faults, type Fault } from './faults';
import { generatedName, nameOf, typeOf } from './names';
import { changed, inheritMarks, message, properties, type Properties } from './properties';
import { nameInput, replaces } from './replace-rules';
import { Empty, grpc, listen, pluginPb, providerGrpc, providerPb, type Listening } from './sdk';

/** The version that the stand-in gives as its own: that of the `@pulumi/aws` it was tried with. */
const VERSION = '7.48.0';
const DEFAULT_REGION = 'eu-west-1';

/** Answers a data source from its arguments, which have no marks of secrets. */
export type Invoke = (args: Properties) => Properties;

export interface StandInOptions {
  /**
   * Where resources are that do not say so by an input `region`, eu-west-1 by default. All providers of a program talk
   * to the one stand-in, which cannot tell them apart: the region of a provider changes nothing here.
   */
  readonly region?: string;
  /** Further answers of data sources, by token; they come before the built-in ones. */
  readonly invokes?: { readonly [token: string]: Invoke };
  /**
   * Whether ids and computed outputs are known in a preview (default) or unknown, as with AWS itself. Known ones let
   * policies and programs see in a preview what they would see after `up`.
   */
  readonly previews?: 'known' | 'unknown';
}

/** One call that the engine made. */
export interface RecordedCall {
  readonly method: string;
  readonly preview: boolean;
  /** Of the resource; empty for calls that are about none. */
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** The token of an invoke; empty otherwise. */
  readonly token: string;
  /** Inputs of a resource, arguments of an invoke, or the provider's configuration, as they came. */
  readonly inputs: Properties;
}

interface Question {
  readonly urn: string;
  readonly preview: boolean;
  readonly inputs: Properties;
}

/**
 * An `aws` provider for the real engine that holds no AWS: it accepts every resource, gives the planner's outputs, and says what
 * a change would replace by a small table. It lives in the process of the test, which sees every call.
 */
export class StandInAws {
  readonly #calls: RecordedCall[] = [];
  readonly #faults = new Faults();
  readonly #region: string;
  readonly #invokes: { readonly [token: string]: Invoke };
  readonly #unknownInPreview: boolean;
  #listening: Listening | undefined;

  private constructor(options: StandInOptions) {
    this.#region = options.region ?? DEFAULT_REGION;
    this.#invokes = options.invokes ?? {};
    this.#unknownInPreview = options.previews === 'unknown';
  }

  static async start(options: StandInOptions = {}): Promise<StandInAws> {
    const standIn = new StandInAws(options);
    standIn.#listening = await listen(providerGrpc.ResourceProviderService, standIn.#methods());
    return standIn;
  }

  /** For the environment of `pulumi`: the engine then starts no `aws` plugin but talks to this one. */
  get environment(): { readonly PULUMI_DEBUG_PROVIDERS: string } {
    if (this.#listening === undefined) throw new Error('stand-in aws: it was stopped; start another');
    return { PULUMI_DEBUG_PROVIDERS: `aws:${this.#listening.port}` };
  }

  /** Every call since the start or the last `forget()`, in order. */
  get calls(): readonly RecordedCall[] {
    return this.#calls;
  }

  /** Names of the resources that calls of one method were about, in order; previews are left out. */
  done(method: 'create' | 'update' | 'delete' | 'read'): string[] {
    return this.#calls.filter((call) => call.method === method && !call.preview).map(({ name }) => name);
  }

  forget(): void {
    this.#calls.length = 0;
  }

  /** Asks for a fault, which happens once. */
  fail(fault: Fault): void {
    this.#faults.add(fault);
  }

  /** Faults that no call has met. */
  get waitingFaults(): readonly Fault[] {
    return this.#faults.waiting;
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  stop(): void {
    this.#listening?.stop();
    this.#listening = undefined;
  }

  #record(method: string, about: Partial<RecordedCall>): void {
    const urn = about.urn ?? '';
    this.#calls.push({
      method,
      preview: about.preview ?? false,
      urn,
      type: typeOf(urn),
      name: nameOf(urn),
      token: about.token ?? '',
      inputs: about.inputs ?? {},
    });
  }

  /** Records a call about a resource, and throws the fault that it meets. */
  #begin(method: string, { urn, preview, inputs }: Question): void {
    this.#record(method, { urn, preview, inputs });
    if (preview) return;
    const fault = this.#faults.meet(method, typeOf(urn), nameOf(urn));
    if (fault !== undefined) throw new Error(fault);
  }

  /** Turns what a method returns into the answer, and what it throws into the error of the call. */
  #unary<Request, Response>(method: (request: Request) => Response) {
    return (
      call: { readonly request: Request },
      reply: (error: { code: number; message: string } | null, response?: Response) => void,
    ): void => {
      try {
        reply(null, method(call.request));
      } catch (error) {
        reply({ code: grpc.status.UNKNOWN, message: error instanceof Error ? error.message : String(error) });
      }
    };
  }

  #methods() {
    return {
      handshake: this.#unary(() => new providerPb.ProviderHandshakeResponse().setAcceptSecrets(true)),
      getSchema: this.#unary(() =>
        new providerPb.GetSchemaResponse().setSchema(JSON.stringify({ name: 'aws', version: VERSION })),
      ),
      getPluginInfo: this.#unary(() => new pluginPb.PluginInfo().setVersion(VERSION)),
      attach: this.#unary(() => new Empty()),
      // The engine ends every run with it, and one stand-in serves many runs.
      cancel: this.#unary(() => new Empty()),
      checkConfig: this.#unary((request: CheckRequest) => {
        this.#record('checkConfig', { urn: request.getUrn(), inputs: properties(request.getNews()) });
        return new providerPb.CheckResponse().setInputs(request.getNews());
      }),
      diffConfig: this.#unary((request: DiffRequest) => {
        const changes = changed(properties(request.getOldInputs()), properties(request.getNews()));
        return differences(changes, []);
      }),
      configure: this.#unary((request: InstanceType<typeof providerPb.ConfigureRequest>) => {
        this.#record('configure', { inputs: properties(request.getArgs()) });
        return new providerPb.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
      }),
      invoke: this.#unary((request: InvokeRequest) => this.#invoke(request)),
      check: this.#unary((request: CheckRequest) => this.#check(request)),
      diff: this.#unary((request: DiffRequest) => this.#diff(request)),
      create: this.#unary((request: CreateRequest) => this.#create(request)),
      update: this.#unary((request: InstanceType<typeof providerPb.UpdateRequest>) => {
        const [urn, preview] = [request.getUrn(), request.getPreview()];
        const inputs = properties(request.getNews());
        this.#begin('update', { urn, preview, inputs });
        // The resource exists, so what AWS computed for it is known, in a preview too.
        const { computed } = this.#existing(urn, inputs);
        return new providerPb.UpdateResponse().setProperties(message({ ...published(inputs), ...computed }));
      }),
      read: this.#unary((request: InstanceType<typeof providerPb.ReadRequest>) => {
        const [urn, inputs] = [request.getUrn(), properties(request.getInputs())];
        this.#begin('read', { urn, preview: false, inputs });
        return new providerPb.ReadResponse()
          .setId(request.getId())
          .setProperties(request.getProperties())
          .setInputs(request.getInputs());
      }),
      delete: this.#unary((request: InstanceType<typeof providerPb.DeleteRequest>) => {
        const [urn, inputs] = [request.getUrn(), properties(request.getOldInputs())];
        this.#begin('delete', { urn, preview: false, inputs });
        return new Empty();
      }),
    };
  }

  #invoke(request: InvokeRequest) {
    const [token, inputs] = [request.getTok(), properties(request.getArgs())];
    this.#record('invoke', { token, inputs });
    const args = reveal(inputs) as Properties;
    const found = this.#invokes[token]?.(args) ?? answerInvoke(token, args, this.#place({}));
    if (found === undefined) {
      throw new Error(`stand-in aws: no answer for ${token}; give one by its option \`invokes\``);
    }
    return new providerPb.InvokeResponse().setReturn(message(found));
  }

  /** Takes everything, and gives a name where the real provider would. */
  #check(request: CheckRequest) {
    const urn = request.getUrn();
    const inputs = properties(request.getNews());
    this.#record('check', { urn, inputs });
    const input = nameInput(typeOf(urn));
    if (input === undefined || inputs[input] !== undefined || inputs[`${input}Prefix`] !== undefined) {
      return new providerPb.CheckResponse().setInputs(request.getNews());
    }
    // As the real one marks what it filled in; a name that a resource has already is kept through renames.
    const given = properties(request.getOlds())[input] ?? generatedName(urn);
    const filled = { ...inputs, [input]: given, __defaults: [input] };
    return new providerPb.CheckResponse().setInputs(message(filled));
  }

  #diff(request: DiffRequest) {
    const type = typeOf(request.getUrn());
    const [before, after] = [properties(request.getOldInputs()), properties(request.getNews())];
    this.#record('diff', { urn: request.getUrn(), inputs: after });
    const changes = changed(before, after);
    const replacing = changes.filter((input) => replaces(type, input));
    const name = nameInput(type);
    const keepsName = name !== undefined && after[name] !== undefined && !changes.includes(name);
    // Two of one name cannot exist together; a generated name would be generated anew.
    return differences(changes, replacing, before, after).setDeletebeforereplace(
      replacing.length > 0 && keepsName && !generated(after).includes(name),
    );
  }

  #create(request: CreateRequest) {
    const [urn, preview] = [request.getUrn(), request.getPreview()];
    const inputs = properties(request.getProperties());
    this.#begin('create', { urn, preview, inputs });
    const { id, computed } = this.#existing(urn, inputs);
    const unknown = preview && this.#unknownInPreview;
    const outputs = unknown ? mapped(computed, () => WIRE.unknown) : computed;
    const response = new providerPb.CreateResponse().setProperties(
      message({ ...published(inputs), ...outputs }),
    );
    // An id left empty is an unknown one.
    return unknown || id.includes(WIRE.unknown) ? response : response.setId(id);
  }

  #existing(urn: string, inputs: Properties) {
    const type = typeOf(urn);
    const plain = reveal(inputs) as Properties;
    const { id, outputs } = answer({
      urn,
      type,
      name: nameOf(urn),
      token: tokenOf(urn),
      inputs: plain,
      ...this.#place(plain),
    });
    return { id, computed: inheritMarks(inputs, outputs) };
  }

  #place(inputs: Properties) {
    const region = typeof inputs['region'] === 'string' ? inputs['region'] : this.#region;
    return { region, account: ACCOUNT, partition: partitionOf(region) };
  }
}

function generated(inputs: Properties): readonly unknown[] {
  return Array.isArray(inputs['__defaults']) ? inputs['__defaults'] : [];
}

/** Without what the provider keeps for itself. */
function published(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith('__')));
}

function mapped(values: Properties, to: (value: unknown) => unknown): Properties {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, to(value)]));
}

function differences(
  changes: readonly string[],
  replacing: readonly string[],
  before: Properties = {},
  after: Properties = {},
) {
  const { DiffResponse, PropertyDiff } = providerPb;
  const response = new DiffResponse()
    .setChanges(changes.length > 0 ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE)
    .setDiffsList([...changes])
    .setReplacesList([...replacing])
    .setHasdetaileddiff(true);
  const { Kind } = PropertyDiff;
  for (const input of changes) {
    const replaced = replacing.includes(input);
    let kind = replaced ? Kind.UPDATE_REPLACE : Kind.UPDATE;
    if (before[input] === undefined) kind = replaced ? Kind.ADD_REPLACE : Kind.ADD;
    else if (after[input] === undefined) kind = replaced ? Kind.DELETE_REPLACE : Kind.DELETE;
    const one = new PropertyDiff();
    one.setKind(kind);
    one.setInputdiff(true);
    response.getDetaileddiffMap().set(input, one);
  }
  return response;
}
