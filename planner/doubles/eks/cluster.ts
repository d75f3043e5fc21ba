// Follows nodejs/eks/cluster/cluster.ts and authenticationMode.ts of pulumi-eks 4.3.0.
import { createRequire } from 'node:module';
import { clusterAddon, vpcCniAddon } from './addons';
import { accessEntriesOf, accessModeOf } from './access';
import { EKS } from './follows';
import { fargateProfileOf, oidcProviderOf } from './extras';
import { kubeconfigOf } from './kubeconfig';
import { makeNodeGroup } from './node-groups';
import { nodeSecurityGroup, serviceRole } from './parts';
import { Traced, at, derived, fieldsOf, items, merged, traced } from '../construct/traced';
import { referenceTo } from '../construct/construction';
import type { Arguments } from './parts';
import type { Child, Construction } from '../construct/construction';
import type { ComponentDouble, Outputs } from '../construct/types';

// It has no types of its own.
const yaml = createRequire(__filename)('js-yaml') as { dump(value: unknown): string };

export const CLUSTER: ComponentDouble = {
  type: 'eks:index:Cluster',
  follows: EKS,
  source: 'nodejs/eks/cluster/cluster.ts',
  leavesOut: [
    'storage classes',
    'the patch of the aws-node DaemonSet (vpcCniOptions.securityContextPrivileged)',
    'the user data of the default node group, but for nodeUserDataOverride',
    'the look-up of the name of the root device: it is /dev/xvda',
    'the thumbprint of the OpenID Connect issuer',
    'the wait until the API server answers',
    'the profile of the configuration aws:profile and of AWS_PROFILE in the kubeconfig',
    'creationRoleProvider, and customInstanceRolePolicy',
    'the look-up of the instance profile that instanceProfileName names',
    'the dependencies of the default node group on the aws-auth ConfigMap and the VPC CNI add-on',
    'in `core`: the storage classes and the provider of aws',
  ],
  make,
};

const WORKER_POLICIES = [
  'AmazonEKSWorkerNodePolicy',
  'AmazonEKS_CNI_Policy',
  'AmazonEC2ContainerRegistryReadOnly',
];
const AUTO_POLICIES = [
  'AmazonEKSComputePolicy',
  'AmazonEKSBlockStoragePolicy',
  'AmazonEKSLoadBalancingPolicy',
  'AmazonEKSNetworkingPolicy',
];
/** Arguments of the default node group that the cluster takes under names of its own. */
const NODE_OPTIONS: { readonly [argument: string]: string } = {
  ...Object.fromEntries(
    [
      ...['nodeSubnetIds', 'nodeAssociatePublicIpAddress', 'instanceType', 'nodePublicKey', 'version', 'gpu'],
      ...[
        'nodeRootVolumeEncrypted',
        'nodeRootVolumeSize',
        'nodeUserData',
        'minSize',
        'maxSize',
        'desiredCapacity',
      ],
    ].map((name) => [name, name]),
  ),
  nodeAmiId: 'amiId',
};

