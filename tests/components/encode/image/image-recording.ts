/** An image named `encoder` in the stack `test` of the project `video`, recorded. */
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import {
  EncoderImage,
  type EncoderImageArgs,
  type EncoderImageOptions,
} from '../../../../components/encode/image';
import { GraphQuery, recordComponent, type Graph, type GraphResource } from '../../../../testing';

export const RECORDING = { project: 'video', stack: 'test' } as const;
export const ACCOUNT = '123456789012';
export const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
/** A key that is there already. */
export const KEY_ARN = `arn:aws:kms:us-east-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;

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

  output(name: string, output: string): unknown {
    return this.child(name).outputs[output];
  }

  /** An input that is a text. */
  text(name: string, property: string): string {
    const value = this.inputs(name)[property];
    expect(value, `${name} ${property}`).to.be.a('string');
    return value as string;
  }

  /** An input that is a text of JSON. */
  json(name: string, property: string): unknown {
    return JSON.parse(this.text(name, property));
  }
}

export const recordProgramOf = async (program: () => unknown): Promise<Recorded> =>
  new Recorded(await recordComponent(program, RECORDING));

export const recordImage = (
  args?: EncoderImageArgs,
  options?: EncoderImageOptions,
  use: (image: EncoderImage) => unknown = () => ({}),
): Promise<Recorded> => recordProgramOf(() => use(new EncoderImage('encoder', args, options)));

export type Refusal = InstanceType<typeof pulumi.InputPropertiesError>;

/** What an image refuses at once, with no resource begun. */
export async function refusal(args: unknown, options?: unknown): Promise<Refusal> {
  let thrown: unknown;
  const { list } = await recordProgramOf(() => {
    try {
      new EncoderImage('encoder', args as EncoderImageArgs, options as EncoderImageOptions | undefined);
    } catch (error) {
      thrown = error;
    }
  });
  expect(thrown).to.be.instanceOf(pulumi.InputPropertiesError);
  expect(list, 'resources that exist').to.deep.equal([]);
  return thrown as Refusal;
}
