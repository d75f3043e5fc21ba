import { iam } from '@pulumi/aws';
import type { ComponentResourceOptions } from '@pulumi/pulumi';
import type { PulumiFn } from '@pulumi/pulumi/automation';
import { expect } from 'chai';
import {
  TieredSegmentStore,
  type TieredSegmentStoreArgs,
  type TieredSegmentStoreOptions,
} from '../../components';
import { store as storeWithRoles } from './programs';
import { changed, engineOfSuite, failure } from './suite-engine';

const ZONE_A = { a: { zoneId: 'use1-az4' } };
const ZONES = { ...ZONE_A, b: { zoneId: 'use1-az6' } };
const DEV = { zones: ZONE_A, environment: 'dev' } as const;

/** Children of a store without zones, and of each zone. */
const GENERAL = ['', '-access', '-encryption', '-lifecycle', '-ownership', '-policy'].map(
  (end) => `media-general${end}`,
);
const zone = (key: string) =>
  ['', '-encryption', '-lifecycle', '-policy'].map((end) => `media-zone-${key}${end}`);

const store =
  (args: TieredSegmentStoreArgs, opts: TieredSegmentStoreOptions = {}, name = 'media'): PulumiFn =>
  async () =>
    void new TieredSegmentStore(name, args, opts);

