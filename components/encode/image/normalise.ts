/** Arguments as given -> what the component works with, once, or everything that is wrong with them. */
import type * as pulumi from '@pulumi/pulumi';
import {
  ENVIRONMENTS,
  InputProblems,
  PROTECTION,
  checkTags,
  flag,
  isObject,
  matching,
  oneOf,
  rule,
  type Protection,
  type Tags,
} from '../../kit';
import {
  IMAGE_TRANSFORMS,
  ImageBuilder,
  ImageTarget,
  type EncoderImageArgs,
  type EncoderImageTransforms,
} from './args';
import {
  ARCHITECTURES,
  Architecture,
  architectureOf,
  checkImageReference,
  parseImageReference,
} from './reference';

export interface NormalImageArgs {
  readonly target: ImageTarget;
  readonly architecture: Architecture;
  readonly builder: ImageBuilder;
  readonly baseImage: string;
  readonly snapshot: string;
  readonly existingRepository: pulumi.Input<string> | undefined;
  readonly encryption: 'kms' | 'aes256';
  readonly keyArn: pulumi.Input<string> | undefined;
  readonly images: number;
  readonly untaggedDays: number;
  readonly protection: Protection;
  readonly tags: Tags;
}

/** Docker's official images without the rate limit of Docker Hub: gallery.ecr.aws/docker/library/debian */
export const DEFAULT_BASE = 'public.ecr.aws/docker/library/debian:bookworm-slim';

const ARGUMENTS = [
  'target',
  'architecture',
  'builder',
  'baseImage',
  'allowMutableTag',
  'snapshot',
  'existingRepository',
  'encryption',
  'retention',
  'environment',
  'protection',
  'tags',
] as const satisfies readonly (keyof EncoderImageArgs)[];

