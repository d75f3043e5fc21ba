import type { Reader } from './reader';
import type { Slow, Source } from './types';

const CLOUDFORMATION: Source = {
  name: "timeout of the handler in CloudFormation's resource schema (cfn-lint 1.58.0)",
  date: '2026-10-20',
};
const PROGRAM: Source = { name: "the resource's own customTimeouts", date: '' };
const docs = (name: string): Source => ({
  name: `${name}, from memory (medium confidence)`,
  date: '2026-11-21',
});

interface Long {
  readonly type: string;
  readonly what: string;
  readonly takes: string;
  readonly source: Source;
}

const LONG: readonly Long[] = [
  {
    type: 'aws:cloudfront/distribution:Distribution',
    what: 'a distribution reaches all edges; it is disabled before it is deleted, which takes as long',
    takes: '5 to 15 minutes',
    source: docs('CloudFront Developer Guide, Distribution status'),
  },
  {
    type: 'aws:cloudfront/vpcOrigin:VpcOrigin',
    what: 'a VPC origin is deployed, and its distribution waits for it',
    takes: 'up to 15 minutes (at most 40)',
    source: CLOUDFORMATION,
  },
  {
    type: 'aws:eks/cluster:Cluster',
    what: "a cluster's control plane",
    takes: '10 to 15 minutes',
    source: docs('EKS User Guide, Create an Amazon EKS cluster'),
  },
  {
    type: 'aws:rds/cluster:Cluster',
    what: 'a database cluster and its instances',
    takes: '10 to 20 minutes',
    source: docs('RDS User Guide'),
  },
  {
    type: 'aws:ec2/natGateway:NatGateway',
    what: 'a NAT gateway becomes available',
    takes: '1 to 3 minutes',
    source: docs('VPC User Guide, NAT gateways'),
  },
  {
    type: 'aws:globalaccelerator/accelerator:Accelerator',
    what: 'an accelerator is deployed to the edges',
    takes: 'some minutes',
    source: docs('Global Accelerator Developer Guide'),
  },
  {
    type: 'aws:lb/loadBalancer:LoadBalancer',
    what: 'a load balancer is provisioned',
    takes: '2 to 5 minutes',
    source: docs('Elastic Load Balancing User Guide'),
  },
  {
    type: 'aws:acm/certificateValidation:CertificateValidation',
    what: 'a certificate is issued once its DNS record is seen',
    takes: 'some minutes; as long as the record is missing',
    source: docs('ACM User Guide, DNS validation'),
  },
  {
    type: 'aws:autoscaling/group:Group',
    what: 'the first instance starts after a service asks for it, and pulls its image',
    takes: 'about 5 minutes',
    source: docs('ECS Developer Guide, managed scaling'),
  },
];

/** What makes an update or its undoing long; also what the program itself gives a long time. */
export function slowOf(reader: Reader): Slow[] {
  const known = LONG.flatMap(({ type, what, takes, source }) => {
    const resources = reader.ofType(type);
    return resources.length === 0 ? [] : [{ what, takes, source, for: reader.paths(resources) }];
  });
  const own = reader.made
    .filter(({ options }) => options.customTimeouts?.create !== undefined)
    .map((resource) => ({
      ...{
        what: 'the program allows it this long',
        takes: `at most ${resource.options.customTimeouts!.create}`,
      },
      ...{ source: PROGRAM, for: [reader.path(resource)] },
    }));
  return [...known, ...own];
}
