// Follows nodejs/eks/nodes/nodegroup.ts of pulumi-eks 4.3.0.
import { EKS } from './follows';
import { imageTypeOf, nodeSecurityGroup, recommendedImage, workerSubnets } from './parts';
import { text } from '../names';
import { Traced, at, derived, items, traced } from '../construct/traced';
import type { Arguments } from './parts';
import type { Child, Construction } from '../construct/construction';
import type { ComponentDouble, Outputs } from '../construct/types';

export const MANAGED_NODE_GROUP: ComponentDouble = {
  type: 'eks:index:ManagedNodeGroup',
  follows: EKS,
  source: 'nodejs/eks/nodes/nodegroup.ts',
  leavesOut: [
    'user data made from kubeletExtraArgs, bootstrapExtraArgs, bottlerocketSettings, nodeadmExtraOptions and amiId',
    'network interfaces and the choice of subnets for EFA',
    'the check that the role is one of the cluster',
    'the dependency on the aws-auth ConfigMap',
  ],
  make: makeManaged,
};

export const NODE_GROUP_V2: ComponentDouble = {
  type: 'eks:index:NodeGroupV2',
  follows: EKS,
  source: 'nodejs/eks/nodes/nodegroup.ts',
  leavesOut: [
    'user data, but for nodeUserDataOverride',
    'the look-up of the name of the root device: it is /dev/xvda',
    'the dependencies on the aws-auth ConfigMap and the VPC CNI add-on',
  ],
  make: async (component) => {
    const made = await makeNodeGroup(
      component,
      component.name,
      argumentsOf(component),
      await coreOf(component),
    );
    return made.outputs;
  },
};

/** What upstream's own functions need of a cluster. */
export interface Core {
  /** The outputs of the aws.eks.Cluster. */
  readonly cluster: Traced;
  readonly vpcId: Traced;
  readonly subnetIds: Traced;
  readonly publicSubnetIds: Traced | undefined;
  readonly privateSubnetIds: Traced | undefined;
  readonly clusterGroupId: Traced;
  readonly instanceProfileName: Traced | undefined;
  readonly tags: Traced | undefined;
  readonly nodeSecurityGroupTags: Traced | undefined;
}

const DEFAULT_INSTANCE_TYPE = 't3.medium';

export function argumentsOf(component: Construction): Arguments {
  return component.some(component.argumentNames);
}

/** From an eks.Cluster, or from its `core`. */
export async function coreOf(component: Construction): Promise<Core> {
  const given = component.given('cluster');
  if (!given) throw new Error(`${component.name}: give cluster, an eks.Cluster or the core of one`);
  const found = await component.resolved(given);
  const core = at(found, 'core').isGiven ? at(found, 'core') : found;
  const field = (...path: string[]) => (at(core, ...path).isGiven ? at(core, ...path) : undefined);
  const cluster = await component.resolved(at(core, 'cluster'));
  const group = field('clusterSecurityGroup');
  const profile = field('nodeGroupOptions', 'instanceProfile');
  return {
    cluster,
    vpcId: at(core, 'vpcId'),
    subnetIds: at(core, 'subnetIds'),
    publicSubnetIds: field('publicSubnetIds'),
    privateSubnetIds: field('privateSubnetIds'),
    clusterGroupId: group
      ? at(await component.resolved(group), 'id')
      : at(cluster, 'vpcConfig', 'clusterSecurityGroupId'),
    instanceProfileName: profile
      ? at(await component.resolved(profile), 'name')
      : field('nodeGroupOptions', 'instanceProfileName'),
    tags: field('tags'),
    nodeSecurityGroupTags: field('nodeSecurityGroupTags'),
  };
}

export interface MadeNodeGroup {
  readonly group: Child;
  readonly outputs: Outputs;
}

