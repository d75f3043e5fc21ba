/** What all children of a fleet share. */
import type * as pulumi from '@pulumi/pulumi';
import { childrenOf, maker } from '../../kit';
import type { NvencEncodeFleetTransforms } from './args';
import { NVENC_ENCODE_FLEET, fleetName } from './names';
import type { NormalFleet } from './normalise';

export interface Family {
  readonly component: pulumi.ComponentResource;
  readonly name: string;
  /** As errors name it. */
  readonly owner: string;
  readonly args: NormalFleet;
  readonly transform: NvencEncodeFleetTransforms;
}

/** Names and tags of a child, by the end of its name. */
export const made = maker(NVENC_ENCODE_FLEET, fleetName);

/** A child's constructor's arguments. */
export const childOf = childrenOf<NvencEncodeFleetTransforms>();
