import { createHash } from 'node:crypto';
import { arn, dnsSuffixOf, physicalName, text } from '../names';
import type { Double, DoubleContext } from '../types';

/** Types of aws that awsx makes: networks, load balancers, repositories, services. */

/** Seventeen digits after the kind, as in vpc-0123456789abcdef0; they begin with the token. */
export function madeId(prefix: string, token: string, salt = ''): string {
  return `${prefix}-${token}${digits(`${prefix} ${token} ${salt}`).slice(0, 10)}`;
}

function digits(of: string): string {
  return createHash('sha256').update(of).digest('hex');
}

const ec2 =
  (prefix: string, kind: string, more: (context: DoubleContext) => object = () => ({})): Double =>
  (context) => {
    const id = madeId(prefix, context.token);
    return {
      id,
      outputs: {
        ...{ arn: arn(context, 'ec2', `${kind}/${id}`), region: context.region },
        ...more(context),
      },
    };
  };

/** From the ranges of the documentation of AWS and others, 198.51.100.0/24 and 203.0.113.0/24, by the token. */
function publicAddress(token: string): string {
  const number = parseInt(token, 16);
  return `${number % 2 === 0 ? '198.51.100' : '203.0.113'}.${(Math.floor(number / 2) % 254) + 1}`;
}

const vpc = ec2('vpc', 'vpc', ({ inputs, token }) => ({
  // From a pool, AWS takes the block; its second byte is by the token.
  cidrBlock:
    text(inputs['cidrBlock']) ??
    `10.${parseInt(token.slice(0, 2), 16)}.0.0/${typeof inputs['ipv4NetmaskLength'] === 'number' ? inputs['ipv4NetmaskLength'] : 16}`,
  enableDnsSupport: true,
  enableDnsHostnames: false,
  instanceTenancy: 'default',
  mainRouteTableId: madeId('rtb', token, 'main'),
  defaultRouteTableId: madeId('rtb', token, 'main'),
  defaultSecurityGroupId: madeId('sg', token, 'default'),
  defaultNetworkAclId: madeId('acl', token, 'default'),
  ipv6CidrBlock:
    inputs['assignGeneratedIpv6CidrBlock'] === true
      ? `2001:db8:${token.slice(0, 4)}:${token.slice(4, 6)}00::/56`
      : '',
}));

const subnet = ec2('subnet', 'subnet', ({ inputs }) => ({
  availabilityZone: text(inputs['availabilityZone']) ?? '',
  mapPublicIpOnLaunch: false,
  assignIpv6AddressOnCreation: false,
}));

const securityGroup = ec2('sg', 'security-group', (context) => ({
  name: physicalName(context, 'name'),
  description: 'Managed by Pulumi',
}));

const eip: Double = (context) => {
  const id = madeId('eipalloc', context.token);
  const publicIp = publicAddress(context.token);
  return {
    id,
    outputs: {
      ...{ allocationId: id, publicIp, domain: 'vpc', region: context.region },
      arn: arn(context, 'ec2', `elastic-ip/${id}`),
    },
  };
};

const natGateway: Double = (context) => ({
  id: madeId('nat', context.token),
  outputs: {
    publicIp: publicAddress(
      /^eipalloc-([0-9a-f]{7})/.exec(String(context.inputs['allocationId']))?.[1] ?? context.token,
    ),
    networkInterfaceId: madeId('eni', context.token),
    region: context.region,
  },
});

/** A thing that has an id and nothing else. */
const bare =
  (prefix: string): Double =>
  ({ token, region }) => ({ id: madeId(prefix, token), outputs: { region } });

const route: Double = ({ inputs, region, token }) => ({
  id: `r-${text(inputs['routeTableId']) ?? 'rtb'}${token}`,
  outputs: { origin: 'CreateRoute', state: 'active', region },
});

const securityGroupRule: Double = ({ token, region }) => ({
  id: `sgrule-${token}`,
  outputs: { securityGroupRuleId: madeId('sgr', token), region },
});

const launchTemplate = ec2('lt', 'launch-template', (context) => ({
  ...{ name: physicalName(context, 'name'), latestVersion: 1, defaultVersion: 1 },
}));

