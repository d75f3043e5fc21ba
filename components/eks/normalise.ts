/** Arguments as given -> what the component works with, once, or everything that is wrong with them. */
import type * as eks from '@pulumi/eks';
import type * as pulumi from '@pulumi/pulumi';
import { GPU_INSTANCES } from '../../encoder/contract/gpu-instances';
import { ChannelDeployment } from '../encode/fleet/args';
import { instanceTypeProblem } from '../encode/fleet/instance-types';
import { fleetName } from '../encode/fleet/names';
import type { FleetIngest, FleetStore } from '../encode/fleet/neighbours';
import { normalChannels, type NormalChannel } from '../encode/fleet/normal-channels';
import {
  isIngest,
  isStore,
  normalMix,
  normalTypes,
  normalZones,
  securityGroupId,
} from '../encode/fleet/normalise';
import { poolsOf, type Pool } from '../encode/fleet/pools';
import { checkImageReference } from '../encode/image/reference';
import {
  InputProblems,
  checkTags,
  choiceOf,
  flag,
  isObject,
  normalProtection,
  numberIn,
  rule,
  textsOf,
  wholeIn,
  type Judge,
  type Problem,
  type Protection,
  type Tags,
} from '../kit';
import { checkNetwork, type MediaNetwork } from '../network/network';
import {
  EKS_TRANSFORMS,
  EksNodes,
  type NvencEncodeFleetOnEksArgs,
  type NvencEncodeFleetOnEksTransforms,
} from './args';
import { nodesInAnyOrder, requestMillicores, roomMillicores } from './capacity';
import { checkNodePorts } from './ports';

/** A cluster that is to be made. */
export interface NewCluster {
  readonly apiSources: readonly pulumi.Input<string>[];
  readonly version: string | undefined;
  readonly systemNodes: { readonly instanceType: string; readonly count: number };
}

export interface NormalEksFleet {
  readonly network: MediaNetwork;
  readonly store: FleetStore;
  readonly ingest: FleetIngest | undefined;
  readonly cluster: eks.Cluster | NewCluster;
  readonly nodes: EksNodes;
  readonly channels: ReadonlyMap<string, NormalChannel>;
  readonly pools: ReadonlyMap<string, Pool>;
  /** By the channels' ids: thousandths of a vCPU. */
  readonly requests: ReadonlyMap<string, number>;
  /** By the pools' keys; those without channels have none. */
  readonly instances: ReadonlyMap<string, number>;
  readonly maxInstances: number;
  readonly daemonSetMillicores: number;
  readonly securityGroupIds: readonly pulumi.Input<string>[];
  readonly diskGib: number;
  readonly stopTimeoutSeconds: number;
  readonly namespace: string;
  /** Value of the label that the fleet's nodes have. */
  readonly label: string;
  readonly devicePluginImage: pulumi.Input<string>;
  readonly protection: Protection;
  readonly tags: Tags;
}

const NAMES = [
  'network',
  'store',
  'image',
  'allowMutableTag',
  'channels',
  'ingest',
  'securityGroupIds',
  'zones',
  'instanceTypes',
  'allowUnlistedOffers',
  'purchase',
  'margin',
  'maxInstances',
  'diskGib',
  'deployment',
  'stopTimeoutSeconds',
  'environment',
  'tags',
  'cluster',
  'apiSources',
  'kubernetesVersion',
  'systemNodes',
  'nodes',
  'spareInstances',
  'daemonSetMillicores',
  'namespace',
  'devicePluginImage',
] as const satisfies readonly (keyof NvencEncodeFleetOnEksArgs)[];

/** Of NvencEncodeFleet alone, and what does the same here. */
const OF_ECS: Readonly<Record<string, string>> = {
  spotMaxPrice: 'remove it: a managed node group pays up to the price on demand',
  capacityReservations:
    'set them by transform: { launchTemplate: { capacityReservationSpecification: ... } }',
  targetCapacity: 'give spareInstances',
  warmPool: 'give spareInstances',
  ami: `set releaseVersion by transform: { nodeGroup: { releaseVersion: '...' } }`,
  placement: 'set it by transform: { launchTemplate: { placement: ... } }',
  instanceReplacement: 'remove it: EKS replaces the instances whenever their launch template changes',
  containerInsights: 'install the add-on amazon-cloudwatch-observability',
  executeCommand: 'use kubectl exec, and the access entries of the cluster',
  logRetentionDays: 'set it where you collect the logs of pods',
  alarms: 'watch the metrics of the pods, which Prometheus finds by their annotations',
};

