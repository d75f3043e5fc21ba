/** Components recorded in the stack `test` of the project `video`, and what they refuse. */
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import {
  GraphQuery,
  recordComponent,
  type ComponentRecordingOptions,
  type Graph,
  type GraphResource,
} from '../../testing';

export const RECORDING: ComponentRecordingOptions = { project: 'video', stack: 'test' };
export const ACCOUNT = '123456789012';

/** A graph, asked by the names of its resources. */
export class Recorded {
  readonly graph: Graph;
  readonly query: GraphQuery;

  constructor(graph: Graph) {
    this.graph = graph;
    this.query = new GraphQuery(graph);
  }

  /** The resources that a program asks for: neither the stack nor the providers. */
  get resources(): readonly GraphResource[] {
    return this.graph.resources.filter(({ type }) => !type.startsWith('pulumi:'));
  }

  /** Name and class of each, sorted. */
  get list(): string[] {
    return this.resources.map(({ type, name }) => `${name} ${type.slice(type.lastIndexOf(':') + 1)}`).sort();
  }

  /** The only resource of that name. */
  child(name: string): GraphResource {
    const found = this.query.byName(name);
    expect(found, name).to.have.length(1);
    return found[0]!;
  }

  inputs(name: string): GraphResource['inputs'] {
    return this.child(name).inputs;
  }

  /** An input that is a text. */
  text(name: string, property: string): string {
    const value = this.inputs(name)[property];
    expect(value, `${name} ${property}`).to.be.a('string');
    return value as string;
  }

  output(name: string, output: string): unknown {
    return this.child(name).outputs[output];
  }

  /** An input that is a text of JSON. */
  json(name: string, property: string): unknown {
    return JSON.parse(this.text(name, property));
  }

  /** A policy document of a child. */
  policy(name: string): { readonly Version: string; readonly Statement: readonly Record<string, unknown>[] } {
    return this.json(name, 'policy') as ReturnType<Recorded['policy']>;
  }
}

/** Records a program; what it returns are the stack's outputs. */
export const recordProgramOf = async (
  program: () => unknown,
  options: ComponentRecordingOptions = {},
): Promise<Recorded> => new Recorded(await recordComponent(program, { ...RECORDING, ...options }));

export type Refusal = InstanceType<typeof pulumi.InputPropertiesError>;

/** What a component refuses at once, with no resource begun. */
export async function refusalOf(construct: () => unknown): Promise<Refusal> {
  let thrown: unknown;
  const { list } = await recordProgramOf(() => {
    try {
      construct();
    } catch (error) {
      thrown = error;
    }
  });
  expect(thrown).to.be.instanceOf(pulumi.InputPropertiesError);
  expect(list, 'resources that exist').to.deep.equal([]);
  return thrown as Refusal;
}
