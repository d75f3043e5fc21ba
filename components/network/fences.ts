/** What keeps strangers out: the default security group without rules, and network ACLs. */
import * as ec2 from '@pulumi/aws/ec2';
import { transformed } from '../kit';
import { aclRules } from './acls';
import { TIERS, type Tier } from './allocation';
import { blockText } from './cidr';
import { subnetsOfTier } from './core';
import { belongs, ownTags, type Core, type Family } from './family';
import type { NewNetwork } from './normalise';

/** Whoever forgets to name a security group gets this one, which lets nothing in or out. */
export function closeDefaultSecurityGroup(family: Family, { vpcId }: Core): ec2.DefaultSecurityGroup {
  const child = `${family.name}-default`;
  const args: ec2.DefaultSecurityGroupArgs = { vpcId, ingress: [], egress: [], tags: ownTags(family, child) };
  return new ec2.DefaultSecurityGroup(
    ...transformed(family.transform.defaultSecurityGroup, child, args, belongs(family)),
  );
}

/** The raw network ACLs, by tier. */
export type NetworkAcls = Readonly<Record<Tier, ec2.NetworkAcl>>;

export function createNetworkAcls(family: Family, network: NewNetwork, core: Core): NetworkAcls {
  const ipv4 = blockText(network.block);
  const blocks = { ipv4, ...(core.ipv6CidrBlock && { ipv6: core.ipv6CidrBlock }) };
  const acls = TIERS.map((tier): [Tier, ec2.NetworkAcl] => {
    const child = `${family.name}-${tier}-acl`;
    const { ingress, egress } = aclRules(tier, blocks);
    const args: ec2.NetworkAclArgs = {
      vpcId: core.vpcId,
      subnetIds: subnetsOfTier(core, tier),
      ingress: [...ingress],
      egress: [...egress],
      tags: ownTags(family, child),
    };
    return [
      tier,
      new ec2.NetworkAcl(...transformed(family.transform.networkAcl, child, args, belongs(family))),
    ];
  });
  return Object.fromEntries(acls) as NetworkAcls;
}
