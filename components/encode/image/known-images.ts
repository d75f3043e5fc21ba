/** What the images that this program builds were built for, by URI: known once AWS has told their digests. */
import type { Architecture } from './reference';

/** What a URI with a digest names never changes. Absent: not built here, or said of two. */
const ARCHITECTURES = new Map<string, Architecture | undefined>();

export function remember(imageUri: string, architecture: Architecture): void {
  const told = ARCHITECTURES.has(imageUri) ? ARCHITECTURES.get(imageUri) : architecture;
  ARCHITECTURES.set(imageUri, told === architecture ? architecture : undefined);
}

/** @returns undefined where this program did not build it */
export const remembered = (imageUri: string): Architecture | undefined => ARCHITECTURES.get(imageUri);
