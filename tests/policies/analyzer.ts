/** The pack as Pulumi's engine has it: a process of its own, asked over gRPC with the engine's messages. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type * as AnalyzerPb from '@pulumi/pulumi/proto/analyzer_pb';
import type { AnalyzerClient } from '@pulumi/pulumi/proto/analyzer_grpc_pb';
import { Empty, Struct, analyzerGrpc, analyzerPb, grpc } from '../../testing/engine/sdk';
import { WIRE, isFields, markOf } from '../../planner/graph/values';
import { viewOf } from '../../planner/graph/view';
import type { Graph, GraphResource, GraphValue } from '../../planner';

export const PACK = path.resolve('bin/aws-media-policy-pack');

export interface Said {
  readonly policy: string;
  readonly urn: string;
  readonly level: 'advisory' | 'mandatory' | 'other';
  readonly message: string;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** As the engine sends a value. */
function wire(value: GraphValue): Json {
  if (Array.isArray(value)) return (value as readonly GraphValue[]).map(wire);
  if (!isFields(value)) return value as Json;
  const mark = markOf(value);
  if (mark === '$secret') return { [WIRE.signature]: WIRE.secret, value: 'hidden' };
  if (mark === '$unknown') return WIRE.unknown;
  if (mark === '$asset') return { [WIRE.signature]: WIRE.asset, text: 'contents' };
  const fields = mark === '$literal' ? (value[mark] as Record<string, GraphValue>) : value;
  return Object.fromEntries(
    Object.entries(fields as Record<string, GraphValue>).map(([key, each]) => [key, wire(each)]),
  );
}

const struct = (fields: Readonly<Record<string, GraphValue>>) =>
  Struct.fromJavaScript(wire(fields) as Record<string, never>);

export class Analyzer {
  readonly #child: ChildProcess;
  readonly #client: AnalyzerClient;

  private constructor(child: ChildProcess, client: AnalyzerClient) {
    this.#child = child;
    this.#client = client;
  }

