/** What AWS itself puts into an account, and a program looks up by its name. */
import { createHash } from 'node:crypto';
import type { Fields } from '../graph/values';
import type { InvokeContext } from './types';

const digits = (...of: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 17);

/** Groups that AWS makes in a VPC. */
const GROUPS: { readonly [name: string]: string } = {
  default: 'default VPC security group',
  /** With the first VPC origin of the VPC: Amazon CloudFront Developer Guide, "Restrict access with VPC origins". */
  'CloudFront-VPCOrigins-Service-SG': 'Security group of the VPC origins of CloudFront',
};

function securityGroup(args: Fields, { partition, region, account }: InvokeContext): Fields | undefined {
  const { name, vpcId } = args;
  if (typeof name !== 'string' || typeof vpcId !== 'string' || !Object.hasOwn(GROUPS, name)) return undefined;
  const id = `sg-${digits(name, vpcId)}`;
  return {
    ...{ id, name, vpcId, region, description: GROUPS[name]!, tags: {} },
    arn: `arn:${partition}:ec2:${region}:${account}:security-group/${id}`,
  };
}

/** The entries are left out: which addresses they are changes. */
function managedPrefixList(args: Fields, { partition, region }: InvokeContext): Fields | undefined {
  const { name } = args;
  if (typeof name !== 'string' || !name.startsWith('com.amazonaws.')) return undefined;
  const id = `pl-${digits(name, region).slice(0, 8)}`;
  return {
    ...{ id, name, region, ownerId: 'AWS', version: 1, tags: {}, entries: [], maxEntries: 0 },
    addressFamily: name.includes('ipv6') ? 'IPv6' : 'IPv4',
    arn: `arn:${partition}:ec2:${region}:aws:prefix-list/${id}`,
  };
}

/** @returns undefined for what a program may have made itself: whoever looks that up says what is found */
export function ownedByAws(token: string, args: Fields, context: InvokeContext): Fields | undefined {
  if (token === 'aws:ec2/getSecurityGroup:getSecurityGroup') return securityGroup(args, context);
  if (token === 'aws:ec2/getManagedPrefixList:getManagedPrefixList') return managedPrefixList(args, context);
  return undefined;
}
