import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import type { FleetChannelArgs } from '../../../components/encode/fleet';
import type { NvencEncodeFleetOnEksArgs } from '../../../components/eks';
import { lateFailure } from '../storage/store-recording';
import { IMAGE, LADDER, NETWORK, recordFleet, refusal } from './eks-recording';

const news: FleetChannelArgs = { zone: 'use1-az4', ladder: LADDER, port: 9001 };
const channels = (change: object) => ({ channels: { news: { ...news, ...change } } });
const ONE_ZONE = { ...NETWORK, zones: { 'use1-az4': NETWORK.zones['use1-az4'] } };
/** What is asked of a cluster before anything is made of it. */
const CLUSTER = { cluster: { eksCluster: {} }, apiSources: undefined };
const INGEST = {
  targetSecurityGroupId: 'sg-0123456789abcdef0',
  channels: { news: { zone: 'use1-az4', port: 9001, healthPort: 9001, targetGroupArn: 'arn:aws:x' } },
  runtimeEnvironment: {},
  grantReadPassphrase: () => undefined,
};

/** For the name of a test. */
const shown = (args: unknown): string =>
  JSON.stringify(args, (_, value: unknown) => (pulumi.Output.isInstance(value) ? '...' : value)).slice(0, 90);

const CASES: [args: unknown, path: string, reason: string][] = [
  [null, 'args', 'is null; allowed: an object'],
  [{ zone: 'use1-az4' }, 'zone', 'is "use1-az4" (there is no such property); allowed: network, store,'],
  [
    { warmPool: { minSize: 1 } },
    'warmPool',
    'is {"minSize":1} (NvencEncodeFleet, on ECS, has it; this fleet has not); allowed: network, store,',
  ],
  [{ store: {} }, 'store', 'is "an object"; allowed: a TieredSegmentStore'],
  [{ ingest: 'srt' }, 'ingest', 'is "srt"; allowed: an SrtIngest'],
  [
    { image: IMAGE.split('@')[0] },
    'image',
    `is "${IMAGE.split('@')[0]}" (neither tag nor digest: what it names may be another image tomorrow)`,
  ],
  [{ devicePluginImage: 'k8s device plugin' }, 'devicePluginImage', 'is "k8s device plugin"; allowed: '],
  [
    { instanceTypes: ['g5.12xlarge'] },
    'instanceTypes[0]',
    'is "g5.12xlarge" (it has 4 GPUs; Kubernetes counts the CPU of the node, and not of which GPU a channel takes its part); allowed: g4dn (xlarge,',
  ],
  [{ instanceTypes: ['g6f.xlarge'] }, 'instanceTypes[0]', 'is "g6f.xlarge" (it has a part of a GPU'],
  [
    {
      network: { ...NETWORK, zones: { ...NETWORK.zones, 'use1-az5': NETWORK.zones['use1-az4'] } },
      instanceTypes: ['g6.xlarge'],
    },
    'instanceTypes',
    'is ["g6.xlarge"] (none of them is offered in use1-az5); allowed: at least one type that each zone offers',
  ],
  [
    { network: ONE_ZONE },
    'network.zones',
    'is ["use1-az4"] (the control plane of EKS is in two zones at least; channels may still be in one (`zones`)); allowed: two zones or more, or a cluster that is there',
  ],
  [
    { apiSources: undefined },
    'apiSources',
    'is absent (the program itself has to reach the Kubernetes API of the new cluster); allowed: a list of IPv4 ranges',
  ],
  [{ apiSources: ['203.0.113.7'] }, 'apiSources[0]', 'is "203.0.113.7"; allowed: an IPv4 range in CIDR form'],
  [{ apiSources: ['203.0.113.256/32'] }, 'apiSources[0]', 'is "203.0.113.256/32"; allowed'],
  [{ cluster: 'media' }, 'cluster', 'is "media"; allowed: a Cluster of @pulumi/eks'],
  [{ ...CLUSTER, apiSources: [] }, 'apiSources', 'is [] (the cluster is given); allowed: none'],
  [{ ...CLUSTER, systemNodes: {} }, 'systemNodes', 'is {} (the cluster is given); allowed: none'],
  [{ kubernetesVersion: 'v1.34.1' }, 'kubernetesVersion', 'is "v1.34.1"; allowed: a version of Kubernetes'],
  [
    { systemNodes: { instanceType: 'g5.xlarge' } },
    'systemNodes.instanceType',
    'is "g5.xlarge"; allowed: an instance type without a GPU',
  ],
  [{ systemNodes: { count: 0 } }, 'systemNodes.count', 'is 0; allowed: a whole number from 1 to 10'],
  [{ systemNodes: { size: 2 } }, 'systemNodes.size', 'is 2 (there is no such property)'],
  [{ nodes: 'fargate' }, 'nodes', 'is "fargate"; allowed: managed, karpenter'],
  [
    { nodes: 'karpenter' },
    'nodes',
    'is "karpenter" (a new cluster has neither the controller of Karpenter nor its kinds of objects); allowed: managed, or karpenter with a `cluster`',
  ],
  [
    { ...CLUSTER, nodes: 'karpenter', ingest: INGEST, ...channels({ port: undefined }) },
    'nodes',
    'is "karpenter" (the ingest has news, and instances of Karpenter are in no Auto Scaling group',
  ],
  [
    { ...CLUSTER, nodes: 'karpenter', spareInstances: 1 },
    'spareInstances',
    'is 1 (Karpenter decides how many instances there are); allowed: none',
  ],
  [{ spareInstances: 11 }, 'spareInstances', 'is 11; allowed: a whole number from 0 to 10'],
  [{ daemonSetMillicores: -1 }, 'daemonSetMillicores', 'is -1; allowed: a whole number from 0 to 2000'],
  [
    { daemonSetMillicores: 2000 },
    'channels.news.ladder',
    'is "hevc-2160p30-50" (it requests 2862 of the 1920 thousandths of a vCPU that g5.xlarge has beside the kubelet and DaemonSets)',
  ],
  [{ namespace: 'kube-video' }, 'namespace', 'is "kube-video"; allowed: 1 to 63 of a-z'],
  [{ maxInstances: 1000 }, 'maxInstances', 'is 1000; allowed: a whole number from 1 to 450'],
  [
    channels({ port: 30_001 }),
    'channels.news.port',
    'is 30001 (on a Kubernetes node it belongs to services of type NodePort); allowed: 1024 to 29999',
  ],
  [
    channels({ metricsPort: 10_250 }),
    'channels.news.metricsPort',
    'is 10250 (on a Kubernetes node it belongs to the kubelet); allowed',
  ],
  [
    channels({ source: 'rtmp', port: 10_256, metricsPort: 9464 }),
    'channels.news.port',
    'is 10256 (on a Kubernetes node it belongs to kube-proxy); allowed',
  ],
  [
    { channels: { news, sport: { ...news, metricsPort: 9002 } } },
    'channels.sport.port',
    'is 9001 (channels.news.port is udp port 9001 of the same hosts (use1-az4))',
  ],
  [{ purchase: { spot: 100 } }, 'channels.news.purchase', 'is "spot" (the channel has a single encoder'],
  [
    channels({ frameRate: '60' }),
    'channels.news.ladder',
    'is "hevc-2160p30-50" (g5.xlarge: one channel needs',
  ],
  [
    channels({ environment: { STORE: 'x' } }),
    'channels.news.environment.STORE',
    'is "x" (the fleet sets it)',
  ],
];

