// Follows nodejs/eks/servicerole.ts, nodes/securitygroup.ts, nodes/ami.ts and addons/addon.ts of pulumi-eks 4.3.0.
import { createHash } from 'node:crypto';
import { WIRE } from '../../graph/values';
import { Traced, at, derived, items, merged } from '../construct/traced';
import type { Child, Construction } from '../construct/construction';

/** Arguments by name, from the component or from what stands for it. */
export type Arguments = { readonly [name: string]: Traced | undefined };

export async function partitionOf(component: Construction): Promise<Traced> {
  return at(await component.invoke('aws:index/getPartition:getPartition', {}), 'partition');
}

export interface Role {
  readonly role: Child;
  readonly attachments: readonly Child[];
}

/** A role for a service, with policies of AWS: a component of its own. */
export async function serviceRole(
  component: Construction,
  name: string,
  args: {
    readonly service: string;
    readonly policies: readonly string[];
    readonly description?: string;
    readonly actions?: readonly string[];
    readonly tags: Traced | undefined;
  },
): Promise<Role> {
  const partition = await partitionOf(component);
  const { service, description, tags, actions = ['sts:AssumeRole'] } = args;
  const inner = await component.component('eks:index:ServiceRole', name, { service, description, tags });
  const role = await inner.child('aws:iam/role:Role', `${name}-role`, {
    description,
    assumeRolePolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Action: actions, Effect: 'Allow', Principal: { Service: [service] } }],
    }),
    tags,
  });
  const attachments: Child[] = [];
  for (const policy of args.policies) {
    const sum = createHash('sha1').update(`arn:aws:iam::aws:policy/${policy}`).digest('hex').slice(0, 8);
    attachments.push(
      await inner.child('aws:iam/rolePolicyAttachment:RolePolicyAttachment', `${name}-${sum}`, {
        policyArn: derived(partition, (text: string) => `arn:${text}:iam::aws:policy/${policy}`),
        role: role.id,
      }),
    );
  }
  await inner.registerOutputs({ directRole: role.reference, resolvedRole: role.reference });
  return { role, attachments };
}

export interface NodeSecurity {
  readonly group: Child;
  readonly clusterRule: Child;
}

/** The group of the nodes, and who may talk to whom. */
export async function nodeSecurityGroup(
  component: Construction,
  name: string,
  args: {
    readonly vpcId: unknown;
    readonly clusterName: Traced;
    readonly clusterGroupId: Traced;
    readonly tags: readonly (Traced | undefined)[];
  },
): Promise<NodeSecurity> {
  const { clusterGroupId } = args;
  const group = await component.child('aws:ec2/securityGroup:SecurityGroup', `${name}-nodeSecurityGroup`, {
    vpcId: args.vpcId,
    revokeRulesOnDelete: true,
    tags: merged(
      derived(args.clusterName, (cluster: string) => ({
        Name: `${name}-nodeSecurityGroup`,
        [`kubernetes.io/cluster/${cluster}`]: 'owned',
      })),
      ...args.tags,
    ),
  });
  const rule = async (suffix: string, inputs: { readonly [name: string]: unknown }) =>
    component.child('aws:ec2/securityGroupRule:SecurityGroupRule', `${name}-${suffix}`, inputs);
  const nodes = { securityGroupId: group.id };
  const fromCluster = { ...nodes, type: 'ingress', protocol: 'tcp', sourceSecurityGroupId: clusterGroupId };
  const all = { fromPort: 0, toPort: 0, protocol: '-1' };
  await rule('eksNodeIngressRule', {
    ...{ ...nodes, ...all, type: 'ingress', self: true },
    description: 'Allow nodes to communicate with each other',
  });
  await rule('eksNodeClusterIngressRule', {
    ...{ ...fromCluster, fromPort: 1025, toPort: 65535 },
    description: 'Allow worker Kubelets and pods to receive communication from the cluster control plane',
  });
  await rule('eksExtApiServerClusterIngressRule', {
    ...{ ...fromCluster, fromPort: 443, toPort: 443 },
    description:
      'Allow pods running extension API servers on port 443 to receive communication from cluster control plane',
  });
  await rule('eksNodeInternetEgressRule', {
    ...{ ...nodes, ...all, type: 'egress', cidrBlocks: ['0.0.0.0/0'] },
    description: 'Allow internet access.',
  });
  const clusterRule = await rule('eksClusterIngressRule', {
    ...{ type: 'ingress', fromPort: 443, toPort: 443, protocol: 'tcp' },
    ...{ securityGroupId: clusterGroupId, sourceSecurityGroupId: group.id },
    description: 'Allow pods to communicate with the cluster API Server',
  });
  return { group, clusterRule };
}

