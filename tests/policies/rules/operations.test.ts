import * as aws from '@pulumi/aws';
import { expect } from 'chai';
import { stackOf } from '../../../planner/check/from-graph';
import { Stack, settingsOf } from '../../../policies/core';
import type { Resource, ResourceRule, Rule, Values } from '../../../policies/core';
import { servicesHandOnTheirTags } from '../../../policies/rules/cost/services-hand-on-their-tags';
import { billedResourcesAreTagged } from '../../../policies/rules/operations/billed-resources-are-tagged';
import { logGroupsExpire } from '../../../policies/rules/operations/log-groups-expire';
import { GoodProgram, both, set, unset, verdicts } from '../cases';

const tags = { project: 'news' };
const groupTags = [{ key: 'project', value: 'news', propagateAtLaunch: true }];

const good = new GoodProgram(() => {
  const provider = new aws.Provider('tagged', { region: 'eu-west-1', defaultTags: { tags } });
  new aws.cloudwatch.LogGroup('origin-log', { retentionInDays: 30, tags });
  new aws.s3.Bucket('media', {}, { provider });
  new aws.autoscaling.Group('encoders', {
    ...{ minSize: 0, maxSize: 2, availabilityZones: ['eu-west-1a'], tags: groupTags },
  });
});

/** What a rule would write for a resource. */
function remedied(rule: Rule, stack: Stack, name: string, configured = {}): Values | undefined {
  const resource = stack.resources.find((each) => each.name === name)!;
  return (rule as ResourceRule).remedy!(resource, settingsOf(rule, configured));
}

describe('rules of tags and logs', () => {
  good.tries(billedResourcesAreTagged, {
    violating: {
      'a log without the tag': {
        change: both(unset('origin-log', 'tags'), set('origin-log', 'tagsAll', {})),
        at: 'origin-log',
        found: ['it has no tag "project"'],
      },
      'a tag that is empty': {
        change: set('origin-log', 'tags.project', ''),
        at: 'origin-log',
        found: ['it has no tag "project"'],
      },
      'a tag in another case': {
        change: both(
          set('origin-log', 'tags', { Project: 'news' }),
          set('origin-log', 'tagsAll', { Project: 'news' }),
        ),
        at: 'origin-log',
        found: ['it has no tag "project"'],
      },
      'a tag that instances do not get': {
        change: set('encoders', 'tags.0.propagateAtLaunch', false),
        at: 'encoders',
        found: ['it has no tag "project"'],
      },
    },
    nearMisses: {
      'tags of the provider alone': set('media', 'tagsAll', {}),
      'a tag besides': set('origin-log', 'tags.owner', 'video'),
    },
  });

  good.tries(logGroupsExpire, {
    violating: {
      'a log that stays': {
        change: unset('origin-log', 'retentionInDays'),
        at: 'origin-log',
        found: ['its logs are kept for ever'],
      },
      'a log that stays by zero': {
        change: set('origin-log', 'retentionInDays', 0),
        at: 'origin-log',
        found: ['its logs are kept for ever'],
      },
      'a log of years': {
        change: set('origin-log', 'retentionInDays', 545),
        at: 'origin-log',
        found: ['its logs are kept for 545 days, where 1 to 400 are allowed'],
      },
    },
    nearMisses: {
      'a log of 400 days': set('origin-log', 'retentionInDays', 400),
      'a log of a day': set('origin-log', 'retentionInDays', 1),
    },
    notApplicable: {
      'a log that AWS keeps for two days': {
        change: both(unset('origin-log', 'retentionInDays'), set('origin-log', 'logGroupClass', 'DELIVERY')),
        at: 'origin-log',
        reason: 'AWS decides how long it keeps them',
      },
    },
  });

  describe('remedies', () => {
    const bare = new GoodProgram(() => {
      new aws.cloudwatch.LogGroup('forever', { tags: { owner: 'video' } });
      new aws.autoscaling.Group('encoders', { minSize: 0, maxSize: 2, availabilityZones: ['eu-west-1a'] });
      new aws.ecs.Service('origin', {});
      new aws.ecs.Service('packager', { propagateTags: 'TASK_DEFINITION' });
    });
    it('adds the tags that are configured, and keeps those that are there', async () => {
      const stack = stackOf(await bare.graph());
      const fill = ['project=news=24', 'other=x'];
      expect(remedied(billedResourcesAreTagged, stack, 'forever', { fill })?.['tags']).to.deep.equal({
        ...{ owner: 'video', project: 'news=24' },
      });
      expect(remedied(billedResourcesAreTagged, stack, 'encoders', { fill })?.['tags']).to.deep.equal([
        { key: 'project', value: 'news=24', propagateAtLaunch: true },
      ]);
    });
    it('adds no tag that nobody has configured', async () => {
      expect(remedied(billedResourcesAreTagged, stackOf(await bare.graph()), 'forever')).to.equal(undefined);
    });
    it('gives a log without a time 30 days, and leaves one with a time alone', async () => {
      const mended = remedied(logGroupsExpire, stackOf(await bare.graph()), 'forever');
      expect(mended).to.deep.equal({ retentionInDays: 30 });
      expect(remedied(logGroupsExpire, stackOf(await good.graph()), 'origin-log')).to.equal(undefined);
    });
    it('hands on the tags of a service', async () => {
      const stack = stackOf(await bare.graph());
      expect(remedied(servicesHandOnTheirTags, stack, 'origin')).to.deep.equal({ propagateTags: 'SERVICE' });
      expect(remedied(servicesHandOnTheirTags, stack, 'packager')).to.equal(undefined);
    });
    it('does not ask for tags that the provider may give', () => {
      const bucket: Resource = {
        ...{ urn: 'urn:media', type: 'aws:s3/bucket:Bucket', name: 'media', props: {} },
        options: { protect: false, retainOnDelete: false },
        ...{ defaultTags: undefined, region: 'eu-west-1', parent: undefined, from: {} },
      };
      expect(verdicts(billedResourcesAreTagged, new Stack([bucket])).get('media')).to.deep.equal({
        ...{ result: 'undecided', path: 'tagsAll' },
      });
    });
    it('leaves nothing to find', async () => {
      const stack = stackOf(await bare.graph());
      const forever = stack.resources.find(({ name }) => name === 'forever')!;
      const props = { ...forever.props, ...remedied(logGroupsExpire, stack, 'forever') };
      expect(verdicts(logGroupsExpire, new Stack([{ ...forever, props }])).get('forever')).to.deep.equal({
        result: 'compliant',
      });
    });
  });
});