const BYTE = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const CIDR = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}/(?:3[0-2]|[12]?\\d)$`);
const apiSource = rule(
  (value) => typeof value === 'string' && CIDR.test(value),
  'an IPv4 range in CIDR form, as 203.0.113.7/32',
  'write it as address/length',
);
const version = rule(
  (value) => value === undefined || (typeof value === 'string' && /^1\.\d{2}$/.test(value)),
  'a version of Kubernetes that EKS has, as 1.34',
  'write major.minor',
);
const namespaceName = rule(
  (value) => typeof value === 'string' && /^(?!kube-)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(value),
  '1 to 63 of a-z, 0-9 and inner hyphens, not beginning with kube-',
  'choose a name that the cluster has not',
);
const systemType = rule(
  (value) =>
    typeof value === 'string' && /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(value) && !GPU_INSTANCES.has(value),
  'an instance type without a GPU, as t3.medium',
  'choose one',
);

const DEVICE_PLUGIN = 'nvcr.io/nvidia/k8s-device-plugin:v0.18.2';
/** EKS service quotas, "Managed node groups per cluster": adjustable. */
const MAX_NODE_GROUPS = 30;
/** EC2 Auto Scaling service quotas, "Target groups per Auto Scaling group": adjustable, by asking. */
const MAX_TARGET_GROUPS = 50;

/** @throws pulumi.InputPropertiesError with everything that can be seen now */
export function normalise(
  owner: string,
  name: string,
  given: NvencEncodeFleetOnEksArgs,
  transform: NvencEncodeFleetOnEksTransforms = {},
): NormalEksFleet {
  const problems = new InputProblems(owner);
  const isGiven = isObject(problems, 'args', given, '{ network, store, image, channels }');
  if (!isGiven) problems.throwIfAny();
  const args = given;
  checkNames(problems, args);
  if (isObject(problems, 'transform', transform, '{ deployment: { ... } }')) {
    problems.checkNames('transform', transform, EKS_TRANSFORMS);
  }
  const network = checkNetwork(problems, 'network', args.network, {
    ...(Array.isArray(args.zones) && { zones: args.zones.filter((zone) => typeof zone === 'string') }),
  });
  const zones = normalZones(problems, args, network);
  const hasStore = isStore(problems, args.store);
  const hasIngest = args.ingest === undefined || isIngest(problems, args.ingest);
  const ingest = hasIngest ? args.ingest : undefined;
  const instanceTypes = normalTypes(problems, args.instanceTypes, typeProblem);
  const mix = normalMix(problems, args.purchase);
  const allowUnlisted = args.allowUnlistedOffers ?? false;
  problems.judge('allowUnlistedOffers', allowUnlisted, flag);
  const allowMutableTag = args.allowMutableTag ?? false;
  problems.judge('allowMutableTag', allowMutableTag, flag);
  const imageRule: Judge<string> = (image) =>
    checkImageReference(image, { allowMutableTag, architecture: 'amd64' });
  const image = problems.check('image', args.image, imageRule);
  const { StopStart } = ChannelDeployment;
  const deployment = choiceOf(problems, 'deployment', args.deployment, ChannelDeployment, StopStart);
  const margin = numberIn(problems, 'margin', args.margin, 0.7, [0.01, 1]);
  const pools = poolsOf({ problems, zones, instanceTypes, mix, allowUnlisted, warmPool: undefined });
  const channels = normalChannels(problems, {
    ...{ given: args.channels, zones, store: hasStore ? args.store : undefined, ingest, instanceTypes },
    ...{ pools, mix, margin, deployment, image, imageRule },
    // Room is counted otherwise: below.
    maxInstances: Infinity,
  });
  checkNodePorts(problems, channels.values());
  const cluster = normalCluster(problems, args, network);
  const nodes = normalNodes(problems, args, { channels, pools, isNew: args.cluster === undefined });
  const maxInstances = wholeIn(problems, 'maxInstances', args.maxInstances, 32, [1, 450]);
  const daemonSetMillicores = wholeIn(
    problems,
    'daemonSetMillicores',
    args.daemonSetMillicores,
    150,
    [0, 2000],
  );
  const spare = wholeIn(problems, 'spareInstances', args.spareInstances, 0, [0, 10]);
  const requests = normalRequests(problems, channels, daemonSetMillicores);
  const instances = normalInstances(problems, {
    ...{ channels, requests, daemonSetMillicores, spare, maxInstances },
  });
  const namespace = args.namespace ?? fleetName(name);
  problems.judge('namespace', namespace, namespaceName);
  const normal: NormalEksFleet = {
    ...{
      network,
      store: args.store,
      ingest,
      cluster,
      nodes,
      channels,
      pools,
      requests,
      instances,
      maxInstances,
    },
    ...{ daemonSetMillicores, namespace, label: fleetName(name) },
    securityGroupIds: textsOf(problems, 'securityGroupIds', args.securityGroupIds ?? [], securityGroupId, 3),
    diskGib: wholeIn(problems, 'diskGib', args.diskGib, 40, [30, 1000]),
    stopTimeoutSeconds: wholeIn(problems, 'stopTimeoutSeconds', args.stopTimeoutSeconds, 30, [10, 110]),
    devicePluginImage:
      args.devicePluginImage === undefined
        ? DEVICE_PLUGIN
        : problems.check('devicePluginImage', args.devicePluginImage, pluginImage),
    protection: normalProtection(problems, args.environment),
    tags: checkTags(problems, args.tags),
  };
  problems.throwIfAny();
  return normal;
}

const pluginImage: Judge<string> = (image) =>
  checkImageReference(image, { allowMutableTag: true, architecture: 'amd64' });

function checkNames(problems: InputProblems, args: NvencEncodeFleetOnEksArgs): void {
  const ofEcs = Object.entries(args).filter(([name]) => Object.hasOwn(OF_ECS, name));
  for (const [name, value] of ofEcs) {
    const because = 'NvencEncodeFleet, on ECS, has it; this fleet has not';
    problems.add(name, value, { because, allowed: NAMES.join(', '), fix: OF_ECS[name]! });
  }
  const others = Object.entries(args).filter(([name]) => !Object.hasOwn(OF_ECS, name));
  problems.checkNames('', Object.fromEntries(others), NAMES);
}

function typeProblem(type: unknown): Problem | undefined {
  const problem = instanceTypeProblem(type);
  const gpus = GPU_INSTANCES.get(type as string)?.gpus ?? 0;
  if (!problem || gpus < 2) return problem;
  const because = `it has ${gpus} GPUs; Kubernetes counts the CPU of the node, and not of which GPU a channel takes its part`;
  return { ...problem, because };
}

const OF_NEW_CLUSTER = ['apiSources', 'kubernetesVersion', 'systemNodes'] as const;

function normalCluster(
  problems: InputProblems,
  args: NvencEncodeFleetOnEksArgs,
  network: MediaNetwork,
): eks.Cluster | NewCluster {
  const { cluster, apiSources, systemNodes = {} } = args;
  if (cluster !== undefined) {
    const fields = cluster as unknown as Record<string, unknown> | null;
    if (typeof fields !== 'object' || fields?.['eksCluster'] === undefined) {
      const allowed = 'a Cluster of @pulumi/eks';
      problems.add('cluster', typeof cluster === 'object' ? 'an object' : cluster, {
        allowed,
        fix: `write new eks.Cluster('media', ...), or leave it out for a new one`,
      });
    }
    for (const name of OF_NEW_CLUSTER) {
      if (args[name] === undefined) continue;
      const fix = 'remove it, and say it where the cluster is made';
      problems.add(name, args[name], { because: 'the cluster is given', allowed: 'none', fix });
    }
    return cluster;
  }
  const zones = Object.keys(network.zones);
  if (zones.length === 1) {
    problems.add('network.zones', zones, {
      because: 'the control plane of EKS is in two zones at least; channels may still be in one (`zones`)',
      allowed: 'two zones or more, or a cluster that is there',
      fix: 'give the network another zone, or give `cluster`',
    });
  }
  if (apiSources === undefined) {
    problems.add('apiSources', apiSources, {
      because: 'the program itself has to reach the Kubernetes API of the new cluster',
      allowed: 'a list of IPv4 ranges; [] where the program runs in the VPC',
      fix: `write ['203.0.113.7/32'] with your own address, or give \`cluster\``,
    });
  }
  problems.judge('kubernetesVersion', args.kubernetesVersion, version);
  const isNodes = isObject(problems, 'systemNodes', systemNodes, `{ instanceType: 't3.medium', count: 2 }`);
  if (isNodes) problems.checkNames('systemNodes', systemNodes, ['instanceType', 'count']);
  const { instanceType = 't3.medium', count } = isNodes ? systemNodes : {};
  problems.judge('systemNodes.instanceType', instanceType, systemType);
  return {
    // EKS's limit of ranges.
    apiSources: apiSources === undefined ? [] : textsOf(problems, 'apiSources', apiSources, apiSource, 40),
    version: args.kubernetesVersion,
    systemNodes: { instanceType, count: wholeIn(problems, 'systemNodes.count', count, 2, [1, 10]) },
  };
}