/** Nodes of one's own: a launch template and an Auto Scaling group. */
export async function makeNodeGroup(
  component: Construction,
  name: string,
  args: Arguments,
  core: Core,
): Promise<MadeNodeGroup> {
  const exclusive = [
    ['nodeSecurityGroup', 'nodeSecurityGroupId'],
    ['clusterIngressRule', 'clusterIngressRuleId'],
    ['nodePublicKey', 'keyName'],
    ['amiId', 'gpu'],
  ] as const;
  for (const [one, other] of exclusive) {
    if (args[one] && args[other]) throw new Error(`${name}: ${one} and ${other} are given; give one of them`);
  }
  const profile = args['instanceProfile'];
  const instanceProfileName = profile
    ? at(await component.resolved(profile), 'name')
    : (args['instanceProfileName'] ?? core.instanceProfileName);
  if (!instanceProfileName) throw new Error(`${name}: give instanceProfile or instanceProfileName`);
  const security = await securityOf(component, name, args, core);
  const key = args['nodePublicKey']
    ? await component.child('aws:ec2/keyPair:KeyPair', `${name}-keyPair`, {
        publicKey: args['nodePublicKey'],
      })
    : undefined;
  const extra = await Promise.all(
    (items(args['extraNodeSecurityGroups']) ?? []).map(async (each) =>
      at(await component.resolved(each), 'id'),
    ),
  );
  const version = args['version'] ?? at(core.cluster, 'version');
  const template = await component.child('aws:ec2/launchTemplate:LaunchTemplate', `${name}-launchTemplate`, {
    imageId: args['amiId'] ?? (await recommendedImage(component, args, version)),
    instanceType: args['instanceType'] ?? DEFAULT_INSTANCE_TYPE,
    iamInstanceProfile: { name: instanceProfileName },
    keyName: key?.output('keyName') ?? args['keyName'],
    instanceMarketOptions: args['spotPrice'] && {
      ...{ marketType: 'spot', spotOptions: { maxPrice: args['spotPrice'] } },
    },
    blockDeviceMappings: rootVolumeOf(args),
    networkInterfaces: [
      {
        associatePublicIpAddress: derived(args['nodeAssociatePublicIpAddress'] ?? new Traced(true), String),
        securityGroups: [security.groupId, ...extra],
      },
    ],
    metadataOptions: args['metadataOptions'],
    userData: args['nodeUserDataOverride'] && derived(args['nodeUserDataOverride'], base64),
    tagSpecifications: args['launchTemplateTagSpecifications'],
    monitoring: args['enableDetailedMonitoring'] && { enabled: args['enableDetailedMonitoring'] },
  });
  const clusterName = at(core.cluster, 'name');
  const group = await component.child(
    'aws:autoscaling/group:Group',
    name,
    {
      minSize: args['minSize'] ?? 1,
      maxSize: args['maxSize'] ?? 2,
      desiredCapacity: args['desiredCapacity'] ?? 2,
      launchTemplate: {
        name: template.output('name'),
        version: derived(template.output('latestVersion'), String),
      },
      vpcZoneIdentifiers:
        args['nodeSubnetIds'] ??
        core.privateSubnetIds ??
        core.publicSubnetIds ??
        (await workerSubnets(component, core.subnetIds)),
      instanceRefresh: {
        strategy: 'Rolling',
        preferences: { minHealthyPercentage: args['minRefreshPercentage'] ?? 50 },
      },
      tags: derived([clusterName, args['autoScalingGroupTags']], groupTags),
      defaultInstanceWarmup: args['defaultInstanceWarmup'],
    },
    args['ignoreScalingChanges']?.wire === true ? { ignoreChanges: ['desiredCapacity'] } : {},
  );
  return {
    group,
    outputs: {
      ...{ autoScalingGroup: group.reference, nodeSecurityGroupId: security.groupId },
      nodeSecurityGroup: security.reference,
      extraNodeSecurityGroups: args['extraNodeSecurityGroups'] ?? [],
    },
  };
}

async function securityOf(
  component: Construction,
  name: string,
  args: Arguments,
  core: Core,
): Promise<{ readonly groupId: Traced; readonly reference: Traced | undefined }> {
  const own = args['nodeSecurityGroup'];
  if (own ?? args['nodeSecurityGroupId']) {
    if (!args['clusterIngressRule'] && !args['clusterIngressRuleId']) {
      throw new Error(
        `${name}: with a security group of your own, give clusterIngressRule or clusterIngressRuleId`,
      );
    }
    const groupId = own ? at(await component.resolved(own), 'id') : (args['nodeSecurityGroupId'] as Traced);
    return { groupId, reference: own };
  }
  const { group } = await nodeSecurityGroup(component, name, {
    ...{ vpcId: core.vpcId, clusterGroupId: core.clusterGroupId },
    clusterName: at(core.cluster, 'name'),
    tags: [core.nodeSecurityGroupTags, core.tags],
  });
  return { groupId: group.id, reference: group.reference };
}

/** Amazon Linux 2 has one of its own size by default, the others what the image says. */
function rootVolumeOf(args: Arguments): unknown {
  const isOld =
    args['operatingSystem']?.wire === 'AL2' ||
    /^AL2_|^amazon-linux-2(?!023)/.test(text(args['amiType']?.wire) ?? '');
  const flag = (name: string, otherwise: boolean | undefined) => {
    const given = args[name] ?? (isOld && otherwise !== undefined ? new Traced(otherwise) : undefined);
    return given && derived(given, String);
  };
  const ebs = {
    encrypted: flag('nodeRootVolumeEncrypted', false),
    volumeSize: args['nodeRootVolumeSize'] ?? (isOld ? 20 : undefined),
    volumeType: args['nodeRootVolumeType'] ?? (isOld ? 'gp2' : undefined),
    iops: args['nodeRootVolumeIops'],
    throughput: args['nodeRootVolumeThroughput'],
    deleteOnTermination: flag('nodeRootVolumeDeleteOnTermination', true),
  };
  return Object.values(ebs).every((each) => each === undefined) ? [] : [{ deviceName: '/dev/xvda', ebs }];
}

function groupTags([cluster, tags = {}]: [string, { readonly [key: string]: string }?]): object[] {
  const all = [
    ...Object.entries(tags),
    [`kubernetes.io/cluster/${cluster}`, 'owned'] as const,
    ['Name', `${cluster}-worker`] as const,
  ];
  return all.map(([key, value]) => ({ key, value, propagateAtLaunch: true }));
}

