// What generate.mjs takes from botocore's models for which type and input, and what the models leave to prose.
//   api: 'service.Operation.Member[.Member]'   length and pattern of that member
//   shape: 'service.Shape'                      of that shape
//   says: text that must be in the prose of the member, its shape or the operation, and so proves the numbers beside it
//   url: where a rule is published that is not in botocore
//   chars: the pattern in words; reserved: what a name may not match; auto: how Pulumi's own name differs from
//   `<logical name>-<7 digits>`; when: the input that must be true for the second rule; none: why there is no limit

const TEXT_255 = { min: 1, max: 255, pattern: '[\\x20-\\x7e]+', chars: 'printable ASCII' };
const WORD_255 = { min: 1, max: 255, pattern: '[A-Za-z0-9_-]+', chars: 'letters, digits, _ and -' };
const WORD_128 = { ...WORD_255, max: 128 };
const ELB = { min: 1, max: 32, pattern: '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?' };
const ELB_CHARS = 'letters, digits and hyphens, no hyphen at an end';
const ELB_SAYS = 'can have a maximum of 32 characters, must contain only alphanumeric characters or hyphens';
const LETTERS_FIRST = '[A-Za-z](?:-?[A-Za-z0-9])*';
const LETTERS_FIRST_CHARS = 'letters, digits and single hyphens, a letter first, no hyphen last';

const BUCKET = {
  url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html',
  ...{ min: 3, max: 63, pattern: '[a-z0-9](?:[a-z0-9-]|\\.(?!\\.))*[a-z0-9]' },
  chars: 'lower-case letters, digits, hyphens and single dots, a letter or digit at both ends',
  reserved:
    '^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\\.mrap|--x-s3|--table-s3)$|^\\d+(?:\\.\\d+){3}$',
  auto: { lower: true },
};
const TARGET_GROUP = {
  api: 'elbv2.CreateTargetGroup.Name',
  ...{ says: ELB_SAYS, ...ELB, chars: ELB_CHARS },
};
const LOAD_BALANCER = {
  api: 'elbv2.CreateLoadBalancer.Name',
  ...{ says: ELB_SAYS, ...ELB, chars: ELB_CHARS, reserved: '^internal-' },
};
/** Neither the API model nor its prose has a limit: 128 is what this project keeps to. */
const CLOUDFRONT_POLICY = {
  url: 'assumed: AWS publishes no limit',
  ...WORD_128,
};
const SFN_FORBIDDEN = '\\s<>{}[\\]?*"#%\\\\^|~`$&,;:/\\u0000-\\u001f\\u007f-\\u009f';
const STATE_MACHINE = {
  api: 'stepfunctions.CreateStateMachine.name',
  says: 'A name must not contain',
  ...{ min: 1, max: 80, pattern: `[^${SFN_FORBIDDEN}]+` },
  chars: 'no white space, brackets, wildcards, control characters or any of "#%\\^|~`$&,;:/',
};
const TABLE = { shape: 'dynamodb.TableName', chars: 'letters, digits, _, . and -' };

