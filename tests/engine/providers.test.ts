import { Provider, cloudwatch, getAvailabilityZones, getRegion, s3 } from '@pulumi/aws';
import { expect } from 'chai';
import { RealEngine } from '../../testing/engine';
import { requireEngine } from './require-engine';

describe('providers under the real engine', function () {
  this.timeout(60_000);
  let engine: RealEngine;

  before(async function () {
    engine = await RealEngine.start({ pulumi: requireEngine(this) });
  });

  beforeEach(() => engine.aws.forget());

  after(() => engine?.stop());

  it('are told apart: resources and data sources are in the region of their own', async () => {
    const stack = await engine.stack(
      'regions',
      async () => {
        const tokyo = new Provider('tokyo', { region: 'ap-northeast-1' });
        const beijing = new Provider('beijing', { region: 'cn-north-1' });
        const group = (name: string, provider?: Provider, region?: string) =>
          new cloudwatch.LogGroup(
            name,
            { name, ...(region !== undefined && { region }) },
            { ...(provider && { provider }) },
          );
        return {
          own: group('own').arn,
          tokyo: group('in-tokyo', tokyo).arn,
          beijing: group('in-beijing', beijing).arn,
          other: group('other', tokyo, 'sa-east-1').arn,
          zones: (await getAvailabilityZones({}, { provider: tokyo })).names[0],
          here: (await getRegion()).region,
        };
      },
      { config: { 'aws:region': 'us-west-2' } },
    );
    const { outputs } = await stack.up();
    expect(
      Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown])),
    ).to.deep.equal({
      own: 'arn:aws:logs:us-west-2:123456789012:log-group:own',
      tokyo: 'arn:aws:logs:ap-northeast-1:123456789012:log-group:in-tokyo',
      beijing: 'arn:aws-cn:logs:cn-north-1:123456789012:log-group:in-beijing',
      other: 'arn:aws:logs:sa-east-1:123456789012:log-group:other',
      zones: 'ap-northeast-1a',
      here: 'us-west-2',
    });
    // Every run opens its connections anew.
    expect((await stack.preview()).changes).to.deep.equal({ same: 7 });
  });

  it('are told apart where two stacks run at once', async () => {
    const arn = async (region: string) => {
      const stack = await engine.stack(
        `at-once-${region}`,
        async () => ({ arn: new cloudwatch.LogGroup('logs', { name: 'logs' }).arn }),
        { config: { 'aws:region': region } },
      );
      return (await stack.up()).outputs['arn']?.value as string;
    };
    expect(await Promise.all(['eu-north-1', 'us-east-2'].map(arn))).to.deep.equal([
      'arn:aws:logs:eu-north-1:123456789012:log-group:logs',
      'arn:aws:logs:us-east-2:123456789012:log-group:logs',
    ]);
  });

  it('move a resource to another region by replacing it', async () => {
    const logs = (region: string) => async () => {
      const provider = new Provider('p', { region });
      new cloudwatch.LogGroup('logs', {}, { provider });
      new s3.Bucket('same', { region: 'eu-west-1' }, { provider });
    };
    const stack = await engine.stack('moved', logs('eu-west-1'));
    await stack.up();
    const moved = await stack.preview({ program: logs('eu-west-2') });
    expect(moved.changes).to.deep.equal({ replace: 1, same: 2, update: 1 });
    expect(moved.steps.find(({ op }) => op === 'replace')).to.deep.include({
      name: 'logs',
      diffs: ['region'],
      replacing: ['region'],
    });
  });

  it('add their default tags under those of the resource, and change all when the defaults change', async () => {
    const tagged = (defaults: Record<string, string>) => async () => {
      const provider = new Provider('p', { region: 'eu-west-1', defaultTags: { tags: defaults } });
      const own = new s3.Bucket('own', { tags: { team: 'video' } }, { provider });
      const none = new s3.Bucket('none', {}, { provider });
      // Has no tags, and so takes none.
      new s3.BucketVersioning(
        'v',
        { bucket: none.id, versioningConfiguration: { status: 'Enabled' } },
        { provider },
      );
      return { own: own.tagsAll, none: none.tagsAll, tags: none.tags };
    };
    const stack = await engine.stack('tagged', tagged({ team: 'platform', env: 'dev' }));
    const { outputs } = await stack.up();
    expect(outputs['own']?.value).to.deep.equal({ env: 'dev', team: 'video' });
    expect(outputs['none']?.value).to.deep.equal({ env: 'dev', team: 'platform' });
    expect(outputs['tags']).to.equal(undefined);
    const changed = await stack.preview({ program: tagged({ team: 'platform', env: 'prod' }) });
    expect(
      changed.steps.filter(({ op }) => op === 'update').map(({ name, diffs }) => ({ name, diffs })),
    ).to.deep.include.members([
      { name: 'own', diffs: ['tagsAll'] },
      { name: 'none', diffs: ['tagsAll'] },
    ]);
    expect(changed.changes).to.deep.equal({ same: 2, update: 3 });
  });

  it('take default tags from the configuration of the stack', async () => {
    const stack = await engine.stack(
      'tagged-by-stack',
      async () => ({ tags: new s3.Bucket('b', { tags: { team: 'video' } }).tagsAll }),
      { config: { 'aws:region': 'eu-west-1', 'aws:defaultTags': '{"tags":{"Environment":"dev"}}' } },
    );
    expect((await stack.up()).outputs['tags']?.value).to.deep.equal({ Environment: 'dev', team: 'video' });
  });
});
