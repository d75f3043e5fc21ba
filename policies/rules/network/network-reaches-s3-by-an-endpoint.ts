import { found, notApplicable, stackRule, text } from '../../core';

export const networkReachesS3ByAnEndpoint = stackRule({
  id: 'network-reaches-s3-by-an-endpoint',
  family: 'network',
  title: 'Every VPC reaches S3, and what else is listed, by endpoints',
  severity: 'medium',
  controls: [],
  why: 'Segments that go to S3 by a NAT gateway cost $0.045 a GB and cross the public edge of the network; a gateway endpoint is free and private.',
  fix: "new aws.ec2.VpcEndpoint('s3', { vpcId: vpc.id, serviceName: 'com.amazonaws.<region>.s3', vpcEndpointType: 'Gateway', routeTableIds })",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:ec2/vpc:Vpc'],
  settings: {
    services: {
      type: 'array',
      items: { type: 'string' },
      default: ['s3'],
      description:
        'Services that need an endpoint, by what follows the region in their names: s3, secretsmanager, kms',
    },
  },
  check: (vpc, { services }, stack) => {
    if (stack.pointingAt(vpc, 'vpcId', ['aws:ec2/subnet:Subnet'], ['id']).length === 0) {
      return notApplicable('no subnet of it is of this stack');
    }
    const reached = stack
      .pointingAt(vpc, 'vpcId', ['aws:ec2/vpcEndpoint:VpcEndpoint'], ['id'])
      .map((endpoint) => text(endpoint, 'serviceName') ?? '');
    return found(
      services
        .filter((service) => !reached.some((name) => name.endsWith(`.${service}`)))
        .map((service) => `it has no endpoint for ${service}`),
    );
  },
});