  /** @param executable that prints its port */
  static async start(executable = PACK, cwd = path.resolve('examples/media-vpc')): Promise<Analyzer> {
    const child = spawn(executable, ['127.0.0.1:1'], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
    const client = new analyzerGrpc.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
    });
    return new Analyzer(child, client);
  }

  async stop(): Promise<void> {
    this.#client.close();
    const ended = once(this.#child, 'exit');
    this.#child.kill();
    await ended;
  }

  info(): Promise<AnalyzerPb.AnalyzerInfo> {
    return new Promise((resolve, reject) => {
      this.#client.getAnalyzerInfo(new Empty(), (error, info) => (error ? reject(error) : resolve(info)));
    });
  }

  /** With the defaults of each policy's schema, as the engine fills them in. */
  async configure(given: Readonly<Record<string, Record<string, unknown>>> = {}): Promise<void> {
    const request = new analyzerPb.ConfigureAnalyzerRequest();
    for (const policy of (await this.info()).getPoliciesList()) {
      const schema = policy.getConfigschema()?.getProperties()?.toJavaScript() as
        Record<string, { default?: unknown }> | undefined;
      const defaults = Object.entries(schema ?? {}).flatMap(([name, { default: value }]) =>
        value === undefined ? [] : [[name, value] as const],
      );
      const { enforcementLevel, ...own } = given[policy.getName()] ?? {};
      const config = new analyzerPb.PolicyConfig();
      config.setEnforcementlevel(
        (enforcementLevel as AnalyzerPb.EnforcementLevel | undefined) ?? policy.getEnforcementlevel(),
      );
      config.setProperties(Struct.fromJavaScript({ ...Object.fromEntries(defaults), ...own } as never));
      request.getPolicyconfigMap().set(policy.getName(), config);
    }
    await new Promise<void>((resolve, reject) => {
      this.#client.configure(request, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Every resource, then the stack, as in a preview. */
  async judge(graph: Graph, view: 'known' | 'unknown' = 'known'): Promise<Said[]> {
    const seen = viewOf(graph, view);
    const said: Said[] = [];
    for (const resource of seen.resources.filter(({ external }) => !external)) {
      said.push(...(await this.#analyze(seen, resource)));
    }
    return [...said, ...(await this.#analyzeStack(seen))];
  }

  remediate(graph: Graph, resource: GraphResource): Promise<readonly [policy: string, props: object][]> {
    return new Promise((resolve, reject) => {
      this.#client.remediate(requestFor(graph, resource), (error, response) => {
        if (error) reject(error);
        else
          resolve(
            response
              .getRemediationsList()
              .map((each) => [each.getPolicyname(), each.getProperties()?.toJavaScript() ?? {}] as const),
          );
      });
    });
  }

  #analyze(graph: Graph, resource: GraphResource): Promise<Said[]> {
    return new Promise((resolve, reject) => {
      this.#client.analyze(requestFor(graph, resource), (error, response) =>
        error
          ? reject(error)
          : resolve(response.getDiagnosticsList().map((each) => saidOf(each, resource.urn))),
      );
    });
  }

  #analyzeStack(graph: Graph): Promise<Said[]> {
    const request = new analyzerPb.AnalyzeStackRequest();
    for (const resource of graph.resources.filter(({ external }) => !external)) {
      const each = new analyzerPb.AnalyzerResource();
      fill(each, graph, resource, { ...resource.outputs, ...resource.inputs });
      if (resource.parent !== null) each.setParent(resource.parent);
      each.setDependenciesList([...resource.dependencies]);
      for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
        const list = new analyzerPb.AnalyzerPropertyDependencies();
        list.setUrnsList([...urns]);
        each.getPropertydependenciesMap().set(property, list);
      }
      request.addResources(each);
    }
    return new Promise((resolve, reject) => {
      this.#client.analyzeStack(request, (error, response) =>
        error
          ? reject(error)
          : resolve(response.getDiagnosticsList().map((each) => saidOf(each, each.getUrn()))),
      );
    });
  }
}

function requestFor(graph: Graph, resource: GraphResource): AnalyzerPb.AnalyzeRequest {
  const request = new analyzerPb.AnalyzeRequest();
  fill(request, graph, resource, resource.inputs);
  return request;
}

function fill(
  request: AnalyzerPb.AnalyzeRequest | AnalyzerPb.AnalyzerResource,
  graph: Graph,
  resource: GraphResource,
  properties: Readonly<Record<string, GraphValue>>,
): void {
  request.setType(resource.type);
  request.setUrn(resource.urn);
  request.setName(resource.name);
  request.setProperties(struct(properties));
  const options = new analyzerPb.AnalyzerResourceOptions();
  options.setProtect(resource.options.protect ?? false);
  if (resource.parent !== null) options.setParent(resource.parent);
  request.setOptions(options);
  const provider = graph.providers.find(({ urn, id }) => `${urn}::${id}` === resource.provider);
  if (!provider) return;
  const its = new analyzerPb.AnalyzerProviderResource();
  its.setType(`pulumi:providers:${provider.package}`);
  its.setUrn(provider.urn);
  its.setName(provider.urn.split('::').at(-1)!);
  its.setProperties(
    Struct.fromJavaScript({
      ...(provider.region !== null && { region: provider.region }),
      // The engine has a provider's arguments as texts of JSON.
      defaultTags: JSON.stringify({ tags: wire(provider.defaultTags) }),
    }),
  );
  request.setProvider(its);
}

function saidOf(diagnostic: AnalyzerPb.AnalyzeDiagnostic, urn: string): Said {
  const { ADVISORY, MANDATORY } = analyzerPb.EnforcementLevel;
  const level = diagnostic.getEnforcementlevel();
  return {
    policy: diagnostic.getPolicyname(),
    urn,
    level: level === MANDATORY ? 'mandatory' : level === ADVISORY ? 'advisory' : 'other',
    message: diagnostic.getMessage(),
  };
}
