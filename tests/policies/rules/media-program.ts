/** Encoders of live channels, as plain resources, that every rule is content with. */
import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { set, type Change } from '../cases';

const VARIABLES = {
  CHANNEL: 'news',
  ENCODER: 'nvenc',
  FRAME_RATE: '30',
  LADDER: 'hevc-2160p30-50',
  PROFILE: 'balanced',
  SOURCE: 'srt',
};

/** A container definition of the encoder. */
const definition = (passphrase: string, variables: Record<string, string> = {}, more: object = {}) => ({
  name: 'encoder',
  image: 'encoder',
  cpu: 1886,
  stopTimeout: 30,
  environment: Object.entries({ ...VARIABLES, SRT_PASSPHRASE_SECRET: passphrase, ...variables }).map(
    ([name, value]) => ({ name, value }),
  ),
  ...more,
});

/** The encoder's task with other variables, or other settings of its container. */
export const encoder = (variables: Record<string, string> = {}, more: object = {}): Change =>
  set('encoder-task', 'containerDefinitions', JSON.stringify([definition('arn', variables, more)]));

/** The origin's task with other settings of its container. */
export const origin = (more: object): Change =>
  set('origin-task', 'containerDefinitions', JSON.stringify([{ name: 'origin', image: 'origin', ...more }]));

function instances(): aws.ecs.CapacityProvider {
  const template = new aws.ec2.LaunchTemplate('gpu', { instanceType: 'g6.xlarge', imageId: 'ami-1' });
  const group = new aws.autoscaling.Group('pool', {
    ...{ minSize: 0, maxSize: 4, vpcZoneIdentifiers: ['subnet-1'] },
    launchTemplate: { id: template.id, version: '1' },
  });
  return new aws.ecs.CapacityProvider('provider', {
    autoScalingGroupProvider: { autoScalingGroupArn: group.arn },
  });
}

/** An encoder that takes SRT, an origin beside it, and the managed services that do the same. */
export function liveEncoder(): void {
  const provider = instances();
  const secret = new aws.secretsmanager.Secret('passphrase');
  const callers = new aws.lb.TargetGroup('callers', {
    ...{ protocol: 'UDP', port: 9000, vpcId: 'vpc-1', deregistrationDelay: 0, connectionTermination: true },
  });
  const task = new aws.ecs.TaskDefinition('encoder-task', {
    ...{ family: 'encoder', networkMode: 'host', requiresCompatibilities: ['EC2'] },
    containerDefinitions: pulumi.jsonStringify([secret.arn.apply((arn) => definition(arn))]),
  });
  const cluster = 'arn:aws:ecs:eu-west-1:123456789012:cluster/live';
  const service = new aws.ecs.Service('encoder', {
    ...{ cluster, taskDefinition: task.arn, desiredCount: 1 },
    capacityProviderStrategies: [{ capacityProvider: provider.name, weight: 1 }],
    ...{ deploymentMinimumHealthyPercent: 0, deploymentMaximumPercent: 100 },
    loadBalancers: [{ containerName: 'encoder', containerPort: 9000, targetGroupArn: callers.arn }],
  });
  new aws.appautoscaling.Target('scaling', {
    ...{ serviceNamespace: 'ecs', scalableDimension: 'ecs:service:DesiredCount' },
    resourceId: pulumi.interpolate`service/live/${service.name}`,
    ...{ minCapacity: 0, maxCapacity: 1 },
  });
  const requests = new aws.lb.TargetGroup('requests', {
    ...{ protocol: 'HTTP', port: 8080, targetType: 'ip', vpcId: 'vpc-1' },
  });
  const images = new aws.ecr.Repository('images');
  const originTask = new aws.ecs.TaskDefinition('origin-task', {
    ...{ family: 'origin', requiresCompatibilities: ['FARGATE'], cpu: '1024', memory: '2048' },
    containerDefinitions: pulumi.jsonStringify([{ name: 'origin', image: images.repositoryUrl }]),
  });
  new aws.ecs.Service('origin', {
    ...{ cluster, taskDefinition: originTask.arn, desiredCount: 2, launchType: 'FARGATE' },
    loadBalancers: [{ containerName: 'origin', containerPort: 8080, targetGroupArn: requests.arn }],
  });
  const edge = new aws.s3.DirectoryBucket('edge', {
    bucket: 'edge--euw1-az1--x-s3',
    location: { name: 'euw1-az1' },
  });
  new aws.s3.BucketLifecycleConfiguration('edge-lifecycle', {
    bucket: edge.bucket,
    rules: [{ id: 'bundles', status: 'Enabled', filter: { prefix: 'edge/' }, expiration: { days: 1 } }],
  });
  new aws.medialive.InputSecurityGroup('senders', { whitelistRules: [{ cidr: '203.0.113.0/24' }] });
  new aws.cloudcontrol.Resource('endpoint', {
    typeName: 'AWS::MediaPackageV2::OriginEndpoint',
    desiredState: JSON.stringify({ ContainerType: 'CMAF', Segment: { SegmentDurationSeconds: 4 } }),
  });
  new aws.medialive.Channel('managed', {
    ...{ channelClass: 'STANDARD', destinations: [{ id: 'hls' }] },
    inputAttachments: [{ inputAttachmentName: 'input', inputId: '1' }],
    inputSpecification: { codec: 'AVC', inputResolution: 'HD', maximumBitrate: 'MAX_20_MBPS' },
    encoderSettings: {
      timecodeConfig: { source: 'EMBEDDED' },
      outputGroups: [
        {
          outputs: [],
          outputGroupSettings: {
            hlsGroupSettings: { destination: { destinationRefId: 'hls' }, segmentLength: 4 },
          },
        },
      ],
    },
  });
}

/** What the tasks' rules wait for in a first preview. */
export const UNKNOWN_TASKS = {
  'encoder-task': 'containerDefinitions',
  'origin-task': 'containerDefinitions',
};

/** A resource of which rules of encoders say nothing. */
export const notAnEncoder = (name: string) => ({
  change: origin({}),
  at: name,
  reason: 'it runs no encoder of a channel',
});
