import * as aws from '@pulumi/aws';
import { balancersAreOfTheCurrentGeneration } from '../../../policies/rules/retired/balancers-are-of-the-current-generation';
import { functionsRunOnSupportedRuntimes } from '../../../policies/rules/retired/functions-run-on-supported-runtimes';
import { kubernetesVersionIsSupported } from '../../../policies/rules/retired/kubernetes-version-is-supported';
import { noAmazonLinux2 } from '../../../policies/rules/retired/no-amazon-linux-2';
import { noLaunchConfigurations } from '../../../policies/rules/retired/no-launch-configurations';
import { noServiceClosedToNewcomers } from '../../../policies/rules/retired/no-service-closed-to-newcomers';
import { noServiceThatHasEnded } from '../../../policies/rules/retired/no-service-that-has-ended';
import { GoodProgram, set, unset, type Change } from '../cases';

const IMAGES = '/aws/service/ecs/optimized-ami';

const good = new GoodProgram(() => {
  const role = 'arn:aws:iam::123456789012:role/x';
  new aws.lambda.Function('signer', {
    role,
    runtime: aws.lambda.Runtime.NodeJS22dX,
    handler: 'index.handler',
  });
  new aws.eks.Cluster('kubernetes', { roleArn: role, version: '1.35', vpcConfig: { subnetIds: [] } });
  new aws.eks.NodeGroup('nodes', {
    ...{ clusterName: 'kubernetes', nodeRoleArn: role, subnetIds: [], amiType: 'AL2023_x86_64_NVIDIA' },
    scalingConfig: { minSize: 1, maxSize: 2, desiredSize: 1 },
  });
  new aws.ec2.LaunchTemplate('encoder', {
    imageId: `resolve:ssm:${IMAGES}/amazon-linux-2023/gpu/recommended/image_id`,
  });
  new aws.codebuild.Project('build', {
    ...{ serviceRole: role, artifacts: { type: 'NO_ARTIFACTS' }, source: { type: 'NO_SOURCE' } },
    environment: {
      ...{ type: 'LINUX_CONTAINER', computeType: 'BUILD_GENERAL1_MEDIUM' },
      image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
    },
  });
  new aws.autoscaling.Group('encoders', {
    ...{ minSize: 0, maxSize: 2, availabilityZones: ['eu-west-1a'], launchTemplate: { id: 'lt-1' } },
  });
  new aws.lb.LoadBalancer('web', {});
});

/** The program with a resource of another type. */
const retyped =
  (name: string, type: string): Change =>
  (graph) => {
    graph.resources.find((resource) => resource.name === name && resource.type.startsWith('aws:'))!.type =
      type;
  };

