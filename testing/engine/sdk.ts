import { createRequire } from 'node:module';
import type * as Grpc from '@grpc/grpc-js';
import type * as EmptyPb from 'google-protobuf/google/protobuf/empty_pb';
import type * as StructPb from 'google-protobuf/google/protobuf/struct_pb';
import type * as AnalyzerGrpc from '@pulumi/pulumi/proto/analyzer_grpc_pb';
import type * as AnalyzerPb from '@pulumi/pulumi/proto/analyzer_pb';
import type * as LanguageGrpc from '@pulumi/pulumi/proto/language_grpc_pb';
import type * as LanguagePb from '@pulumi/pulumi/proto/language_pb';
import type * as PluginPb from '@pulumi/pulumi/proto/plugin_pb';
import type * as ProviderGrpc from '@pulumi/pulumi/proto/provider_grpc_pb';
import type * as ProviderPb from '@pulumi/pulumi/proto/provider_pb';

// gRPC and protobuf must be the copies that the SDK itself loads: messages of another copy are not recognised,
// and every call ends with "Error deserializing request".
const ofSdk = createRequire(require.resolve('@pulumi/pulumi/package.json'));

export const grpc = ofSdk('@grpc/grpc-js') as typeof Grpc;
export const { Empty } = ofSdk('google-protobuf/google/protobuf/empty_pb') as typeof EmptyPb;
export const { Struct } = ofSdk('google-protobuf/google/protobuf/struct_pb') as typeof StructPb;
export const analyzerGrpc = ofSdk('./proto/analyzer_grpc_pb') as typeof AnalyzerGrpc;
export const analyzerPb = ofSdk('./proto/analyzer_pb') as typeof AnalyzerPb;
export const languageGrpc = ofSdk('./proto/language_grpc_pb') as typeof LanguageGrpc;
export const languagePb = ofSdk('./proto/language_pb') as typeof LanguagePb;
export const pluginPb = ofSdk('./proto/plugin_pb') as typeof PluginPb;
export const providerGrpc = ofSdk('./proto/provider_grpc_pb') as typeof ProviderGrpc;
export const providerPb = ofSdk('./proto/provider_pb') as typeof ProviderPb;

/** A service on a port of the loopback interface that the system chose. */
export interface Listening {
  readonly port: number;
  /** Ends the calls under way and closes the port. */
  stop(): void;
}

/** Serves on 127.0.0.1. Methods that are not given answer UNIMPLEMENTED. */
export async function listen(
  service: Grpc.ServiceDefinition,
  methods: { readonly [name: string]: Grpc.UntypedHandleCall },
): Promise<Listening> {
  const server = new grpc.Server({
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });
  server.addService(service, { ...methods });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { port, stop: () => server.forceShutdown() };
}
