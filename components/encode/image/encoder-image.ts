import type * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import { InputProblems, grantId, roleName } from '../../kit';
import {
  ImageBuilder,
  type EncoderImageArgs,
  type EncoderImageOptions,
  type EncoderImageTransforms,
  type ImageTarget,
} from './args';
import {
  buildByCodeBuild,
  buildByDocker,
  createRepository,
  createRolePolicy,
  readRepository,
  type CodeBuildNodes,
  type ImageFamily,
  type RepositoryNodes,
} from './children';
import { imageTag } from './context';
import { remember } from './known-images';
import { normalise, type NormalImageArgs } from './normalise';
import { pullPolicy } from './policies';
import type { Architecture } from './reference';

/** The raw resources. */
export interface EncoderImageNodes extends RepositoryNodes {
  /** Absent where Docker builds. */
  readonly build?: CodeBuildNodes;
}

/**
 * The image of the media runtime in a repository of ECR: the encoder of a channel (ffmpeg with NVENC, SRT front,
 * packager), or the LL-HLS origin. It is built from this package's own files when they change, by CodeBuild or by
 * Docker, and named by its digest. Tags are immutable and are of the content, every push is scanned, old images expire.
 *
 * A task pulls with the execution role that `grantPull` was given.
 *
 * ### Cost
 * us-east-1, list prices of 2024-07.
 *
 * Storage: $0.10 a GB and month (infracost's golden file of ECR), of what is pushed: compressed, and layers that images
 * share once. Measured on 2026-11-21 (docs/image.md): the encoder 0.27 GB (0.73 unpacked), the origin 0.10 GB
 * (0.27). So 30 images of an encoder that share nothing cost 30 x 0.27 GB x $0.10 = $0.81 a month, of an origin 30 x
 * 0.10 GB x $0.10 = $0.30, one $0.03 and $0.01; whether anybody watches or not. A pull within the region costs nothing;
 * through a NAT gateway it costs that gateway's bytes, so give the tasks endpoints for ECR and S3.
 *
 * `encryption: { keyArn }`: the key is yours, $1.00 a month. The account's own key `aws/ecr`: no fee.
 *
 * A build by CodeBuild, once for each change: minutes of `BUILD_GENERAL1_MEDIUM`, at most 14 (its price is not in our
 * list of prices: unknown here), and the function that waits: at most 900 s x 0.25 GB x $0.0000133334 = $0.003. By
 * Docker: nothing.
 */
export class EncoderImage extends pulumi.ComponentResource {
  static readonly __pulumiType = 'aws-media:index:EncoderImage';

  /** `<repository>@sha256:<digest>`. */
  declare readonly imageUri: pulumi.Output<string>;
  /** Of what the image is made of: the same tag is the same content. */
  declare readonly imageTag: string;
  /** Known at once, so that tasks of another are refused before anything exists. */
  declare readonly architecture: Architecture;
  declare readonly target: ImageTarget;
  declare readonly repositoryName: pulumi.Output<string>;
  declare readonly repositoryUrl: pulumi.Output<string>;
  declare readonly repositoryArn: pulumi.Output<string>;
  declare readonly nodes: EncoderImageNodes;

  readonly #name: string;
  readonly #transform: EncoderImageTransforms;

  /** @throws pulumi.InputPropertiesError with every bad argument, before any resource exists */
  constructor(name: string, args: EncoderImageArgs = {}, options: EncoderImageOptions = {}) {
    const { transform = {}, ...opts } = options;
    const owner = `EncoderImage ${JSON.stringify(name)}`;
    const normal = opts.urn ? undefined : normalise(owner, args, transform);
    const tag = normal && imageTag(normal);
    super(EncoderImage.__pulumiType, name, { ...args }, opts);
    this.#name = name;
    this.#transform = transform;
    if (!normal || tag === undefined) return;

    const family = this.#family(owner, normal, tag, opts);
    const repository =
      normal.existingRepository === undefined
        ? createRepository(family)
        : readRepository(family, normal.existingRepository);
    const { repositoryUrl, arn, name: repositoryName } = repository.repository;
    const built = build(family, repository);

    this.imageUri = built.imageUri.apply((uri) => {
      remember(uri, normal.architecture);
      return uri;
    });
    this.imageTag = tag;
    this.architecture = normal.architecture;
    this.target = normal.target;
    this.repositoryName = repositoryName;
    this.repositoryUrl = repositoryUrl;
    this.repositoryArn = arn;
    this.nodes = { ...repository, ...(built.nodes && { build: built.nodes }) };
    this.registerOutputs({
      imageUri: this.imageUri,
      imageTag: this.imageTag,
      architecture: this.architecture,
      target: this.target,
      repositoryName: this.repositoryName,
      repositoryUrl: this.repositoryUrl,
      repositoryArn: this.repositoryArn,
    });
  }

  /**
   * Lets a role pull the image, as the execution role of a task does.
   * @param id of the grant, unique in this image; it stays for the life of the grant
   * @param role name of the role
   * @throws pulumi.InputPropertiesError where one of them cannot be
   */
  grantPull(id: string, role: pulumi.Input<string>): iam.RolePolicy {
    const problems = new InputProblems(`a grant of EncoderImage ${JSON.stringify(this.#name)}`);
    problems.judge('id', id, grantId);
    const checked = problems.check('role', role, roleName);
    problems.throwIfAny();
    const family = { component: this, names: nameContext(), transform: this.#transform };
    const document = this.repositoryArn.apply(pullPolicy);
    return createRolePolicy(family, `${this.#name}-${id}-pull`, checked, document);
  }

  #family(
    owner: string,
    args: NormalImageArgs,
    tag: string,
    opts: pulumi.ComponentResourceOptions,
  ): ImageFamily {
    const protect = opts.protect ?? args.protection.protect;
    return {
      component: this,
      owner,
      name: this.#name,
      names: nameContext(),
      args: { ...args, protection: { ...args.protection, protect } },
      imageTag: tag,
      transform: this.#transform,
    };
  }
}

const nameContext = () => ({
  organization: pulumi.getOrganization(),
  project: pulumi.getProject(),
  stack: pulumi.getStack(),
});

function build(
  family: ImageFamily,
  repository: RepositoryNodes,
): { readonly imageUri: pulumi.Output<string>; readonly nodes?: CodeBuildNodes } {
  if (family.args.builder === ImageBuilder.Docker) return { imageUri: buildByDocker(family, repository) };
  const { nodes, digest } = buildByCodeBuild(family, repository);
  return { imageUri: pulumi.interpolate`${repository.repository.repositoryUrl}@${digest}`, nodes };
}