async function make(component: Construction): Promise<Outputs> {
  const { name } = component;
  const auto = component.plain<{ enabled?: boolean; createNodeRole?: boolean }>('autoMode')?.enabled === true;
  const mode = accessModeOf(component, auto);
  checkArguments(component);
  const place = await placeOf(component);
  const role = await roleOf(component, auto);
  const groupId = await clusterGroupOf(component, auto, place.vpcId);
  const nodeRole = await autoNodeRole(component, auto);
  const cluster = await clusterItself(component, {
    ...{ auto, place, roleArn: role.arn, groupId: groupId?.id },
    ...{ nodeRole, dependsOn: [...role.made, ...(nodeRole ? [nodeRole] : [])] },
  });
  const kubeProxy = component.given('kubeProxyAddonOptions');
  if (enabled(kubeProxy) ?? !auto) {
    await clusterAddon(component, `${name}-kube-proxy`, {
      ...{ addonName: 'kube-proxy', cluster, options: kubeProxy },
      configuration: option(kubeProxy, 'configurationValues'),
    });
  }
  const provider = await component.child('pulumi:providers:kubernetes', `${name}-eks-k8s`, {
    kubeconfig: derived(kubeconfigOf(component, cluster, true), (config: object) => JSON.stringify(config)),
    enableConfigMapMutable:
      component.given('enableConfigMapMutable') && derived(component.given('enableConfigMapMutable'), String),
  });
  const workers = await workerRoles(component, auto);
  const configMap = mode.map ? await awsAuth(component, workers.arns, provider) : undefined;
  const entries = mode.entries ? await accessEntriesOf(component, cluster, workers.standard) : [];
  const useCni = component.plain<boolean>('useDefaultVpcCni');
  const cni = (useCni === undefined ? !auto : !useCni) ? await vpcCniAddon(component, cluster) : undefined;
  const fargate = await fargateProfileOf(component, cluster, place.subnetIds, configMap);
  await corednsOf(component, auto, cluster, fargate);
  const oidc = await oidcProviderOf(component, cluster);

  const separate = !(component.plain<boolean>('skipDefaultSecurityGroups') ?? auto);
  if (separate && !groupId)
    throw new Error(`${name}: without a clusterSecurityGroup there is no default one either`);
  const nodes =
    separate && groupId
      ? await nodeSecurityGroup(component, name, {
          ...{ vpcId: place.vpcId, clusterName: cluster.output('name'), clusterGroupId: groupId.id },
          tags: [component.given('nodeSecurityGroupTags'), component.given('tags')],
        })
      : undefined;
  const nodeOptions: Arguments = {
    ...nodeOptionsOf(component),
    ...(workers.profile && { instanceProfile: workers.profile.reference }),
    ...(component.has('instanceProfileName') && {
      instanceProfileName: component.given('instanceProfileName'),
    }),
    ...(nodes && {
      nodeSecurityGroup: nodes.group.reference,
      clusterIngressRule: nodes.clusterRule.reference,
    }),
  };
  const ownGroup = at(cluster.output('vpcConfig'), 'clusterSecurityGroupId');
  const group = noDefaultGroup(component, auto)
    ? undefined
    : await makeNodeGroup(component, name, nodeOptions, {
        cluster: await component.resolved(cluster.reference),
        ...place,
        clusterGroupId: groupId?.id ?? ownGroup,
        instanceProfileName: undefined,
        tags: component.given('tags'),
        nodeSecurityGroupTags: component.given('nodeSecurityGroupTags'),
      });
  const kubeconfig = kubeconfigOf(component, cluster, false);
  const issuer = at(cluster.output('identities'), 0, 'oidcs', 0, 'issuer');
  const none = new Traced('');
  return {
    ...{ kubeconfig, kubeconfigJson: derived(kubeconfig, (config: object) => JSON.stringify(config)) },
    ...{ eksCluster: cluster.reference, instanceRoles: workers.references },
    clusterSecurityGroup: groupId?.reference,
    clusterSecurityGroupId: groupId?.id ?? ownGroup,
    nodeSecurityGroup: nodes?.group.reference,
    nodeSecurityGroupId: nodes?.group.id ?? ownGroup,
    eksClusterIngressRule: nodes?.clusterRule.reference,
    clusterIngressRuleId: nodes?.clusterRule.output('securityGroupRuleId') ?? none,
    defaultNodeGroup: group?.outputs,
    defaultNodeGroupAsgName: group?.group.output('name') ?? none,
    fargateProfileId: fargate?.id ?? none,
    fargateProfileStatus: fargate?.output('status') ?? none,
    oidcProviderArn: oidc?.output('arn') ?? none,
    oidcProviderUrl: issuer,
    oidcIssuer: derived(issuer, (url: string) => url.replace('https://', '')),
    autoModeNodeRoleName: nodeRole?.output('name') ?? none,
    core: {
      ...{ cluster: cluster.reference, endpoint: cluster.output('endpoint'), kubeconfig },
      ...{ vpcId: place.vpcId, subnetIds: place.subnetIds, provider: provider.reference },
      ...{ publicSubnetIds: place.publicSubnetIds, privateSubnetIds: place.privateSubnetIds },
      ...{ clusterSecurityGroup: groupId?.reference, instanceRoles: workers.references },
      ...{ tags: component.given('tags'), nodeSecurityGroupTags: component.given('nodeSecurityGroupTags') },
      ...{
        nodeGroupOptions: nodeOptions,
        clusterIamRole: role.reference,
        eksNodeAccess: configMap?.reference,
      },
      ...{
        vpcCni: cni && referenceTo(cni.urn),
        fargateProfile: fargate?.reference,
        oidcProvider: oidc?.reference,
      },
      accessEntries: entries,
    },
  };
}

