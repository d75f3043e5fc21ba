// Follows awsx/ec2/defaultVpc.ts and getDefaultVpc.ts of pulumi-awsx 3.9.0 (follows.ts has the revision).
import { AWSX, NEVER } from './follows';
import { WIRE } from '../../graph/values';
import { Traced, at, derived, items } from '../construct/traced';
import type { Construction } from '../construct/construction';
import type { ComponentDouble } from '../construct/types';

export interface DefaultVpc {
  readonly vpcId: Traced;
  readonly publicSubnetIds: Traced;
  readonly privateSubnetIds: Traced;
}

export const DEFAULT_VPC: ComponentDouble = {
  type: 'awsx:ec2:DefaultVpc',
  follows: AWSX,
  source: 'awsx/ec2/defaultVpc.ts',
  leavesOut: [...NEVER, "the account's own VPC: the double's has one public subnet in each of three zones"],
  make: async (component) => ({ ...(await defaultVpcOf(component)) }),
};

export async function defaultVpcOf(component: Construction): Promise<DefaultVpc> {
  const vpc = await component.invoke('aws:ec2/getVpc:getVpc', { default: true });
  const vpcId = at(vpc, 'id');
  const answer = await component.invoke('aws:ec2/getSubnets:getSubnets', {
    filters: [{ name: 'vpc-id', values: [vpcId] }],
  });
  const subnets = await Promise.all(
    (items(at(answer, 'ids')) ?? []).map(async (id) =>
      component.invoke('aws:ec2/getSubnet:getSubnet', { id }),
    ),
  );
  const ids = (isPublic: boolean) =>
    derived(subnets, (all: { id: string; mapPublicIpOnLaunch: boolean }[]) =>
      all.filter((each) => each.mapPublicIpOnLaunch === isPublic).map(({ id }) => id),
    );
  return { vpcId, publicSubnetIds: ids(true), privateSubnetIds: ids(false) };
}

/** The VPC that the first of some subnets is in. */
export async function vpcOfSubnets(component: Construction, subnetIds: Traced): Promise<Traced> {
  if (subnetIds.wire === WIRE.unknown) return subnetIds;
  const subnet = await component.invoke('aws:ec2/getSubnet:getSubnet', { id: at(subnetIds, 0) });
  return new Traced(at(subnet, 'vpcId').wire, subnetIds.urns);
}
