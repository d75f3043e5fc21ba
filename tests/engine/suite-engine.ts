/** What the tests of a component under the real engine share: one engine a suite, and what they look at. */
import type { PulumiFn } from '@pulumi/pulumi/automation';
import { expect } from 'chai';
import {
  RealEngine,
  RunFailed,
  type EngineStack,
  type Outcome,
  type RealEngineOptions,
} from '../../testing/engine';
import { rejection } from '../support/rejection';
import { requireEngine } from './require-engine';

const CONFIGURATION = { config: { 'aws:region': 'us-east-1' } };

export interface SuiteEngine {
  readonly aws: RealEngine['aws'];
  /** Where the engine keeps everything. */
  readonly folder: string;
  /** A new stack in us-east-1. */
  stackOf(name: string, program: PulumiFn): Promise<EngineStack>;
}

/**
 * To be called in a `describe`, before its tests: the engine is started before them, forgets what it saw before each,
 * and is stopped after the last.
 */
export function engineOfSuite(options: Omit<RealEngineOptions, 'pulumi'> = {}): SuiteEngine {
  let engine: RealEngine | undefined;
  const started = (): RealEngine => {
    if (engine === undefined) throw new Error('the engine is started before the tests, not before that');
    return engine;
  };

  before(async function () {
    engine = await RealEngine.start({ ...options, pulumi: requireEngine(this) });
  });

  beforeEach(() => {
    engine?.aws.forget();
    engine?.aws.clearFaults();
  });

  after(() => engine?.stop());

  return {
    get aws() {
      return started().aws;
    },
    get folder() {
      return started().folder;
    },
    stackOf: async (name, program) => started().stack(name, program, CONFIGURATION),
  };
}

/** Names by operation, without what stays as it is. */
export function changed({ steps }: Outcome): { readonly [op: string]: readonly string[] } {
  const result: { [op: string]: string[] } = {};
  for (const { op, name } of steps) if (op !== 'same') (result[op] ??= []).push(name);
  for (const names of Object.values(result)) names.sort();
  return result;
}

/** How a run failed, which it must. */
export async function failure(run: Promise<unknown>): Promise<RunFailed> {
  const error = await rejection(run);
  expect(error).to.be.instanceOf(RunFailed);
  return error as RunFailed;
}