function base64(data: string): string {
  return Buffer.from(data).toString('base64');
}

/** What asks for a launch template of the group's own. */
const OF_TEMPLATE = [
  ...['kubeletExtraArgs', 'bootstrapExtraArgs', 'bottlerocketSettings', 'nodeadmExtraOptions'],
  ...['enableIMDSv2', 'userData', 'amiId', 'enableEfaSupport'],
];
const OF_USER_DATA = [...OF_TEMPLATE.slice(0, 4), 'userData', 'amiId'];

/** The arguments that go to aws.eks.NodeGroup as they are. */
const OF_NODE_GROUP = [
  ...['capacityType', 'diskSize', 'forceUpdateVersion', 'instanceTypes', 'labels', 'nodeGroupName'],
  ...['nodeGroupNamePrefix', 'releaseVersion', 'remoteAccess', 'tags', 'taints'],
];

async function makeManaged(component: Construction): Promise<Outputs> {
  const { name } = component;
  const core = await coreOf(component);
  const role = component.given('nodeRole');
  if (component.has('nodeRoleArn') === (role !== undefined)) {
    throw new Error(`${name}: give nodeRole or nodeRoleArn; ${role ? 'both are' : 'none is'} given`);
  }
  const asked = OF_TEMPLATE.filter((argument) => component.has(argument));
  if (component.has('launchTemplate') && asked.length > 0) {
    throw new Error(`${name}: launchTemplate is given, so say ${asked.join(', ')} there`);
  }
  for (const other of ['gpu', 'amiType'].filter((each) => component.has('amiId') && component.has(each))) {
    throw new Error(`${name}: amiId and ${other} are given; give one of them`);
  }
  const placement =
    component.plain<boolean>('enableEfaSupport') === true
      ? await component.child('aws:ec2/placementGroup:PlacementGroup', name, {
          strategy: 'cluster',
          tags: component.given('tags'),
        })
      : undefined;
  const template = asked.length > 0 ? await templateOf(component, core, placement) : undefined;
  const ownImage = OF_USER_DATA.some((argument) => component.has(argument));
  const version =
    component.given('version') ?? (component.has('launchTemplate') ? undefined : at(core.cluster, 'version'));
  const system = component.plain<string>('operatingSystem');
  const { diskSize, releaseVersion, ...inputs } = component.some(OF_NODE_GROUP);
  const nodeGroup = await component.child(
    'aws:eks/nodeGroup:NodeGroup',
    name,
    {
      ...inputs,
      ...(!template && diskSize && { diskSize }),
      ...(!ownImage && {
        ...{ version, releaseVersion },
        amiType:
          component.given('amiType') ??
          (system &&
            imageTypeOf(
              system,
              component.plain<boolean>('gpu') === true,
              component.plain<string[]>('instanceTypes') ?? [],
            )),
      }),
      clusterName: component.given('clusterName') ?? at(core.cluster, 'name'),
      nodeRoleArn: role ? at(await component.resolved(role), 'arn') : component.given('nodeRoleArn'),
      scalingConfig: derived(component.given('scalingConfig') ?? new Traced({}), (config: object) => ({
        ...{ desiredSize: 2, minSize: 1, maxSize: 2 },
        ...config,
      })),
      subnetIds: component.given('subnetIds') ?? core.subnetIds,
      launchTemplate: template
        ? { id: template.id, version: derived(template.output('latestVersion'), String) }
        : component.given('launchTemplate'),
    },
    component.plain<boolean>('ignoreScalingChanges') === true
      ? { ignoreChanges: ['scalingConfig.desiredSize'] }
      : {},
  );
  return { nodeGroup: nodeGroup.reference, placementGroupName: placement?.output('name') ?? traced('') };
}

async function templateOf(component: Construction, core: Core, placement: Child | undefined): Promise<Child> {
  const diskSize = component.given('diskSize');
  const imds = component.given('enableIMDSv2');
  const bottlerocket = component.plain<string>('operatingSystem') === 'Bottlerocket';
  const userData = component.given('userData');
  return component.child('aws:ec2/launchTemplate:LaunchTemplate', `${component.name}-launchTemplate`, {
    blockDeviceMappings: diskSize && [
      { deviceName: bottlerocket ? '/dev/xvdb' : '/dev/xvda', ebs: { volumeSize: diskSize } },
    ],
    userData: userData && derived(userData, base64),
    metadataOptions: imds && {
      ...{ httpPutResponseHopLimit: 2, httpEndpoint: 'enabled' },
      httpTokens: derived(imds, (required: boolean) => (required ? 'required' : 'optional')),
    },
    imageId: OF_USER_DATA.some((argument) => component.has(argument))
      ? (component.given('amiId') ??
        (await recommendedImage(component, argumentsOf(component), at(core.cluster, 'version'))))
      : undefined,
    placement: placement && { groupName: placement.output('name') },
  });
}
