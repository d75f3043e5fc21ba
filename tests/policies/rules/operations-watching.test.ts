import * as aws from '@pulumi/aws';
import { expect } from 'chai';
import { stackOf } from '../../../planner/check/from-graph';
import { alarmsKnowWhatNoDataMeans } from '../../../policies/rules/operations/alarms-know-what-no-data-means';
import { alarmsSayWhatToDo } from '../../../policies/rules/operations/alarms-say-what-to-do';
import { alarmsTellSomebody } from '../../../policies/rules/operations/alarms-tell-somebody';
import { balancersLogRequests } from '../../../policies/rules/operations/balancers-log-requests';
import { bucketAccessIsLogged } from '../../../policies/rules/operations/bucket-access-is-logged';
import { clustersHaveContainerInsights } from '../../../policies/rules/operations/clusters-have-container-insights';
import { databasesTakeMinorUpgrades } from '../../../policies/rules/operations/databases-take-minor-upgrades';
import { fargateIsCurrent } from '../../../policies/rules/operations/fargate-is-current';
import { imageTagsStay } from '../../../policies/rules/operations/image-tags-stay';
import { imagesAreScanned } from '../../../policies/rules/operations/images-are-scanned';
import { kubernetesControlPlaneIsLogged } from '../../../policies/rules/operations/kubernetes-control-plane-is-logged';
import { tasksHaveNoShell } from '../../../policies/rules/operations/tasks-have-no-shell';
import { trailsCanBeTrusted } from '../../../policies/rules/operations/trails-can-be-trusted';
import { trailsCoverEveryRegion } from '../../../policies/rules/operations/trails-cover-every-region';
import { GoodProgram, both, set, unset, verdicts, without } from '../cases';

const metric = {
  ...{ comparisonOperator: 'GreaterThanThreshold', evaluationPeriods: 1, threshold: 1 },
  ...{ namespace: 'Video', period: 60, statistic: 'Sum', treatMissingData: 'notBreaching' },
};

const good = new GoodProgram(() => {
  const topic = new aws.sns.Topic('alarms', {});
  const described = (section: string) => ({
    alarmDescription: `Something is wrong. What to do: "${section}" in docs/runbook.md`,
  });
  new aws.cloudwatch.MetricAlarm('stalled', {
    ...{ ...metric, ...described('stalled'), metricName: 'Stalls', alarmActions: [topic.arn] },
  });
  const part = new aws.cloudwatch.MetricAlarm('slow', {
    ...{ ...metric, ...described('slow'), metricName: 'Slow' },
  });
  new aws.cloudwatch.CompositeAlarm('both', {
    ...{ ...described('both'), alarmName: 'both', alarmActions: [topic.arn] },
    alarmRule: part.name.apply((name) => `ALARM(${name})`),
  });
  const logs = new aws.s3.Bucket('logs', {});
  const media = new aws.s3.Bucket('media', {});
  new aws.s3.BucketLogging('media-logging', { bucket: media.id, targetBucket: logs.id, targetPrefix: 'm/' });
  new aws.s3.BucketLogging('logs-logging', { bucket: logs.id, targetBucket: logs.id, targetPrefix: 'l/' });
  new aws.cloudtrail.Trail('trail', {
    ...{ s3BucketName: logs.id, isMultiRegionTrail: true, enableLogFileValidation: true },
  });
  new aws.lb.LoadBalancer('web', { accessLogs: { bucket: logs.id, enabled: true } });
  new aws.lb.LoadBalancer('srt', { loadBalancerType: 'network' });
  const settings = [{ name: 'containerInsights', value: 'enhanced' }];
  const cluster = new aws.ecs.Cluster('tasks', { settings });
  const fargate = { cluster: cluster.arn, launchType: 'FARGATE', platformVersion: 'LATEST' };
  new aws.ecs.Service('origin', fargate);
  new aws.ecs.Service('encoder', { cluster: cluster.arn, launchType: 'EC2' });
  new aws.ecr.Repository('images', {
    ...{ imageTagMutability: 'IMMUTABLE', imageScanningConfiguration: { scanOnPush: true } },
  });
  new aws.eks.Cluster('kubernetes', {
    ...{ roleArn: 'arn:aws:iam::123456789012:role/eks', vpcConfig: { subnetIds: [] } },
    enabledClusterLogTypes: ['api', 'audit'],
  });
  new aws.rds.Instance('users', { instanceClass: 'db.t4g.small' });
});

