/** Names in AWS and in Kubernetes. */
import { fleetName } from '../encode/fleet/names';

/** The last part of the component's type, which its children's tags have. */
export const NVENC_ENCODE_FLEET_ON_EKS = 'NvencEncodeFleetOnEks';

/** Labels of nodes and pods; the first is the key of the nodes' taint too. */
export const LABEL = {
  fleet: 'aws-media/fleet',
  pool: 'aws-media/pool',
  channel: 'aws-media/channel',
} as const;

/** EKS takes 63 characters of a node group's name, and 26 of them are added to its prefix. */
const PREFIX = 37;
/** What `fleetName` ends with. */
const HASH_DIGITS = 8;

/** A prefix, because a node group that is replaced stands beside the old one for a time. */
export function nodeGroupPrefix(name: string): string {
  const whole = fleetName(name);
  const at = whole.length - HASH_DIGITS;
  const start = whole.slice(0, Math.min(at, PREFIX - HASH_DIGITS - 2)).replace(/-+$/, '');
  return `${start}-${whole.slice(at)}-`;
}

/** Of a channel's pods, within the fleet's namespace. */
export const serviceAccountName = (channel: string): string => `channel-${channel}`;