function checkArguments(component: Construction): void {
  const { name } = component;
  if (component.has('instanceRole') && component.has('instanceRoles')) {
    throw new Error(`${name}: instanceRole and instanceRoles are given; give one of them`);
  }
  if (component.has('subnetIds') && (component.has('publicSubnetIds') || component.has('privateSubnetIds'))) {
    throw new Error(`${name}: give subnetIds, or publicSubnetIds and privateSubnetIds`);
  }
  const single = Object.keys(NODE_OPTIONS).filter((each) => each !== 'version' && component.has(each));
  if (component.has('nodeGroupOptions') && single.length > 0) {
    throw new Error(`${name}: nodeGroupOptions is given, so say ${single.join(', ')} there`);
  }
}

interface Place {
  readonly vpcId: Traced;
  readonly subnetIds: Traced;
  readonly publicSubnetIds: Traced | undefined;
  readonly privateSubnetIds: Traced | undefined;
}

async function placeOf(component: Construction): Promise<Place> {
  const [publicSubnetIds, privateSubnetIds] = [
    component.given('publicSubnetIds'),
    component.given('privateSubnetIds'),
  ];
  let vpcId = component.given('vpcId');
  let subnetIds = component.given('subnetIds');
  if (!subnetIds && (publicSubnetIds ?? privateSubnetIds)) {
    subnetIds = derived([publicSubnetIds ?? [], privateSubnetIds ?? []], (both: string[][]) => both.flat());
  }
  if (!vpcId) {
    vpcId = at(await component.invoke('aws:ec2/getVpc:getVpc', { default: true }), 'id');
    const filters = [{ name: 'vpc-id', values: [vpcId] }];
    subnetIds ??= at(await component.invoke('aws:ec2/getSubnets:getSubnets', { filters }), 'ids');
  }
  return { vpcId, subnetIds: subnetIds ?? new Traced([]), publicSubnetIds, privateSubnetIds };
}

async function roleOf(
  component: Construction,
  auto: boolean,
): Promise<{ readonly arn: Traced; readonly reference: Traced; readonly made: readonly Child[] }> {
  const own = component.given('serviceRole');
  if (own) return { arn: at(await component.resolved(own), 'arn'), reference: own, made: [] };
  const { role, attachments } = await serviceRole(component, `${component.name}-eksRole`, {
    service: 'eks.amazonaws.com',
    description: 'Allows EKS to manage clusters on your behalf.',
    policies: ['AmazonEKSClusterPolicy', ...(auto ? AUTO_POLICIES : [])],
    actions: ['sts:AssumeRole', 'sts:TagSession'],
    tags: component.given('tags'),
  });
  return { arn: role.output('arn'), reference: role.reference, made: [role, ...attachments] };
}

async function clusterGroupOf(
  component: Construction,
  auto: boolean,
  vpcId: Traced,
): Promise<{ readonly id: Traced; readonly reference: Traced } | undefined> {
  const own = component.given('clusterSecurityGroup');
  if (own) return { id: at(await component.resolved(own), 'id'), reference: own };
  if (component.plain<boolean>('skipDefaultSecurityGroups') ?? auto) return undefined;
  const name = `${component.name}-eksClusterSecurityGroup`;
  const group = await component.child('aws:ec2/securityGroup:SecurityGroup', name, {
    ...{ vpcId, revokeRulesOnDelete: true },
    tags: merged({ Name: name }, component.given('clusterSecurityGroupTags'), component.given('tags')),
  });
  await component.child(
    'aws:ec2/securityGroupRule:SecurityGroupRule',
    `${component.name}-eksClusterInternetEgressRule`,
    {
      ...{ description: 'Allow internet access.', type: 'egress', fromPort: 0, toPort: 0, protocol: '-1' },
      ...{ cidrBlocks: ['0.0.0.0/0'], securityGroupId: group.id },
    },
  );
  return group;
}

