// From the resource pages of the AWS provider 7.48 ("Forces new resource"). A small table for tests of identity:
// what a change really replaces, only the real provider's plan says.

interface NameRule {
  /** The input that is the resource's name in AWS. */
  readonly input: string;
  /** Other inputs that cannot be changed on a resource that exists. */
  readonly fixed?: readonly string[];
}

const RULES: { readonly [type: string]: NameRule } = {
  'aws:cloudwatch/logGroup:LogGroup': { input: 'name', fixed: ['namePrefix'] },
  'aws:dynamodb/table:Table': { input: 'name', fixed: ['hashKey', 'rangeKey'] },
  'aws:ecr/repository:Repository': { input: 'name' },
  'aws:ecs/cluster:Cluster': { input: 'name' },
  'aws:ecs/service:Service': { input: 'name', fixed: ['cluster', 'launchType'] },
  'aws:iam/instanceProfile:InstanceProfile': { input: 'name', fixed: ['namePrefix', 'path'] },
  'aws:iam/policy:Policy': { input: 'name', fixed: ['namePrefix', 'path', 'description'] },
  'aws:iam/role:Role': { input: 'name', fixed: ['namePrefix', 'path'] },
  'aws:iam/rolePolicy:RolePolicy': { input: 'name', fixed: ['namePrefix', 'role'] },
  'aws:kms/alias:Alias': { input: 'name', fixed: ['namePrefix'] },
  'aws:lambda/function:Function': { input: 'name', fixed: ['packageType'] },
  'aws:lb/loadBalancer:LoadBalancer': {
    input: 'name',
    fixed: ['namePrefix', 'internal', 'loadBalancerType'],
  },
  'aws:lb/targetGroup:TargetGroup': {
    input: 'name',
    fixed: ['namePrefix', 'port', 'protocol', 'targetType', 'vpcId'],
  },
  'aws:s3/bucket:Bucket': { input: 'bucket', fixed: ['bucketPrefix', 'objectLockEnabled'] },
  'aws:s3/directoryBucket:DirectoryBucket': {
    input: 'bucket',
    fixed: ['dataRedundancy', 'location', 'type'],
  },
  'aws:secretsmanager/secret:Secret': { input: 'name', fixed: ['namePrefix'] },
  'aws:sns/topic:Topic': { input: 'name', fixed: ['namePrefix', 'fifoTopic'] },
  'aws:sqs/queue:Queue': { input: 'name', fixed: ['namePrefix', 'fifoQueue'] },
  'aws:ssm/parameter:Parameter': { input: 'name' },
};

/** The input that names the resource in AWS, where Pulumi would generate it; undefined for types not in the table. */
export function nameInput(type: string): string | undefined {
  return RULES[type]?.input;
}

/** Whether a change of the input replaces the resource. A type that is not in the table keeps nothing but its name. */
export function replaces(type: string, input: string): boolean {
  const rule = RULES[type];
  if (rule === undefined) return input === 'name' || input === 'namePrefix';
  return input === rule.input || (rule.fixed?.includes(input) ?? false);
}
