/** References of container images, read by the grammar that registries share; pure. */
import type { Problem } from '../../kit';
import { remembered } from './known-images';

/** What an image's programs run on, in the words of container registries. */
export const Architecture = { Amd64: 'amd64', Arm64: 'arm64' } as const;
/** One of {@link Architecture}. */
export type Architecture = (typeof Architecture)[keyof typeof Architecture];

/** All architectures, for messages and checks. */
export const ARCHITECTURES: readonly Architecture[] = Object.values(Architecture);

/** The parts of `registry/repository:tag@digest`. */
export interface ImageReference {
  /** Host, and port where there is one; absent: Docker Hub. */
  readonly registry?: string;
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest?: string;
}

/** What the place that an image is for asks of it. */
export interface ImageRules {
  /**
   * Whether a tag alone is enough. What a tag names can change between two starts of a task.
   * @default false
   */
  readonly allowMutableTag?: boolean;
  /** What the tasks run on: GPU instances (G4dn, G5, G6, G6e) are amd64. @default any */
  readonly architecture?: Architecture;
}

/** An image that says what it was built for, as EncoderImage does. */
export interface BuiltImage {
  readonly imageUri: string;
  readonly architecture?: Architecture;
}

/** Host, port: distribution's reference grammar (github.com/distribution/reference, regexp.go), as all that follow. */
const REGISTRY =
  /^(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])(?:\.(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]))*(?::\d{1,5})?$/;
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const MAX_NAME = 255;
/** Longer texts are none; said before the patterns see them. */
const MAX_REFERENCE = MAX_NAME + 1 + 128 + 1 + 71;

/** @returns undefined where the text is no reference of an image */
export function parseImageReference(text: unknown): ImageReference | undefined {
  if (typeof text !== 'string' || text.length > MAX_REFERENCE) return undefined;
  const [named = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) return undefined;
  // A colon after the last slash begins a tag; one before it begins a port.
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const name = colon === -1 ? named : named.slice(0, colon);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  if (name.length > MAX_NAME || (tag !== undefined && !TAG.test(tag))) return undefined;
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(0, slash));
  const hasRegistry = /[.:]|^localhost$/.test(first);
  const repository = hasRegistry ? name.slice(slash + 1) : name;
  if ((hasRegistry && !REGISTRY.test(first)) || !REPOSITORY.test(repository)) return undefined;
  return {
    ...(hasRegistry && { registry: first }),
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** What a tag says of the architecture, as `1.2.0-arm64` does. */
const TAGGED: Readonly<Record<string, Architecture>> = {
  amd64: Architecture.Amd64,
  x86_64: Architecture.Amd64,
  arm64: Architecture.Arm64,
  arm64v8: Architecture.Arm64,
  aarch64: Architecture.Arm64,
};

/** @returns undefined where the tag does not say, as most don't */
export function architectureOf({ tag }: ImageReference): Architecture | undefined {
  const words = Object.keys(TAGGED).filter((word) => new RegExp(`(?:^|[-._])${word}$`).test(tag ?? ''));
  return words[0] === undefined ? undefined : TAGGED[words[0]];
}

const FORM = 'registry/repository:tag@sha256:<64 hexadecimal digits>';

/**
 * Judges the image that tasks are to run: well formed, with the digest of what runs, and of the tasks' architecture
 * where that is known: by `architecture` beside the reference, because this program builds it, or by the end of its tag.
 * @param image a reference, or a {@link BuiltImage}
 * @example
 * problems.check('image', args.image, (image) => checkImageReference(image, { architecture: 'amd64' }))
 * @returns undefined where nothing is wrong
 */
export function checkImageReference(
  image: string | BuiltImage,
  { allowMutableTag = false, architecture }: ImageRules = {},
): Problem | undefined {
  const built: unknown = image;
  const { imageUri, architecture: told } = isBuilt(built) ? built : { imageUri: built };
  const reference = parseImageReference(imageUri);
  if (!reference) {
    return { allowed: FORM, fix: 'give the imageUri of an EncoderImage, or what the registry shows' };
  }
  const { digest, tag } = reference;
  if (digest === undefined && (!allowMutableTag || tag === undefined)) {
    const because = tag === undefined ? 'neither tag nor digest' : 'a tag without a digest';
    return {
      because: `${because}: what it names may be another image tomorrow`,
      allowed: FORM,
      fix: allowMutableTag
        ? 'add a tag or a digest'
        : 'add the digest (`docker buildx imagetools inspect` and `aws ecr describe-images` show it), or set allowMutableTag: true',
    };
  }
  const of = told ?? remembered(imageUri as string) ?? architectureOf(reference);
  if (architecture === undefined || of === undefined || of === architecture) return undefined;
  return {
    because: `the image is of ${of}`,
    allowed: `images of ${architecture}, which these tasks run on`,
    fix: `build it with architecture: '${architecture}'`,
  };
}

const isBuilt = (image: unknown): image is BuiltImage =>
  typeof image === 'object' && image !== null && 'imageUri' in image;
