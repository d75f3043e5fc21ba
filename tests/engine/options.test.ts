import { iam, s3, ssm } from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { RealEngine, RunFailed, type Outcome } from '../../testing/engine';
import { rejection } from '../support/rejection';
import { requireEngine } from './require-engine';

const BUCKET = 'aws:s3/bucket:Bucket';
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

describe('options of resources under the real engine', function () {
  this.timeout(60_000);
  let engine: RealEngine;

  before(async function () {
    engine = await RealEngine.start({ pulumi: requireEngine(this) });
  });

  beforeEach(() => engine.aws.forget());

  after(() => engine?.stop());

  const updated = ({ steps }: Outcome) =>
    steps.filter(({ op }) => op !== 'same').map(({ op, name, diffs }) => ({ op, name, diffs }));
  const createdWith = (name: string) =>
    engine.aws.calls.find((call) => call.method === 'create' && call.name === name)?.inputs;

  it('transforms: the resource first, then its parent, then the stack, each seeing what the one before made', async () => {
    class Store extends pulumi.ComponentResource {
      constructor(opts: pulumi.ComponentResourceOptions) {
        super('test:index:Store', 'store', {}, opts);
        const adds = add('resource');
        new s3.Bucket('store-bucket', { tags: { by: 'program' } }, { parent: this, transforms: [adds] });
        this.registerOutputs({});
      }
    }
    const add =
      (who: string): pulumi.ResourceTransform =>
      ({ type, props, opts }) => {
        if (type !== BUCKET) return undefined;
        const { by, ...rest } = (props['tags'] ?? {}) as Record<string, string>;
        return { props: { ...props, tags: { ...rest, by: `${by} ${who}` } }, opts };
      };
    const stack = await engine.stack('transforms', async () => {
      pulumi.runtime.registerResourceTransform(add('stack'));
      new Store({ transforms: [add('parent')] });
      new iam.Role('untouched', { assumeRolePolicy: TRUST });
    });
    await stack.up();
    expect(createdWith('store-bucket')?.['tags']).to.deep.equal({ by: 'program resource parent stack' });
    expect(createdWith('untouched')).to.not.have.property('tags');
  });

  it('transforms: may add options, as protection of every bucket of a stack', async () => {
    const stack = await engine.stack('protecting', async () => {
      pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
        type === BUCKET ? { props, opts: { ...opts, protect: true } } : undefined,
      );
      new s3.Bucket('kept', {});
    });
    await stack.up();
    const failed = await rejection(stack.destroy());
    expect((failed as Error).message).to.match(/kept.*cannot be deleted/s);
    expect(engine.aws.done('delete')).to.deep.equal([]);
  });

  it('hooks: run before and after what they are for, with what it is to be and what it became', async () => {
    const heard: unknown[] = [];
    const program = (team: string) => async () => {
      const hook = (name: string) =>
        new pulumi.ResourceHook(name, async ({ urn, newInputs, newOutputs }) => {
          const tags = (newInputs as { tags?: object }).tags;
          const arn = (newOutputs as { arn?: string } | undefined)?.arn;
          heard.push([name, urn.split('::').pop(), tags, arn, engine.aws.done('create').length]);
        });
      const [before, after, update] = ['before', 'after', 'update'].map(hook);
      const hooks = { beforeCreate: [before!], afterCreate: [after!], afterUpdate: [update!] };
      new s3.Bucket('b', { bucket: 'the-hooked', tags: { team } }, { hooks });
    };
    const stack = await engine.stack('hooks', program('video'));
    await stack.preview();
    expect(heard, 'in a preview').to.deep.equal([]);
    await stack.up();
    expect(heard).to.deep.equal([
      ['before', 'b', { team: 'video' }, undefined, 0],
      ['after', 'b', { team: 'video' }, 'arn:aws:s3:::the-hooked', 1],
    ]);
    await stack.up({ program: program('audio') });
    expect(heard.slice(2)).to.deep.equal([['update', 'b', { team: 'audio' }, 'arn:aws:s3:::the-hooked', 1]]);
  });

  it('hooks: one that throws before stops what it is for', async () => {
    const stack = await engine.stack('refusing', async () => {
      const refuse = new pulumi.ResourceHook('refuse', () => {
        throw new Error('the quota is used up');
      });
      new s3.Bucket('b', {}, { hooks: { beforeCreate: [refuse] } });
    });
    expect(((await rejection(stack.up())) as Error).message).to.contain('the quota is used up');
    expect(engine.aws.done('create')).to.deep.equal([]);
  });

  it('StackReference: has the outputs of another stack, secret ones as secrets, and follows their changes', async () => {
    const network = (bucket: string) => async () => ({
      bucket: new s3.Bucket('shared', { bucket }).bucket,
      key: pulumi.secret('the-stream-key'),
    });
    const first = await engine.stack('prod', network('first'), { project: 'network' });
    await first.up();
    const second = await engine.stack('referring', async () => {
      const reference = new pulumi.StackReference('organization/network/prod');
      const [bucket, key] = [reference.getOutput('bucket'), reference.getOutput('key')];
      new ssm.Parameter('v', { type: 'String', value: bucket.apply(String) });
      return { bucket, key, missing: reference.getOutput('missing').apply((value) => value === undefined) };
    });
    const { outputs } = await second.up();
    expect(outputs).to.deep.equal({
      bucket: { value: 'first', secret: false },
      key: { value: 'the-stream-key', secret: true },
      missing: { value: true, secret: false },
    });
    await first.up({ program: network('second') });
    expect(updated(await second.preview())).to.deep.include({ op: 'update', name: 'v', diffs: ['value'] });
  });

  it('StackReference: names the stack that is not there', async () => {
    const stack = await engine.stack(
      'lost',
      async () => void new pulumi.StackReference('organization/network/none'),
    );
    expect(((await rejection(stack.preview())) as Error).message).to.match(/unknown stack .*network\/none/);
  });

  it('get: reads what is there by its name, and never changes or deletes it', async () => {
    const stack = await engine.stack('reader', async () => {
      const theirs = s3.Bucket.get('theirs', 'recordings-of-theirs');
      return { arn: theirs.arn, name: theirs.bucket };
    });
    const { outputs } = await stack.up();
    expect([outputs['arn']?.value, outputs['name']?.value]).to.deep.equal([
      'arn:aws:s3:::recordings-of-theirs',
      'recordings-of-theirs',
    ]);
    await stack.destroy();
    expect(engine.aws.calls.filter(({ method }) => /create|update|delete/.test(method))).to.deep.equal([]);
  });

  it('get: fails where there is nothing of that name', async () => {
    engine.aws.outside(BUCKET, 'recordings-lost', 'gone');
    const stack = await engine.stack('nothing', async () => ({
      arn: s3.Bucket.get('theirs', 'recordings-lost').arn,
    }));
    expect(((await rejection(stack.preview())) as Error).message).to.match(
      /recordings-lost.*does not exist/s,
    );
  });

  it('import: takes over what is there, and changes only what the program says otherwise', async () => {
    const there = { bucket: 'recordings-by-hand', tags: { team: 'video' } };
    engine.aws.outside(BUCKET, 'recordings-by-hand', there);
    const program = (team: string, id?: string) => async () => {
      const args = { bucket: 'recordings-by-hand', tags: { team } };
      new s3.Bucket('taken', args, { ...(id !== undefined && { import: id }) });
    };
    const stack = await engine.stack('importing', program('audio', 'recordings-by-hand'));
    expect((await stack.preview()).changes).to.deep.equal({ create: 1, import: 1, update: 1 });
    const taken = await stack.up({ program: program('video', 'recordings-by-hand') });
    expect(taken.changes).to.deep.equal({ create: 1, import: 1 });
    const made = engine.aws.calls.filter(({ method, preview }) => /create|update/.test(method) && !preview);
    expect(made).to.deep.equal([]);
    expect((await stack.preview({ program: program('video') })).changes).to.deep.equal({ same: 2 });
  });

  it('ignoreChanges: keeps what the resource has, in an update of something else too', async () => {
    const program = (team: string, forceDestroy: boolean) => async () =>
      void new s3.Bucket('b', { tags: { team }, forceDestroy }, { ignoreChanges: ['tags'] });
    const stack = await engine.stack('ignoring', program('video', false));
    await stack.up();
    expect((await stack.preview({ program: program('audio', false) })).changes).to.deep.equal({ same: 2 });
    expect(updated(await stack.up({ program: program('audio', true) }))).to.deep.equal([
      { op: 'update', name: 'b', diffs: ['forceDestroy'] },
    ]);
    const update = engine.aws.calls.find(({ method }) => method === 'update');
    expect(update?.inputs).to.deep.include({ tags: { team: 'video' }, forceDestroy: true });
  });

  it('replaceOnChanges: replaces where the provider would update', async () => {
    const program = (team: string) => async () =>
      void new s3.Bucket('b', { tags: { team } }, { replaceOnChanges: ['tags'] });
    const stack = await engine.stack('replacing', program('video'));
    await stack.up();
    expect((await stack.preview({ program: program('audio') })).changes).to.deep.equal({
      replace: 1,
      same: 1,
    });
  });

  it('deletedWith and retainOnDelete: the engine leaves to AWS what goes with another, and what is to stay', async () => {
    const stack = await engine.stack('leaving', async () => {
      const bucket = new s3.Bucket('goes', { forceDestroy: true });
      new s3.BucketObjectv2('with-it', { bucket: bucket.bucket, key: 'k' }, { deletedWith: bucket });
      new s3.Bucket('stays', {}, { retainOnDelete: true });
    });
    await stack.up();
    expect((await stack.destroy()).changes).to.deep.equal({ delete: 4 });
    expect(engine.aws.done('delete')).to.deep.equal(['goes']);
    expect((await stack.state()).deployment).to.not.have.deep.property('resources.0');
  });

  it('additionalSecretOutputs: what is computed is secret where the resource says so', async () => {
    const stack = await engine.stack('hiding', async () => {
      const bucket = new s3.Bucket('b', { bucket: 'the-hidden' }, { additionalSecretOutputs: ['arn'] });
      return { arn: bucket.arn, of: bucket.arn.apply((arn) => `${arn}/*`), name: bucket.bucket };
    });
    expect((await stack.up()).outputs).to.deep.equal({
      arn: { value: 'arn:aws:s3:::the-hidden', secret: true },
      of: { value: 'arn:aws:s3:::the-hidden/*', secret: true },
      name: { value: 'the-hidden', secret: false },
    });
  });

  it('refresh: takes over what was changed by hand, and the next update puts it right', async () => {
    const program = async () => {
      new s3.Bucket('changed', { bucket: 'changed-by-hand', tags: { team: 'video' } });
      new s3.Bucket('deleted', { bucket: 'deleted-by-hand' });
    };
    const stack = await engine.stack('drifting', program);
    await stack.up();
    expect((await stack.refresh()).changes).to.deep.equal({ same: 3 });

    engine.aws.outside(BUCKET, 'changed-by-hand', { bucket: 'changed-by-hand', tags: { team: 'someone' } });
    engine.aws.outside(BUCKET, 'deleted-by-hand', 'gone');
    expect((await stack.preview()).changes, 'without a refresh').to.deep.equal({ same: 3 });
    expect((await stack.refresh()).changes).to.deep.equal({ delete: 1, same: 1, update: 1 });
    engine.aws.forget();
    expect(updated(await stack.up())).to.have.deep.members([
      { op: 'update', name: 'changed', diffs: ['tags', 'tagsAll'] },
      { op: 'create', name: 'deleted', diffs: [] },
    ]);
    expect(engine.aws.done('create')).to.deep.equal(['deleted']);
    expect((await stack.refresh()).changes).to.deep.equal({ same: 3 });
  });

  it('an interrupted update keeps what was made, and the next one makes the rest', async () => {
    const stack = await engine.stack('interrupted', async () => {
      const first = new s3.Bucket('first', {});
      const second = new s3.Bucket('second', {}, { dependsOn: first });
      new s3.Bucket('third', {}, { dependsOn: second });
    });
    const hold = engine.aws.hold({ method: 'create', name: 'second' });
    const interrupt = new AbortController();
    const run = rejection(stack.up({ signal: interrupt.signal }));
    await hold.reached;
    // Time enough for the third, if the second were not held.
    await engine.cli(['version'], engine.folder);
    interrupt.abort();
    // The engine's word that it was interrupted; only then may AWS answer.
    await engine.aws.cancelled();
    const { pending_operations: pending = [] } = (await stack.state()).deployment as {
      pending_operations?: { type: string; resource: { urn: string } }[];
    };
    expect(pending.map(({ type, resource }) => [type, resource.urn.split('::').pop()])).to.deep.equal([
      ['creating', 'second'],
    ]);
    hold.release();
    const failed = await run;
    expect(failed).to.be.instanceOf(RunFailed);
    expect((failed as Error).message).to.contain('up, interrupted');
    // What was under way was waited for, and is in the state; what was not begun is not.
    expect(engine.aws.done('create')).to.deep.equal(['first', 'second']);
    expect((await stack.up()).changes).to.deep.equal({ create: 1, same: 3 });
    expect(engine.aws.done('create')).to.deep.equal(['first', 'second', 'third']);
  });
});