const keyPair: Double = (context) => {
  const keyName = physicalName(context, 'keyName');
  return {
    id: keyName,
    outputs: {
      ...{ keyName, keyPairId: madeId('key', context.token), region: context.region },
      arn: arn(context, 'ec2', `key-pair/${keyName}`),
    },
  };
};

const placementGroup: Double = (context) => {
  const name = physicalName(context, 'name');
  return {
    id: name,
    outputs: { name, arn: arn(context, 'ec2', `placement-group/${name}`), region: context.region },
  };
};

const autoScalingGroup: Double = (context) => {
  const name = physicalName(context, 'name');
  const itself = `autoScalingGroup:${context.token}:autoScalingGroupName/${name}`;
  return {
    id: name,
    outputs: { name, arn: arn(context, 'autoscaling', itself), region: context.region },
  };
};

/** ELB takes names of at most 32 characters, and Pulumi's own are as short. */
function shortName(context: DoubleContext): string {
  const name = physicalName(context, 'name');
  return name.length <= 32 ? name : `${context.name.slice(0, 24)}-${context.token}`;
}

const loadBalancer: Double = (context) => {
  const { inputs, token, region, partition } = context;
  const name = shortName(context);
  const kind = text(inputs['loadBalancerType']) ?? 'application';
  const suffix = `${{ network: 'net', gateway: 'gwy' }[kind] ?? 'app'}/${name}/${sixteen(token)}`;
  const itself = arn(context, 'elasticloadbalancing', `loadbalancer/${suffix}`);
  const end = dnsSuffixOf(partition);
  return {
    id: itself,
    outputs: {
      ...{ arn: itself, arnSuffix: suffix, name, loadBalancerType: kind, internal: false, region },
      dnsName: `${name}-${token}.${kind === 'network' ? `elb.${region}` : `${region}.elb`}.${end}`,
      zoneId: `Z${digits(`${kind} ${region}`).slice(0, 13).toUpperCase()}`,
      ipAddressType: 'ipv4',
    },
  };
};

const targetGroup: Double = (context) => {
  const name = shortName(context);
  const suffix = `targetgroup/${name}/${sixteen(context.token)}`;
  const itself = arn(context, 'elasticloadbalancing', suffix);
  return {
    id: itself,
    outputs: {
      ...{ arn: itself, arnSuffix: suffix, name, targetType: 'instance', region: context.region },
    },
  };
};

const listener: Double = (context) => {
  const of = text(context.inputs['loadBalancerArn']) ?? '';
  const suffix = of.split(':loadbalancer/')[1] ?? `app/${context.name}/${sixteen(context.token)}`;
  const itself = arn(context, 'elasticloadbalancing', `listener/${suffix}/${sixteen(context.token)}`);
  return { id: itself, outputs: { arn: itself, region: context.region } };
};

function sixteen(token: string): string {
  return `${token}${digits(token).slice(0, 9)}`;
}

const targetGroupAttachment: Double = ({ inputs, token, region }) => ({
  id: `${text(inputs['targetGroupArn']) ?? ''}-${token}`,
  outputs: { region },
});

const ecrRepository: Double = (context) => {
  const { account, region, partition } = context;
  const name = physicalName(context, 'name');
  return {
    id: name,
    outputs: {
      ...{ name, registryId: account, arn: arn(context, 'ecr', `repository/${name}`), region },
      repositoryUrl: `${account}.dkr.ecr.${region}.${dnsSuffixOf(partition)}/${name}`,
    },
  };
};

const ecrLifecyclePolicy: Double = ({ inputs, account, region, token }) => ({
  id: text(inputs['repository']) ?? token,
  idOfAnother: true,
  outputs: { registryId: account, region },
});

const taskDefinition: Double = (context) => {
  const family = text(context.inputs['family']) ?? `${context.name}-${context.token}`;
  const withoutRevision = arn(context, 'ecs', `task-definition/${family}`);
  return {
    id: family,
    outputs: {
      ...{ family, revision: 1, arn: `${withoutRevision}:1`, arnWithoutRevision: withoutRevision },
      region: context.region,
    },
  };
};

