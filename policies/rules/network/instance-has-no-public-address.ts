import {
  among,
  amongItems,
  flag,
  found,
  isValues,
  resourceRule,
  when,
  type Resource,
  type Values,
} from '../../core';

export const instanceHasNoPublicAddress = resourceRule({
  id: 'instance-has-no-public-address',
  family: 'network',
  title: 'No instance asks for a public address',
  severity: 'high',
  controls: ['AWS FSBP EC2.9', 'AWS FSBP EC2.25', 'AWS FSBP Autoscaling.5'],
  why: 'An encoder needs nobody from outside: contribution comes by a load balancer, administration by Systems Manager.',
  fix: 'Remove `associatePublicIpAddress`, and put the instance into a private subnet',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [
    'aws:ec2/instance:Instance',
    'aws:ec2/launchConfiguration:LaunchConfiguration',
    'aws:ec2/launchTemplate:LaunchTemplate',
    'aws:ec2/spotInstanceRequest:SpotInstanceRequest',
  ],
  check: (resource) => {
    const asks = (each: Resource | Values) =>
      when(flag(each, 'associatePublicIpAddress') === true, 'it asks for a public address');
    return found([
      ...new Set(
        among(
          [
            () => asks(resource),
            () => amongItems(resource, 'networkInterfaces', (each) => (isValues(each) ? asks(each) : [])),
          ],
          (look) => look(),
        ),
      ),
    ]);
  },
});
