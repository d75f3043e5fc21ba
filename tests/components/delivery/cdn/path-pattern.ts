/** CloudFront's path patterns, as its Developer Guide has them ("Path pattern"). */
import type { Recorded } from '../../recorded';

/** `*` is any number of characters, none and slashes too; `?` is one; capitals count. */
export function fits(pattern: string, path: string): boolean {
  const source = [...pattern]
    .map((character) =>
      character === '*' ? '.*' : character === '?' ? '.' : character.replace(/[.+^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}$`, 's').test(path);
}

/** A behaviour of a recorded distribution. */
export interface Behavior {
  readonly pathPattern?: string;
  readonly targetOriginId: string;
  readonly cachePolicyId: string;
  readonly originRequestPolicyId: string;
  readonly responseHeadersPolicyId: string;
  readonly trustedKeyGroups?: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly compress: boolean;
  readonly viewerProtocolPolicy: string;
  readonly functionAssociations?: readonly { readonly eventType: string; readonly functionArn: string }[];
}

/** The ordered ones, and the default one last. */
export const behaviorsOf = (cdn: Recorded, distribution = 'cdn-1'): readonly Behavior[] => {
  const { orderedCacheBehaviors, defaultCacheBehavior } = cdn.inputs(distribution);
  return [...(orderedCacheBehaviors as unknown as Behavior[]), defaultCacheBehavior as unknown as Behavior];
};

/** The one that CloudFront takes for a path: the first that fits. */
export const behaviorOf = (behaviors: readonly Behavior[], path: string): Behavior =>
  behaviors.find(({ pathPattern }) => pathPattern === undefined || fits(pathPattern, path))!;
