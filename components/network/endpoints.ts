/** Ways to services of AWS that don't lead through the internet. */
import * as ec2 from '@pulumi/aws/ec2';
import { SecurityGroupIngressRule } from '@pulumi/aws/vpc';
import { transformed } from '../kit';
import { blockText } from './cidr';
import { subnetsOfTier } from './core';
import { endpointPolicy } from './endpoint-policies';
import { belongs, ownTags, type Core, type Family, type Place } from './family';
import type { NewNetwork } from './normalise';
import { serviceName, type GatewayService, type InterfaceService } from './services';

/** The endpoints, by service. */
export interface EndpointNodes {
  readonly gatewayEndpoints: Readonly<Partial<Record<GatewayService, ec2.VpcEndpoint>>>;
  readonly interfaceEndpoints: Readonly<Partial<Record<InterfaceService, ec2.VpcEndpoint>>>;
  /** Absent without interface endpoints. */
  readonly endpointSecurityGroup?: ec2.SecurityGroup;
}

export function createEndpoints(
  family: Family,
  network: NewNetwork,
  core: Core,
  place: Place,
): EndpointNodes {
  const gateways = network.gatewayEndpoints.map(
    (service) => [service, createGatewayEndpoint(family, core, place, service)] as const,
  );
  const { interfaceEndpoints: services } = network.egress;
  const group = services.length > 0 ? createEndpointGroup(family, network, core) : undefined;
  const interfaces = services.map(
    (service) => [service, createInterfaceEndpoint(family, core, place, service, group!)] as const,
  );
  return {
    gatewayEndpoints: Object.fromEntries(gateways),
    interfaceEndpoints: Object.fromEntries(interfaces),
    ...(group && { endpointSecurityGroup: group }),
  };
}

/** In every route table, those of isolated subnets too. */
function createGatewayEndpoint(
  family: Family,
  core: Core,
  place: Place,
  service: GatewayService,
): ec2.VpcEndpoint {
  const child = `${family.name}-${service}`;
  const args: ec2.VpcEndpointArgs = {
    vpcId: core.vpcId,
    vpcEndpointType: 'Gateway',
    routeTableIds: core.routeTableIds,
    ...ofService(place, service),
    tags: ownTags(family, child),
  };
  return new ec2.VpcEndpoint(...transformed(family.transform.gatewayEndpoint, child, args, belongs(family)));
}

function createInterfaceEndpoint(
  family: Family,
  core: Core,
  place: Place,
  service: InterfaceService,
  group: ec2.SecurityGroup,
): ec2.VpcEndpoint {
  const child = `${family.name}-${service.replaceAll('.', '-')}`;
  const args: ec2.VpcEndpointArgs = {
    vpcId: core.vpcId,
    vpcEndpointType: 'Interface',
    privateDnsEnabled: true,
    subnetIds: subnetsOfTier(core, 'isolated'),
    securityGroupIds: [group.id],
    ...ofService(place, service),
    tags: ownTags(family, child),
  };
  return new ec2.VpcEndpoint(
    ...transformed(family.transform.interfaceEndpoint, child, args, belongs(family)),
  );
}

const ofService = (
  place: Place,
  service: GatewayService | InterfaceService,
): Pick<ec2.VpcEndpointArgs, 'serviceName' | 'policy'> => ({
  serviceName: place.apply(({ region }) => serviceName(region, service)),
  policy: place.apply((context) => {
    const policy = endpointPolicy(service, context);
    return policy && JSON.stringify(policy);
  }),
});

/** Open to the whole VPC: who may do what is for roles and endpoint policies to say. */
function createEndpointGroup(family: Family, { block }: NewNetwork, { vpcId }: Core): ec2.SecurityGroup {
  const child = `${family.name}-endpoints`;
  const args: ec2.SecurityGroupArgs = {
    vpcId,
    description: 'HTTPS from the VPC to interface endpoints',
    tags: ownTags(family, child),
  };
  const group = new ec2.SecurityGroup(
    ...transformed(family.transform.endpointSecurityGroup, child, args, belongs(family)),
  );
  const rule = `${child}-https`;
  new SecurityGroupIngressRule(
    ...transformed(
      family.transform.endpointIngress,
      rule,
      {
        securityGroupId: group.id,
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        cidrIpv4: blockText(block),
        description: 'HTTPS from the VPC',
        tags: ownTags(family, rule),
      },
      belongs(family),
    ),
  );
  return group;
}
