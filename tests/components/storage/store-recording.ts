/** A store named `media` in the stack `test` of the project `video`, recorded. */
import { setImmediate } from 'node:timers/promises';
import * as pulumi from '@pulumi/pulumi';
import {
  TieredSegmentStore,
  type TieredSegmentStoreArgs,
  type TieredSegmentStoreOptions,
} from '../../../components/storage';
import { ACCOUNT, recordProgramOf, refusalOf, type Recorded, type Refusal } from '../recorded';

export { ACCOUNT, RECORDING, Recorded, recordProgramOf, type Refusal } from '../recorded';
export const ZONES = { a: { zoneId: 'use1-az4' } };
export const DISTRIBUTION_ARN = `arn:aws:cloudfront::${ACCOUNT}:distribution/EDFDVBD6EXAMPLE`;
/** A key that is there already. */
export const KEY_ARN = `arn:aws:kms:us-east-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;

/** Tags of a child that the user gave none. */
export const ownTags = (name: string) => ({ Name: name, 'aws-media:component': 'TieredSegmentStore' });

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

/** What a store refuses at once, with no resource begun. */
export const refusal = (args: unknown, options?: unknown): Promise<Refusal> =>
  refusalOf(
    () =>
      new TieredSegmentStore(
        'media',
        args as TieredSegmentStoreArgs,
        options as TieredSegmentStoreOptions | undefined,
      ),
  );

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
