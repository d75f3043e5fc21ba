import { compliant, flag, notApplicable, stackRule, text, violating, type Resource } from '../../core';

const BALANCER = 'aws:lb/loadBalancer:LoadBalancer';
const FRONTS = ['aws:cloudfront/distribution:Distribution', 'aws:cloudfront/vpcOrigin:VpcOrigin'];

export const webBalancersStandBehindACdn = stackRule({
  id: 'web-balancers-stand-behind-a-cdn',
  family: 'cost',
  title: 'A public web server has a CloudFront distribution before it',
  severity: 'medium',
  controls: [],
  why: 'Bytes that leave a region to the internet cost more than bytes that leave CloudFront, and every viewer costs the origin a request instead of every edge.',
  fix: "Make it the origin of a distribution: `origins: [{ originId: 'web', domainName: balancer.dnsName, .. }]`; better, make it internal and reach it by an aws.cloudfront.VpcOrigin.",
  levels: { starter: 'advisory', production: 'advisory', regulated: 'advisory' },
  looksAt: [BALANCER, 'aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration'],
  check: (resource, _settings, stack) => {
    if (resource.type === BALANCER) {
      if ((text(resource, 'loadBalancerType') ?? 'application') !== 'application')
        return notApplicable('it serves no web');
      if (flag(resource, 'internal') === true) return notApplicable('it is not public');
    }
    const bucket = stack.behind(resource, 'bucket', 'aws:s3/bucket:Bucket');
    const served: readonly Resource[] = [resource, ...bucket];
    const isFronted = stack
      .ofType(...FRONTS)
      .some(({ from }) => Object.values(from).some((urns) => served.some(({ urn }) => urns.includes(urn))));
    return isFronted ? compliant : violating('no distribution of the stack has it as an origin');
  },
});
