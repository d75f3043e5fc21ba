/** A store named `media` in the stack `test` of the project `video`, recorded. */
import { setImmediate } from 'node:timers/promises';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import {
  TieredSegmentStore,
  type TieredSegmentStoreArgs,
  type TieredSegmentStoreOptions,
} from '../../../components/storage';
import {
  GraphQuery,
  recordComponent,
  type ComponentRecordingOptions,
  type Graph,
  type GraphResource,
} from '../../../testing';

export const RECORDING: ComponentRecordingOptions = { project: 'video', stack: 'test' };
export const ACCOUNT = '123456789012';
export const ZONES = { a: { zoneId: 'use1-az4' } };
export const DISTRIBUTION_ARN = `arn:aws:cloudfront::${ACCOUNT}:distribution/EDFDVBD6EXAMPLE`;
/** A key that is there already. */
export const KEY_ARN = `arn:aws:kms:us-east-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;

/** Tags of a child that the user gave none. */
export const ownTags = (name: string) => ({ Name: name, 'aws-media:component': 'TieredSegmentStore' });

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

  /** A policy document of a child. */
  policy(name: string): { readonly Version: string; readonly Statement: readonly Record<string, unknown>[] } {
    return JSON.parse(this.text(name, 'policy')) as ReturnType<Recorded['policy']>;
  }
}

/** Records a program; what it returns are the stack's outputs. */
export const recordProgramOf = async (
  program: () => unknown,
  options: ComponentRecordingOptions = {},
): Promise<Recorded> => new Recorded(await recordComponent(program, { ...RECORDING, ...options }));

/** @param use what the program does with the store; what it returns are the stack's outputs */
export const recordStore = (
  args?: TieredSegmentStoreArgs,
  options?: TieredSegmentStoreOptions,
  use: (store: TieredSegmentStore) => unknown = () => ({}),
): Promise<Recorded> => recordProgramOf(() => use(new TieredSegmentStore('media', args, options)));

/** What the store tells, as outputs of the stack. */
export const told = (store: TieredSegmentStore): Record<string, unknown> => ({
  generalBucketName: store.generalBucketName,
  generalBucketArn: store.generalBucketArn,
  generalBucketDomainName: store.generalBucketDomainName,
  directoryBucketNames: store.directoryBucketNames,
  directoryBucketArns: store.directoryBucketArns,
  keyArn: store.keyArn,
  runtimeEnvironment: store.runtimeEnvironment,
});

export type Refusal = InstanceType<typeof pulumi.InputPropertiesError>;

/** What a store refuses at once, with no resource begun. */
export async function refusal(args: unknown, options?: unknown): Promise<Refusal> {
  let thrown: unknown;
  const { list } = await recordProgramOf(() => {
    try {
      new TieredSegmentStore(
        'media',
        args as TieredSegmentStoreArgs,
        options as TieredSegmentStoreOptions | undefined,
      );
    } catch (error) {
      thrown = error;
    }
  });
  expect(thrown).to.be.instanceOf(pulumi.InputPropertiesError);
  expect(list, 'resources that exist').to.deep.equal([]);
  return thrown as Refusal;
}

/**
 * What a program fails with after its function has returned, because a value that was known later is bad. The SDK
 * leaves it as a rejection that nobody handles, by which its host ends the program.
 */
export async function lateFailure(record: () => Promise<unknown>): Promise<string> {
  const failures: unknown[] = [];
  const note = (reason: unknown): void => void failures.push(reason);
  process.on('unhandledRejection', note);
  try {
    await record();
  } catch (error) {
    failures.push(error);
  } finally {
    // Node reports what was rejected in this turn before the next one.
    await setImmediate();
    process.off('unhandledRejection', note);
  }
  return failures.map((failure) => (failure as Error).message).join('\n');
}

/** What a program warns of while something runs. */
export async function warningsOf(run: () => Promise<unknown>): Promise<string[]> {
  const warnings: string[] = [];
  const original = pulumi.log.warn;
  const log = pulumi.log as { warn: typeof pulumi.log.warn };
  log.warn = async (message) => void warnings.push(message);
  try {
    await run();
  } finally {
    log.warn = original;
  }
  return warnings;
}
