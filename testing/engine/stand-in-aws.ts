import type {
  CheckRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  InvokeRequest,
  ReadRequest,
  UpdateRequest,
} from '@pulumi/pulumi/proto/provider_pb';
import { WIRE, reveal } from '../../planner/graph/values';
import { Answers } from './answers';
import { Configurations } from './configurations';
import { configDiffOf, diffOf } from './differences';
import { Faults, type Fault } from './faults';
import { Holds, type Held, type Hold } from './holds';
import { nameOf, typeOf } from './names';
import { Outside } from './outside';
import { message, properties, type Properties } from './properties';
import { Revisions } from './revisions';
import { Empty, grpc, listen, pluginPb, providerGrpc, providerPb, type Listening } from './sdk';
import { madeResources } from './made-resources';
import { StandInComponents } from './stand-in-components';

/** The version that the stand-in gives as its own: that of the `@pulumi/aws` it was tried with. */
const VERSION = '7.48.0';
const DEFAULT_REGION = 'eu-west-1';

/** Answers a data source from its arguments, which have no marks of secrets. */
export type Invoke = (args: Properties) => Properties;

export interface StandInOptions {
  /** Where resources are for which neither an input `region` nor their provider says so: eu-west-1 by default. */
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
 * An `aws` provider for the real engine that holds no AWS: it accepts every resource, gives the planner's
 * outputs, and says what a change would replace by a small table. It lives in the process of the test, which sees every call.
 */
export class StandInAws {
  readonly #calls: RecordedCall[] = [];
  readonly #faults = new Faults();
  readonly #holds = new Holds();
  readonly #outside = new Outside();
  readonly #revisions = new Revisions();
  readonly #configurations = new Configurations();
  readonly #toTell: (() => void)[] = [];
  readonly #region: string;
  readonly #invokes: { readonly [token: string]: Invoke };
  readonly #unknownInPreview: boolean;
  #listening: Listening | undefined;
  #components: StandInComponents | undefined;

  private constructor(options: StandInOptions) {
    this.#region = options.region ?? DEFAULT_REGION;
    this.#invokes = options.invokes ?? {};
    this.#unknownInPreview = options.previews === 'unknown';
  }

  static async start(options: StandInOptions = {}): Promise<StandInAws> {
    const standIn = new StandInAws(options);
    standIn.#listening = await listen(providerGrpc.ResourceProviderService, standIn.#methods());
    standIn.#components = await StandInComponents.start();
    return standIn;
  }

