/** Who spoke with whom: flow logs of the whole VPC. */
import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as ec2 from '@pulumi/aws/ec2';
import * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import { transformed } from '../kit';
import { belongs, isMissed, ownTags, type Core, type Family, type Place } from './family';
import type { NormalFlowLogs } from './normalise';

/** The raw resources. */
export interface FlowLogNodes {
  readonly flowLog: ec2.FlowLog;
  /** Absent where records go to a bucket, as the role. */
  readonly logGroup?: cloudwatch.LogGroup;
  readonly logRole?: iam.Role;
}

export function createFlowLogs(
  family: Family,
  { vpcId }: Core,
  logs: NormalFlowLogs,
  place: Place,
): FlowLogNodes {
  const child = `${family.name}-flow-log`;
  const { traffic, intervalSeconds, bucketArn } = logs;
  const base: ec2.FlowLogArgs = {
    vpcId,
    trafficType: traffic,
    maxAggregationInterval: intervalSeconds,
    tags: ownTags(family, child),
  };
  const create = (args: ec2.FlowLogArgs, ...needs: pulumi.Resource[]): ec2.FlowLog =>
    new ec2.FlowLog(...transformed(family.transform.flowLog, child, args, belongs(family, ...needs)));
  if (bucketArn !== undefined) {
    return { flowLog: create({ ...base, logDestinationType: 's3', logDestination: bucketArn }) };
  }
  const logGroup = createLogGroup(family, logs);
  const logRole = createLogRole(family, place);
  const policy = createLogPolicy(family, logRole, logGroup, place);
  const args = {
    ...base,
    logDestinationType: 'cloud-watch-logs',
    logDestination: logGroup.arn,
    iamRoleArn: logRole.arn,
  };
  return { flowLog: create(args, policy), logGroup, logRole };
}

function createLogGroup(family: Family, { retentionDays }: NormalFlowLogs): cloudwatch.LogGroup {
  const child = `${family.name}-flow-logs`;
  const args: cloudwatch.LogGroupArgs = { retentionInDays: retentionDays, tags: ownTags(family, child) };
  const opts = { ...isMissed(family), ...(family.retainOnDelete && { retainOnDelete: true }) };
  return new cloudwatch.LogGroup(...transformed(family.transform.logGroup, child, args, opts));
}

/** Only for flow logs of this account and region, so that another account's cannot write with it. */
function createLogRole(family: Family, place: Place): iam.Role {
  const child = `${family.name}-flow-logs`;
  const trust = place.apply(({ partition, region, account }) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:ec2:${region}:${account}:vpc-flow-log/*` },
        },
      },
    ],
  }));
  const args: iam.RoleArgs = {
    description: 'Flow logs to CloudWatch Logs',
    assumeRolePolicy: pulumi.jsonStringify(trust),
    tags: ownTags(family, child),
  };
  return new iam.Role(...transformed(family.transform.logRole, child, args, belongs(family)));
}

/** VPC user guide, "IAM role for publishing flow logs to CloudWatch Logs", without the right to make groups. */
function createLogPolicy(
  family: Family,
  role: iam.Role,
  group: cloudwatch.LogGroup,
  place: Place,
): iam.RolePolicy {
  const child = `${family.name}-flow-logs`;
  const policy = pulumi.all([group.arn, place]).apply(([arn, { partition, region, account }]) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Write',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        Resource: [arn, `${arn}:*`],
      },
      {
        Sid: 'Find',
        Effect: 'Allow',
        Action: 'logs:DescribeLogGroups',
        Resource: `arn:${partition}:logs:${region}:${account}:log-group:*`,
      },
    ],
  }));
  const args: iam.RolePolicyArgs = { role: role.name, policy: pulumi.jsonStringify(policy) };
  return new iam.RolePolicy(...transformed(family.transform.logRolePolicy, child, args, belongs(family)));
}