/** The private ones of some subnets, or all where none is private. */
export async function workerSubnets(component: Construction, subnetIds: Traced): Promise<Traced> {
  const ids = items(subnetIds);
  if (!ids) return new Traced(WIRE.unknown, subnetIds.urns);
  const tables = await Promise.all(
    ids.map(async (id) =>
      at(await component.invoke('aws:ec2/getRouteTable:getRouteTable', { subnetId: id }), 'routes'),
    ),
  );
  return derived([ids, tables], ([each, routes]: [string[], Route[][]]) => {
    const isPublic = (n: number) =>
      (routes[n] ?? []).some(({ gatewayId, cidrBlock = '' }) => gatewayId && !isPrivate(cidrBlock));
    const hidden = each.filter((_, n) => !isPublic(n));
    return hidden.length > 0 ? hidden : each;
  });
}

interface Route {
  readonly cidrBlock?: string;
  readonly gatewayId?: string;
}

function isPrivate(cidrBlock: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(cidrBlock);
}

/** The image that AWS recommends for a node. */
export async function recommendedImage(
  component: Construction,
  args: Arguments,
  version: Traced,
): Promise<Traced> {
  const type = args['amiType'];
  const types = args['instanceType'] ? [args['instanceType']] : (items(args['instanceTypes']) ?? []);
  const name = derived(
    [type?.wire, args['operatingSystem'], args['gpu'], types, version],
    ([asked, system, gpu, instances, kubernetes]: [string?, string?, boolean?, string[]?, string?]) =>
      imageParameterOf(asked ?? imageTypeOf(system, gpu === true, instances ?? []), kubernetes ?? ''),
  );
  return at(await component.invoke('aws:ssm/getParameter:getParameter', { name }), 'value');
}

/** As EKS names the kinds of images, such as AL2023_ARM_64_STANDARD. */
export function imageTypeOf(system = 'AL2023', gpu: boolean, instanceTypes: readonly string[]): string {
  const arm = instanceTypes.filter((type) => /^[a-z]+\d+g/.test(type));
  if (arm.length > 0 && arm.length < instanceTypes.length) {
    throw new Error(`${instanceTypes.join(', ')} are of two architectures; give types of one`);
  }
  const isArm = arm.length > 0;
  const type = {
    AL2: gpu ? 'AL2_x86_64_GPU' : isArm ? 'AL2_ARM_64' : 'AL2_x86_64',
    AL2023: `AL2023_${isArm ? 'ARM_64' : 'x86_64'}_${gpu ? 'NVIDIA' : 'STANDARD'}`,
    Bottlerocket: `BOTTLEROCKET_${isArm ? 'ARM_64' : 'x86_64'}${gpu ? '_NVIDIA' : ''}`,
  }[system];
  if (type === undefined || (gpu && isArm && system !== 'Bottlerocket')) {
    throw new Error(
      `there is no image of ${system} for ${isArm ? 'arm64' : 'x86_64'}${gpu ? ' with GPU' : ''}`,
    );
  }
  return type;
}

function imageParameterOf(type: string, version: string): string {
  const isArm = type.includes('ARM_64') || /arm/.test(type);
  const gpu = /NVIDIA|GPU|gpu|nvidia/.test(type);
  const architecture = isArm ? 'arm64' : 'x86_64';
  if (type.startsWith('BOTTLEROCKET')) {
    return `/aws/service/bottlerocket/aws-k8s-${version}${gpu ? '-nvidia' : ''}/${architecture}/latest/image_id`;
  }
  const family = /2023/.test(type)
    ? `amazon-linux-2023/${architecture}/${gpu ? 'nvidia' : 'standard'}`
    : `amazon-linux-2${gpu ? '-gpu' : isArm ? '-arm64' : ''}`;
  return `/aws/service/eks/optimized-ami/${version}/${family}/recommended/image_id`;
}

/** JSON with keys in the order of the alphabet, so that it does not change by itself. */
export function sortedJson(values: Traced): Traced {
  return derived(values, (plain: unknown) =>
    JSON.stringify(plain, (_, item: unknown) =>
      typeof item === 'object' && item !== null && !Array.isArray(item)
        ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
        : item,
    ),
  );
}