  /** For the environment of `pulumi`: the engine then starts no plugin of these but talks to the stand-ins. */
  get environment(): { readonly PULUMI_DEBUG_PROVIDERS: string } {
    if (this.#listening === undefined || this.#components === undefined)
      throw new Error('stand-in aws: it was stopped; start another');
    return { PULUMI_DEBUG_PROVIDERS: this.#components.debugProviders(this.#listening.port) };
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

  /** Holds the next call that fits until it is released; previews are never held. */
  hold(held: Held): Hold {
    return this.#holds.add(held);
  }

  /**
   * Says what is in AWS without the engine's doing: for an import, or changed by hand under the engine's feet. From then
   * on a read (`refresh`, `import`, `get`) finds these inputs, or that it is `gone`, until the engine changes it.
   * @param id in AWS, such as a bucket's name
   */
  outside(type: string, id: string, inputs: Properties | 'gone'): void {
    this.#outside.set(type, id, inputs === 'gone' ? undefined : inputs);
  }

  /** Settles when the engine next tells its providers to end what they do: it was interrupted, or is done. */
  async cancelled(): Promise<void> {
    return new Promise((resolve) => void this.#toTell.push(resolve));
  }

  stop(): void {
    this.#holds.releaseAll();
    this.#listening?.stop();
    this.#listening = undefined;
    this.#components?.stop();
    this.#components = undefined;
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
  async #begin(method: string, { urn, preview, inputs }: Question): Promise<void> {
    this.#record(method, { urn, preview, inputs });
    if (preview) return;
    await this.#holds.pass(method, typeOf(urn), nameOf(urn));
    const fault = this.#faults.meet(method, typeOf(urn), nameOf(urn));
    if (fault !== undefined) throw new Error(fault);
  }

  /** Turns what a method returns into the answer, and what it throws into the error of the call. */
  #unary<Request, Response>(method: (request: Request, peer: string) => Response | Promise<Response>) {
    const answered = async (request: Request, peer: string) => method(request, peer);
    return (
      call: { readonly request: Request; getPeer(): string },
      reply: (error: { code: number; message: string } | null, response?: Response) => void,
    ): void => {
      answered(call.request, call.getPeer()).then(
        (response) => reply(null, response),
        (error: unknown) =>
          reply({
            code: grpc.status.UNKNOWN,
            message: error instanceof Error ? error.message : String(error),
          }),
      );
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
      // The engine ends every run with it, also one that is interrupted; one stand-in serves many runs.
      cancel: this.#unary(() => {
        for (const tell of this.#toTell.splice(0)) tell();
        return new Empty();
      }),
      checkConfig: this.#unary((request: CheckRequest) => {
        this.#record('checkConfig', { urn: request.getUrn(), inputs: properties(request.getNews()) });
        return new providerPb.CheckResponse().setInputs(request.getNews());
      }),
      diffConfig: this.#unary((request: DiffRequest) =>
        configDiffOf(properties(request.getOldInputs()), properties(request.getNews())),
      ),
      configure: this.#unary((request: InstanceType<typeof providerPb.ConfigureRequest>, peer) => {
        this.#record('configure', { urn: request.getUrn() ?? '', inputs: properties(request.getArgs()) });
        this.#configurations.configure(peer, request);
        return new providerPb.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
      }),
      invoke: this.#unary((request: InvokeRequest, peer) => this.#invoke(request, peer)),
      check: this.#unary((request: CheckRequest, peer) => this.#check(request, peer)),
      diff: this.#unary((request: DiffRequest, peer) => this.#diff(request, peer)),
      create: this.#unary(async (request: CreateRequest, peer) => this.#create(request, peer)),
      update: this.#unary(async (request: UpdateRequest, peer) => this.#update(request, peer)),
      read: this.#unary(async (request: ReadRequest, peer) => this.#read(request, peer)),
      delete: this.#unary(async (request: DeleteRequest) => this.#delete(request)),
    };
  }

  #invoke(request: InvokeRequest, peer: string) {
    const [token, inputs] = [request.getTok(), properties(request.getArgs())];
    this.#record('invoke', { token, inputs });
    const args = reveal(inputs) as Properties;
    const answers = this.#of(peer);
    const made = (type: string) => madeResources(this.#calls, answers, type);
    const found = this.#invokes[token]?.(args) ?? answers.invoked(token, args, made);
    if (found === undefined) {
      throw new Error(`stand-in aws: no answer for ${token}; give one by its option \`invokes\``);
    }
    return new providerPb.InvokeResponse().setReturn(message(found));
  }

  #of(peer: string): Answers {
    return new Answers(this.#configurations.of(peer), this.#region);
  }

  #check(request: CheckRequest, peer: string) {
    const [urn, inputs] = [request.getUrn(), properties(request.getNews())];
    this.#record('check', { urn, inputs });
    const checked = this.#of(peer).checked(urn, inputs, properties(request.getOlds()));
    return new providerPb.CheckResponse().setInputs(message(checked));
  }

  #diff(request: DiffRequest, peer: string) {
    const urn = request.getUrn();
    const [before, after] = [properties(request.getOldInputs()), properties(request.getNews())];
    this.#record('diff', { urn, inputs: after });
    const region = properties(request.getOlds())['region'];
    const now = typeof region === 'string' ? region : undefined;
    return diffOf({ type: typeOf(urn), before, after, regions: [now, this.#of(peer).region(after)] });
  }

  async #create(request: CreateRequest, peer: string) {
    const [urn, preview] = [request.getUrn(), request.getPreview()];
    const inputs = properties(request.getProperties());
    await this.#begin('create', { urn, preview, inputs });
    const made = this.#of(peer).made(urn, inputs);
    const { id } = made;
    const computed = this.#revisions.count(typeOf(urn), made.computed, preview);
    if (!preview) this.#outside.forget(typeOf(urn), id);
    const unknown = preview && this.#unknownInPreview;
    const outputs = unknown ? allUnknown(computed) : computed;
    const response = new providerPb.CreateResponse().setProperties(
      message({ ...published(inputs), ...outputs }),
    );
    // An id left empty is an unknown one.
    return unknown || id.includes(WIRE.unknown) ? response : response.setId(id);
  }

  async #update(request: UpdateRequest, peer: string) {
    const [urn, preview] = [request.getUrn(), request.getPreview()];
    const [before, after] = [properties(request.getOldInputs()), properties(request.getNews())];
    await this.#begin('update', { urn, preview, inputs: after });
    if (!preview) this.#outside.forget(typeOf(urn), request.getId());
    // What AWS computed is known in a preview too: the resource exists.
    const state = properties(request.getOlds());
    const outputs = this.#of(peer).updated(urn, { before, after, state });
    return new providerPb.UpdateResponse().setProperties(message({ ...published(after), ...outputs }));
  }

  async #read(request: ReadRequest, peer: string) {
    const [urn, id] = [request.getUrn(), request.getId()];
    const [state, inputs] = [properties(request.getProperties()), properties(request.getInputs())];
    await this.#begin('read', { urn, preview: false, inputs });
    const response = new providerPb.ReadResponse();
    const there = this.#outside.find(typeOf(urn), id);
    // An id left empty says that there is nothing.
    if (there === 'gone') return response;
    response.setId(id);
    if (there !== undefined) {
      const found = this.#of(peer).found(urn, there);
      return response.setInputs(message(found.inputs)).setProperties(message(found.outputs));
    }
    // Of a refresh: it is as the engine last saw it.
    if (Object.keys(inputs).length > 0) {
      return response.setInputs(request.getInputs()).setProperties(request.getProperties());
    }
    const found = this.#of(peer).foundById(urn, id, state);
    return response.setInputs(message(state)).setProperties(message(found));
  }

  async #delete(request: DeleteRequest) {
    const [urn, inputs] = [request.getUrn(), properties(request.getOldInputs())];
    await this.#begin('delete', { urn, preview: false, inputs });
    this.#outside.forget(typeOf(urn), request.getId());
    return new Empty();
  }
}

/** Without what the provider keeps for itself. */
function published(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith('__')));
}

function allUnknown(values: Properties): Properties {
  return Object.fromEntries(Object.keys(values).map((name) => [name, WIRE.unknown]));
}