describe('rules of what is retired', () => {
  good.tries(noServiceThatHasEnded, {
    violating: {
      MediaStore: {
        change: retyped('web', 'aws:mediastore/container:Container'),
        at: 'web',
        found: ['MediaStore ended on 2025-11-13; instead there is S3, or MediaPackage'],
      },
      'the older analytics of streams': {
        change: retyped('web', 'aws:kinesis/analyticsApplication:AnalyticsApplication'),
        at: 'web',
        found: [
          'Kinesis Data Analytics for SQL ended on 2026-01-27; instead there is Managed Service for Apache Flink',
        ],
      },
    },
    nearMisses: {
      'streams themselves': retyped('web', 'aws:kinesis/stream:Stream'),
      'another media service': retyped('web', 'aws:mediapackagev2/channelGroup:ChannelGroup'),
    },
  });

  good.tries(noServiceClosedToNewcomers, {
    violating: {
      'App Runner': {
        change: retyped('web', 'aws:apprunner/service:Service'),
        at: 'web',
        found: [
          'App Runner takes no new customers since 2026-04-30; instead there is ECS, as aws.ecs.ExpressGatewayService',
        ],
      },
    },
    nearMisses: {
      'an access point': retyped('web', 'aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint'),
    },
  });

  good.tries(noLaunchConfigurations, {
    violating: {
      'a group that has one': {
        change: set('encoders', 'launchConfiguration', 'old'),
        at: 'encoders',
        found: ['it starts instances by a launch configuration'],
      },
      'one itself': {
        change: retyped('web', 'aws:ec2/launchConfiguration:LaunchConfiguration'),
        at: 'web',
        found: ['it is a launch configuration'],
      },
    },
    nearMisses: { 'what the provider makes of none': set('encoders', 'launchConfiguration', '') },
  });

  good.tries(functionsRunOnSupportedRuntimes, {
    violating: {
      'an old runtime': {
        change: set('signer', 'runtime', 'nodejs20.x'),
        at: 'signer',
        found: ['nodejs20.x is deprecated since 2026-04-30'],
      },
    },
    nearMisses: { 'the newest': set('signer', 'runtime', 'nodejs24.x') },
    notApplicable: {
      'an image': {
        change: unset('signer', 'runtime'),
        at: 'signer',
        reason: 'it is an image, which has its own',
      },
    },
  });

  describe('with a runtime that has ended since', () => {
    good.tries(functionsRunOnSupportedRuntimes, {
      settings: { alsoEnded: ['python3.10'] },
      violating: {
        'that runtime': {
          change: set('signer', 'runtime', 'python3.10'),
          at: 'signer',
          found: ['python3.10 is deprecated'],
        },
      },
      nearMisses: { 'the next one': set('signer', 'runtime', 'python3.11') },
    });
  });

  good.tries(kubernetesVersionIsSupported, {
    violating: {
      'a version in extended support': {
        change: set('kubernetes', 'version', '1.33'),
        at: 'kubernetes',
        found: ['its version is 1.33, and the oldest allowed is 1.34'],
      },
      'a version of one digit': {
        change: set('kubernetes', 'version', '1.9'),
        at: 'kubernetes',
        found: ['its version is 1.9, and the oldest allowed is 1.34'],
      },
    },
    nearMisses: { 'the oldest that is allowed': set('kubernetes', 'version', '1.34') },
    notApplicable: {
      'no version': {
        change: unset('kubernetes', 'version'),
        at: 'kubernetes',
        reason: 'AWS takes the latest version',
      },
    },
  });

  good.tries(noAmazonLinux2, {
    violating: {
      'nodes of Kubernetes': {
        change: set('nodes', 'amiType', 'AL2_x86_64_GPU'),
        at: 'nodes',
        found: ['its image is Amazon Linux 2'],
      },
      'instances of ECS': {
        change: set('encoder', 'imageId', `resolve:ssm:${IMAGES}/amazon-linux-2/gpu/recommended/image_id`),
        at: 'encoder',
        found: ['its image is Amazon Linux 2'],
      },
      'a build': {
        change: set('build', 'environment.image', 'aws/codebuild/amazonlinux2-x86_64-standard:4.0'),
        at: 'build',
        found: ['its image is Amazon Linux 2'],
      },
      'a function': {
        change: set('signer', 'runtime', 'provided.al2'),
        at: 'signer',
        found: ['its image is Amazon Linux 2'],
      },
    },
    nearMisses: {
      'a function on its successor': set('signer', 'runtime', 'provided.al2023'),
      'a build on its successor, under its older name': set(
        'build',
        'environment.image',
        'aws/codebuild/amazonlinux2-x86_64-standard:5.0',
      ),
      'an image by its id': set('encoder', 'imageId', 'ami-0123456789abcdef0'),
    },
  });

  good.tries(balancersAreOfTheCurrentGeneration, {
    violating: {
      'a classic load balancer': {
        change: retyped('web', 'aws:elb/loadBalancer:LoadBalancer'),
        at: 'web',
        found: ['it is a classic load balancer'],
      },
    },
    nearMisses: { 'a balancer by its older name': retyped('web', 'aws:alb/loadBalancer:LoadBalancer') },
  });
});
