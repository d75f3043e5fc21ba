/** What all children of a CDN share. */
import type * as pulumi from '@pulumi/pulumi';
import { childrenOf, contextOf, physicalName, tagsFor } from '../../kit';
import type { StreamingCdnTransforms } from './args';
import type { NormalCdn } from './normalise';

/** The last part of the component's type, which its children's tags have. */
export const STREAMING_CDN = 'StreamingCdn';

/** CloudFront, its certificates and the sources of its logs are managed there. */
export const GLOBAL_REGION = 'us-east-1';

export interface Family {
  readonly component: pulumi.ComponentResource;
  readonly name: string;
  /** As errors name it. */
  readonly owner: string;
  readonly args: NormalCdn;
  readonly protect: boolean;
  readonly transform: StreamingCdnTransforms;
}

const HASH_AND_HYPHEN = 9;
/** CloudWatch Logs API Reference, PutDeliverySource: 60. CloudFront's own names have 64 or more. */
const MAX_NAME = 60;

/**
 * `<project>-<stack>-<name>-<hash>`, by the kit's narrowest rule (a-z, 0-9 and hyphens), cut to what every service here
 * takes.
 * @param fixed what cannot be changed in place: another is another name, so it can be made before the old one goes
 */
export function cdnName(name: string, fixed = ''): string {
  const text = physicalName('aws:s3/bucket:Bucket', contextOf(fixed ? `${name}-${fixed}` : name));
  if (text.length <= MAX_NAME) return text;
  const start = text.slice(0, MAX_NAME - HASH_AND_HYPHEN).replace(/-+$/, '');
  return `${start}${text.slice(-HASH_AND_HYPHEN)}`;
}

/** Tags of a child. */
export const tagged = ({ args }: Family, name: string): Record<string, pulumi.Input<string>> =>
  tagsFor(STREAMING_CDN, name, args.tags);

/** A child's constructor's arguments. */
export const childOf = childrenOf<StreamingCdnTransforms>();
