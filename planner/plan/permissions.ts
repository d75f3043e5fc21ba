import { canonicalType } from '../../policies/core';
import { writtenActions } from './iam-actions';
import { grouped, type Reader } from './reader';
import { PHASES, type Permissions, type Phase, type TypeActions } from './types';

/** What each function of the provider calls: names of the service authorization reference. */
const INVOKES: Readonly<Record<string, readonly string[]>> = {
  'aws:index/getCallerIdentity:getCallerIdentity': ['sts:GetCallerIdentity'],
  'aws:index/getPartition:getPartition': [],
  'aws:index/getRegion:getRegion': [],
  'aws:index/getAvailabilityZones:getAvailabilityZones': ['ec2:DescribeAvailabilityZones'],
  'aws:index/getAvailabilityZone:getAvailabilityZone': ['ec2:DescribeAvailabilityZones'],
  'aws:iam/getPolicyDocument:getPolicyDocument': [],
  'aws:iam/getRole:getRole': ['iam:GetRole'],
  'aws:ec2/getAmi:getAmi': ['ec2:DescribeImages'],
  'aws:ec2/getSecurityGroup:getSecurityGroup': ['ec2:DescribeSecurityGroups'],
  'aws:ec2/getSubnet:getSubnet': ['ec2:DescribeSubnets'],
  'aws:ec2/getSubnets:getSubnets': ['ec2:DescribeSubnets'],
  'aws:ec2/getVpc:getVpc': ['ec2:DescribeVpcAttribute', 'ec2:DescribeVpcs'],
  'aws:ec2/getManagedPrefixList:getManagedPrefixList': ['ec2:DescribeManagedPrefixLists'],
  'aws:ec2/getPrefixList:getPrefixList': ['ec2:DescribePrefixLists'],
  'aws:ec2/getRouteTable:getRouteTable': ['ec2:DescribeRouteTables'],
  'aws:eks/getAddonVersion:getAddonVersion': ['eks:DescribeAddonVersions'],
  'aws:eks/getCluster:getCluster': ['eks:DescribeCluster'],
  'aws:kms/getAlias:getAlias': ['kms:DescribeKey', 'kms:ListAliases'],
  'aws:kms/getKey:getKey': ['kms:DescribeKey'],
  'aws:route53/getZone:getZone': [
    'route53:GetHostedZone',
    'route53:ListHostedZones',
    'route53:ListTagsForResource',
  ],
  'aws:acm/getCertificate:getCertificate': [
    'acm:DescribeCertificate',
    'acm:ListCertificates',
    'acm:ListTagsForCertificate',
  ],
  'aws:secretsmanager/getSecret:getSecret': [
    'secretsmanager:DescribeSecret',
    'secretsmanager:GetResourcePolicy',
  ],
  'aws:secretsmanager/getSecretVersion:getSecretVersion': ['secretsmanager:GetSecretValue'],
  'aws:ssm/getParameter:getParameter': ['ssm:GetParameter'],
  'aws:s3/getBucket:getBucket': ['s3:GetBucketLocation', 's3:ListBucket'],
};

/** Actions of IAM, by type of resource and by what is done with it. */
export function permissionsOf(reader: Reader): Permissions {
  const { sources, types: written, pulumi } = writtenActions();
  const ofAws = reader.graph.resources.filter(
    ({ custom, type }) => custom && type.startsWith('aws:') && !type.startsWith('aws:index/'),
  );
  const types = [...grouped(ofAws, ({ type }) => canonicalType(type))]
    .map(([type, resources]): TypeActions => {
      const found = written[type] ?? written[resources[0]!.type];
      const isMade = resources.some(({ external }) => !external);
      // What is only read is not made, changed or deleted.
      const of = (phase: Phase) => (isMade || phase === 'read' ? (found?.[phase] ?? []) : []);
      return {
        ...{ type, count: resources.length, source: found?.source ?? null },
        actions: Object.fromEntries(PHASES.map((phase) => [phase, of(phase)])) as TypeActions['actions'],
      };
    })
    .sort((a, b) => (a.type < b.type ? -1 : 1));
  const tokens = [...new Set(reader.graph.invokes.map(({ token }) => token))]
    .filter((token) => token.startsWith('aws:'))
    .sort();
  const invokes = tokens.map((token) => ({ token, actions: INVOKES[token] ?? null }));
  const all = [
    ...types.flatMap(({ actions }) => Object.values(actions).flat()),
    ...invokes.flatMap(({ actions }) => actions ?? []),
  ];
  return {
    sources: [
      {
        name: `handlers of CloudFormation's resource schemas, as ${sources.cloudformation.package} ${sources.cloudformation.version} carries them, for ${pulumi}`,
        date: sources.cloudformation.date,
      },
      {
        name: `AWS's service authorization reference, as ${sources.reference.package} ${sources.reference.version} carries it; with what the source of ${sources.provider} adds`,
        date: sources.reference.date,
      },
    ],
    types,
    actions: [...new Set(all)].sort(),
    invokes,
    notKnown: [
      ...types.filter(({ source }) => source === null).map(({ type }) => type),
      ...invokes.filter(({ actions }) => actions === null).map(({ token }) => token),
    ],
  };
}
