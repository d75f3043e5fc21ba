import { madeId } from './resources';
import { dnsSuffixOf, text, tokenOf } from '../names';
import { isFields, secret } from '../../graph/values';
import type { Fields } from '../../graph/values';
import type { InvokeContext, InvokeDouble } from '../types';

/** Functions that awsx and eks call: of the stack's own resources, or of a default VPC that is made up by region. */

const ZONES_OF_DEFAULT = ['a', 'b', 'c'];

function defaultVpcId({ region }: InvokeContext): string {
  return madeId('vpc', tokenOf(`default vpc of ${region}`));
}

function defaultSubnetIds({ region }: InvokeContext): string[] {
  return ZONES_OF_DEFAULT.map((zone) => madeId('subnet', tokenOf(`default subnet of ${region}${zone}`)));
}

const vpc: InvokeDouble = (args, context) => {
  const id = typeof args['id'] === 'string' ? args['id'] : defaultVpcId(context);
  const own = find(context, 'aws:ec2/vpc:Vpc', 'id', id);
  return {
    ...{ ...args, id, region: context.region, cidrBlock: own?.['cidrBlock'] ?? '172.31.0.0/16' },
    ...{ default: own === undefined, state: 'available', instanceTenancy: 'default' },
  };
};

const subnets: InvokeDouble = (args, context) => {
  const wanted = filterOf(args, 'vpc-id');
  const own = wanted
    ? (context.resources?.('aws:ec2/subnet:Subnet') ?? []).filter((each) =>
        wanted.includes(String(each['vpcId'])),
      )
    : [];
  const known = !wanted || wanted.includes(defaultVpcId(context)) || own.length === 0;
  return {
    ...{ ...args, id: context.region, region: context.region },
    ids: known && own.length === 0 ? defaultSubnetIds(context) : own.map((each) => each['id']),
  };
};

/** One that the stack has not made is a public one of the default VPC. */
const subnet: InvokeDouble = (args, context) => {
  const id = typeof args['id'] === 'string' ? args['id'] : (defaultSubnetIds(context)[0] ?? '');
  const own = find(context, 'aws:ec2/subnet:Subnet', 'id', id);
  const zone = ZONES_OF_DEFAULT[Math.max(0, defaultSubnetIds(context).indexOf(id))] ?? 'a';
  return {
    ...{ ...args, id, region: context.region },
    vpcId: own?.['vpcId'] ?? defaultVpcId(context),
    mapPublicIpOnLaunch: own?.['mapPublicIpOnLaunch'] ?? true,
    availabilityZone: own?.['availabilityZone'] ?? `${context.region}${zone}`,
    cidrBlock: own?.['cidrBlock'] ?? `172.31.${ZONES_OF_DEFAULT.indexOf(zone) * 16}.0/20`,
  };
};

const routeTable: InvokeDouble = (args, context) => {
  const subnetId = text(args['subnetId']) ?? '';
  const association = find(
    context,
    'aws:ec2/routeTableAssociation:RouteTableAssociation',
    'subnetId',
    subnetId,
  );
  const id = association ? String(association['routeTableId']) : madeId('rtb', tokenOf(subnetId));
  const own = (context.resources?.('aws:ec2/route:Route') ?? []).filter(
    (each) => each['routeTableId'] === id,
  );
  const routes = own.map((each) => ({
    cidrBlock: each['destinationCidrBlock'] ?? '',
    ...{ gatewayId: each['gatewayId'] ?? '', natGatewayId: each['natGatewayId'] ?? '' },
  }));
  const internet = {
    cidrBlock: '0.0.0.0/0',
    gatewayId: madeId('igw', tokenOf(context.region)),
    natGatewayId: '',
  };
  return { ...args, id, routeTableId: id, region: context.region, routes: association ? routes : [internet] };
};

const targetGroup: InvokeDouble = (args, context) => {
  const own = find(context, 'aws:lb/targetGroup:TargetGroup', 'arn', text(args['arn']) ?? '');
  return {
    ...args,
    id: args['arn'] ?? '',
    targetType: own?.['targetType'] ?? 'instance',
    region: context.region,
  };
};

const instance: InvokeDouble = (args, context) => {
  const id = text(args['instanceId']) ?? '';
  const own = find(context, 'aws:ec2/instance:Instance', 'id', id);
  return {
    ...{ ...args, id, region: context.region },
    privateIp: own?.['privateIp'] ?? '172.31.0.10',
    availabilityZone: own?.['availabilityZone'] ?? `${context.region}a`,
  };
};

/** What Docker logs in with. Nothing is at that address with that word. */
const registryLogin: InvokeDouble = (args, { account, region, partition }) => ({
  ...{ ...args, id: region, region, userName: 'AWS' },
  ...{ password: secret('stand-in'), authorizationToken: secret('stand-in') },
  proxyEndpoint: `https://${text(args['registryId']) ?? account}.dkr.ecr.${region}.${dnsSuffixOf(partition)}`,
  expiresAt: '2100-01-01T00:00:00Z',
});

const remoteImage: InvokeDouble = (args) => {
  const name = text(args['name']) ?? '';
  const digest = `sha256:${tokenOf(name)}${'0'.repeat(57)}`;
  return { ...args, id: digest, name, repoDigest: `${name.replace(/:[^/]*$/, '')}@${digest}` };
};

const addonVersion: InvokeDouble = (args, { region }) => ({
  ...{ ...args, id: args['addonName'] ?? '', region },
  version: `v${text(args['kubernetesVersion']) ?? ''}.0-eksbuild.1`,
});

/** Only of an image that is asked for by its id. */
const image: InvokeDouble = (args, { region }) => {
  const [id] = filterOf(args, 'image-id') ?? [];
  const device = { deviceName: '/dev/xvda', virtualName: '', noDevice: '', ebs: {} };
  return { ...args, id, imageId: id, region, rootDeviceName: '/dev/xvda', blockDeviceMappings: [device] };
};

export const AWSX_INVOKES: { readonly [token: string]: InvokeDouble } = {
  'aws:ec2/getVpc:getVpc': vpc,
  'aws:ec2/getSubnets:getSubnets': subnets,
  'aws:ec2/getSubnet:getSubnet': subnet,
  'aws:ec2/getRouteTable:getRouteTable': routeTable,
  'aws:ec2/getInstance:getInstance': instance,
  'aws:lb/getTargetGroup:getTargetGroup': targetGroup,
  'aws:ecr/getAuthorizationToken:getAuthorizationToken': registryLogin,
  'aws:eks/getAddonVersion:getAddonVersion': addonVersion,
  'docker:index/getRemoteImage:getRemoteImage': remoteImage,
};

/** The double of a machine image, where it is asked for by its id. */
export function imageById(token: string, args: Fields, context: InvokeContext): Fields | undefined {
  const asked = token === 'aws:ec2/getAmi:getAmi' && filterOf(args, 'image-id')?.length === 1;
  return asked ? image(args, context) : undefined;
}

function find(context: InvokeContext, type: string, output: string, value: string): Fields | undefined {
  return context.resources?.(type).find((each) => each[output] === value);
}

function filterOf(args: Fields, name: string): string[] | undefined {
  const filters = Array.isArray(args['filters']) ? args['filters'].filter(isFields) : [];
  const values = filters.find((each) => each['name'] === name)?.['values'];
  return Array.isArray(values) ? values.map(String) : undefined;
}
