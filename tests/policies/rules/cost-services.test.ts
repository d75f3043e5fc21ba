import * as aws from '@pulumi/aws';
import { expect } from 'chai';
import { stackOf } from '../../../planner/check/from-graph';
import { bucketsHaveALifecycle } from '../../../policies/rules/cost/buckets-have-a-lifecycle';
import { budgetCoversTheEstimate } from '../../../policies/rules/cost/budget-covers-the-estimate';
import { budgetsTellSomebody } from '../../../policies/rules/cost/budgets-tell-somebody';
import { imagesExpire } from '../../../policies/rules/cost/images-expire';
import { servicesHandOnTheirTags } from '../../../policies/rules/cost/services-hand-on-their-tags';
import { tableCapacityFollowsDemand } from '../../../policies/rules/cost/table-capacity-follows-demand';
import { unfinishedUploadsAreAborted } from '../../../policies/rules/cost/unfinished-uploads-are-aborted';
import { GoodProgram, both, set, unset, verdicts, without } from '../cases';

const good = new GoodProgram(() => {
  const bucket = new aws.s3.Bucket('media', {});
  new aws.s3.BucketLifecycleConfiguration('media-rules', {
    bucket: bucket.id,
    rules: [
      { id: 'segments', status: 'Enabled', filter: { prefix: 'live/' }, expiration: { days: 7 } },
      {
        ...{ id: 'uploads', status: 'Enabled', filter: { prefix: '' } },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
    ],
  });
  new aws.s3.Bucket('old', {
    lifecycleRules: [{ enabled: true, abortIncompleteMultipartUploadDays: 2, expiration: { days: 30 } }],
  });
  new aws.budgets.Budget('month', {
    ...{ budgetType: 'COST', timeUnit: 'MONTHLY', limitAmount: '1000', limitUnit: 'USD' },
    notifications: [
      {
        ...{ comparisonOperator: 'GREATER_THAN', notificationType: 'FORECASTED' },
        ...{ threshold: 100, thresholdType: 'PERCENTAGE' },
        subscriberSnsTopicArns: [new aws.sns.Topic('money', {}).arn],
      },
    ],
  });
  new aws.dynamodb.Table('sessions', { hashKey: 'id', billingMode: 'PAY_PER_REQUEST' });
  const table = new aws.dynamodb.Table('entitlements', { hashKey: 'id', readCapacity: 5 });
  new aws.appautoscaling.Target('entitlements-read', {
    ...{ minCapacity: 5, maxCapacity: 50, serviceNamespace: 'dynamodb' },
    scalableDimension: 'dynamodb:table:ReadCapacityUnits',
    resourceId: table.name.apply((name) => `table/${name}`),
  });
  const repository = new aws.ecr.Repository('encoder', {});
  new aws.ecr.LifecyclePolicy('encoder-images', {
    repository: repository.name,
    policy: JSON.stringify({ rules: [] }),
  });
  new aws.ecs.Service('origin', { propagateTags: 'SERVICE' });
});

describe('rules of the cost of services', () => {
  good.tries(unfinishedUploadsAreAborted, {
    violating: {
      'a bucket without a lifecycle': {
        change: without('media-rules'),
        at: 'media',
        found: ['no lifecycle rule for all of it aborts unfinished uploads'],
      },
      'a rule that is off': {
        change: set('media-rules', 'rules.1.status', 'Disabled'),
        at: 'media',
        found: ['no lifecycle rule for all of it aborts unfinished uploads'],
      },
      'a rule for a part of the bucket': {
        change: set('media-rules', 'rules.1.filter.prefix', 'uploads/'),
        at: 'media',
        found: ['no lifecycle rule for all of it aborts unfinished uploads'],
      },
      'a rule that waits for weeks': {
        change: set('media-rules', 'rules.1.abortIncompleteMultipartUpload.daysAfterInitiation', 8),
        at: 'media',
        found: ['it aborts unfinished uploads after 8 days, where at most 7 are allowed'],
      },
      'an inline rule that is off': {
        change: set('old', 'lifecycleRules.0.enabled', false),
        at: 'old',
        found: ['no lifecycle rule for all of it aborts unfinished uploads'],
      },
    },
    nearMisses: {
      'a rule after a week': set(
        'media-rules',
        'rules.1.abortIncompleteMultipartUpload.daysAfterInitiation',
        7,
      ),
      'a rule without a filter': unset('media-rules', 'rules.1.filter'),
    },
  });

  good.tries(bucketsHaveALifecycle, {
    violating: {
      'a bucket that keeps everything': {
        change: unset('media-rules', 'rules.0'),
        at: 'media',
        found: ['no lifecycle rule expires or moves anything'],
      },
    },
    nearMisses: {
      'a bucket that moves to a cheaper class': both(
        unset('media-rules', 'rules.0.expiration'),
        set('media-rules', 'rules.0.transitions', [{ days: 30, storageClass: 'GLACIER_IR' }]),
      ),
    },
  });

  describe('with an estimate of 900 USD a month', () => {
    good.tries(budgetCoversTheEstimate, {
      settings: { estimateUsd: 900 },
      violating: {
        'a budget that is smaller': {
          change: set('month', 'limitAmount', '899.99'),
          at: 'media-prod',
          found: ['it is to cost 900 USD a month, and its budget is 899.99'],
        },
        'a budget of another kind': {
          change: set('month', 'timeUnit', 'ANNUALLY'),
          at: 'media-prod',
          found: ['nothing bounds the 900 USD a month that it is to cost'],
        },
      },
      nearMisses: {
        'a budget of just as much': set('month', 'limitAmount', '900'),
        'a budget that names no currency': unset('month', 'limitUnit'),
      },
    });
  });

  it('says nothing of a budget without an estimate', async () => {
    const said = verdicts(budgetCoversTheEstimate, stackOf(await good.graph()));
    expect([...said.values()]).to.deep.equal([
      { result: 'not applicable', reason: 'no estimate is configured' },
    ]);
  });

  it('holds the estimate against a budget that is elsewhere', async () => {
    const said = verdicts(budgetCoversTheEstimate, stackOf(await good.graph()), {
      ...{ estimateUsd: 900, budgetUsd: 800 },
    });
    expect([...said.values()]).to.deep.equal([
      { result: 'violating', found: ['it is to cost 900 USD a month, and its budget is 800'] },
    ]);
  });

  good.tries(budgetsTellSomebody, {
    violating: {
      'a budget without notifications': {
        change: unset('month', 'notifications'),
        at: 'month',
        found: ['no notification of it has a subscriber'],
      },
      'a notification without subscribers': {
        change: set('month', 'notifications.0.subscriberSnsTopicArns', []),
        at: 'month',
        found: ['no notification of it has a subscriber'],
      },
    },
    nearMisses: {
      'a subscriber by mail': both(
        unset('month', 'notifications.0.subscriberSnsTopicArns'),
        set('month', 'notifications.0.subscriberEmailAddresses', ['ops@example.com']),
      ),
    },
  });

  good.tries(tableCapacityFollowsDemand, {
    violating: {
      'capacity that nothing scales': {
        change: without('entitlements-read'),
        at: 'entitlements',
        found: ['its capacity is provisioned, and nothing scales it'],
      },
      'a table without a billing mode': {
        change: unset('sessions', 'billingMode'),
        at: 'sessions',
        found: ['its capacity is provisioned, and nothing scales it'],
      },
    },
    nearMisses: { 'more capacity that is scaled': set('entitlements', 'readCapacity', 500) },
  });

  good.tries(imagesExpire, {
    violating: {
      'images that stay': {
        change: without('encoder-images'),
        at: 'encoder',
        found: ['no lifecycle policy is for it'],
      },
    },
    nearMisses: { 'a repository with another name': set('encoder', 'forceDelete', true) },
  });

  good.tries(servicesHandOnTheirTags, {
    violating: {
      'tasks without tags': {
        change: unset('origin', 'propagateTags'),
        at: 'origin',
        found: ['its tasks carry no tags'],
      },
    },
    nearMisses: { 'tags of the task definition': set('origin', 'propagateTags', 'TASK_DEFINITION') },
  });
});