/** ECR API Reference, CreateRepository: 2 to 256 characters of this form. */
const REPOSITORY = /^(?=.{2,256}$)[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/;
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;
const SNAPSHOT = /^20\d{6}T\d{6}Z$/;

const whole = (least: number, most: number) =>
  rule(
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
    `a whole number from ${least} to ${most}`,
    'choose one',
  );

/** @throws pulumi.InputPropertiesError with everything that can be seen now */
export function normalise(
  owner: string,
  given: EncoderImageArgs,
  transform: EncoderImageTransforms = {},
): NormalImageArgs {
  const problems = new InputProblems(owner);
  const args = isObject(problems, 'args', given, `{ target: 'encoder' }`) ? given : {};
  problems.checkNames('', args, ARGUMENTS);
  if (isObject(problems, 'transform', transform, `{ repository: { forceDelete: true } }`)) {
    problems.checkNames('transform', transform, IMAGE_TRANSFORMS);
  }
  const {
    target = ImageTarget.Encoder,
    builder = ImageBuilder.CodeBuild,
    snapshot,
    existingRepository,
  } = args;
  problems.judge('target', target, oneOf(Object.values(ImageTarget)));
  problems.judge('builder', builder, oneOf(Object.values(ImageBuilder)));
  if (snapshot !== undefined) {
    const fix = 'take it from https://snapshot.debian.org/archive/debian/, or leave it out';
    problems.judge('snapshot', snapshot, rule(matching(SNAPSHOT), 'a time as 20261101T000000Z', fix));
  }
  const repository = rule(
    matching(REPOSITORY),
    'the name of a repository of ECR: 2 to 256 of a-z, 0-9 and single inner . _ - /',
    'give its name alone, without the registry',
  );
  const architecture = normalArchitecture(problems, args, target);
  const normal: NormalImageArgs = {
    target,
    builder,
    architecture,
    baseImage: normalBase(problems, args, architecture),
    snapshot: snapshot ?? '',
    existingRepository:
      existingRepository === undefined
        ? undefined
        : problems.check('existingRepository', existingRepository, repository),
    ...normalEncryption(problems, args),
    ...normalRetention(problems, args),
    protection: normalProtection(problems, args),
    tags: checkTags(problems, args.tags),
  };
  problems.throwIfAny();
  return normal;
}

function normalArchitecture(
  problems: InputProblems,
  { architecture = Architecture.Amd64 }: EncoderImageArgs,
  target: ImageTarget,
): Architecture {
  problems.judge('architecture', architecture, oneOf(ARCHITECTURES));
  if (target === ImageTarget.Encoder && architecture === Architecture.Arm64) {
    problems.add('architecture', architecture, {
      because: 'the GPU instances that an encoder runs on (G4dn, G5, G6, G6e) are amd64',
      allowed: Architecture.Amd64,
      fix: `leave it out, or set target to 'origin'`,
    });
  }
  return architecture;
}

function normalBase(
  problems: InputProblems,
  { baseImage, allowMutableTag = false }: EncoderImageArgs,
  architecture: Architecture,
): string {
  problems.judge('allowMutableTag', allowMutableTag, flag);
  if (baseImage === undefined) return DEFAULT_BASE;
  problems.judge('baseImage', baseImage, (base) => checkImageReference(base, { allowMutableTag }));
  if (typeof baseImage === 'string' && /[:-](?:[\w.]+-)*devel(?:-|@|$)/.test(baseImage)) {
    problems.add('baseImage', baseImage, {
      because: 'devel images carry compilers',
      allowed: 'a base or runtime image',
      fix: 'take the image of the same version that ends in -base or -runtime',
    });
  }
  const of = architectureOfBase(baseImage);
  if (of !== undefined && of !== architecture) {
    problems.add('baseImage', baseImage, {
      because: `it is of ${of}, and architecture is ${architecture}`,
      allowed: `a base of ${architecture}, or one of several architectures`,
      fix: `take the base that names no architecture, or set architecture to '${of}'`,
    });
  }
  return baseImage;
}

/** Docker's official images of one architecture have a namespace each: hub.docker.com/u/amd64, hub.docker.com/u/arm64v8 */
const NAMESPACES: Readonly<Record<string, Architecture>> = {
  amd64: Architecture.Amd64,
  arm64v8: Architecture.Arm64,
};

/** @returns undefined where the reference does not say, as that of an image of several architectures */
function architectureOfBase(baseImage: string): Architecture | undefined {
  const reference = parseImageReference(baseImage);
  if (!reference) return undefined;
  const namespace = reference.repository.split('/').at(-2) ?? '';
  return architectureOf(reference) ?? NAMESPACES[namespace];
}

/** What would have no effect, because a repository that is there already keeps its own settings. */
function checkOwner(problems: InputProblems, args: EncoderImageArgs, name: 'encryption' | 'retention'): void {
  if (args.existingRepository === undefined || args[name] === undefined) return;
  problems.add(name, args[name], {
    because: `existingRepository keeps its own ${name === 'encryption' ? 'encryption' : 'lifecycle'}`,
    allowed: 'none',
    fix: 'remove it, and change it where the repository is made',
  });
}

function normalEncryption(
  problems: InputProblems,
  args: EncoderImageArgs,
): Pick<NormalImageArgs, 'encryption' | 'keyArn'> {
  checkOwner(problems, args, 'encryption');
  const { encryption = {} } = args;
  const none = { encryption: 'kms', keyArn: undefined } as const;
  if (!isObject(problems, 'encryption', encryption, `{ type: 'kms' }`)) return none;
  problems.checkNames('encryption', encryption, ['type', 'keyArn']);
  const { type = 'kms', keyArn } = encryption;
  problems.judge('encryption.type', type, oneOf(['kms', 'aes256']));
  if (keyArn === undefined) return { encryption: type, keyArn: undefined };
  if (type === 'aes256') {
    problems.add('encryption.keyArn', keyArn, {
      because: 'type is aes256',
      allowed: 'none',
      fix: `remove keyArn, or set type to 'kms'`,
    });
    return none;
  }
  const allowed = 'the ARN of a key, as arn:aws:kms:us-east-1:123456789012:key/...';
  const judge = rule(matching(KEY_ARN), allowed, 'give the ARN of the key itself, not of an alias');
  return { encryption: type, keyArn: problems.check('encryption.keyArn', keyArn, judge) };
}

function normalRetention(
  problems: InputProblems,
  args: EncoderImageArgs,
): Pick<NormalImageArgs, 'images' | 'untaggedDays'> {
  checkOwner(problems, args, 'retention');
  const { retention = {} } = args;
  if (!isObject(problems, 'retention', retention, '{ images: 30 }')) return { images: 30, untaggedDays: 7 };
  problems.checkNames('retention', retention, ['images', 'untaggedDays']);
  const { images = 30, untaggedDays = 7 } = retention;
  problems.judge('retention.images', images, whole(1, 1000));
  problems.judge('retention.untaggedDays', untaggedDays, whole(1, 365));
  return { images, untaggedDays };
}

function normalProtection(
  problems: InputProblems,
  { environment = 'prod', protection = {} }: EncoderImageArgs,
): Protection {
  problems.judge('environment', environment, oneOf(ENVIRONMENTS));
  const defaults = PROTECTION[environment] ?? PROTECTION.prod;
  if (!isObject(problems, 'protection', protection, '{ protect: true }')) return defaults;
  problems.checkNames('protection', protection, Object.keys(PROTECTION.prod));
  const given = Object.entries(protection).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (name in PROTECTION.prod) problems.judge(`protection.${name}`, value, flag);
  }
  return { ...defaults, ...Object.fromEntries(given) };
}
