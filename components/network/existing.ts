/** A VPC that is there already: read, compared with what the program says of it, never changed. */
import * as ec2 from '@pulumi/aws/ec2';
import * as pulumi from '@pulumi/pulumi';
import { InputProblems } from '../kit';
import { TIERS, type Tier } from './allocation';
import type { NetworkZone } from './network';
import type { ExistingNetwork } from './normalise';

/** What was read. */
export interface ReadNetwork {
  readonly vpc: ec2.Vpc;
  readonly zones: Readonly<Record<string, ReadZone>>;
  readonly subnets: Readonly<Record<Tier, Readonly<Record<string, ec2.Subnet>>>>;
}

/** Ids of a zone's subnets. */
export interface ReadZone {
  readonly publicSubnetId?: pulumi.Output<string>;
  readonly privateSubnetId: pulumi.Output<string>;
  readonly isolatedSubnetId?: pulumi.Output<string>;
}

/** @param name of the component */
export function readExisting(
  component: pulumi.ComponentResource,
  name: string,
  owner: string,
  { network }: ExistingNetwork,
): ReadNetwork {
  const opts = { parent: component };
  const vpc = ec2.Vpc.get(`${name}-vpc`, network.vpcId, undefined, opts);
  const subnets: Record<Tier, Record<string, ec2.Subnet>> = { public: {}, private: {}, isolated: {} };
  const zones: Record<string, ReadZone> = {};
  for (const [id, zone] of Object.entries(network.zones)) {
    const ids: Partial<Record<keyof NetworkZone, pulumi.Output<string>>> = {};
    for (const tier of TIERS) {
      const key = `${tier}SubnetId` as const;
      const given = zone[key];
      if (given === undefined) continue;
      const subnet = ec2.Subnet.get(`${name}-${tier}-${id}`, given, undefined, opts);
      subnets[tier][id] = subnet;
      ids[key] = compared(owner, `existing.zones[${JSON.stringify(id)}].${key}`, subnet, id, network.vpcId);
    }
    zones[id] = ids as ReadZone;
  }
  return { vpc, zones, subnets };
}

/** A subnet of another zone would send every part of a live stream across zones; one of another VPC, nowhere. */
function compared(
  owner: string,
  path: string,
  subnet: ec2.Subnet,
  zone: string,
  vpcId: pulumi.Input<string>,
): pulumi.Output<string> {
  const found = pulumi
    .all([subnet.id, subnet.availabilityZoneId, subnet.vpcId, pulumi.output(vpcId)])
    .apply(([id, inZone, inVpc, vpc]) => ({ id, zone: inZone, vpc: inVpc, wanted: vpc }));
  const checked = new InputProblems(owner).check(path, found, ({ zone: inZone, vpc, wanted }) => {
    const problem = (because: string, allowed: string) => ({
      because,
      allowed,
      fix: 'give the subnet under the zone that it is in, or another subnet',
    });
    if (inZone && inZone !== zone) return problem(`AWS says that it is in ${inZone}`, `a subnet of ${zone}`);
    if (vpc && vpc !== wanted) return problem(`AWS says that it is in ${vpc}`, `a subnet of ${wanted}`);
    return undefined;
  });
  return pulumi.output(checked).apply(({ id }) => id);
}
