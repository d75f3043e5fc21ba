import { Provider } from '@pulumi/aws/provider';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import fc from 'fast-check';
import { NAME_RULES, UNNAMED_TYPES } from '../../../components/kit';
import { TRANSFORMS, TieredSegmentStore, type TieredSegmentStoreArgs } from '../../../components/storage';
import { hasTags } from '../../../planner/doubles/tags';
import { DISTRIBUTION_ARN, ZONES, ownTags, recordProgramOf, recordStore } from './store-recording';

/** With a child of every kind. */
const EVERY: TieredSegmentStoreArgs = {
  zones: ZONES,
  distributions: { cdn: { distributionArn: DISTRIBUTION_ARN } },
};
const grant = (store: TieredSegmentStore): void => void store.grantRead('o', 'r');

describe('TieredSegmentStore in the graph', () => {
  it('parents every child, and passes the provider on to each', async () => {
    const store = await recordProgramOf(() => {
      const provider = new Provider('elsewhere', { region: 'eu-west-1' });
      grant(new TieredSegmentStore('media', EVERY, { provider }));
    });
    const { urn } = store.child('media');
    const children = store.query.children(urn);
    expect(children).to.have.length(13);
    expect(store.resources).to.have.length(14);
    for (const { name, provider } of children) expect(provider, name).to.include('::elsewhere::');
  });

  it('orders the changes that S3 refuses at the same time, and lifecycle after its permission', async () => {
    const store = await recordStore(EVERY);
    const needs = (name: string, other: string) =>
      expect(store.child(name).dependencies, name).to.include(store.child(other).urn);
    needs('media-general-ownership', 'media-general-access');
    needs('media-general-policy', 'media-general-ownership');
    needs('media-zone-a-lifecycle', 'media-zone-a-policy');
  });

  it('takes an alias, so that a program may rename it', async () => {
    const store = await recordStore({}, { aliases: [{ name: 'store' }] });
    expect(JSON.stringify(store.child('media').options.aliases)).to.include('"store"');
  });

  it('follows zones by their ids: another order changes nothing, and a new zone no other', async () => {
    const inputs = async (keys: string[]) => {
      const ids: Record<string, string> = { a: 'use1-az4', b: 'use1-az5', c: 'use1-az6' };
      const zones = Object.fromEntries(keys.map((key) => [key, { zoneId: ids[key]! }]));
      const store = await recordStore({ zones });
      return store.resources
        .filter(({ custom }) => custom)
        .map(({ urn, inputs: given }) => `${urn} ${JSON.stringify(given)}`)
        .sort();
    };
    expect(await inputs(['b', 'a'])).to.deep.equal(await inputs(['a', 'b']));
    expect(await inputs(['c', 'a', 'b'])).to.include.members(await inputs(['a', 'b']));
  });

  it('tags every child that can have tags, the user last', async () => {
    const tags = { team: 'video', Name: pulumi.output('mine') };
    const store = await recordStore({ ...EVERY, tags }, {}, grant);
    const taggable = store.resources.filter(({ type }) => hasTags(type));
    expect(taggable.map(({ name }) => name).sort()).to.deep.equal([
      'media-general',
      'media-key',
      'media-zone-a',
    ]);
    for (const { name, inputs } of taggable) {
      expect(inputs['tags']).to.deep.equal({ ...ownTags(name), team: 'video', Name: 'mine' });
    }
    const others = store.resources.filter(({ type, custom }) => custom && !hasTags(type));
    for (const { name, inputs } of others) expect(inputs, name).not.to.have.property('tags');
  });

  it('has a rule for the name of every child', async () => {
    const store = await recordStore(EVERY, {}, grant);
    const types = new Set(store.resources.filter(({ custom }) => custom).map(({ type }) => type));
    const ruled = [...types].filter((type) => type in NAME_RULES || UNNAMED_TYPES.includes(type));
    expect(ruled).to.deep.equal([...types]);
  });

  it('names every bucket and policy within limits, whatever component, project and stack are called', async () => {
    const title = fc.string({ unit: fc.constantFrom(...'abzAZ09-_.'), minLength: 1, maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }).filter((name) => !name.includes('::')),
        title,
        title,
        async (name, project, stack) => {
          const store = await recordProgramOf(() => grant(new TieredSegmentStore(name, { zones: ZONES })), {
            project,
            stack,
          });
          const named = (type: string, property: string) =>
            store.query.byType(type).map(({ name: child }) => store.text(child, property));
          for (const bucket of named('aws:s3/bucket:Bucket', 'bucket')) {
            expect(bucket).to.match(/^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
          }
          for (const bucket of named('aws:s3/directoryBucket:DirectoryBucket', 'bucket')) {
            expect(bucket).to.match(/^(?=.{3,63}$)[a-z0-9][a-z0-9-]*--use1-az4--x-s3$/);
          }
          for (const policy of named('aws:iam/rolePolicy:RolePolicy', 'name')) {
            expect(policy).to.match(/^[\w+=,.@-]{1,128}$/);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('lets each kind of child be changed', async () => {
    const changed: string[] = [];
    const store = await recordStore(
      { ...EVERY, environment: 'dev' },
      {
        transform: Object.fromEntries(
          TRANSFORMS.map((kind) => [
            kind,
            (args: Record<string, unknown>, opts: pulumi.CustomResourceOptions, name: string) => {
              changed.push(`${kind} ${name}`);
              if (kind === 'generalBucket') args['bucket'] = 'chosen';
              if (kind === 'rolePolicy') opts.protect = true;
            },
          ]),
        ),
      },
      grant,
    );
    expect(changed.sort()).to.deep.equal([
      'directoryBucket media-zone-a',
      'directoryEncryption media-zone-a-encryption',
      'directoryLifecycle media-zone-a-lifecycle',
      'directoryPolicy media-zone-a-policy',
      'generalAccess media-general-access',
      'generalBucket media-general',
      'generalEncryption media-general-encryption',
      'generalLifecycle media-general-lifecycle',
      'generalOwnership media-general-ownership',
      'generalPolicy media-general-policy',
      'key media-key',
      'keyPolicy media-key-policy',
      'rolePolicy media-o-read',
    ]);
    // Each custom child is of one of the kinds.
    expect(changed).to.have.length(store.resources.filter(({ custom }) => custom).length);
    for (const { name, type, inputs } of store.resources) {
      if (type.startsWith('aws:s3/bucket'))
        expect(inputs['bucket'], name).to.be.oneOf(['chosen', zoneBucket()]);
    }
    expect(store.child('media-o-read').options.protect).to.equal(true);
    function zoneBucket(): unknown {
      return store.inputs('media-zone-a')['bucket'];
    }
  });

  it('takes properties for a child in place of a function', async () => {
    const { inputs } = (await recordStore({}, { transform: { generalAccess: { skipDestroy: true } } })).child(
      'media-general-access',
    );
    expect(inputs).to.include({ skipDestroy: true, blockPublicAcls: true });
  });

  it('creates nothing and checks nothing where it is only looked up by its URN', async () => {
    let nodes: unknown = 'not looked up';
    const store = await recordProgramOf(() => {
      const urn = 'urn:pulumi:test::video::aws-media:index:TieredSegmentStore::media';
      nodes = new TieredSegmentStore('media', { dvr: 'wrong' }, { urn }).nodes;
    }).catch((error: unknown) => error as Error);
    expect(nodes).to.equal(undefined);
    if (!(store instanceof Error)) expect(store.list).to.deep.equal([]);
  });
});