describe('bad arguments of NvencEncodeFleetOnEks', () => {
  for (const [args, path, reason] of CASES) {
    it(`refuses ${shown(args)}`, async () => {
      const { errors } = await refusal(args);
      const found = errors.find(({ propertyPath }) => propertyPath === path);
      expect(found, JSON.stringify(errors)).not.to.equal(undefined);
      expect(found!.reason).to.satisfy(
        (text: string) => text.startsWith(reason),
        `${found!.reason}\n      is not: ${reason}`,
      );
    });
  }

  it('says all that is wrong at once, by name', async () => {
    const { message, errors } = await refusal({
      ...channels({ port: 1 }),
      diskGib: 1,
      nodes: 'x',
      alarms: {},
    });
    expect(errors.map(({ propertyPath }) => propertyPath)).to.deep.equal([
      ...['alarms', 'channels.news.port', 'nodes', 'diskGib'],
    ]);
    expect(message).to.match(/^NvencEncodeFleetOnEks "live" has 4 bad arguments:\n {2}alarms is /);
  });

  it('refuses kinds of child that there are not', async () => {
    const { errors } = await refusal({}, { transform: { deployments: {} } });
    expect(errors.map(({ propertyPath }) => propertyPath)).to.deep.equal(['transform.deployments']);
  });

  it('refuses more instances than a group may have, at a handover of all channels with a spare one', async () => {
    const eight = Object.fromEntries(
      Array.from({ length: 8 }, (_, n) => [`c${n}`, { ...news, port: 9000 + n }]),
    );
    const args = { channels: eight, maxInstances: 16, deployment: 'handover', spareInstances: 1 };
    const { errors } = await refusal(args);
    expect(errors.map(({ propertyPath, reason }) => `${propertyPath} ${reason}`)).to.deep.equal([
      'maxInstances is 16 (the 8 channels of use1-az4-g5-xlarge-on-demand need 17 instances, spare ones among them); allowed: at least 17; to correct it: raise it',
    ]);
  });

  it('refuses more node groups than a cluster has', async () => {
    const zones = Object.fromEntries(
      [1, 2, 3, 4, 5].map((n) => [`euw2-az${n}`, { privateSubnetId: `subnet-0123456789abcdef${n}` }]),
    );
    const { errors } = await refusal({
      network: { ...NETWORK, zones },
      instanceTypes: ['g5.xlarge', 'g6.xlarge'],
      purchase: { committed: 70, spot: 20, 'on-demand': 10 },
      channels: {},
    });
    expect(errors[0]!.reason).to.include('make 30 node groups); allowed: at most 29');
  });

  it('refuses what is known later when it is known', async () => {
    const late = (args: Partial<NvencEncodeFleetOnEksArgs>) => lateFailure(() => recordFleet(args));
    expect(await late(channels({ environment: { SRT_LATENCY_MS: pulumi.secret('200') } }))).to.include(
      'channels.news.environment.SRT_LATENCY_MS is "a secret" (whoever may read Deployments sees it)',
    );
    expect(await late(channels({ storeZone: 'use1-az6' }))).to.match(
      /channels\.news\.storeZone is "use1-az6" \(its bucket is .*--use1-az6--x-s3\)/,
    );
  });
});
