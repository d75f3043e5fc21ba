import { unknown } from '@pulumi/pulumi/output';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { viewOf, type GraphValue, type View } from '../../../testing';
import type { Recorded } from '../storage/store-recording';
import { recordVpc } from './network-recording';

/** Strings at any depth, by path. */
function* strings(value: GraphValue, path: string): Generator<[path: string, text: string]> {
  if (typeof value === 'string') yield [path, value];
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* strings(item, `${path}.${key}`);
  }
}

/** Properties of children that a preview does not know, without the ids of what is made, by their last names. */
function open({ graph }: Recorded, view: View): string[] {
  const found = new Set<string>();
  const visit = (value: GraphValue, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('$unknown' in value) found.add(path);
    else
      for (const [key, item] of Object.entries(value))
        visit(item, /^\d+$/.test(key) ? path : `${path}.${key}`);
  };
  for (const { type, inputs, custom } of viewOf(graph, view).resources) {
    if (custom) visit(inputs, type.slice(type.lastIndexOf(':') + 1));
  }
  return [...found].sort();
}

describe('MediaVpc in both views of what AWS decides', () => {
  let vpc: Recorded;
  before(async () => {
    vpc = await recordVpc({ ipv6: true });
  });

  it('known: every input is a plain value', () => {
    expect(open(vpc, 'known')).to.deep.equal([]);
  });

  it('unknown: leaves open ids, blocks of IPv6 and names that are made, and nothing else', () => {
    expect(open(vpc, 'unknown')).to.deep.equal(
      [
        'DefaultSecurityGroup.vpcId',
        'EgressOnlyInternetGateway.vpcId',
        'FlowLog.iamRoleArn',
        'FlowLog.logDestination',
        'FlowLog.vpcId',
        'InternetGateway.vpcId',
        'NatGateway.allocationId',
        'NatGateway.subnetId',
        // Whole, because a block of IPv6 is no text that the recorder traces.
        'NetworkAcl.egress',
        'NetworkAcl.ingress',
        'NetworkAcl.subnetIds',
        'NetworkAcl.vpcId',
        'RolePolicy.policy',
        'RolePolicy.role',
        'Route.egressOnlyGatewayId',
        'Route.gatewayId',
        'Route.natGatewayId',
        'Route.routeTableId',
        'RouteTable.vpcId',
        'RouteTableAssociation.routeTableId',
        'RouteTableAssociation.subnetId',
        'SecurityGroup.vpcId',
        'SecurityGroupIngressRule.securityGroupId',
        'Subnet.ipv6CidrBlock',
        'Subnet.vpcId',
        'VpcEndpoint.routeTableIds',
        'VpcEndpoint.securityGroupIds',
        'VpcEndpoint.subnetIds',
        'VpcEndpoint.vpcId',
      ].sort(),
    );
  });

  for (const view of ['known', 'unknown'] as const) {
    it(`${view}: no input has the text of a value that was missing when it was put together`, () => {
      const all = viewOf(vpc.graph, view).resources.flatMap(({ name, inputs }) => [...strings(inputs, name)]);
      expect(all.length).to.be.above(200);
      const broken = all.filter(([, text]) => /undefined|null|NaN|\[object|Calling \[/.test(text));
      expect(broken).to.deep.equal([]);
    });
  }

  it('builds every resource where arguments are not known yet, and leaves open what they decide', async () => {
    const later = pulumi.output(unknown as unknown as string);
    const seen = await recordVpc({
      trustedAccounts: [later],
      flowLogs: { bucketArn: later },
      tags: { team: later },
    });
    const paths = open(seen, 'known');
    expect(paths.filter((path) => !path.endsWith('.tags.team'))).to.deep.equal([
      'FlowLog.logDestination',
      'VpcEndpoint.policy',
      'VpcEndpoint.serviceName',
    ]);
  });
});
