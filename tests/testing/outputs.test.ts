import * as s3 from '@pulumi/aws/s3';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { recordComponent, stateOf, valueOf } from '../../testing';

const URN = 'urn:pulumi:stack::project::aws:s3/bucket:Bucket::logs';

async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

describe('valueOf', () => {
  it('awaits an output in a recorded program and after it', async () => {
    let bucket: s3.Bucket | undefined;
    let inside: string | undefined;
    await recordComponent(async () => {
      bucket = new s3.Bucket('logs', { bucket: 'acme-logs' });
      inside = await valueOf(bucket.arn);
    });
    expect(inside).to.equal('arn:aws:s3:::acme-logs');
    expect(await valueOf(bucket!.arn)).to.equal('arn:aws:s3:::acme-logs');
  });

  it("awaits one under Pulumi's own mocks", async () => {
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: { ...inputs, arn: `arn:of:${name}` } }),
      call: () => ({}),
    });
    const bucket = new s3.Bucket('logs');
    expect(await valueOf(pulumi.interpolate`${bucket.arn}/*`)).to.equal('arn:of:logs/*');
    await pulumi.runtime.disconnect();
  });

  it('unwraps outputs and promises at any depth, and takes plain values', async () => {
    const deep = { list: [pulumi.output(1), Promise.resolve(2)], text: pulumi.secret('x') };
    expect(await valueOf(deep)).to.deep.equal({ list: [1, 2], text: 'x' });
    expect(await valueOf('plain')).to.equal('plain');
  });

  it('throws what the code in an apply throws, so that it fails the test', async () => {
    const output = pulumi.output(1).apply(() => {
      throw new RangeError('not one');
    });
    expect(await failure(valueOf(output))).to.equal('not one');
  });

  it('throws where the value is not known, and stateOf says so', async () => {
    await pulumi.runtime.setMocks(
      { newResource: ({ inputs }) => ({ id: undefined, state: { ...inputs } }), call: () => ({}) },
      ...(['project', 'stack', true] as const),
    );
    const bucket = new s3.Bucket('logs', { bucket: 'acme-logs' });
    expect(await failure(valueOf(bucket.arn))).to.match(/^the value of the output is not known: /);
    expect(await stateOf(bucket.arn)).to.deep.equal({
      ...{ value: undefined, known: false, secret: false, dependencies: [URN] },
    });
    expect(await valueOf(bucket.bucket)).to.equal('acme-logs');
    await pulumi.runtime.disconnect();
  });

  it('gives the text of a secret, and stateOf says that it is one and what it depends on', async () => {
    let secret: pulumi.Output<string> | undefined;
    await recordComponent(() => {
      secret = pulumi.secret(new s3.Bucket('logs', { bucket: 'acme-logs' }).id);
    });
    expect(await valueOf(secret!)).to.equal('acme-logs');
    expect(await stateOf(secret!)).to.deep.equal({
      ...{ value: 'acme-logs', known: true, secret: true, dependencies: [URN] },
    });
  });

  it('gives up an output that never settles', async () => {
    const never = pulumi.output(new Promise<string>(() => undefined));
    expect(await failure(valueOf(never, { timeoutSeconds: 0.05 }))).to.match(
      /^the output did not settle in 0\.05 s: /,
    );
  });
});
