import { compliant, flag, notApplicable, resourceRule, text, violating } from '../../core';

export const s3TrafficTakesTheGateway = resourceRule({
  id: 's3-traffic-takes-the-gateway',
  family: 'cost',
  title: 'Traffic of a VPC to S3 takes the gateway endpoint, which is free',
  severity: 'medium',
  controls: [],
  why: 'An interface endpoint with private DNS takes all traffic of the VPC to S3, and each GB of segments and masters is paid for; a gateway endpoint costs nothing.',
  fix: "Make it `vpcEndpointType: 'Gateway'` with `routeTableIds`; where networks outside AWS need the interface too, put `dnsOptions: { privateDnsOnlyForInboundResolverEndpoint: true }` beside the gateway",
  levels: {
    starter: 'advisory',
    production: 'advisory',
    regulated: 'advisory',
  },
  looksAt: ['aws:ec2/vpcEndpoint:VpcEndpoint'],
  check: (endpoint) => {
    if (!text(endpoint, 'serviceName')?.endsWith('.s3')) return notApplicable('it is not for S3');
    // Where nothing is said it is a gateway.
    const takesAll =
      text(endpoint, 'vpcEndpointType') === 'Interface' &&
      flag(endpoint, 'privateDnsEnabled') === true &&
      flag(endpoint, 'dnsOptions.privateDnsOnlyForInboundResolverEndpoint') !== true;
    return takesAll ? violating('traffic of its VPC to S3 takes it, and is paid for by the GB') : compliant;
  },
});
