/** What an image consists of, one function a group of children. */
import path from 'node:path';
import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as codebuild from '@pulumi/aws/codebuild';
import * as ecr from '@pulumi/aws/ecr';
import * as iam from '@pulumi/aws/iam';
import * as lambda from '@pulumi/aws/lambda';
import * as s3 from '@pulumi/aws/s3';
import * as pulumi from '@pulumi/pulumi';
import { physicalName, tagsFor, transformed, type NameContext, type Transform } from '../../kit';
import { loadOptional } from '../../kit/optional-package';
import type { EncoderImageTransforms } from './args';
import { buildSpec, type BuildVariable } from './build-spec';
import { DOCKERFILE, PACKAGE_ROOT, contextArchive, packageVersion } from './context';
import type { NormalImageArgs } from './normalise';
import { buildPolicy, expiry, startPolicy, tlsOnly, trust, type ImagePolicy } from './policies';
import { Architecture } from './reference';
import type { StartBuildEvent } from './start-build';
import type * as awsxEcr from '@pulumi/awsx/ecr';

/** What all children of an image share. */
export interface ImageFamily {
  readonly component: pulumi.ComponentResource;
  readonly owner: string;
  readonly name: string;
  readonly names: Omit<NameContext, 'name'>;
  readonly args: NormalImageArgs;
  readonly imageTag: string;
  readonly transform: EncoderImageTransforms;
}

/** The repository and what expires in it. */
export interface RepositoryNodes {
  readonly repository: ecr.Repository;
  /** Absent where the repository was there already. */
  readonly lifecycle?: ecr.LifecyclePolicy;
}

/** Of a build by CodeBuild. */
export interface CodeBuildNodes {
  readonly bucket: s3.Bucket;
  readonly context: s3.BucketObjectv2;
  readonly project: codebuild.Project;
  readonly function: lambda.Function;
  readonly invocation: lambda.Invocation;
}

/** What a bucket may be called, repositories, roles, projects and functions may too: its rule is the strictest. */
export const serviceName = ({ names }: Pick<ImageFamily, 'names'>, child: string): string =>
  physicalName('aws:s3/bucket:Bucket', { ...names, name: child });

const tags = ({ args }: ImageFamily, child: string) => tagsFor('EncoderImage', child, args.tags);
const belongs = (
  { component }: ImageFamily,
  ...dependsOn: pulumi.Resource[]
): pulumi.CustomResourceOptions => ({
  parent: component,
  ...(dependsOn.length > 0 && { dependsOn }),
});

/** A repository that is somebody else's: read, never changed. */
export const readRepository = (family: ImageFamily, name: pulumi.Input<string>): RepositoryNodes => ({
  repository: ecr.Repository.get(`${family.name}-repository`, name, undefined, belongs(family)),
});

export function createRepository(family: ImageFamily): RepositoryNodes {
  const { name, args, transform, component } = family;
  const { encryption, keyArn, protection, images, untaggedDays } = args;
  const child = `${name}-repository`;
  const repositoryArgs: ecr.RepositoryArgs = {
    name: serviceName(family, child),
    imageTagMutability: 'IMMUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [
      {
        encryptionType: encryption === 'kms' ? 'KMS' : 'AES256',
        ...(keyArn !== undefined && { kmsKey: keyArn }),
      },
    ],
    forceDelete: protection.forceDestroy,
    tags: tags(family, child),
  };
  const { protect, retainOnDelete } = protection;
  const repository = new ecr.Repository(
    ...transformed(transform.repository, child, repositoryArgs, {
      parent: component,
      protect,
      retainOnDelete,
    }),
  );
  const lifecycleArgs: ecr.LifecyclePolicyArgs = {
    repository: repository.name,
    policy: JSON.stringify(expiry(images, untaggedDays)),
  };
  const lifecycle = new ecr.LifecyclePolicy(
    ...transformed(transform.lifecycle, `${name}-lifecycle`, lifecycleArgs, belongs(family)),
  );
  return { repository, lifecycle };
}

const fromHere = (file: string): string => path.relative(process.cwd(), path.join(PACKAGE_ROOT, file)) || '.';

/** Builds where the program runs. @returns the image's URI, with its digest */
export function buildByDocker(family: ImageFamily, { repository }: RepositoryNodes): pulumi.Output<string> {
  const { name, args, owner, imageTag, component } = family;
  const { Image } = loadOptional<typeof awsxEcr>('@pulumi/awsx/ecr', `${owner} with builder: 'docker'`);
  const image = new Image(
    `${name}-image`,
    {
      repositoryUrl: repository.repositoryUrl,
      imageTag,
      // Relative, so that the same checkout elsewhere is the same image.
      context: fromHere('.'),
      dockerfile: fromHere(DOCKERFILE),
      target: args.target,
      platform: `linux/${args.architecture}`,
      args: { BASE: args.baseImage, SNAPSHOT: args.snapshot, VERSION: packageVersion() },
    },
    { parent: component },
  );
  return image.imageUri;
}

