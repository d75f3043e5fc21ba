/**
 * What may pass through an endpoint: requests signed by roles and users of the account and of those that it trusts. Who
 * brings credentials of another account into the VPC, to carry data away, is refused.
 */
import type { GatewayService, InterfaceService } from './services';

/** Where the endpoint is, and whose it is. */
export interface EndpointPolicyContext {
  readonly partition: string;
  readonly region: string;
  /** The account itself and those that it trusts. */
  readonly accounts: readonly string[];
}

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: '*';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, unknown>>;
}

/** A policy document. */
export interface EndpointPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

type Service = GatewayService | InterfaceService;

/** What some services need besides, because nobody signs it or another account does. */
const BESIDES: Partial<Record<Service, (context: EndpointPolicyContext) => Statement>> = {
  /**
   * Layers of images, packages of Amazon Linux 2023, and agents: public, or signed by the service. ECR user guide,
   * "Minimum Amazon S3 bucket permissions for Amazon ECR"; amazonlinux.repo of Amazon Linux 2023, whose suffix is the
   * same in every region; Systems Manager user guide, "SSM Agent communications with AWS managed S3 buckets".
   */
  s3: ({ partition, region }) => ({
    Sid: 'BucketsOfServices',
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: [
      `prod-${region}-starport-layer-bucket`,
      `al2023-repos-${region}-de612dc2`,
      `amazon-ssm-${region}`,
      `amazon-ssm-packages-${region}`,
      `aws-ssm-${region}`,
      `${region}-birdwatcher-prod`,
      `aws-ssm-document-attachments-${region}`,
      `patch-baseline-snapshot-${region}`,
      `amazon-ecs-agent-${region}`,
    ].map((bucket) => `arn:${partition}:s3:::${bucket}/*`),
  }),
  /** Web identities have no account before they have a role. */
  sts: ({ partition, accounts }) => ({
    Sid: 'RolesOfTheAccount',
    Effect: 'Allow',
    Principal: '*',
    Action: ['sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithSAML'],
    Resource: accounts.map((account) => `arn:${partition}:iam::${account}:role/*`),
  }),
};

/** Services whose requests are signed by roles and whose endpoints take a policy. The others' stay open. */
export const SERVICES_WITH_POLICY: readonly Service[] = [
  's3',
  's3express',
  'dynamodb',
  'ecr.api',
  'kms',
  'logs',
  'monitoring',
  'secretsmanager',
  'ssm',
  'sts',
];

/** @returns undefined where the endpoint stays open: AWS's own default, all requests */
export function endpointPolicy(service: Service, context: EndpointPolicyContext): EndpointPolicy | undefined {
  if (!SERVICES_WITH_POLICY.includes(service)) return undefined;
  const besides = BESIDES[service]?.(context);
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OwnPrincipals',
        Effect: 'Allow',
        Principal: '*',
        Action: '*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalAccount': context.accounts } },
      },
      ...(besides ? [besides] : []),
    ],
  };
}