interface NodesGround {
  readonly channels: ReadonlyMap<string, NormalChannel>;
  readonly pools: ReadonlyMap<string, Pool>;
  /** Whether the cluster is made here. */
  readonly isNew: boolean;
}

function normalNodes(
  problems: InputProblems,
  args: NvencEncodeFleetOnEksArgs,
  { channels, pools, isNew }: NodesGround,
): EksNodes {
  const nodes = choiceOf(problems, 'nodes', args.nodes, EksNodes, EksNodes.Managed);
  if (nodes === EksNodes.Managed) {
    if (pools.size > MAX_NODE_GROUPS - 1) {
      problems.add('instanceTypes', args.instanceTypes, {
        because: `zones, instance types and ways of paying make ${pools.size} node groups`,
        allowed: `at most ${MAX_NODE_GROUPS - 1}: EKS's quota of a cluster, without the system's`,
        fix: 'leave some out, or make a fleet a zone in clusters of their own',
      });
    }
    checkTargetGroups(problems, channels);
    return nodes;
  }
  if (isNew) {
    problems.add('nodes', nodes, {
      because: 'a new cluster has neither the controller of Karpenter nor its kinds of objects',
      allowed: 'managed, or karpenter with a `cluster` that has Karpenter 1.0 or newer',
      fix: `give \`cluster\`, or write nodes: 'managed'`,
    });
  }
  const ingested = [...channels.values()].filter(({ ingest }) => ingest !== undefined).map(({ id }) => id);
  if (ingested.length > 0) {
    problems.add('nodes', nodes, {
      because: `the ingest has ${ingested.join(', ')}, and instances of Karpenter are in no Auto Scaling group that a load balancer could be given`,
      allowed: 'managed; karpenter without an ingest',
      fix: `write nodes: 'managed', or let these channels call their contributors (SRT_MODE)`,
    });
  }
  if (args.spareInstances !== undefined) {
    const because = 'Karpenter decides how many instances there are';
    problems.add('spareInstances', args.spareInstances, { because, allowed: 'none', fix: 'remove it' });
  }
  return nodes;
}