describe('rules of watching', () => {
  good.tries(alarmsTellSomebody, {
    violating: {
      'an alarm without an action': {
        change: set('stalled', 'alarmActions', []),
        at: 'stalled',
        found: ['it has no action, and no composite alarm listens to it'],
      },
      'an alarm whose actions are off': {
        change: set('stalled', 'actionsEnabled', false),
        at: 'stalled',
        found: ['its actions are off'],
      },
      'an alarm that nobody listens to any more': {
        change: without('both'),
        at: 'slow',
        found: ['it has no action, and no composite alarm listens to it'],
      },
    },
    nearMisses: { 'actions that are on': set('stalled', 'actionsEnabled', true) },
  });

  good.tries(alarmsSayWhatToDo, {
    violating: {
      'no description': {
        change: unset('stalled', 'alarmDescription'),
        at: 'stalled',
        found: ['it has no description'],
      },
      'a description that leads nowhere': {
        change: set('both', 'alarmDescription', 'Something is wrong'),
        at: 'both',
        found: ['its description leads to no runbook'],
      },
    },
    nearMisses: {
      'a link': set('stalled', 'alarmDescription', 'See https://wiki.example.com/stalled'),
      'a runbook in capitals': set('stalled', 'alarmDescription', 'RUNBOOK 7'),
    },
  });

  good.tries(alarmsKnowWhatNoDataMeans, {
    violating: {
      'the default': {
        change: unset('slow', 'treatMissingData'),
        at: 'slow',
        found: ['the absence of data means nothing to it'],
      },
      'the default in words': {
        change: set('slow', 'treatMissingData', 'missing'),
        at: 'slow',
        found: ['the absence of data means nothing to it'],
      },
    },
    nearMisses: { 'data that has to come': set('slow', 'treatMissingData', 'breaching') },
  });

  good.tries(trailsCoverEveryRegion, {
    violating: {
      'one region': {
        change: unset('trail', 'isMultiRegionTrail'),
        at: 'trail',
        found: ['it records one region'],
      },
      'no global services, and nothing at all': {
        change: both(set('trail', 'includeGlobalServiceEvents', false), set('trail', 'enableLogging', false)),
        at: 'trail',
        found: ['it leaves out global services', 'its logging is off'],
      },
    },
    nearMisses: { 'logging that is on': set('trail', 'enableLogging', true) },
  });

  good.tries(trailsCanBeTrusted, {
    violating: {
      'no validation': {
        change: unset('trail', 'enableLogFileValidation'),
        at: 'trail',
        found: ['its files are not validated'],
      },
    },
    nearMisses: { 'a trail of one region': unset('trail', 'isMultiRegionTrail') },
  });

  good.tries(clustersHaveContainerInsights, {
    violating: {
      'insights that are off': {
        change: set('tasks', 'settings.0.value', 'disabled'),
        at: 'tasks',
        found: ['Container Insights is off'],
      },
      'no settings': {
        change: unset('tasks', 'settings'),
        at: 'tasks',
        found: ['Container Insights is off'],
      },
    },
    nearMisses: { 'the older insights': set('tasks', 'settings.0.value', 'enabled') },
  });

  good.tries(imagesAreScanned, {
    violating: {
      'images that nobody scans': {
        change: set('images', 'imageScanningConfiguration.scanOnPush', false),
        at: 'images',
        found: ['its images are scanned by nobody'],
      },
    },
    nearMisses: { 'images under another rule of tags': set('images', 'imageTagMutability', 'MUTABLE') },
  });

  good.tries(imageTagsStay, {
    violating: {
      'the default': {
        change: unset('images', 'imageTagMutability'),
        at: 'images',
        found: ['its tags can be moved'],
      },
      'tags that move but for some': {
        change: set('images', 'imageTagMutability', 'MUTABLE_WITH_EXCLUSION'),
        at: 'images',
        found: ['its tags can be moved'],
      },
    },
    nearMisses: {
      'tags that stay but for some': set('images', 'imageTagMutability', 'IMMUTABLE_WITH_EXCLUSION'),
    },
  });

  good.tries(kubernetesControlPlaneIsLogged, {
    violating: {
      'no audit log': {
        change: set('kubernetes', 'enabledClusterLogTypes', ['api']),
        at: 'kubernetes',
        found: ['logs that are off: audit'],
      },
    },
    nearMisses: { 'the audit log alone': set('kubernetes', 'enabledClusterLogTypes', ['audit']) },
  });

  good.tries(balancersLogRequests, {
    violating: {
      'a bucket alone': {
        change: unset('web', 'accessLogs.enabled'),
        at: 'web',
        found: ['its requests are not logged'],
      },
    },
    nearMisses: { 'logs under a prefix': set('web', 'accessLogs.prefix', 'web') },
    notApplicable: {
      'a network load balancer': {
        change: (graph) => graph,
        at: 'srt',
        reason: 'it has no requests to log',
      },
    },
  });

  good.tries(bucketAccessIsLogged, {
    violating: {
      'a bucket without a log': {
        change: without('media-logging'),
        at: 'media',
        found: ['access to it is not logged'],
      },
    },
    nearMisses: {
      'a log as older programs have it': both(
        without('media-logging'),
        set('media', 'logging', { targetBucket: 'logs' }),
      ),
    },
    notApplicable: {
      'a bucket of logs': {
        change: without('logs-logging'),
        at: 'logs',
        reason: 'it is where others log',
      },
    },
  });

  good.tries(tasksHaveNoShell, {
    violating: {
      'a shell': {
        change: set('origin', 'enableExecuteCommand', true),
        at: 'origin',
        found: ['ECS Exec is on'],
      },
    },
    nearMisses: { 'no shell in words': set('origin', 'enableExecuteCommand', false) },
  });

  good.tries(fargateIsCurrent, {
    violating: {
      'an old version': {
        change: set('origin', 'platformVersion', '1.3.0'),
        at: 'origin',
        found: ['its platform version is 1.3.0'],
      },
      'an old version under a capacity provider': {
        change: both(
          unset('origin', 'launchType'),
          set('origin', 'capacityProviderStrategies', [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }]),
          set('origin', 'platformVersion', '1.3.0'),
        ),
        at: 'origin',
        found: ['its platform version is 1.3.0'],
      },
    },
    nearMisses: { 'the latest by number': set('origin', 'platformVersion', '1.4.0') },
    notApplicable: {
      'a service on instances': {
        change: set('encoder', 'platformVersion', '1.3.0'),
        at: 'encoder',
        reason: 'it does not run on Fargate',
      },
    },
  });

  good.tries(databasesTakeMinorUpgrades, {
    violating: {
      'upgrades that are off': {
        change: set('users', 'autoMinorVersionUpgrade', false),
        at: 'users',
        found: ['it takes no minor upgrades'],
      },
    },
    nearMisses: { 'major upgrades that are off': set('users', 'allowMajorVersionUpgrade', false) },
  });

  it('is content with images that the registry scans', async () => {
    const scanned = new GoodProgram(() => {
      new aws.ecr.Repository('images', {});
      new aws.ecr.RegistryScanningConfiguration('registry', {
        scanType: 'ENHANCED',
        rules: [
          {
            scanFrequency: 'CONTINUOUS_SCAN',
            repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }],
          },
        ],
      });
    });
    const said = verdicts(imagesAreScanned, stackOf(await scanned.graph()));
    expect(said.get('images')).to.deep.equal({ result: 'compliant' });
  });
});