export const RULES = {
  'aws:s3/bucket:Bucket': { bucket: BUCKET },
  'aws:s3/bucketV2:BucketV2': { bucket: BUCKET },
  'aws:s3/directoryBucket:DirectoryBucket': {
    bucket: {
      url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-bucket-naming-rules.html',
      ...{ min: 3, max: 63, pattern: '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?--[a-z0-9-]+-az\\d+--x-s3' },
      chars:
        'lower-case letters, digits and hyphens, a letter or digit at both ends, then --<zone id>--x-s3, as in --use1-az4--x-s3',
      reserved: '^(?:xn--|sthree-|amzn-s3-demo-)',
    },
  },
  'aws:iam/role:Role': { name: { api: 'iam.CreateRole.RoleName' } },
  'aws:iam/policy:Policy': { name: { api: 'iam.CreatePolicy.PolicyName' } },
  'aws:iam/rolePolicy:RolePolicy': { name: { api: 'iam.PutRolePolicy.PolicyName' } },
  'aws:iam/userPolicy:UserPolicy': { name: { api: 'iam.PutUserPolicy.PolicyName' } },
  'aws:iam/groupPolicy:GroupPolicy': { name: { api: 'iam.PutGroupPolicy.PolicyName' } },
  'aws:iam/groupMembership:GroupMembership': { name: { none: 'the name is in the state only, not in AWS' } },
  'aws:iam/policyAttachment:PolicyAttachment': {
    name: { none: 'the name is in the state only, not in AWS' },
  },
  'aws:iam/serverCertificate:ServerCertificate': {
    name: { api: 'iam.UploadServerCertificate.ServerCertificateName' },
  },
  'aws:kms/alias:Alias': {
    name: {
      api: 'kms.CreateAlias.AliasName',
      says: 'This value must begin with alias/ followed by a name',
      ...{ min: 7, max: 256, pattern: 'alias/[a-zA-Z0-9:/_-]+', reserved: '^alias/aws/' },
      chars: 'alias/ and then letters, digits, :, /, _ and -',
      auto: { prefix: 'alias/' },
    },
  },
  'aws:cloudwatch/logGroup:LogGroup': {
    name: {
      api: 'logs.CreateLogGroup.logGroupName',
      says: "Log group names can't start with the string aws/",
      ...{ chars: 'letters, digits, _, -, /, . and #', reserved: '^aws/' },
    },
  },
  'aws:cloudwatch/logStream:LogStream': { name: { api: 'logs.CreateLogStream.logStreamName' } },
  'aws:cloudwatch/logMetricFilter:LogMetricFilter': { name: { api: 'logs.PutMetricFilter.filterName' } },
  'aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter': {
    name: { api: 'logs.PutSubscriptionFilter.filterName' },
  },
  'aws:lambda/function:Function': {
    name: {
      api: 'lambda.CreateFunction.FunctionName',
      says: 'If you specify only the function name, it is limited to 64 characters in length',
      ...{ min: 1, max: 64, pattern: '[a-zA-Z0-9_-]+', chars: 'letters, digits, _ and -' },
    },
  },
  'aws:ecs/cluster:Cluster': {
    name: {
      api: 'ecs.CreateCluster.clusterName',
      says: 'Up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens are allowed',
      ...WORD_255,
    },
  },
  'aws:ecs/service:Service': {
    name: {
      api: 'ecs.CreateService.serviceName',
      says: 'Up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens are allowed',
      ...WORD_255,
    },
  },
  'aws:ecs/taskDefinition:TaskDefinition': {
    family: {
      api: 'ecs.RegisterTaskDefinition.family',
      says: 'Up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens are allowed',
      ...WORD_255,
    },
  },
  'aws:ecs/capacityProvider:CapacityProvider': {
    name: {
      api: 'ecs.CreateCapacityProvider.name',
      says: 'The name can\'t be prefixed with "aws", "ecs", or "fargate"',
      ...{ ...WORD_255, reserved: '^(?:aws|ecs|fargate)' },
    },
  },
  'aws:lb/targetGroup:TargetGroup': { name: TARGET_GROUP },
  'aws:alb/targetGroup:TargetGroup': { name: TARGET_GROUP },
  'aws:lb/loadBalancer:LoadBalancer': { name: LOAD_BALANCER },
  'aws:alb/loadBalancer:LoadBalancer': { name: LOAD_BALANCER },
  'aws:autoscaling/group:Group': { name: { api: 'autoscaling.CreateAutoScalingGroup.AutoScalingGroupName' } },
  'aws:autoscaling/policy:Policy': { name: { api: 'autoscaling.PutScalingPolicy.PolicyName' } },
  'aws:autoscaling/schedule:Schedule': {
    scheduledActionName: { api: 'autoscaling.PutScheduledUpdateGroupAction.ScheduledActionName' },
  },
  'aws:autoscaling/lifecycleHook:LifecycleHook': {
    name: { api: 'autoscaling.PutLifecycleHook.LifecycleHookName' },
  },
  'aws:appautoscaling/policy:Policy': {
    name: { api: 'application-autoscaling.PutScalingPolicy.PolicyName' },
  },
  'aws:appautoscaling/scheduledAction:ScheduledAction': {
    name: { api: 'application-autoscaling.PutScheduledAction.ScheduledActionName' },
  },
  'aws:ec2/launchTemplate:LaunchTemplate': {
    name: { shape: 'ec2.LaunchTemplateName', chars: 'letters, digits, (, ), ., -, / and _' },
  },
  'aws:ec2/securityGroup:SecurityGroup': {
    name: {
      api: 'ec2.CreateSecurityGroup.GroupName',
      says: "Constraints: Up to 255 characters in length. Can't start with sg-",
      ...{ min: 1, max: 255, pattern: '[a-zA-Z0-9 ._:/()#,@[\\]+=&;{}!$*-]+', reserved: '^sg-' },
      chars: 'letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*',
    },
  },
  'aws:ec2/keyPair:KeyPair': {
    keyName: { api: 'ec2.CreateKeyPair.KeyName', says: 'Up to 255 ASCII characters', ...TEXT_255 },
  },
  'aws:ec2/placementGroup:PlacementGroup': {
    name: { api: 'ec2.CreatePlacementGroup.GroupName', says: 'Up to 255 ASCII characters', ...TEXT_255 },
  },
  'aws:ec2/launchConfiguration:LaunchConfiguration': {
    name: { api: 'autoscaling.CreateLaunchConfiguration.LaunchConfigurationName' },
  },
  'aws:ecr/repository:Repository': {
    name: {
      api: 'ecr.CreateRepository.repositoryName',
      chars: 'lower-case letters and digits, with ., _, - or / between',
    },
  },
  'aws:sqs/queue:Queue': {
    name: {
      api: 'sqs.CreateQueue.QueueName',
      says: 'A queue name can have up to 80 characters',
      ...{ min: 1, max: 80, pattern: '[A-Za-z0-9_-]+', chars: 'letters, digits, _ and -' },
      when: {
        ...{ input: 'fifoQueue', pattern: '[A-Za-z0-9_-]+\\.fifo', suffix: '.fifo' },
        chars: 'letters, digits, _ and -, then .fifo',
      },
    },
  },
  'aws:sns/topic:Topic': {
    name: {
      api: 'sns.CreateTopic.Name',
      says: 'must be between 1 and 256 characters long',
      ...{ min: 1, max: 256, pattern: '[A-Za-z0-9_-]+', chars: 'letters, digits, _ and -' },
      when: {
        ...{ input: 'fifoTopic', pattern: '[A-Za-z0-9_-]+\\.fifo', suffix: '.fifo' },
        chars: 'letters, digits, _ and -, then .fifo',
      },
    },
  },
  'aws:cloudwatch/eventRule:EventRule': { name: { api: 'events.PutRule.Name' } },
  'aws:cloudwatch/eventTarget:EventTarget': { targetId: { shape: 'events.TargetId' } },
  'aws:cloudwatch/eventBus:EventBus': { name: { api: 'events.CreateEventBus.Name' } },
  'aws:cloudfront/cachePolicy:CachePolicy': { name: CLOUDFRONT_POLICY },
  'aws:cloudfront/originRequestPolicy:OriginRequestPolicy': { name: CLOUDFRONT_POLICY },
  'aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy': { name: CLOUDFRONT_POLICY },
  'aws:cloudfront/originAccessControl:OriginAccessControl': {
    name: {
      api: 'cloudfront.CreateOriginAccessControl.OriginAccessControlConfig.Name',
      says: 'You can specify up to 64 characters',
      ...{ min: 1, max: 64 },
    },
  },
  'aws:dynamodb/table:Table': { name: TABLE },
  'aws:dynamodb/globalTable:GlobalTable': { name: TABLE },
  'aws:secretsmanager/secret:Secret': {
    name: {
      api: 'secretsmanager.CreateSecret.Name',
      says: 'The secret name can contain ASCII letters, numbers, and the following characters: /_+=.@-',
      ...{ pattern: '[A-Za-z0-9/_+=.@-]+', chars: 'letters, digits and /_+=.@-' },
    },
  },
  'aws:ssm/parameter:Parameter': {
    name: {
      api: 'ssm.PutParameter.Name',
      says: 'The maximum length for a parameter name that you specify is 1011 characters',
      ...{ min: 1, max: 1011, pattern: '[a-zA-Z0-9_./-]+', reserved: '^/?(?:[aA][wW][sS]|[sS][sS][mM])' },
      chars: 'letters, digits, _, ., - and /',
    },
  },
  'aws:cloudwatch/metricAlarm:MetricAlarm': {
    name: {
      api: 'cloudwatch.PutMetricAlarm.AlarmName',
      says: "can't contain ASCII control characters",
      ...{ pattern: '[^\\u0000-\\u001f\\u007f]+', chars: 'no control characters' },
    },
  },
  'aws:cloudwatch/compositeAlarm:CompositeAlarm': {
    alarmName: { api: 'cloudwatch.PutCompositeAlarm.AlarmName' },
  },
  'aws:cloudwatch/dashboard:Dashboard': {
    dashboardName: {
      api: 'cloudwatch.PutDashboard.DashboardName',
      says: 'The maximum length is 255, and valid characters are A-Z, a-z, 0-9, "-", and "_"',
      ...WORD_255,
    },
  },
  'aws:cloudwatch/metricStream:MetricStream': { name: { api: 'cloudwatch.PutMetricStream.Name' } },
  'aws:globalaccelerator/accelerator:Accelerator': {
    name: {
      api: 'globalaccelerator.CreateAccelerator.Name',
      says: 'can have a maximum of 64 characters, must contain only alphanumeric characters, periods (.), or hyphens (-)',
      ...{ min: 1, max: 64, pattern: '[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?' },
      chars: 'letters, digits, dots and hyphens, a letter or digit at both ends',
    },
  },
  'aws:globalaccelerator/customRoutingAccelerator:CustomRoutingAccelerator': {
    name: {
      api: 'globalaccelerator.CreateCustomRoutingAccelerator.Name',
      says: 'can have a maximum of 64 characters, must contain only alphanumeric characters or hyphens (-)',
      ...{ min: 1, max: 64, pattern: '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?', chars: ELB_CHARS },
    },
  },
  'aws:sfn/stateMachine:StateMachine': { name: STATE_MACHINE },
  'aws:sfn/activity:Activity': { name: { ...STATE_MACHINE, api: 'stepfunctions.CreateActivity.name' } },
  'aws:sfn/alias:Alias': { name: { api: 'stepfunctions.CreateStateMachineAlias.name' } },
  'aws:batch/computeEnvironment:ComputeEnvironment': {
    name: {
      api: 'batch.CreateComputeEnvironment.computeEnvironmentName',
      says: 'It can be up to 128 characters long',
      ...WORD_128,
    },
  },
  'aws:batch/jobQueue:JobQueue': {
    name: {
      api: 'batch.CreateJobQueue.jobQueueName',
      says: 'It can be up to 128 letters long',
      ...WORD_128,
    },
  },
  'aws:batch/jobDefinition:JobDefinition': {
    name: {
      api: 'batch.RegisterJobDefinition.jobDefinitionName',
      says: 'It can be up to 128 letters long',
      ...WORD_128,
    },
  },
  'aws:batch/schedulingPolicy:SchedulingPolicy': {
    name: {
      api: 'batch.CreateSchedulingPolicy.name',
      says: 'It can be up to 128 letters long',
      ...WORD_128,
    },
  },
  'aws:apigatewayv2/api:Api': {
    name: { api: 'apigatewayv2.CreateApi.Name', says: 'with a length between [1-128]', min: 1, max: 128 },
  },
  'aws:apigatewayv2/stage:Stage': {
    name: {
      api: 'apigatewayv2.CreateStage.StageName',
      says: 'with a length between [1-128]',
      min: 1,
      max: 128,
    },
  },
  'aws:apigatewayv2/vpcLink:VpcLink': {
    name: { api: 'apigatewayv2.CreateVpcLink.Name', says: 'with a length between [1-128]', min: 1, max: 128 },
  },
  'aws:rds/instance:Instance': {
    identifier: {
      api: 'rds.CreateDBInstance.DBInstanceIdentifier',
      says: 'Must contain from 1 to 63 letters, numbers, or hyphens',
      ...{ min: 1, max: 63, pattern: LETTERS_FIRST, chars: LETTERS_FIRST_CHARS },
    },
  },
  'aws:rds/cluster:Cluster': {
    clusterIdentifier: {
      api: 'rds.CreateDBCluster.DBClusterIdentifier',
      says: 'Must contain from 1 to 63 (for Aurora DB clusters)',
      ...{ min: 1, max: 63, pattern: LETTERS_FIRST, chars: LETTERS_FIRST_CHARS },
    },
  },
  'aws:elasticache/cluster:Cluster': {
    clusterId: {
      api: 'elasticache.CreateCacheCluster.CacheClusterId',
      says: 'A name must contain from 1 to 50 alphanumeric characters or hyphens',
      ...{ min: 1, max: 50, pattern: LETTERS_FIRST, chars: LETTERS_FIRST_CHARS, auto: { lower: true } },
    },
  },
  'aws:elasticache/replicationGroup:ReplicationGroup': {
    replicationGroupId: {
      api: 'elasticache.CreateReplicationGroup.ReplicationGroupId',
      says: 'A name must contain from 1 to 40 alphanumeric characters or hyphens',
      ...{ min: 1, max: 40, pattern: LETTERS_FIRST, chars: LETTERS_FIRST_CHARS },
    },
  },
  'aws:eks/nodeGroup:NodeGroup': {
    nodeGroupName: {
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/create-managed-node-group.html',
      ...{ min: 1, max: 63, pattern: '[A-Za-z0-9][A-Za-z0-9_-]*' },
      chars: 'letters, digits, - and _, a letter or digit first',
    },
  },
  'aws:cloudtrail/trail:Trail': {
    name: {
      api: 'cloudtrail.CreateTrail.Name',
      says: 'Be between 3 and 128 characters',
      ...{ min: 3, max: 128, pattern: '[A-Za-z0-9](?:[._-]?[A-Za-z0-9])*' },
      chars: 'letters, digits and single ., _ and - between',
    },
  },
  'aws:appsync/function:Function': {
    name: { api: 'appsync.CreateFunction.name', auto: { separator: '_' } },
  },
  'aws:appsync/dataSource:DataSource': {
    name: { api: 'appsync.CreateDataSource.name', auto: { separator: '_' } },
  },
  'aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream': {
    name: { api: 'firehose.CreateDeliveryStream.DeliveryStreamName' },
  },
  'aws:route53/zone:Zone': { name: { api: 'route53.CreateHostedZone.Name' } },
};

