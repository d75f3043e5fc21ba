/** Policy documents of the image's repository and of its build, as data. */

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | { readonly Service: string };
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A policy of IAM or of a bucket. */
export interface ImagePolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

const document = (...statements: Statement[]): ImagePolicy => ({
  Version: '2012-10-17',
  Statement: statements,
});

/** Who may take a role. */
export const trust = (service: 'codebuild' | 'lambda'): ImagePolicy =>
  document({
    Sid: 'Service',
    Effect: 'Allow',
    Principal: { Service: `${service}.amazonaws.com` },
    Action: 'sts:AssumeRole',
  });

/** It has no resource: Service Authorization Reference, Amazon Elastic Container Registry. */
const login: Statement = {
  Sid: 'Login',
  Effect: 'Allow',
  Action: 'ecr:GetAuthorizationToken',
  Resource: '*',
};

/** ECR User Guide, "Using Amazon ECR images with Amazon ECS": what the agent calls with a task's execution role. */
export const pullPolicy = (repositoryArn: string): ImagePolicy =>
  document(login, {
    Sid: 'Pull',
    Effect: 'Allow',
    Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    Resource: repositoryArn,
  });

const ownLogs = (logGroupArn: string): Statement => ({
  Sid: 'Log',
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: `${logGroupArn}:*`,
});

/** ECR User Guide, "IAM permissions for pushing an image", and DescribeImages for the digest. */
export const buildPolicy = (arns: {
  readonly repository: string;
  readonly context: string;
  readonly logGroup: string;
}): ImagePolicy =>
  document(
    login,
    {
      Sid: 'Push',
      Effect: 'Allow',
      Action: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:CompleteLayerUpload',
        'ecr:DescribeImages',
        'ecr:InitiateLayerUpload',
        'ecr:PutImage',
        'ecr:UploadLayerPart',
      ],
      Resource: arns.repository,
    },
    {
      Sid: 'Context',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:GetObjectVersion'],
      Resource: arns.context,
    },
    ownLogs(arns.logGroup),
  );

/** What starts the build and waits for it. */
export const startPolicy = (arns: { readonly project: string; readonly logGroup: string }): ImagePolicy =>
  document(
    {
      Sid: 'Build',
      Effect: 'Allow',
      Action: ['codebuild:BatchGetBuilds', 'codebuild:StartBuild'],
      Resource: arns.project,
    },
    ownLogs(arns.logGroup),
  );

export const tlsOnly = (bucketArn: string): ImagePolicy =>
  document({
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });

/** Which images expire. A rule for all images has the last priority. */
export const expiry = (images: number, untaggedDays: number) => ({
  rules: [
    {
      rulePriority: 1,
      description: `untagged images, ${untaggedDays} days after the push`,
      selection: {
        tagStatus: 'untagged',
        countType: 'sinceImagePushed',
        countUnit: 'days',
        countNumber: untaggedDays,
      },
      action: { type: 'expire' },
    },
    {
      rulePriority: 2,
      description: `all but the newest ${images}`,
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: images },
      action: { type: 'expire' },
    },
  ],
});
