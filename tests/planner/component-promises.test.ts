import { createRequire } from 'node:module';
import { Bucket } from '@pulumi/aws/s3/bucket';
import { expect } from 'chai';
import { recordComponent } from '../../planner/record/component';
import { rejection } from '../support/rejection';

/** Of the SDK, by require: what its declarations leave out (sdk/nodejs/runtime/debuggable.ts). */
const sdk = createRequire(__filename)('@pulumi/pulumi/runtime/debuggable') as {
  debuggablePromise(promise: Promise<unknown>, context: unknown): Promise<unknown>;
};

/** The stack that the SDK writes onto a promise of its own. */
async function stackOfPromise(): Promise<string> {
  const promise = Promise.resolve();
  await sdk.debuggablePromise(promise, 'of the test');
  return (promise as { _debugStackTrace?: string })._debugStackTrace ?? 'none';
}

describe('the promises of the SDK in a recording of a component', () => {
  it('have no stacks, which would be most of its time, and have them again after it', async () => {
    let during = '';
    await recordComponent(async () => void (during = await stackOfPromise()));
    expect(during).to.equal('Error');
    expect(await stackOfPromise()).to.match(/^Error\n\s+at .*debuggable/);
  });

  it('have them again after a program that failed, whose error has its own', async () => {
    const error = (await rejection(
      recordComponent(function program() {
        throw new Error('the ladder has no rendition');
      }),
    )) as Error;
    expect(error.stack).to.match(/Error: the ladder has no rendition\n\s+at program .*component-promises/);
    expect(await stackOfPromise()).to.match(/\n\s+at /);
  });

  it('leave every resource its place in the program', async () => {
    const { resources } = await recordComponent(() => void new Bucket('recordings'));
    const bucket = resources.find(({ name }) => name === 'recordings');
    expect(bucket?.position?.file).to.match(/component-promises\.test\.[jt]s$/);
  });
});