function checkTargetGroups(problems: InputProblems, channels: ReadonlyMap<string, NormalChannel>): void {
  const byPool = byPoolOf([...channels.values()].filter(({ ingest }) => ingest !== undefined));
  for (const [key, members] of byPool) {
    if (members.length <= MAX_TARGET_GROUPS) continue;
    problems.add('channels', `${members.length} channels of ${key}`, {
      because: 'each has a target group of the ingest, which its Auto Scaling group is given',
      allowed: `at most ${MAX_TARGET_GROUPS} target groups, EC2 Auto Scaling's quota of a group`,
      fix: 'divide them among zones, instance types or fleets',
    });
  }
}

function byPoolOf(channels: readonly NormalChannel[]): Map<string, NormalChannel[]> {
  const pools = new Map<string, NormalChannel[]>();
  for (const channel of channels) {
    const { key } = channel.pool;
    pools.set(key, [...(pools.get(key) ?? []), channel]);
  }
  return pools;
}

const vcpusOf = (type: string): number => GPU_INSTANCES.get(type)!.vcpus;

/** What each channel requests; a problem for those that a whole node has too little room for. */
function normalRequests(
  problems: InputProblems,
  channels: ReadonlyMap<string, NormalChannel>,
  daemonSetMillicores: number,
): Map<string, number> {
  const requests = new Map<string, number>();
  for (const { id, pool, placement, ladder } of channels.values()) {
    const vcpus = vcpusOf(pool.instanceType);
    const request = requestMillicores(placement.share, vcpus);
    const room = roomMillicores(vcpus, daemonSetMillicores);
    requests.set(id, request);
    if (request <= room) continue;
    problems.add(`channels.${id}.ladder`, ladder, {
      because: `it requests ${request} of the ${room} thousandths of a vCPU that ${pool.instanceType} has beside the kubelet and DaemonSets`,
      allowed: `what leaves ${daemonSetMillicores} of them to DaemonSets`,
      fix: 'choose a larger instance type or a smaller ladder',
    });
  }
  return requests;
}

interface InstancesGround {
  readonly channels: ReadonlyMap<string, NormalChannel>;
  readonly requests: ReadonlyMap<string, number>;
  readonly daemonSetMillicores: number;
  readonly spare: number;
  readonly maxInstances: number;
}

function normalInstances(
  problems: InputProblems,
  { channels, requests, daemonSetMillicores, spare, maxInstances }: InstancesGround,
): Map<string, number> {
  const instances = new Map<string, number>();
  const running = [...channels.values()].filter((channel) => channel.running);
  for (const [key, members] of byPoolOf(running)) {
    const room = roomMillicores(vcpusOf(members[0]!.pool.instanceType), daemonSetMillicores);
    const pods = members.map(({ id, deployment }) => ({
      request: requests.get(id)!,
      handover: deployment === ChannelDeployment.Handover,
    }));
    if (pods.some(({ request }) => request > room)) continue;
    const needed = nodesInAnyOrder(pods, room) + spare;
    instances.set(key, needed);
    if (needed <= maxInstances) continue;
    problems.add('maxInstances', maxInstances, {
      because: `the ${members.length} channels of ${key} need ${needed} instances, spare ones among them`,
      allowed: `at least ${needed}`,
      fix: 'raise it',
    });
  }
  return instances;
}