async function autoNodeRole(component: Construction, auto: boolean): Promise<Child | undefined> {
  const wanted = component.plain<{ createNodeRole?: boolean }>('autoMode')?.createNodeRole !== false;
  if (!auto || !wanted) return undefined;
  const { role } = await serviceRole(component, `${component.name}-nodeRole`, {
    service: 'ec2.amazonaws.com',
    policies: ['AmazonEKSWorkerNodeMinimalPolicy', 'AmazonEC2ContainerRegistryPullOnly'],
    tags: component.given('tags'),
  });
  return role;
}

async function clusterItself(
  component: Construction,
  args: {
    readonly auto: boolean;
    readonly place: Place;
    readonly roleArn: Traced;
    readonly groupId: Traced | undefined;
    readonly nodeRole: Child | undefined;
    readonly dependsOn: readonly Child[];
  },
): Promise<Child> {
  const { auto } = args;
  const name = `${component.name}-eksCluster`;
  const [range, family] = [component.given('kubernetesServiceIpAddressRange'), component.given('ipFamily')];
  const key = component.given('encryptionConfigKeyArn');
  const compute = option(component.given('autoMode'), 'computeConfig');
  return component.child(
    'aws:eks/cluster:Cluster',
    name,
    {
      ...component.some(['name', 'version', 'enabledClusterLogTypes', 'upgradePolicy', 'deletionProtection']),
      roleArn: args.roleArn,
      computeConfig: auto
        ? merged(
            {
              enabled: true,
              nodeRoleArn: args.nodeRole?.output('arn'),
              nodePools: ['general-purpose', 'system'],
            },
            compute,
          )
        : undefined,
      storageConfig: auto ? { blockStorage: { enabled: true } } : undefined,
      kubernetesNetworkConfig:
        range || family || auto
          ? {
              serviceIpv4Cidr: family && family.wire !== 'ipv4' ? undefined : range,
              ipFamily: family ?? 'ipv4',
              elasticLoadBalancing: auto ? { enabled: true } : undefined,
            }
          : undefined,
      bootstrapSelfManagedAddons: auto ? false : (component.given('bootstrapSelfManagedAddons') ?? true),
      vpcConfig: {
        securityGroupIds: args.groupId && [args.groupId],
        subnetIds: args.place.subnetIds,
        ...component.some(['endpointPrivateAccess', 'endpointPublicAccess', 'publicAccessCidrs']),
      },
      tags: merged({ Name: name }, component.given('clusterTags'), component.given('tags')),
      encryptionConfig: key && { provider: { keyArn: key }, resources: ['secrets'] },
      accessConfig: component.has('authenticationMode')
        ? {
            authenticationMode: component.given('authenticationMode'),
            bootstrapClusterCreatorAdminPermissions: true,
          }
        : undefined,
    },
    {
      dependsOn: args.dependsOn,
      ignoreChanges: ['accessConfig.bootstrapClusterCreatorAdminPermissions', 'bootstrapSelfManagedAddons'],
    },
  );
}

function noDefaultGroup(component: Construction, auto: boolean): boolean {
  return component.plain<boolean>('skipDefaultNodeGroup') === true || isFargate(component) || auto;
}

function isFargate(component: Construction): boolean {
  const given = component.given('fargate')?.wire;
  return given !== undefined && given !== false;
}

interface Workers {
  readonly references: readonly Traced[];
  readonly arns: readonly Traced[];
  /** That of the default node group. */
  readonly standard: Traced | undefined;
  readonly profile: Child | undefined;
}

