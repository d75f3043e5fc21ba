import * as aws from '@pulumi/aws';
import { addressesAreUsed } from '../../../policies/rules/cost/addresses-are-used';
import { natGatewaysAreFew } from '../../../policies/rules/cost/nat-gateways-are-few';
import { priceClassIsChosen } from '../../../policies/rules/cost/price-class-is-chosen';
import { webBalancersStandBehindACdn } from '../../../policies/rules/cost/web-balancers-stand-behind-a-cdn';
import { GoodProgram, both, set, unset, without } from '../cases';

const good = new GoodProgram(() => {
  const vpc = new aws.ec2.Vpc('vpc', { cidrBlock: '10.0.0.0/16' });
  const subnets = ['a', 'b'].map(
    (zone, index) =>
      new aws.ec2.Subnet(`public-${zone}`, {
        ...{ vpcId: vpc.id, cidrBlock: `10.0.${index}.0/24`, availabilityZone: `eu-west-1${zone}` },
      }),
  );
  for (const [index, zone] of ['a', 'b'].entries()) {
    const address = new aws.ec2.Eip(`address-${zone}`, {});
    new aws.ec2.NatGateway(`nat-${zone}`, {
      ...{ allocationId: address.allocationId, subnetId: subnets[index]!.id },
      tags: { environment: 'production' },
    });
  }
  const balancer = new aws.lb.LoadBalancer('web', { subnets: subnets.map(({ id }) => id) });
  new aws.lb.LoadBalancer('inner', { internal: true, subnets: subnets.map(({ id }) => id) });
  new aws.lb.LoadBalancer('srt', { loadBalancerType: 'network', subnets: subnets.map(({ id }) => id) });
  const cache = { targetOriginId: 'web', viewerProtocolPolicy: 'https-only', cachePolicyId: 'x' };
  new aws.cloudfront.Distribution('cdn', {
    ...{ enabled: true, priceClass: 'PriceClass_100', viewerCertificate: {} },
    defaultCacheBehavior: { ...cache, allowedMethods: ['GET', 'HEAD'], cachedMethods: ['GET', 'HEAD'] },
    origins: [{ originId: 'web', domainName: balancer.dnsName }],
    restrictions: { geoRestriction: { restrictionType: 'none' } },
  });
  new aws.cloudfront.Distribution('images', {
    ...{ enabled: true, priceClass: 'PriceClass_100', viewerCertificate: {} },
    defaultCacheBehavior: { ...cache, allowedMethods: ['GET', 'HEAD'], cachedMethods: ['GET', 'HEAD'] },
    origins: [
      { originId: 'web', domainName: 'images.example.com' },
      { originId: 'api', domainName: 'api.example.com' },
    ],
    restrictions: { geoRestriction: { restrictionType: 'none' } },
  });
});

describe('rules of the cost of networks', () => {
  good.tries(natGatewaysAreFew, {
    violating: {
      'a second gateway outside production': {
        change: both(
          set('nat-b', 'tags.environment', 'dev'),
          set('nat-b', 'tagsAll', { environment: 'dev' }),
        ),
        at: 'nat-b',
        found: ['it is number 2 of the NAT gateways of its VPC, of which 1 are allowed'],
      },
    },
    nearMisses: {
      'the first gateway outside production': both(
        set('nat-a', 'tags.environment', 'dev'),
        set('nat-a', 'tagsAll', { environment: 'dev' }),
      ),
      'gateways that name no environment': both(unset('nat-b', 'tags'), set('nat-b', 'tagsAll', {})),
    },
    notApplicable: {
      'a gateway in a network of others': {
        change: both(without('public-a'), set('nat-a', 'subnetId', 'subnet-1')),
        at: 'nat-a',
        reason: 'its VPC is not in the stack',
      },
    },
  });

  good.tries(addressesAreUsed, {
    violating: {
      'an address without a gateway': {
        change: without('nat-b'),
        at: 'address-b',
        found: ['nothing in the stack uses it'],
      },
    },
    nearMisses: {
      'an address of an instance': both(without('nat-b'), set('address-b', 'instance', 'i-1')),
    },
  });

  good.tries(webBalancersStandBehindACdn, {
    violating: {
      'a public web server without a distribution': {
        change: without('cdn'),
        at: 'web',
        found: ['no distribution of the stack has it as an origin'],
      },
      'an inner server that is made public': {
        change: unset('inner', 'internal'),
        at: 'inner',
        found: ['no distribution of the stack has it as an origin'],
      },
    },
    nearMisses: { 'a public way in for SRT': set('srt', 'internal', false) },
    notApplicable: {
      'a server that is not public': {
        change: (graph) => graph,
        at: 'inner',
        reason: 'it is not public',
      },
    },
  });

  good.tries(priceClassIsChosen, {
    violating: {
      'every edge location': {
        change: unset('cdn', 'priceClass'),
        at: 'cdn',
        found: ['its price class is PriceClass_All, where PriceClass_200 is the dearest allowed'],
      },
    },
    nearMisses: { 'the dearest that is allowed': set('cdn', 'priceClass', 'PriceClass_200') },
  });
});
