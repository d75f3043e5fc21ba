import { readFileSync } from 'node:fs';
import * as s3 from '@pulumi/aws/s3';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { recordComponent } from '../../testing';
import { BREAK_KINDS, breaksBetween } from './graph-breaks';

class Shelf extends pulumi.ComponentResource {
  constructor(make: (shelf: Shelf) => void, outputs: pulumi.Inputs = {}) {
    super('test:index:Shelf', 'shelf');
    make(this);
    this.registerOutputs(outputs);
  }
}

/** What an upgrade does, by what a component makes before and after it. */
async function breaks(
  before: (shelf: Shelf) => void,
  after: (shelf: Shelf) => void,
  outputs: readonly [pulumi.Inputs, pulumi.Inputs] = [{}, {}],
): Promise<[string, string, string][]> {
  const options = { config: { 'aws:region': 'us-east-1' } };
  const old = await recordComponent(() => void new Shelf(before, outputs[0]), options);
  const now = await recordComponent(() => void new Shelf(after, outputs[1]), options);
  return breaksBetween(old, now).map(({ kind, name, text }) => [kind, name, text]);
}

const bucket =
  (name: string, args: s3.BucketArgs = { bucket: 'acme-media' }, opts: pulumi.CustomResourceOptions = {}) =>
  (parent: Shelf) =>
    void new s3.Bucket(name, args, { parent, ...opts });

describe('breaks of behaviour between two graphs', () => {
  it('are explained by kind, in the notes for those who upgrade', () => {
    const explained = readFileSync('docs/upgrade/README.md', 'utf8').matchAll(/^\| `([a-z ]+)` \|/gm);
    expect([...explained].map(([, kind]) => kind)).to.deep.equal(BREAK_KINDS);
  });

  it('are none where nothing changed', async () => {
    expect(await breaks(bucket('films'), bucket('films'))).to.deep.equal([]);
  });

  it('are a resource that was renamed, with and without an alias', async () => {
    const anew = 'it is deleted and created anew, unless an alias names the old one';
    expect(await breaks(bucket('films'), bucket('movies'))).to.deep.equal([
      ['renamed', 'films', `aws:s3/bucket:Bucket films is now movies: ${anew}`],
    ]);
    const aliased = bucket('movies', { bucket: 'acme-media' }, { aliases: [{ name: 'films' }] });
    expect(await breaks(bucket('films'), aliased)).to.deep.equal([
      ['renamed with an alias', 'films', 'aws:s3/bucket:Bucket films is now movies: an alias keeps it'],
    ]);
    const [other] = await breaks(bucket('series'), aliased);
    expect(other?.[0]).to.equal('renamed');
  });

  it('are a resource of another type', async () => {
    const object = (parent: Shelf) =>
      void new s3.BucketVersioning(
        'films',
        { bucket: 'b', versioningConfiguration: { status: 'Enabled' } },
        { parent },
      );
    const [[kind, name, text] = []] = await breaks(bucket('films'), object);
    expect([kind, name]).to.deep.equal(['type changed', 'films']);
    expect(text).to.match(
      /^films was aws:s3\/bucket:Bucket and is aws:s3\/bucketVersioning:BucketVersioning: /,
    );
  });

  it('are resources that are gone or new', async () => {
    const none = () => undefined;
    expect(await breaks(bucket('films'), none)).to.deep.equal([
      ['removed', 'films', 'aws:s3/bucket:Bucket films is gone: it is deleted, with what is in it'],
    ]);
    expect(await breaks(none, bucket('films'))).to.deep.equal([
      ['added', 'films', 'aws:s3/bucket:Bucket films is new: it is created, and paid for'],
    ]);
  });

  it('are inputs, also inside of JSON, options, and outputs of the component', async () => {
    expect(
      await breaks(
        bucket('films', { bucket: 'acme', tags: { a: '1' } }),
        bucket('films', { bucket: 'acme', tags: { a: '2' } }, { protect: true }),
        [{ url: 'a' }, { url: 'b' }],
      ),
    ).to.deep.equal([
      ['output changed', 'shelf', 'test:index:Shelf shelf: url was "a" and is "b"'],
      ['input changed', 'films', 'aws:s3/bucket:Bucket films: tags.a was "1" and is "2"'],
      ['option changed', 'films', 'aws:s3/bucket:Bucket films: protect was absent and is true'],
    ]);
    const policy = (Action: string) => (parent: Shelf) =>
      void new s3.BucketPolicy(
        'p',
        { bucket: 'b', policy: JSON.stringify({ Statement: [{ Action }] }) },
        { parent },
      );
    expect(await breaks(policy('s3:GetObject'), policy('s3:*'))).to.deep.equal([
      [
        'input changed',
        'p',
        'aws:s3/bucketPolicy:BucketPolicy p: policy.Statement[0].Action was "s3:GetObject" and is "s3:*"',
      ],
    ]);
  });
});