async function workerRoles(component: Construction, auto: boolean): Promise<Workers> {
  const { name } = component;
  const own = component.given('instanceRole');
  const several = items(component.given('instanceRoles'));
  if (several) {
    const found = await Promise.all(several.map(async (each) => component.resolved(each)));
    const arns = found.map((each) => at(each, 'arn'));
    return { references: several, arns, standard: undefined, profile: undefined };
  }
  const wanted = component.plain<boolean>('createInstanceRole');
  if (!own && !(wanted ?? component.plain<boolean>('skipDefaultNodeGroup') !== true)) {
    return { references: [], arns: [], standard: undefined, profile: undefined };
  }
  const role =
    own ??
    (
      await serviceRole(component, `${name}-instanceRole`, {
        ...{ service: 'ec2.amazonaws.com', policies: WORKER_POLICIES, tags: component.given('tags') },
      })
    ).role.reference;
  const found = await component.resolved(role);
  const named =
    component.given('instanceProfileName') ??
    option(component.given('nodeGroupOptions'), 'instanceProfileName');
  const profile =
    (own && noDefaultGroup(component, auto)) || named
      ? undefined
      : await component.child('aws:iam/instanceProfile:InstanceProfile', `${name}-instanceProfile`, {
          role: at(found, 'id'),
        });
  return { references: [role], arns: [at(found, 'arn')], standard: at(found, 'arn'), profile };
}

/** Who may call the API server: the ConfigMap that EKS reads. */
async function awsAuth(component: Construction, arns: readonly Traced[], provider: Child): Promise<Child> {
  const nodes = arns.map((rolearn) => ({
    ...{ rolearn, username: 'system:node:{{EC2PrivateDNSName}}' },
    groups: ['system:bootstrappers', 'system:nodes'],
  }));
  const mapped = (argument: string, arn: string, field: string) =>
    (items(component.given(argument)) ?? []).map((each) => ({
      [field]: at(each, arn),
      ...{ username: at(each, 'username'), groups: at(each, 'groups') },
    }));
  const users = component.has('userMappings') ? mapped('userMappings', 'userArn', 'userarn') : undefined;
  const dump = (list: unknown[]) => derived(list, (plain: unknown) => yaml.dump(plain));
  return component.child(
    'kubernetes:core/v1:ConfigMap',
    `${component.name}-nodeAccess`,
    {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', immutable: false },
      metadata: {
        ...{ name: 'aws-auth', namespace: 'kube-system' },
        annotations: { 'pulumi.com/patchForce': 'true' },
      },
      data: {
        mapRoles: dump([...mapped('roleMappings', 'roleArn', 'rolearn'), ...nodes]),
        mapUsers: users && dump(users),
      },
    },
    { provider },
  );
}

async function corednsOf(
  component: Construction,
  auto: boolean,
  cluster: Child,
  fargate: Child | undefined,
): Promise<void> {
  const options = component.given('corednsAddonOptions');
  const values = option(options, 'configurationValues');
  const asked = enabled(options) === true || values !== undefined;
  const hasNodes = isFargate(component) || component.plain<boolean>('skipDefaultNodeGroup') !== true || auto;
  if (!asked && !(hasNodes && (enabled(options) ?? true))) return;
  await clusterAddon(component, `${component.name}-coredns`, {
    ...{ addonName: 'coredns', cluster, options, dependsOn: fargate ? [fargate] : [] },
    configuration: isFargate(component) ? merged({ computeType: 'Fargate' }, values) : values,
  });
}

function nodeOptionsOf(component: Construction): Arguments {
  const given = component.given('nodeGroupOptions');
  if (given) return fieldsOf(given);
  return Object.fromEntries(
    Object.entries(NODE_OPTIONS)
      .filter(([argument]) => component.has(argument))
      .map(([argument, name]) => [name, component.given(argument)]),
  );
}

function option(options: Traced | undefined, field: string): Traced | undefined {
  return options && at(options, field).isGiven ? at(options, field) : undefined;
}

function enabled(options: Traced | undefined): boolean | undefined {
  const { wire } = option(options, 'enabled') ?? traced(undefined);
  return typeof wire === 'boolean' ? wire : undefined;
}
