/** Services of AWS that a VPC reaches without the internet. */
import { EXPRESS_REGIONS } from '../storage/express-zones';

/** Gateway endpoints: routes to a service, free of charge. */
export const GatewayService = {
  S3: 's3',
  /** S3 Express One Zone: another service than S3, with an endpoint of its own. */
  S3Express: 's3express',
  DynamoDb: 'dynamodb',
} as const;
/** One of {@link GatewayService}. */
export type GatewayService = (typeof GatewayService)[keyof typeof GatewayService];

/** All services with a gateway endpoint. */
export const GATEWAY_SERVICES: readonly GatewayService[] = Object.values(GatewayService);

/**
 * Services with an interface endpoint that media on AWS has to do with, by what stands behind `com.amazonaws.<region>.`.
 * Source: AWS PrivateLink guide, "AWS services that integrate with AWS PrivateLink" (docs.aws.amazon.com/vpc/latest/
 * privatelink/aws-services-privatelink-support.html).
 */
export const INTERFACE_SERVICES = [
  'application-autoscaling',
  'autoscaling',
  'ec2',
  'ec2messages',
  'ecr.api',
  'ecr.dkr',
  'ecs',
  'ecs-agent',
  'ecs-telemetry',
  'eks',
  'eks-auth',
  'elasticfilesystem',
  'elasticloadbalancing',
  'events',
  'kinesis-streams',
  'kinesis-firehose',
  'kms',
  'lambda',
  'logs',
  'monitoring',
  'rekognition',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
  'ssmmessages',
  'states',
  'sts',
  'transcribe',
  'xray',
] as const;
/** One of {@link INTERFACE_SERVICES}. */
export type InterfaceService = (typeof INTERFACE_SERVICES)[number];

/**
 * What tasks and their hosts call, and nothing else: without a NAT gateway all of these must have an endpoint. Layers
 * of images come from S3, through its gateway endpoint. Sources: ECS developer guide, "Amazon ECS interface VPC
 * endpoints"; ECR user guide, "Amazon ECR interface VPC endpoints"; Systems Manager user guide, "Improve the security of
 * EC2 instances by using VPC endpoints" (`ec2messages` is not called by an agent of 3.3.40.0 or newer). S3 and Secrets
 * Manager call KMS themselves.
 */
export const TASK_SERVICES: readonly InterfaceService[] = [
  'ecr.api',
  'ecr.dkr',
  'ecs',
  'ecs-agent',
  'ecs-telemetry',
  'logs',
  'secretsmanager',
  'ssm',
  'ssmmessages',
];

/** What prod keeps off the internet by default, beside NAT gateways. */
export const PROD_SERVICES: readonly InterfaceService[] = [
  'ecr.api',
  'ecr.dkr',
  'kms',
  'logs',
  'monitoring',
  'secretsmanager',
  'ssm',
  'ssmmessages',
  'sts',
];

/** What each service calls itself in the VPC API. China's regions have `cn.` before some names, which is not known here. */
export const serviceName = (region: string, service: string): string => `com.amazonaws.${region}.${service}`;

const expressOf = (prefix: string) =>
  Object.values(EXPRESS_REGIONS).find((region) => region.prefix === prefix)?.zones;

/** Whether a region is known to lack S3 Express One Zone; another may have it or not. */
export const lacksExpress = (prefix: string): boolean => expressOf(prefix)?.length === 0;

/**
 * Gateway services of a region.
 * @param prefix what its zones' ids begin with; S3 Express One Zone is left out where it is not known to be there
 */
export function gatewayServicesOf(prefix: string): readonly GatewayService[] {
  const hasExpress = (expressOf(prefix)?.length ?? 0) > 0;
  return GATEWAY_SERVICES.filter((service) => service !== GatewayService.S3Express || hasExpress);
}