/** Inputs that name the resource itself beside `name`, `<class>Name`, `<class>Identifier` and those of RULES. */
export const OWN_NAMES = ['name', 'identifier', 'alarmName', 'repositoryName', 'vaultName'];

/** The services of a module whose name is not the service's in botocore. */
export const SERVICES = {
  alb: ['elbv2'],
  amp: ['amp'],
  appautoscaling: ['application-autoscaling'],
  applicationinsights: ['application-insights'],
  cfg: ['config'],
  cloudwatch: ['events', 'logs', 'cloudwatch', 'internetmonitor'],
  codestarconnections: ['codestar-connections'],
  cognito: ['cognito-idp', 'cognito-identity'],
  costexplorer: ['ce'],
  devopsguru: ['devops-guru'],
  directoryservice: ['ds'],
  dx: ['directconnect'],
  ebs: ['ec2'],
  ec2transitgateway: ['ec2'],
  ecrpublic: ['ecr-public'],
  elasticsearch: ['es'],
  emrcontainers: ['emr-containers'],
  emrserverless: ['emr-serverless'],
  kinesis: ['kinesis', 'firehose'],
  lb: ['elbv2'],
  lex: ['lexv2-models', 'lex-models'],
  licensemanager: ['license-manager'],
  msk: ['kafka'],
  mskconnect: ['kafkaconnect'],
  networkfirewall: ['network-firewall'],
  redshiftserverless: ['redshift-serverless'],
  resourcegroups: ['resource-groups'],
  serverlessrepository: ['serverlessrepo'],
  servicecatalog: ['servicecatalog', 'servicecatalog-appregistry'],
  servicequotas: ['service-quotas'],
  sesv2: ['sesv2'],
  sfn: ['stepfunctions'],
  ssmcontacts: ['ssm-contacts'],
  ssmincidents: ['ssm-incidents'],
  ssoadmin: ['sso-admin'],
  verifiedpermissions: ['verifiedpermissions'],
  vpclattice: ['vpc-lattice'],
  workspacesweb: ['workspaces-web'],
};
