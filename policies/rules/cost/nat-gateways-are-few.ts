import { compliant, isInVpc, notApplicable, stackRule, tagOf, violating, vpcOf } from '../../core';

const NAT = 'aws:ec2/natGateway:NatGateway';

export const natGatewaysAreFew = stackRule({
  id: 'nat-gateways-are-few',
  family: 'cost',
  title: 'A VPC has no more NAT gateways than its environment needs',
  severity: 'medium',
  controls: [],
  why: 'A NAT gateway costs about 33 USD a month before any byte, and each byte again; outside production one for all zones does.',
  fix: 'Route the private subnets of all zones to one NAT gateway, or to none: interface endpoints and an egress-only gateway for IPv6 reach AWS without. `new MediaVpc(name, { nat: "one", .. })` does it.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [NAT],
  settings: {
    most: { description: 'Most NAT gateways of a VPC', type: 'integer', minimum: 0, default: 3 },
    mostOutsideProduction: {
      description: 'Most where the tag says another environment than production',
      type: 'integer',
      minimum: 0,
      default: 1,
    },
    environmentTag: { description: 'Tag that says the environment', type: 'string', default: 'environment' },
    production: {
      description: 'Values of the tag that mean production',
      type: 'array',
      items: { type: 'string' },
      default: ['prod', 'production'],
    },
  },
  check: (gateway, { most, mostOutsideProduction, environmentTag, production }, stack) => {
    const vpc = vpcOf(gateway, stack);
    if (vpc === undefined) return notApplicable('its VPC is not in the stack');
    const environment = tagOf(gateway, environmentTag);
    const outside = environment !== undefined && !production.includes(environment);
    const allowed = outside ? mostOutsideProduction : most;
    const all = stack
      .ofType(NAT)
      .filter((each) => isInVpc(vpc, each, stack))
      .map(({ urn }) => urn)
      .sort();
    const place = all.indexOf(gateway.urn) + 1;
    if (place <= allowed) return compliant;
    return violating(`it is number ${place} of the NAT gateways of its VPC, of which ${allowed} are allowed`);
  },
});
