import { ResourceMonitorClient } from '@pulumi/pulumi/proto/resource_grpc_pb';
import * as resourcePb from '@pulumi/pulumi/proto/resource_pb';
import type * as Grpc from '@grpc/grpc-js';
import {
  COMPONENT_DOUBLES,
  FOLLOWED,
  componentDouble,
  makeComponent,
} from '../../planner/doubles/components';
import { hostOf } from '../../planner/record/construct';
import { message, properties } from './properties';
import { Empty, grpc, listen, pluginPb, providerGrpc, providerPb, type Listening } from './sdk';
import type { ChildMonitor } from '../../planner/record/construct';

type ConstructRequest = InstanceType<typeof providerPb.ConstructRequest>;
type ConstructResponse = InstanceType<typeof providerPb.ConstructResponse>;

/** Packages of what components make beside `aws`: the stand-in for it takes them as well, and repeats their inputs. */
const OF_CHILDREN = ['kubernetes', 'docker', 'docker-build'];

/**
 * The providers of remote components, `awsx` and `eks`: makes the children that the doubles of the planner make, by
 * the engine's own monitor. It uses no SDK, whose runtime is one a process and belongs to the program.
 */
export class StandInComponents {
  readonly #listening: Listening;

  private constructor(listening: Listening) {
    this.#listening = listening;
  }

  static async start(): Promise<StandInComponents> {
    return new StandInComponents(await listen(providerGrpc.ResourceProviderService, METHODS));
  }

  /** A value for PULUMI_DEBUG_PROVIDERS; `aws` is the port of the stand-in for that. */
  debugProviders(aws: number): string {
    const ports = [
      ...['aws', ...OF_CHILDREN].map((name) => [name, aws] as const),
      ...FOLLOWED.map(({ package: name }) => [name, this.#listening.port] as const),
    ];
    return ports.map(([name, port]) => `${name}:${port}`).join(',');
  }

  stop(): void {
    this.#listening.stop();
  }
}

const METHODS = {
  handshake: unary(() =>
    new providerPb.ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true),
  ),
  getSchema: unary(() => new providerPb.GetSchemaResponse().setSchema('{}')),
  getPluginInfo: unary(() => new pluginPb.PluginInfo().setVersion('0.0.0')),
  attach: unary(() => new Empty()),
  cancel: unary(() => new Empty()),
  checkConfig: unary((request: InstanceType<typeof providerPb.CheckRequest>) =>
    new providerPb.CheckResponse().setInputs(request.getNews()),
  ),
  diffConfig: unary(() =>
    new providerPb.DiffResponse().setChanges(providerPb.DiffResponse.DiffChanges.DIFF_NONE),
  ),
  configure: unary(() =>
    new providerPb.ConfigureResponse()
      .setAcceptsecrets(true)
      .setAcceptresources(true)
      .setSupportspreview(true),
  ),
  construct: unary(construct),
};

async function construct(request: ConstructRequest): Promise<ConstructResponse> {
  const type = request.getType();
  const double = componentDouble(type);
  if (!double) {
    const known = COMPONENT_DOUBLES.map((each) => each.type).join(', ');
    throw new Error(`${type} has no double; those that have are ${known}`);
  }
  const client = new ResourceMonitorClient(request.getMonitorendpoint(), grpc.credentials.createInsecure(), {
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });
  try {
    const monitor = monitorOf(client);
    const urn = (await monitor.registerResource(registrationOf(request))).getUrn();
    const { outputs, dependencies } = await makeComponent(double, {
      ...{ host: hostOf(monitor), urn, type, name: request.getName(), stack: request.getStack() },
      ...{ inputs: properties(request.getInputs()), inputDependencies: inputDependenciesOf(request) },
      providers: Object.fromEntries(request.getProvidersMap().toArray()),
      protect: request.getProtect() ? true : undefined,
    });
    const state = message(outputs);
    await monitor.registerOutputs(
      new resourcePb.RegisterResourceOutputsRequest().setUrn(urn).setOutputs(state),
    );
    const response = new providerPb.ConstructResponse().setUrn(urn).setState(state);
    for (const [output, urns] of Object.entries(dependencies)) {
      const list = new providerPb.ConstructResponse.PropertyDependencies();
      list.setUrnsList([...urns]);
      response.getStatedependenciesMap().set(output, list);
    }
    return response;
  } finally {
    client.close();
  }
}

/** The component itself, with the options that the program gave it. */
function registrationOf(request: ConstructRequest): resourcePb.RegisterResourceRequest {
  const registration = new resourcePb.RegisterResourceRequest()
    .setType(request.getType())
    .setName(request.getName())
    .setParent(request.getParent())
    .setObject(request.getInputs())
    .setDependenciesList(request.getDependenciesList())
    .setAliasesList(request.getAliasesList())
    .setAliasspecs(true)
    .setDeletedwith(request.getDeletedwith())
    .setIgnorechangesList(request.getIgnorechangesList())
    .setReplaceonchangesList(request.getReplaceonchangesList())
    .setAcceptsecrets(true)
    .setAcceptresources(true)
    .setSupportspartialvalues(true);
  const protect = request.getProtect();
  if (protect !== undefined) registration.setProtect(protect);
  const retain = request.getRetainondelete();
  if (retain !== undefined) registration.setRetainondelete(retain);
  for (const [input, urns] of Object.entries(inputDependenciesOf(request))) {
    const list = new resourcePb.RegisterResourceRequest.PropertyDependencies();
    list.setUrnsList([...urns]);
    registration.getPropertydependenciesMap().set(input, list);
  }
  return registration;
}

function inputDependenciesOf(request: ConstructRequest): { readonly [input: string]: readonly string[] } {
  const map = request.getInputdependenciesMap();
  return Object.fromEntries(map.toArray().map(([name]) => [name, map.get(name)?.getUrnsList() ?? []]));
}

function monitorOf(client: ResourceMonitorClient): ChildMonitor {
  return {
    registerResource: async (request) =>
      answer<resourcePb.RegisterResourceResponse>((reply) => client.registerResource(request, reply)),
    registerOutputs: async (request) =>
      answer<unknown>((reply) => client.registerResourceOutputs(request, reply)),
    invoke: async (request) =>
      answer<resourcePb.ResourceInvokeResponse>((reply) => client.invoke(request, reply)),
  };
}

async function answer<Response>(
  call: (reply: (error: Error | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error ? reject(error) : resolve(response)));
  });
}

/** Turns what a method returns into the answer, and what it throws into the error of the call. */
function unary<Request, Response>(method: (request: Request) => Response | Promise<Response>) {
  const answered = async (request: Request) => method(request);
  return (call: { readonly request: Request }, reply: Grpc.sendUnaryData<Response>): void => {
    answered(call.request).then(
      (response) => reply(null, response),
      (error: unknown) =>
        reply({ code: grpc.status.UNKNOWN, message: error instanceof Error ? error.message : String(error) }),
    );
  };
}
