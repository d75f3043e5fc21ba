import * as grpc from '@grpc/grpc-js';
import { CallbacksClient } from '@pulumi/pulumi/proto/callback_grpc_pb';
import { CallbackInvokeRequest } from '@pulumi/pulumi/proto/callback_pb';
import type { Callback, CallbackInvokeResponse } from '@pulumi/pulumi/proto/callback_pb';
import type { RegisterResourceRequest, ResourceInvokeRequest } from '@pulumi/pulumi/proto/resource_pb';
import {
  TransformInvokeOptions,
  TransformInvokeRequest,
  TransformInvokeResponse,
  TransformRequest,
  TransformResourceOptions,
  TransformResponse,
} from '@pulumi/pulumi/proto/resource_pb';

/** Runs the program's transforms, in the order of the engine: the resource's own, then the stack's. */
export class Transforms {
  readonly #stack: Callback[] = [];
  readonly #invokes: Callback[] = [];
  readonly #clients = new Map<string, CallbacksClient>();

  addToStack(callback: Callback): void {
    this.#stack.push(callback);
  }

  addToInvokes(callback: Callback): void {
    this.#invokes.push(callback);
  }

  /** As `apply`, of a call of a provider's function. */
  async applyToInvoke(given: ResourceInvokeRequest): Promise<ResourceInvokeRequest> {
    if (this.#invokes.length === 0) return given;
    const request = given.cloneMessage();
    for (const callback of this.#invokes) {
      const asked = new TransformInvokeRequest()
        .setToken(request.getTok())
        .setOptions(
          new TransformInvokeOptions()
            .setProvider(request.getProvider())
            .setPluginDownloadUrl(request.getPlugindownloadurl())
            .setVersion(request.getVersion()),
        );
      const args = request.getArgs();
      if (args) asked.setArgs(args);
      const bytes = await this.#call(callback, asked.serializeBinary());
      const answer = TransformInvokeResponse.deserializeBinary(bytes);
      const changed = answer.getArgs();
      if (changed) request.setArgs(changed);
      const options = answer.getOptions();
      if (!options) continue;
      request
        .setProvider(options.getProvider())
        .setPlugindownloadurl(options.getPluginDownloadUrl())
        .setVersion(options.getVersion());
    }
    return request;
  }

  /** The request as the transforms leave it; the one that was given is not changed. */
  async apply(given: RegisterResourceRequest): Promise<RegisterResourceRequest> {
    const callbacks = [...given.getTransformsList(), ...this.#stack];
    if (callbacks.length === 0) return given;
    const request = given.cloneMessage();
    for (const callback of callbacks) {
      const asked = new TransformRequest()
        .setType(request.getType())
        .setName(request.getName())
        .setCustom(request.getCustom())
        .setParent(request.getParent())
        .setOptions(optionsOf(request));
      const properties = request.getObject();
      if (properties) asked.setProperties(properties);
      const answer = TransformResponse.deserializeBinary(await this.#call(callback, asked.serializeBinary()));
      const changed = answer.getProperties();
      if (changed) request.setObject(changed);
      const options = answer.getOptions();
      if (options) setOptions(request, options);
    }
    return request;
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  async #call(callback: Callback, bytes: Uint8Array): Promise<Uint8Array> {
    const target = callback.getTarget();
    const client =
      this.#clients.get(target) ?? new CallbacksClient(target, grpc.credentials.createInsecure());
    this.#clients.set(target, client);
    const request = new CallbackInvokeRequest().setToken(callback.getToken()).setRequest(bytes);
    return new Promise((resolve, reject) => {
      client.invoke(request, (error: grpc.ServiceError | null, response: CallbackInvokeResponse) => {
        if (error) reject(new Error(`a transform failed: ${error.details}`));
        else resolve(response.getResponse_asU8());
      });
    });
  }
}

function optionsOf(request: RegisterResourceRequest): TransformResourceOptions {
  const options = new TransformResourceOptions()
    .setDependsOnList(request.getDependenciesList())
    .setIgnoreChangesList(request.getIgnorechangesList())
    .setReplaceOnChangesList(request.getReplaceonchangesList())
    .setVersion(request.getVersion())
    .setAliasesList(request.getAliasesList())
    .setProvider(request.getProvider())
    .setPluginDownloadUrl(request.getPlugindownloadurl())
    .setDeletedWith(request.getDeletedwith())
    .setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList())
    .setImport(request.getImportid())
    .setHideDiffList(request.getHidediffsList())
    .setReplaceWithList(request.getReplaceWithList());
  if (request.getProtect() !== undefined) options.setProtect(request.getProtect() === true);
  if (request.getRetainondelete() !== undefined)
    options.setRetainOnDelete(request.getRetainondelete() === true);
  if (request.getDeletebeforereplacedefined())
    options.setDeleteBeforeReplace(request.getDeletebeforereplace());
  options.setCustomTimeouts(request.getCustomtimeouts());
  options.setHooks(request.getHooks());
  for (const [name, provider] of request.getProvidersMap().entries())
    options.getProvidersMap().set(name, provider);
  return options;
}

function setOptions(request: RegisterResourceRequest, options: TransformResourceOptions): void {
  request
    .setDependenciesList(options.getDependsOnList())
    .setIgnorechangesList(options.getIgnoreChangesList())
    .setReplaceonchangesList(options.getReplaceOnChangesList())
    .setVersion(options.getVersion())
    .setAliasesList(options.getAliasesList())
    .setProvider(options.getProvider())
    .setPlugindownloadurl(options.getPluginDownloadUrl())
    .setDeletedwith(options.getDeletedWith())
    .setAdditionalsecretoutputsList(options.getAdditionalSecretOutputsList())
    .setReplaceWithList(options.getReplaceWithList())
    .setHooks(options.getHooks())
    .setCustomtimeouts(options.getCustomTimeouts());
  if (options.hasProtect()) request.setProtect(options.getProtect() === true);
  if (options.hasRetainOnDelete()) request.setRetainondelete(options.getRetainOnDelete() === true);
  if (options.hasDeleteBeforeReplace()) {
    request
      .setDeletebeforereplacedefined(true)
      .setDeletebeforereplace(options.getDeleteBeforeReplace() === true);
  }
}
