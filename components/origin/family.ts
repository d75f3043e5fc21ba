/** What all children of an origin share. */
import type * as pulumi from '@pulumi/pulumi';
import { childrenOf, maker } from '../kit';
import type { LlHlsOriginTransforms } from './args';
import { LL_HLS_ORIGIN, originName } from './names';
import type { NormalOrigin } from './normalise';

export interface Family {
  readonly component: pulumi.ComponentResource;
  readonly name: string;
  /** As errors name it. */
  readonly owner: string;
  readonly args: NormalOrigin;
  /** Whether the engine refuses to delete the load balancer. */
  readonly protect: boolean;
  readonly transform: LlHlsOriginTransforms;
}

/** Names and tags of a child, by the end of its name. */
export const made = maker(LL_HLS_ORIGIN, originName);

/** A child's constructor's arguments. */
export const childOf = childrenOf<LlHlsOriginTransforms>();
