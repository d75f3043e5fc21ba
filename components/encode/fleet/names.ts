/** Names of the fleet's resources in AWS. */
import { createHash } from 'node:crypto';
import { plainName } from '../../kit';

/** The last part of the component's type, which its children's tags have. */
export const NVENC_ENCODE_FLEET = 'NvencEncodeFleet';

/** Names of the fleet's resources in AWS. */
export const fleetName = plainName;

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
