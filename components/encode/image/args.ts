/** Arguments of EncoderImage. */
import type * as codebuild from '@pulumi/aws/codebuild';
import type * as ecr from '@pulumi/aws/ecr';
import type * as iam from '@pulumi/aws/iam';
import type * as lambda from '@pulumi/aws/lambda';
import type * as logs from '@pulumi/aws/cloudwatch';
import type * as s3 from '@pulumi/aws/s3';
import type * as pulumi from '@pulumi/pulumi';
import type { Environment, Transform } from '../../kit';
import type { Architecture } from './reference';

/** Which of the runtime's images. */
export const ImageTarget = {
  /** ffmpeg, SRT front, packager: one channel a task. */
  Encoder: 'encoder',
  /** The LL-HLS origin, without ffmpeg. */
  Origin: 'origin',
} as const;
/** One of {@link ImageTarget}. */
export type ImageTarget = (typeof ImageTarget)[keyof typeof ImageTarget];

/** Where the image is built. */
export const ImageBuilder = {
  /** By AWS CodeBuild, while the program is deployed; nothing is needed where it runs. */
  CodeBuild: 'codebuild',
  /** By Docker's BuildKit where the program runs, through `@pulumi/awsx`, which must be installed. */
  Docker: 'docker',
} as const;
/** One of {@link ImageBuilder}. */
export type ImageBuilder = (typeof ImageBuilder)[keyof typeof ImageBuilder];

/** Whose keys encrypt images at rest. A repository keeps its first one: another is a new repository. */
export interface ImageEncryptionArgs {
  /**
   * `kms`: a key of KMS; `aes256`: keys that S3 manages.
   * @default 'kms'
   */
  readonly type?: 'kms' | 'aes256';
  /**
   * ARN of a customer managed key in this region, for `type: 'kms'`.
   * @default the account's own key `aws/ecr`
   */
  readonly keyArn?: pulumi.Input<string>;
}

/** How long images are kept. Images by digest in task definitions that may be returned to must be among them. */
export interface ImageRetentionArgs {
  /** The newest images, tagged or not: 1 to 1000. @default 30 */
  readonly images?: number;
  /** Untagged images, in days after they were pushed: 1 to 365. @default 7 */
  readonly untaggedDays?: number;
}

/** What `environment` says of the images, changed one by one. */
export interface ImageProtectionArgs {
  /** Whether the engine refuses to delete the repository. @default true in prod */
  readonly protect?: boolean;
  /** Whether the repository stays in AWS when it leaves the stack. @default true in prod */
  readonly retainOnDelete?: boolean;
  /** Whether a repository with images can be deleted. @default true in local and dev */
  readonly forceDestroy?: boolean;
}

/** Arguments of EncoderImage; all are optional. */
export interface EncoderImageArgs {
  /** @default ImageTarget.Encoder */
  readonly target?: ImageTarget;
  /**
   * What tasks run on. An encoder is amd64, as all GPU instances are for which it is made (G4dn, G5, G6, G6e); an
   * origin may be arm64, for Graviton.
   * @default Architecture.Amd64
   */
  readonly architecture?: Architecture;
  /** @default ImageBuilder.CodeBuild */
  readonly builder?: ImageBuilder;
  /**
   * The image that it is built on: Debian 12 or 13, or an NVIDIA CUDA image of Ubuntu 24.04 (base or runtime), of
   * `architecture` or of several. With a digest, unless `allowMutableTag` is true.
   * @default public.ecr.aws/docker/library/debian:bookworm-slim, of the day
   * @example 'public.ecr.aws/docker/library/debian:bookworm-slim@sha256:...'
   */
  readonly baseImage?: string;
  /** Whether `baseImage` may be without a digest. @default false */
  readonly allowMutableTag?: boolean;
  /**
   * A time of snapshot.debian.org, for the packages of that time.
   * @default the packages of the day
   * @example '20261101T000000Z'
   */
  readonly snapshot?: string;
  /**
   * Name of a repository that is there already: its immutability, scans, encryption and lifecycle are its owner's,
   * so `encryption` and `retention` are refused beside it.
   * @default a new one
   */
  readonly existingRepository?: pulumi.Input<string>;
  /** Encryption at rest of a new repository. @default KMS, with the account's own key */
  readonly encryption?: ImageEncryptionArgs;
  /** @default the newest 30, untagged ones for 7 days */
  readonly retention?: ImageRetentionArgs;
  /** How hard the images are to lose; `protection` says otherwise. @default Environment.Prod */
  readonly environment?: Environment;
  /** @default what `environment` says */
  readonly protection?: ImageProtectionArgs;
  /** Tags of every child that can have them, besides Name and aws-media:component. At most 48. */
  readonly tags?: Record<string, pulumi.Input<string>>;
}

/** Changes to children, in TypeScript only: functions don't cross languages. */
export interface EncoderImageTransforms {
  readonly repository?: Transform<ecr.RepositoryArgs>;
  readonly lifecycle?: Transform<ecr.LifecyclePolicyArgs>;
  readonly bucket?: Transform<s3.BucketArgs>;
  readonly bucketAccess?: Transform<s3.BucketPublicAccessBlockArgs>;
  readonly bucketLifecycle?: Transform<s3.BucketLifecycleConfigurationArgs>;
  readonly bucketPolicy?: Transform<s3.BucketPolicyArgs>;
  readonly contextFiles?: Transform<s3.BucketObjectv2Args>;
  readonly project?: Transform<codebuild.ProjectArgs>;
  readonly function?: Transform<lambda.FunctionArgs>;
  readonly invocation?: Transform<lambda.InvocationArgs>;
  readonly logGroup?: Transform<logs.LogGroupArgs>;
  readonly role?: Transform<iam.RoleArgs>;
  readonly rolePolicy?: Transform<iam.RolePolicyArgs>;
}

/** The kinds of child that can be changed. */
export const IMAGE_TRANSFORMS = [
  'repository',
  'lifecycle',
  'bucket',
  'bucketAccess',
  'bucketLifecycle',
  'bucketPolicy',
  'contextFiles',
  'project',
  'function',
  'invocation',
  'logGroup',
  'role',
  'rolePolicy',
] as const satisfies readonly (keyof EncoderImageTransforms)[];

/** Options of the resource, and changes to its children. */
export interface EncoderImageOptions extends pulumi.ComponentResourceOptions {
  /** One property a kind of child: properties to set, or a function of arguments, options and name. */
  readonly transform?: EncoderImageTransforms;
}
