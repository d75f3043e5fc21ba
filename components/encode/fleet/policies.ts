/** What the fleet's roles may do, and no more. */

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

const documentOf = (...statements: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});

interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** The parts of an ARN that say where it is. */
function placeOf(arn: string): Place {
  const [, partition = '', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
}

/** Instances alone. */
export const assumedByInstances = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/** Tasks of this account and region alone: Amazon ECS Developer Guide, "Amazon ECS task IAM role". */
export function assumedByTasks(clusterArn: string): string {
  const { partition, region, account } = placeOf(clusterArn);
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:ecs:${region}:${account}:*` },
        },
      },
    ],
  });
}

/**
 * What the ECS agent, Session Manager and the watch on GPU errors call. The managed policy for container instances would
 * add every repository and log of the account, and the right to make clusters; that of Systems Manager every parameter.
 * Sources: Service Authorization Reference, "Amazon Elastic Container Service"; Systems Manager User Guide, "Verify or
 * add instance permissions for Session Manager".
 */
export function instancePolicy(clusterArn: string, metricsNamespace: string): PolicyDocument {
  const { partition, region, account } = placeOf(clusterArn);
  const cluster = clusterArn.slice(clusterArn.indexOf('/') + 1);
  return documentOf(
    {
      Sid: 'AgentOfTheCluster',
      Effect: 'Allow',
      Action: [
        'ecs:DeregisterContainerInstance',
        'ecs:RegisterContainerInstance',
        'ecs:SubmitAttachmentStateChanges',
      ],
      Resource: clusterArn,
    },
    {
      Sid: 'AgentOfTheInstance',
      Effect: 'Allow',
      Action: ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
      Resource: `arn:${partition}:ecs:${region}:${account}:container-instance/${cluster}/*`,
      Condition: { ArnEquals: { 'ecs:cluster': clusterArn } },
    },
    {
      // Of these IAM knows no resource.
      Sid: 'AgentAnywhere',
      Effect: 'Allow',
      Action: ['ecs:DiscoverPollEndpoint', 'ecs:SubmitContainerStateChange', 'ecs:SubmitTaskStateChange'],
      Resource: '*',
    },
    {
      Sid: 'SessionManager',
      Effect: 'Allow',
      Action: [
        'ssm:UpdateInstanceInformation',
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
      ],
      Resource: '*',
    },
    {
      Sid: 'GpuErrors',
      Effect: 'Allow',
      Action: 'cloudwatch:PutMetricData',
      Resource: '*',
      Condition: { StringEquals: { 'cloudwatch:namespace': metricsNamespace } },
    },
  );
}

const ECR_IMAGE = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/;

/** What the agent calls for a task before it runs: it pulls the image, and writes the log. */
export function executionPolicy(clusterArn: string, images: readonly string[]): PolicyDocument {
  const { partition, region, account } = placeOf(clusterArn);
  const cluster = clusterArn.slice(clusterArn.indexOf('/') + 1);
  const repositories = images.flatMap((image) => {
    const [, owner, where, name] = ECR_IMAGE.exec(image) ?? [];
    return name === undefined ? [] : [`arn:${partition}:ecr:${where}:${owner}:repository/${name}`];
  });
  const pull: Statement[] = [
    {
      Sid: 'Pull',
      Effect: 'Allow',
      Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      Resource: [...new Set(repositories)].sort(),
    },
    { Sid: 'PullLogin', Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
  ];
  return documentOf(...(repositories.length > 0 ? pull : []), {
    Sid: 'Logs',
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: `arn:${partition}:logs:${region}:${account}:log-group:/aws-media/${cluster}/*`,
  });
}

/** For ECS Exec: Amazon ECS Developer Guide, "Task IAM permissions for ECS Exec". */
export const executeCommandPolicy: PolicyDocument = documentOf({
  Sid: 'ExecuteCommand',
  Effect: 'Allow',
  Action: [
    'ssmmessages:CreateControlChannel',
    'ssmmessages:CreateDataChannel',
    'ssmmessages:OpenControlChannel',
    'ssmmessages:OpenDataChannel',
  ],
  Resource: '*',
});