/** CodeBuild User Guide, "Docker images provided by CodeBuild" and "Build environment compute modes and types". */
const BUILDERS = {
  [Architecture.Amd64]: { type: 'LINUX_CONTAINER', image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0' },
  [Architecture.Arm64]: { type: 'ARM_CONTAINER', image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0' },
} as const;
const COMPUTE = 'BUILD_GENERAL1_MEDIUM';
/** The function that waits has Lambda's longest time, 15 minutes. */
const BUILD_MINUTES = 14;
const LAMBDA_SECONDS = 900;
const LOG_DAYS = 30;

/** Builds in CodeBuild, while the program is deployed. @returns its nodes, and the image's digest */
export function buildByCodeBuild(
  family: ImageFamily,
  repository: RepositoryNodes,
): { readonly nodes: CodeBuildNodes; readonly digest: pulumi.Output<string> } {
  const { name, imageTag } = family;
  const { bucket, context } = createContext(family);
  const { project, policy } = createProject(family, repository, bucket, context);
  const { starter, policy: startRights } = createStarter(family, project);
  const event = project.name.apply((projectName): StartBuildEvent => ({
    project: projectName,
    tag: imageTag,
  }));
  // Without its rights, source and rules a build would fail.
  const needs = [policy, startRights, context, ...(repository.lifecycle ? [repository.lifecycle] : [])];
  const args: lambda.InvocationArgs = { functionName: starter.name, input: pulumi.jsonStringify(event) };
  const opts = { ...belongs(family, ...needs), customTimeouts: { create: '16m', update: '16m' } };
  const invocation = new lambda.Invocation(
    ...transformed(family.transform.invocation, `${name}-build`, args, opts),
  );
  // Lambda answers JSON, and the digest is a text.
  const digest = invocation.result.apply((text) => text.replace(/^"|"$/g, ''));
  return { nodes: { bucket, context, project, function: starter, invocation }, digest };
}

function createContext(family: ImageFamily): { bucket: s3.Bucket; context: s3.BucketObjectv2 } {
  const { name, imageTag, transform } = family;
  const child = `${name}-context`;
  const bucketArgs: s3.BucketArgs = {
    bucket: serviceName(family, child),
    forceDestroy: true, // It holds nothing but what this package has.
    tags: tags(family, child),
  };
  const bucket = new s3.Bucket(...transformed(transform.bucket, child, bucketArgs, belongs(family)));
  const accessArgs: s3.BucketPublicAccessBlockArgs = {
    bucket: bucket.bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  };
  const access = new s3.BucketPublicAccessBlock(
    ...transformed(transform.bucketAccess, `${child}-access`, accessArgs, belongs(family)),
  );
  const policyArgs: s3.BucketPolicyArgs = {
    bucket: bucket.bucket,
    policy: pulumi.jsonStringify(bucket.arn.apply(tlsOnly)),
  };
  // S3 refuses two changes of a bucket's access at once.
  const policy = new s3.BucketPolicy(
    ...transformed(transform.bucketPolicy, `${child}-policy`, policyArgs, belongs(family, access)),
  );
  // `pulumi up` may be interrupted while it uploads, and parts of an upload are billed until they are removed.
  const lifecycleArgs: s3.BucketLifecycleConfigurationArgs = {
    bucket: bucket.bucket,
    rules: [
      {
        id: 'unfinished-uploads',
        status: 'Enabled',
        filter: { prefix: '' },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
    ],
  };
  new s3.BucketLifecycleConfiguration(
    ...transformed(transform.bucketLifecycle, `${child}-lifecycle`, lifecycleArgs, belongs(family)),
  );
  const files = `${child}-files`;
  const contextArgs: s3.BucketObjectv2Args = {
    bucket: bucket.bucket,
    key: `${imageTag}.zip`,
    source: contextArchive(),
    tags: tags(family, files),
  };
  const context = new s3.BucketObjectv2(
    ...transformed(transform.contextFiles, files, contextArgs, belongs(family, policy)),
  );
  return { bucket, context };
}

function createProject(
  family: ImageFamily,
  { repository }: RepositoryNodes,
  bucket: s3.Bucket,
  context: s3.BucketObjectv2,
): { project: codebuild.Project; policy: iam.RolePolicy } {
  const { name, args, imageTag, transform } = family;
  const child = `${name}-build-project`;
  const physical = serviceName(family, child);
  const logGroup = createLogGroup(family, `${name}-build-log`, `/aws/codebuild/${physical}`);
  const document = pulumi
    .all([repository.arn, bucket.arn, logGroup.arn])
    .apply(([repositoryArn, bucketArn, logGroupArn]) =>
      buildPolicy({ repository: repositoryArn, context: `${bucketArn}/*`, logGroup: logGroupArn }),
    );
  const { role, policy } = createRole(family, `${name}-build-role`, 'codebuild', document);
  const variables: Record<BuildVariable, pulumi.Input<string>> = {
    REPOSITORY: repository.name,
    REPOSITORY_URL: repository.repositoryUrl,
    TAG: imageTag,
    TARGET: args.target,
    PLATFORM: `linux/${args.architecture}`,
    BASE: args.baseImage,
    SNAPSHOT: args.snapshot,
    VERSION: packageVersion(),
  };
  const projectArgs: codebuild.ProjectArgs = {
    name: physical,
    description: `Builds the image ${args.target} (${args.architecture}) of ${name}`,
    serviceRole: role.arn,
    buildTimeout: BUILD_MINUTES,
    queuedTimeout: 5,
    artifacts: { type: 'NO_ARTIFACTS' },
    source: {
      type: 'S3',
      location: pulumi.interpolate`${bucket.bucket}/${context.key}`,
      buildspec: buildSpec(),
    },
    environment: {
      ...BUILDERS[args.architecture],
      computeType: COMPUTE,
      // Docker's daemon runs in the container of the build.
      privilegedMode: true,
      environmentVariables: Object.entries(variables)
        // CodeBuild takes no empty value.
        .filter(([, value]) => value !== '')
        .map(([variable, value]) => ({ name: variable, value })),
    },
    logsConfig: { cloudwatchLogs: { groupName: logGroup.name } },
    tags: tags(family, child),
  };
  const project = new codebuild.Project(
    ...transformed(transform.project, child, projectArgs, belongs(family, policy)),
  );
  return { project, policy };
}

function createStarter(
  family: ImageFamily,
  project: codebuild.Project,
): { starter: lambda.Function; policy: iam.RolePolicy } {
  const { name, transform } = family;
  const child = `${name}-build-starter`;
  const physical = serviceName(family, child);
  const logGroup = createLogGroup(family, `${name}-starter-log`, `/aws/lambda/${physical}`);
  const document = pulumi
    .all([project.arn, logGroup.arn])
    .apply(([projectArn, logGroupArn]) => startPolicy({ project: projectArn, logGroup: logGroupArn }));
  const { role, policy } = createRole(family, `${name}-starter-role`, 'lambda', document);
  const functionArgs: lambda.FunctionArgs = {
    name: physical,
    description: `Starts the build of ${name}'s image and waits for it`,
    role: role.arn,
    runtime: 'nodejs22.x',
    architectures: ['arm64'],
    handler: 'start-build.handler',
    memorySize: 256,
    timeout: LAMBDA_SECONDS,
    code: new pulumi.asset.AssetArchive({
      'start-build.js': new pulumi.asset.FileAsset(path.join(__dirname, 'start-build.js')),
    }),
    loggingConfig: { logFormat: 'JSON', logGroup: logGroup.name },
    tags: tags(family, child),
  };
  const starter = new lambda.Function(
    ...transformed(transform.function, child, functionArgs, belongs(family, policy)),
  );
  return { starter, policy };
}

function createLogGroup(family: ImageFamily, child: string, physical: string): cloudwatch.LogGroup {
  const args: cloudwatch.LogGroupArgs = {
    name: physical,
    retentionInDays: LOG_DAYS,
    tags: tags(family, child),
  };
  return new cloudwatch.LogGroup(...transformed(family.transform.logGroup, child, args, belongs(family)));
}

function createRole(
  family: ImageFamily,
  child: string,
  service: 'codebuild' | 'lambda',
  document: pulumi.Output<ImagePolicy>,
): { role: iam.Role; policy: iam.RolePolicy } {
  const args: iam.RoleArgs = {
    name: serviceName(family, child),
    assumeRolePolicy: JSON.stringify(trust(service)),
    tags: tags(family, child),
  };
  const role = new iam.Role(...transformed(family.transform.role, child, args, belongs(family)));
  return { role, policy: createRolePolicy(family, `${child}-policy`, role.name, document) };
}

/** @param family its component, names and transform are used */
export function createRolePolicy(
  family: { readonly component: pulumi.Resource } & Pick<ImageFamily, 'names'> & {
      readonly transform: { readonly rolePolicy?: Transform<iam.RolePolicyArgs> };
    },
  child: string,
  role: pulumi.Input<string>,
  document: pulumi.Output<ImagePolicy>,
): iam.RolePolicy {
  const args: iam.RolePolicyArgs = {
    name: physicalName('aws:iam/rolePolicy:RolePolicy', { ...family.names, name: child }),
    role,
    policy: pulumi.jsonStringify(document),
  };
  return new iam.RolePolicy(
    ...transformed(family.transform.rolePolicy, child, args, { parent: family.component }),
  );
}
