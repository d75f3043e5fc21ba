import { expect } from 'chai';
// eslint-disable-next-line no-restricted-imports -- as the package's users import it
import {
  assertLeastPrivilege,
  assertNames,
  assertReaches,
  assertTags,
  assertUpgrade,
  GraphQuery,
  matchGolden,
  recordComponent,
  valueOf,
  type Graph,
} from 'pulumi-aws-media/testing';
import { mediaStack, type MediaStack, type StackSettings } from './stack';

const SETTINGS: StackSettings = { zoneId: 'use1-az4', dvr: '1 day' };

describe('our stack', () => {
  let made: MediaStack;
  let graph: Graph;

  /** What `pulumi up` would make, without an engine, an account or a network. */
  const record = (settings: StackSettings): Promise<Graph> =>
    recordComponent(
      () => {
        made = mediaStack(settings);
      },
      { project: 'test-your-stack', stack: 'dev', config: { 'aws:region': 'us-east-1' } },
    );

  before(async () => {
    graph = await record(SETTINGS);
  });

  it('expires segments after the day that viewers may seek back', () => {
    const [lifecycle] = new GraphQuery(graph).byName('media-general-lifecycle');
    const rules = lifecycle?.inputs['rules'] as { id: string; expiration?: { days: number } }[];
    expect(rules.find(({ id }) => id === 'segments')?.expiration).to.deep.equal({ days: 1 });
  });

  it('encrypts with a key of its own', async () => {
    expect(await valueOf(made.store.keyArn)).to.match(/^arn:aws:kms:us-east-1:/);
    assertReaches(graph, 'media-general-encryption', 'media-key', { output: 'arn' });
  });

  it('has names that AWS takes', () => {
    expect(assertNames(graph).checked).to.equal(4);
  });

  it('is tagged with the team that pays', () => {
    assertTags(graph, { required: { team: ['video'] } });
  });

  it('lets thumbnails read segments, and do nothing else', () => {
    const [bucket] = new GraphQuery(graph).byName('media-general');
    const arn = bucket?.outputs['arn'] as string;
    // What the function calls; `recordCalls(client)` notes it while the function's own tests run.
    const calls = ['news/s/v1/7.m4s', 'news/s/v2/7.m4s', 'sport/s/v1/9.m4s'].map((key) => ({
      action: 's3:GetObject',
      resource: `${arn}/live/${key}`,
    }));
    assertLeastPrivilege(graph, 'thumbnails', calls);
  });

  it('has changed in nothing that nobody looked at', () => {
    matchGolden(graph, 'golden/dev.json');
  });

  it('loses nothing when viewers may seek a week back', async () => {
    const { updates } = assertUpgrade(graph, await record({ ...SETTINGS, dvr: '7 days' }));
    const changed = updates.map(({ urn }) => urn.split('::').at(-1));
    expect(changed).to.deep.equal(['media', 'media-general-lifecycle']);
  });
});
