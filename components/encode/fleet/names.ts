/** Names of the fleet's resources in AWS. */
import { createHash } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';
import { physicalName } from '../../kit';

/** The last part of the component's type, which its children's tags have. */
export const NVENC_ENCODE_FLEET = 'NvencEncodeFleet';

/**
 * `<project>-<stack>-<name>-<hash>`, by the kit's narrowest rule (63 of a-z, 0-9 and hyphens), which every service here
 * takes: IAM roles have 64 characters, launch templates 128, all others 255 or more. So names are alike, and known
 * before anything exists: an instance is told its cluster's name.
 */
export function fleetName(name: string): string {
  const found = physicalName('aws:s3/bucket:Bucket', {
    organization: pulumi.getOrganization(),
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    name,
  });
  // Capacity providers and security groups may not begin so.
  return /^(?:aws|ecs|fargate|sg-|amazon)/.test(found) ? `m-${found}`.slice(0, MAX) : found;
}

const MAX = 63;

/** Where a channel's log is: one folder a fleet, so that one role may write in it. */
export const logGroupName = (cluster: string, channel: string): string => `/aws-media/${cluster}/${channel}`;

/** Of a channel's grants, in the neighbours' own words: 1 to 64 of letters, digits and _.-, beginning with one of the first two. */
export function grantId(fleet: string, channel: string): string {
  const text = `${fleet}-${channel}`;
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(text)) return text;
  const hash = createHash('sha256')
    .update(JSON.stringify([fleet, channel]))
    .digest('hex')
    .slice(0, 8);
  return `${channel.slice(0, 55)}-${hash}`;
}
