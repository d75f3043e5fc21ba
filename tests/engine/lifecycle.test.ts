import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iam, s3 } from '@pulumi/aws';
import { ComponentResource, Config, type ComponentResourceOptions } from '@pulumi/pulumi';
import { expect } from 'chai';
import { RealEngine, RunFailed } from '../../testing/engine';
import { rejection } from '../support/rejection';
import { writePolicyPack } from './policy-pack';
import { requireEngine } from './require-engine';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

/** A bucket and a role whose policy names the bucket. */
function recordings(tags?: Record<string, string>) {
  return async () => {
    const bucket = new s3.Bucket('recordings', { bucket: 'recordings-of-the-test', ...(tags && { tags }) });
    const role = new iam.Role('reader', { assumeRolePolicy: TRUST });
    new iam.RolePolicy('read', {
      role: role.name,
      policy: bucket.arn.apply((arn) =>
        JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `${arn}/*` }],
        }),
      ),
    });
    return { bucketArn: bucket.arn, roleArn: role.arn };
  };
}

describe('the real engine with the stand-in aws provider', function () {
  this.timeout(60_000);
  let pulumi: string;
  let engine: RealEngine;

  before(function () {
    pulumi = requireEngine(this);
  });

  beforeEach(async () => {
    engine = await RealEngine.start({ pulumi });
  });

  afterEach(() => engine?.stop());

  async function failure(run: Promise<unknown>): Promise<RunFailed> {
    const error = await rejection(run);
    expect(error).to.be.instanceOf(RunFailed);
    return error as RunFailed;
  }

  it('previews, creates, finds nothing to change, changes and destroys a bucket and a role', async () => {
    const stack = await engine.stack('dev', recordings());

    expect((await stack.preview()).changes).to.deep.equal({ create: 4 });
    expect(engine.aws.done('create')).to.deep.equal([]);

    const up = await stack.up();
    expect(up.changes).to.deep.equal({ create: 4 });
    expect(up.outputs['bucketArn']?.value).to.equal('arn:aws:s3:::recordings-of-the-test');
    expect(up.outputs['roleArn']?.value).to.match(/^arn:aws:iam::123456789012:role\/reader-[0-9a-f]{7}$/);
    expect(engine.aws.done('create').sort()).to.deep.equal(['read', 'reader', 'recordings']);

    expect((await stack.preview()).changes).to.deep.equal({ same: 4 });
    expect((await stack.refresh()).changes).to.deep.equal({ same: 4 });

    const tagged = await stack.up({ program: recordings({ team: 'video' }) });
    expect(tagged.changes).to.deep.equal({ same: 3, update: 1 });
    expect(
      tagged.steps
        .filter(({ op }) => op === 'update')
        .map(({ name, diffs, replacing }) => ({ name, diffs, replacing })),
    ).to.deep.equal([{ name: 'recordings', diffs: ['tags', 'tagsAll'], replacing: [] }]);

    expect((await stack.destroy()).changes).to.deep.equal({ delete: 4 });
    // The policy before what it depends on.
    expect(engine.aws.done('delete')[0]).to.equal('read');
    expect((await stack.state()).deployment.resources ?? []).to.deep.equal([]);
  });

  it('tells a policy text with an ARN in a preview, unless previews are asked to know as little as AWS tells', async () => {
    const policy = () =>
      engine.aws.calls.find(({ method, name }) => method === 'create' && name === 'read')?.inputs['policy'];
    await (await engine.stack('known', recordings())).preview();
    expect(policy()).to.contain('"Resource":"arn:aws:s3:::recordings-of-the-test/*"');

    const unknowing = await RealEngine.start({ pulumi, standIn: { previews: 'unknown' } });
    try {
      await (await unknowing.stack('unknown', recordings())).preview();
      const create = unknowing.aws.calls.find(({ method, name }) => method === 'create' && name === 'read');
      expect(create?.preview).to.equal(true);
      expect(create?.inputs['policy']).to.equal('04da6b54-80e4-46f7-96ec-b56ff0331ba9');
    } finally {
      unknowing.stop();
    }
  });

  it('keeps a resource that was renamed with an alias, and replaces one whose fixed name changed', async () => {
    class Origin extends ComponentResource {
      constructor(child: string, bucket: string, opts: ComponentResourceOptions = {}) {
        super('test:index:Origin', 'origin', {}, opts);
        const aliases = child === 'origin-store' ? [{ name: 'origin-bucket' }] : [];
        new s3.Bucket(child, { bucket }, { parent: this, aliases });
        this.registerOutputs({});
      }
    }
    const origin = (child: string, bucket: string) => async () => void new Origin(child, bucket);
    const stack = await engine.stack('dev', origin('origin-bucket', 'one'));
    await stack.up();

    const renamed = await stack.preview({ program: origin('origin-store', 'one') });
    expect(renamed.changes).to.deep.equal({ same: 3 });

    const forgotten = await stack.preview({ program: origin('origin-media', 'one') });
    expect(forgotten.changes).to.deep.equal({ create: 1, delete: 1, same: 2 });

    const other = await stack.preview({ program: origin('origin-bucket', 'two') });
    expect(other.changes).to.deep.equal({ replace: 1, same: 2 });
    expect(other.steps.find(({ op }) => op === 'replace')).to.deep.include({
      type: 'aws:s3/bucket:Bucket',
      name: 'origin-bucket',
      diffs: ['bucket'],
      replacing: ['bucket'],
    });
  });

  it('deletes before it replaces where the fixed name stays, and creates first where the name is generated', async () => {
    const role = (path: string, name?: string) => async () =>
      void new iam.Role('worker', { assumeRolePolicy: TRUST, path, ...(name !== undefined && { name }) });
    const order = () =>
      engine.aws.calls
        .filter(({ method, preview }) => !preview && (method === 'create' || method === 'delete'))
        .map(({ method }) => method);

    const fixed = await engine.stack('fixed', role('/', 'worker'));
    await fixed.up();
    engine.aws.forget();
    await fixed.up({ program: role('/media/', 'worker') });
    expect(order()).to.deep.equal(['delete', 'create']);

    const generated = await engine.stack('generated', role('/'));
    await generated.up();
    engine.aws.forget();
    await generated.up({ program: role('/media/') });
    expect(order()).to.deep.equal(['create', 'delete']);
  });

  it('keeps what was created before a fault, and the next run creates only the rest', async () => {
    const two = async () => {
      const first = new s3.Bucket('first', {});
      new s3.Bucket('second', {}, { dependsOn: first });
    };
    const stack = await engine.stack('dev', two);
    engine.aws.fail({
      method: 'create',
      type: 'aws:s3/bucket:Bucket',
      nth: 2,
      message: 'TooManyBuckets: You have attempted to create more buckets than allowed',
    });

    // A preview neither meets the fault nor counts.
    await stack.preview();
    const failed = await failure(stack.up());
    expect(failed.message).to.contain(
      'TooManyBuckets: You have attempted to create more buckets than allowed',
    );
    expect(engine.aws.waitingFaults).to.deep.equal([]);
    const names = ((await stack.state()).deployment.resources as { urn: string }[]).map(({ urn }) =>
      urn.split('::').at(-1),
    );
    expect(names).to.include('first').and.not.include('second');

    expect((await stack.up()).changes).to.deep.equal({ create: 1, same: 2 });
    expect(engine.aws.done('create')).to.deep.equal(['first', 'second', 'second']);
  });

  it('holds a preview to mandatory policies, and lets pass what meets them', async () => {
    const pack = writePolicyPack(engine.folder);
    const stack = await engine.stack('dev', recordings());
    const failed = await failure(stack.preview({ policyPacks: [pack] }));
    expect(
      failed.outcome.violations.map(({ policy, level, urn }) => ({ policy, level, urn })),
    ).to.deep.include({
      policy: 'bucket-has-tags',
      level: 'mandatory',
      urn: 'urn:pulumi:dev::media::aws:s3/bucket:Bucket::recordings',
    });

    const tagged = await stack.up({ program: recordings({ team: 'video' }), policyPacks: [pack] });
    expect(tagged.violations).to.deep.equal([]);
    expect(tagged.changes).to.deep.equal({ create: 4 });
  });

  it('refuses to destroy what is protected', async () => {
    const stack = await engine.stack('dev', async () => void new s3.Bucket('kept', {}, { protect: true }));
    await stack.up();
    const failed = await failure(stack.destroy());
    expect(failed.message).to.match(/kept.*cannot be deleted/s);
    expect(engine.aws.done('delete')).to.deep.equal([]);
  });

  it('shows the error of a program that throws, and creates nothing', async () => {
    const stack = await engine.stack('dev', async () => {
      throw new Error('the ladder has no rendition');
    });
    const failed = await failure(stack.preview());
    expect(failed.message).to.contain('the ladder has no rendition');
    expect(engine.aws.calls.filter(({ method }) => method === 'create')).to.deep.equal([]);
  });

  it('keeps secrets secret in the state, and marks what is computed from one', async () => {
    const stack = await engine.stack('dev', async () => {
      const config = new Config();
      const named = new s3.Bucket('named', { bucket: config.requireSecret('bucket') });
      new s3.Bucket('tagged', { tags: { key: config.requireSecret('tag') } });
      return { arn: named.arn };
    });
    await stack.setConfig('bucket', 'of-the-secret-bucket', true);
    await stack.setConfig('tag', 'a-secret-tag', true);
    const up = await stack.up();
    expect(up.outputs['arn']).to.deep.equal({ value: 'arn:aws:s3:::of-the-secret-bucket', secret: true });
    expect(engine.aws.done('create').sort()).to.deep.equal(['named', 'tagged']);
    const state = readFileSync(join(engine.folder, 'state/.pulumi/stacks/media/dev.json'), 'utf8');
    expect(state).to.contain('urn:pulumi:dev::media::aws:s3/bucket:Bucket::named');
    expect(state).to.not.contain('a-secret-tag');
    expect(state).to.not.contain('arn:aws:s3:::of-the-secret-bucket');
  });

  it('interrupts a run that takes too long', async () => {
    let release = () => {};
    const stack = await engine.stack('dev', async () => {
      await new Promise<void>((resolve) => (release = resolve));
    });
    const failed = await failure(stack.preview({ timeoutMs: 2_000 }));
    release();
    expect(failed.message).to.contain('interrupted after 2000 ms');
  });

  it('removes its folder', async () => {
    const { folder } = engine;
    await (await engine.stack('dev', recordings())).preview();
    expect(existsSync(folder)).to.equal(true);
    engine.stop();
    expect(existsSync(folder)).to.equal(false);
  });
});