const ecsCluster: Double = (context) => {
  const name = physicalName(context, 'name');
  const itself = arn(context, 'ecs', `cluster/${name}`);
  return { id: itself, outputs: { name, arn: itself, region: context.region } };
};

const ecsService: Double = (context) => {
  const name = physicalName(context, 'name');
  const cluster = text(context.inputs['cluster'])?.split('/').pop() ?? 'default';
  const itself = arn(context, 'ecs', `service/${cluster}/${name}`);
  return { id: itself, outputs: { name, arn: itself, region: context.region } };
};

const permission: Double = (context) => {
  const statementId = physicalName(context, 'statementId');
  return { id: statementId, outputs: { statementId, region: context.region } };
};

/** By BuildKit, outside of AWS: the digest is made up. */
const builtImage: Double = ({ inputs, token }) => {
  const digest = `sha256:${token}${digits(token).slice(7)}`;
  const tags = Array.isArray(inputs['tags']) ? inputs['tags'] : [];
  const reference = typeof tags[0] === 'string' ? `${tags[0]}@${digest}` : digest;
  return { id: digest, outputs: { digest, ref: reference } };
};

const pushedImage: Double = ({ token }) => {
  const digest = `sha256:${token}${digits(`pushed ${token}`).slice(7)}`;
  return { id: digest, outputs: { sha256Digest: digest } };
};

const dockerTag: Double = ({ inputs, token }) => ({
  id: `${text(inputs['sourceImage']) ?? ''}.${text(inputs['targetImage']) ?? token}`,
  outputs: { sourceImageId: text(inputs['sourceImage']) ?? '' },
});

const ALL: { readonly [type: string]: Double } = {
  'aws:ec2/vpc:Vpc': vpc,
  'aws:ec2/subnet:Subnet': subnet,
  'aws:ec2/internetGateway:InternetGateway': ec2('igw', 'internet-gateway'),
  'aws:ec2/routeTable:RouteTable': ec2('rtb', 'route-table'),
  'aws:ec2/routeTableAssociation:RouteTableAssociation': bare('rtbassoc'),
  'aws:ec2/route:Route': route,
  'aws:ec2/eip:Eip': eip,
  'aws:ec2/natGateway:NatGateway': natGateway,
  'aws:ec2/vpcEndpoint:VpcEndpoint': ec2('vpce', 'vpc-endpoint', () => ({ state: 'available' })),
  'aws:ec2/securityGroup:SecurityGroup': securityGroup,
  'aws:ec2/securityGroupRule:SecurityGroupRule': securityGroupRule,
  'aws:ec2/launchTemplate:LaunchTemplate': launchTemplate,
  'aws:ec2/keyPair:KeyPair': keyPair,
  'aws:ec2/placementGroup:PlacementGroup': placementGroup,
  'aws:autoscaling/group:Group': autoScalingGroup,
  'aws:lb/loadBalancer:LoadBalancer': loadBalancer,
  'aws:lb/targetGroup:TargetGroup': targetGroup,
  'aws:lb/listener:Listener': listener,
  'aws:lb/targetGroupAttachment:TargetGroupAttachment': targetGroupAttachment,
  'aws:ecr/repository:Repository': ecrRepository,
  'aws:ecr/lifecyclePolicy:LifecyclePolicy': ecrLifecyclePolicy,
  'aws:ecs/cluster:Cluster': ecsCluster,
  'aws:ecs/service:Service': ecsService,
  'aws:ecs/taskDefinition:TaskDefinition': taskDefinition,
  'aws:lambda/permission:Permission': permission,
  'docker-build:index:Image': builtImage,
  'docker:index/registryImage:RegistryImage': pushedImage,
  'docker:index/tag:Tag': dockerTag,
};

/** What the program gave is never said otherwise: several outputs are defaults of inputs. */
export function overGiven(doubles: { readonly [type: string]: Double }): { readonly [type: string]: Double } {
  return Object.fromEntries(
    Object.entries(doubles).map(([type, double]) => [
      type,
      (context) => {
        const made = double(context);
        const own = Object.entries(made.outputs).filter(([output]) => context.inputs[output] === undefined);
        return { ...made, outputs: Object.fromEntries(own) };
      },
    ]),
  );
}

export const AWSX_RESOURCES = overGiven(ALL);