describe('TieredSegmentStore under the real engine', function () {
  this.timeout(60_000);
  const engine = engineOfSuite();

  it('is made as previewed, then has nothing to change, and in dev is destroyed to nothing', async () => {
    const stack = await engine.stackOf('whole', async () => storeWithRoles(DEV));
    const all = [
      'media-key',
      ...GENERAL,
      ...zone('a'),
      'media-news-write',
      'media-origin-read',
      'encoder-news',
      'origin',
    ];

    // All of these, the component, the provider and the stack; the engine counts the default provider nowhere.
    expect((await stack.preview()).changes).to.deep.equal({ create: all.length + 2 });
    expect(engine.aws.done('create')).to.deep.equal([]);
    const up = await stack.up();
    expect(up.changes).to.deep.equal({ create: all.length + 2 });
    expect(engine.aws.done('create').sort()).to.deep.equal([...all].sort());
    expect(up.outputs['bucket']?.value).to.match(/^media-whole-media-general-[0-9a-f]{8}$/);
    expect((await stack.preview()).changes).to.deep.equal({ same: all.length + 2 });

    await stack.destroy();
    const deleted = engine.aws.done('delete');
    expect([...deleted].sort()).to.deep.equal([...all].sort());
    // What belongs to a bucket goes before it, and the key, which encrypts what is in them, after both.
    const before = (first: string, then: string) =>
      expect(deleted.indexOf(first), `${first} before ${then}`).to.be.below(deleted.indexOf(then));
    for (const child of GENERAL.slice(1)) before(child, 'media-general');
    before('media-zone-a-lifecycle', 'media-zone-a-policy');
    before('media-zone-a-encryption', 'media-key');
    expect((await stack.state()).deployment).to.not.have.deep.property('resources.0');
  });

  it('changes its retention in place: a longer dvr, an archive', async () => {
    const stack = await engine.stackOf('retention', store(DEV));
    await stack.up();
    const longer = await stack.preview({ program: store({ ...DEV, dvr: '3 days' }) });
    expect(changed(longer)).to.deep.equal({ update: ['media', 'media-general-lifecycle'] });
    const step = longer.steps.find(({ name }) => name === 'media-general-lifecycle');
    expect(step).to.deep.include({ diffs: ['rules'], replacing: [] });

    const archived = await stack.up({ program: store({ ...DEV, archive: { keepFor: '90 days' } }) });
    expect(changed(archived).update).to.include('media-general-lifecycle');
    expect(archived.changes).to.not.have.any.keys('create', 'delete', 'replace');
    expect(engine.aws.done('delete')).to.deep.equal([]);
  });

  it('takes a zone in and out without touching the others', async () => {
    const stack = await engine.stackOf('zones', store({ ...DEV, zones: ZONES }));
    await stack.up();
    const fewer = await stack.up({ program: store({ ...DEV, zones: { b: ZONES.b } }) });
    expect(changed(fewer)).to.deep.equal({ delete: zone('a'), update: ['media'] });
    const more = await stack.up({ program: store({ ...DEV, zones: { b: ZONES.b, a: ZONES.a } }) });
    expect(changed(more)).to.deep.equal({ create: zone('a'), update: ['media'] });
    // The order in which they are given says nothing.
    expect(changed(await stack.preview({ program: store({ ...DEV, zones: ZONES }) }))).to.deep.equal({});
  });

  it('makes a new bucket where a zone is moved to another place, and leaves the general bucket', async () => {
    const stack = await engine.stackOf('moved', store(DEV));
    await stack.up();
    const moved = await stack.preview({ program: store({ ...DEV, zones: { a: ZONES.b } }) });
    expect(moved.steps.filter(({ op }) => op === 'replace').map(({ name }) => name)).to.include(
      'media-zone-a',
    );
    expect(moved.steps.filter(({ op, name }) => op !== 'same' && name.includes('general'))).to.deep.equal([]);
  });

  it('in prod refuses to be destroyed, whole or in part, with the name of what it protects', async () => {
    const prod = { zones: ZONES };
    const stack = await engine.stackOf('prod', store(prod));
    await stack.up();
    const whole = await failure(stack.destroy());
    expect(whole.message).to.match(/media-general" cannot be deleted.*protect/s);
    const part = await failure(stack.up({ program: store({ zones: ZONE_A }) }));
    expect(part.message).to.match(/media-zone-b" cannot be deleted/);
    expect(engine.aws.done('delete').filter((name) => !name.includes('-zone-b-'))).to.deep.equal([]);
    const renamed = await failure(stack.preview({ program: store(prod, {}, 'video') }));
    expect(renamed.message).to.match(/media-(general|key|zone-[ab])" cannot be deleted/);
  });

  it('in prod stays in AWS when it leaves the stack on purpose', async () => {
    const stack = await engine.stackOf('left', store({ zones: ZONE_A }));
    await stack.up();
    await stack.up({ program: store({ zones: ZONE_A, protection: { protect: false } }) });
    engine.aws.forget();
    await stack.destroy();
    expect(engine.aws.done('delete')).to.deep.equal([]);
    expect((await stack.state()).deployment).to.not.have.deep.property('resources.0');
  });

  it('is taken up again where a creation failed halfway: what was made stays, the rest follows', async () => {
    const stack = await engine.stackOf('resumed', store(DEV));
    const message = 'TooManyBuckets: You have attempted to create more buckets than allowed';
    engine.aws.fail({ method: 'create', type: 'aws:s3/directoryBucket:DirectoryBucket', message });
    expect((await failure(stack.up())).message).to.contain(message);
    const made = engine.aws.done('create').filter((name) => name !== 'media-zone-a');
    expect(made).to.include.members(['media-key', 'media-general']);
    engine.aws.forget();

    await stack.up();
    const all = ['media-key', ...GENERAL, ...zone('a')];
    expect([...made, ...engine.aws.done('create')].sort()).to.deep.equal(all.sort());
    expect(changed(await stack.preview())).to.deep.equal({});
  });

  describe('renamed with an alias', () => {
    const ALIAS: ComponentResourceOptions = { aliases: [{ name: 'media' }] };

    it('keeps everything where the names of its buckets are pinned', async () => {
      const stack = await engine.stackOf('pinned', store(DEV));
      await stack.up();
      const { resources } = (await stack.state()).deployment as { resources: { urn: string; id: string }[] };
      const named = (name: string) => resources.find(({ urn }) => urn.endsWith(`::${name}`))?.id ?? '';
      const transform = {
        generalBucket: { bucket: named('media-general') },
        directoryBucket: { bucket: named('media-zone-a') },
      };
      const renamed = await stack.up({ program: store(DEV, { ...ALIAS, transform }, 'video') });
      expect(renamed.changes).to.not.have.any.keys('create', 'delete', 'replace');
      // Only what a person reads.
      for (const { name, diffs } of renamed.steps.filter(({ op }) => op === 'update')) {
        expect(diffs, name).to.satisfy((each: string[]) =>
          each.every((input) => ['description', 'tags', 'tagsAll'].includes(input)),
        );
      }
      expect([...engine.aws.done('delete')]).to.deep.equal([]);
      // Nor is the alias needed once it has been applied.
      expect((await stack.preview({ program: store(DEV, { transform }, 'video') })).changes).to.have.all.keys(
        'same',
      );
    });

    it('replaces the buckets where their names follow it, and nothing by delete and create', async () => {
      const stack = await engine.stackOf('followed', store(DEV));
      await stack.up();
      const renamed = await stack.preview({ program: store(DEV, ALIAS, 'video') });
      const replaced = renamed.steps.filter(({ op }) => op === 'replace').map(({ name }) => name);
      expect(replaced).to.include.members(['video-general', 'video-zone-a']).and.not.include('video-key');
      expect(renamed.changes).to.not.have.any.keys('create', 'delete');
    });
  });

  it('grants: each a policy of its own, changed in place and taken away alone', async () => {
    const granted =
      (...channels: string[]): PulumiFn =>
      async () => {
        const media = new TieredSegmentStore('media', DEV);
        const trust = iam.assumeRolePolicyForPrincipal({ Service: 'ecs-tasks.amazonaws.com' });
        const role = new iam.Role('encoder', { assumeRolePolicy: trust });
        if (channels.length > 0) media.grantWrite('encoder', role.name, { channels });
        media.grantRead('encoder', role.name);
      };
    const stack = await engine.stackOf('grants', granted('news'));
    await stack.up();
    const wider = await stack.up({ program: granted('news', 'sport') });
    expect(changed(wider)).to.deep.equal({ update: ['media-encoder-write'] });
    const policy = engine.aws.calls.findLast(({ method, preview }) => method === 'update' && !preview)
      ?.inputs['policy'];
    const { Statement } = JSON.parse(policy as string) as {
      Statement: { Sid: string; Resource: string[] }[];
    };
    const objects = Statement.find(({ Sid }) => Sid === 'Objects')?.Resource ?? [];
    expect(objects.map((arn) => arn.replace(/^arn:aws:s3:::[^/]*/, ''))).to.include.members([
      '/live/news/*',
      '/live/sport/*',
    ]);
    const none = await stack.up({ program: granted() });
    expect(changed(none)).to.deep.equal({ delete: ['media-encoder-write'] });
  });
});
