import * as grpc from '@grpc/grpc-js';
import { EngineService } from '@pulumi/pulumi/proto/engine_grpc_pb';
import * as engine from '@pulumi/pulumi/proto/engine_pb';
import { CallResponse } from '@pulumi/pulumi/proto/provider_pb';
import { ResourceMonitorService } from '@pulumi/pulumi/proto/resource_grpc_pb';
import * as proto from '@pulumi/pulumi/proto/resource_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { FEATURES, struct } from './messages';
import type { Callback } from '@pulumi/pulumi/proto/callback_pb';
import type { Recording } from './recording';

/** A method of a gRPC service, by what it makes of a request. */
type Method = (request: never) => unknown;

/** By the numbers of the protocol; the first is for the SDK's own diagnosis, and is not kept. */
const SEVERITIES = [undefined, 'info', 'warning', 'error'] as const;

/** The monitor and the engine of one program, on one port of loopback. */
export class RecordingServer {
  readonly #server: grpc.Server;
  readonly #port: number;

  private constructor(server: grpc.Server, port: number) {
    this.#server = server;
    this.#port = port;
  }

  static async start(recording: Recording): Promise<RecordingServer> {
    const server = new grpc.Server({
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
    });
    server.addService(ResourceMonitorService, served(monitorOf(recording)));
    server.addService(EngineService, served(engineOf(recording)));
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
    return new RecordingServer(server, port);
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  stop(): void {
    this.#server.forceShutdown();
  }
}

/** The methods of Pulumi's ResourceMonitor, by their names in the published protocol. */
export function monitorOf(recording: Recording): { readonly [name: string]: Method } {
  return {
    getDeploymentInfo: () => new proto.DeploymentInfo().setSupportedfeaturesList([...FEATURES]),
    supportsFeature: () => new proto.SupportsFeatureResponse().setHassupport(false),
    registerResource: (request: proto.RegisterResourceRequest) => recording.registerResource(request),
    readResource: (request: proto.ReadResourceRequest) => recording.readResource(request),
    existsResource: (request: proto.ExistsResourceRequest) =>
      new proto.ExistsResourceResponse().setExists(recording.exists(request.getType(), request.getId())),
    registerResourceOutputs: (request: proto.RegisterResourceOutputsRequest) => {
      recording.registerOutputs(request);
      return new Empty();
    },
    invoke: (request: proto.ResourceInvokeRequest) => recording.invoke(request),
    call: async (request: proto.ResourceCallRequest) =>
      new CallResponse().setReturn(struct(await recording.call(request))),
    registerStackTransform: (request: Callback) => {
      recording.transforms.addToStack(request);
      return new Empty();
    },
    registerStackInvokeTransform: (request: Callback) => {
      recording.transforms.addToInvokes(request);
      return new Empty();
    },
    // Hooks run when something is made, and here nothing is; the graph names them.
    registerResourceHook: () => new Empty(),
    registerErrorHook: () => new Empty(),
    registerPackage: (request: proto.RegisterPackageRequest) =>
      new proto.RegisterPackageResponse().setRef(`${request.getName()}@${request.getVersion()}`),
    signalAndWaitForShutdown: () => new Empty(),
  };
}

function engineOf(recording: Recording): { readonly [name: string]: Method } {
  return {
    log: (request: engine.LogRequest) => {
      const severity = SEVERITIES[request.getSeverity()];
      if (severity) recording.log(severity, request.getMessage(), request.getUrn());
      return new Empty();
    },
    getRootResource: () => new engine.GetRootResourceResponse().setUrn(recording.stackUrn),
    setRootResource: () => new engine.SetRootResourceResponse(),
    requirePulumiVersion: () => new engine.RequirePulumiVersionResponse(),
  };
}

function served(methods: { readonly [name: string]: Method }): grpc.UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      (call: grpc.ServerUnaryCall<unknown, unknown>, reply: grpc.sendUnaryData<unknown>) => {
        answered(method, call.request).then(
          (response) => reply(null, response),
          (error: unknown) => reply({ code: grpc.status.UNKNOWN, details: messageOf(error) }),
        );
      },
    ]),
  );
}

export async function answered(method: Method, request: unknown): Promise<unknown> {
  return method(request as never);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
