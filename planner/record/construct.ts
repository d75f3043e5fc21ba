import * as proto from '@pulumi/pulumi/proto/resource_pb';
import { componentDouble, makeComponent } from '../doubles/components';
import { isFields } from '../graph/values';
import { create, struct } from './messages';
import type { Host } from '../doubles/components';
import type { Fields } from '../graph/values';
import type { GraphDouble } from '../graph/types';
import type { SourcePosition } from '@pulumi/pulumi/proto/source_pb';

/** The part of Pulumi's ResourceMonitor that a component's children need. */
export interface ChildMonitor {
  registerResource(request: proto.RegisterResourceRequest): Promise<proto.RegisterResourceResponse>;
  registerOutputs(request: proto.RegisterResourceOutputsRequest): unknown;
  invoke(request: proto.ResourceInvokeRequest): Promise<proto.ResourceInvokeResponse>;
}

export interface Constructed {
  readonly double: GraphDouble;
  readonly outputs: Fields;
  readonly response: proto.RegisterResourceResponse;
}

/**
 * Makes what the provider of a remote component would make; undefined where there is no double for its type.
 * @throws what the double finds wrong with the arguments
 */
export async function construct(
  monitor: ChildMonitor,
  stack: string,
  urn: string,
  request: proto.RegisterResourceRequest,
): Promise<Constructed | undefined> {
  const double = componentDouble(request.getType());
  if (!double) return undefined;
  const dependencies = request.getPropertydependenciesMap();
  const { outputs, dependencies: from } = await makeComponent(double, {
    ...{ host: hostOf(monitor, request.getSourceposition()), stack, urn },
    ...{ type: request.getType(), name: request.getName(), inputs: fieldsOf(request.getObject()) },
    inputDependencies: Object.fromEntries(
      dependencies.toArray().map(([name]) => [name, dependencies.get(name)?.getUrnsList() ?? []]),
    ),
    providers: Object.fromEntries(request.getProvidersMap().toArray()),
    protect: request.getProtect() ? true : undefined,
  });
  const response = create.registered(urn, '', outputs);
  for (const [output, urns] of Object.entries(from)) {
    const list = new proto.RegisterResourceResponse.PropertyDependencies();
    list.setUrnsList([...urns]);
    response.getPropertydependenciesMap().set(output, list);
  }
  return { double: noteOf(request.getType(), request.getVersion()), outputs, response };
}

/** What the graph says of a double; `asked` is the version of the package that the program has. */
function noteOf(type: string, asked: string): GraphDouble {
  const double = componentDouble(type);
  if (!double) throw new Error(`${type} has no double`);
  const { follows, source, leavesOut } = double;
  const { package: name, version, repository, revision } = follows;
  return { type, package: name, version, asked: asked || null, repository, revision, source, leavesOut };
}

/** Registers by a monitor: the recording's own, or that of the engine. */
export function hostOf(monitor: ChildMonitor, position?: SourcePosition): Host {
  return {
    async register(resource) {
      const request = new proto.RegisterResourceRequest()
        .setType(resource.type)
        .setName(resource.name)
        .setCustom(resource.custom)
        .setParent(resource.parent)
        .setObject(struct(resource.inputs))
        .setDependenciesList([...resource.dependencies])
        .setProvider(resource.provider)
        .setVersion(resource.version)
        .setIgnorechangesList([...resource.ignoreChanges])
        .setAcceptsecrets(true)
        .setAcceptresources(true)
        .setSupportspartialvalues(true)
        .setSupportsresultreporting(true)
        .setSourceposition(position);
      if (resource.protect !== undefined) request.setProtect(resource.protect);
      for (const [input, urns] of Object.entries(resource.propertyDependencies)) {
        const list = new proto.RegisterResourceRequest.PropertyDependencies();
        list.setUrnsList([...urns]);
        request.getPropertydependenciesMap().set(input, list);
      }
      const answer = await monitor.registerResource(request);
      return { urn: answer.getUrn(), id: answer.getId(), outputs: fieldsOf(answer.getObject()) };
    },
    async registerOutputs(urn, outputs) {
      await monitor.registerOutputs(
        new proto.RegisterResourceOutputsRequest().setUrn(urn).setOutputs(struct(outputs)),
      );
    },
    async invoke(token, args, provider, version) {
      const answer = await monitor.invoke(
        new proto.ResourceInvokeRequest()
          .setTok(token)
          .setArgs(struct(args))
          .setProvider(provider)
          .setVersion(version)
          .setAcceptresources(true),
      );
      const failures = answer.getFailuresList().map((failure) => failure.getReason());
      if (failures.length > 0) throw new Error(`${token}: ${failures.join('; ')}`);
      return fieldsOf(answer.getReturn());
    },
  };
}

function fieldsOf(message: { toJavaScript(): unknown } | undefined): Fields {
  const value = message?.toJavaScript();
  return isFields(value) ? value : {};
}
