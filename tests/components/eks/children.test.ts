import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { placement } from '../../../components/encode/capacity';
import type { NvencEncodeFleetOnEks, NvencEncodeFleetOnEksArgs } from '../../../components/eks';
import { RECEIVE_BUFFER_BYTES } from '../../../components/encode/fleet/user-data';
import { SrtIngest } from '../../../components/ingest';
import { LADDERS } from '../../../encoder/contract';
import type { Recorded } from '../recorded';
import {
  IMAGE,
  LADDER,
  NETWORK,
  deployment,
  makeCluster,
  nodeGroup,
  only,
  ownTags,
  pod,
  recordFleet,
  variables,
  type Fields,
} from './eks-recording';

const POOL = 'use1-az4-g5-xlarge-on-demand';
const own = (fleet: Recorded): string[] => fleet.list.filter((line) => line.startsWith('live'));
const told = (fleet: NvencEncodeFleetOnEks) => ({
  clusterName: fleet.clusterName,
  securityGroupId: fleet.securityGroupId,
  namespace: fleet.namespace,
  roleNames: fleet.roleNames,
  placements: fleet.placements,
  instances: fleet.instances,
});
const ingest = () =>
  new SrtIngest('srt', {
    network: NETWORK,
    zones: {
      'use1-az4': { ports: { from: 9000, to: 9049 } },
      'use1-az6': { ports: { from: 9100, to: 9149 } },
    },
    channels: {
      news: { zone: 'use1-az4', port: 9001, latencyMs: 400 },
      sport: { zone: 'use1-az6', port: 9101, passphrase: false },
    },
    sources: { studio: '203.0.113.7/32' },
    environment: 'dev',
  });

describe('the children of NvencEncodeFleetOnEks', () => {
  describe('with the least arguments', () => {
    let fleet: Recorded;
    let cluster: string;
    let namespace: string;
    before(async () => {
      fleet = await recordFleet({}, {}, told);
      cluster = only(fleet, 'aws:eks/cluster:Cluster', 'live-cluster-eksCluster').inputs['name'] as string;
      namespace = fleet.graph.outputs['namespace'] as string;
    });

    it('are a cluster with two system nodes, a node group a zone, the device plugin, and a channel', () => {
      expect(own(fleet)).to.deep.equal([
        'live NvencEncodeFleetOnEks',
        'live-channel-news Deployment',
        'live-channel-news-account ServiceAccount',
        'live-channel-news-identity PodIdentityAssociation',
        'live-channel-news-role Role',
        'live-cluster Cluster',
        'live-cluster-eksCluster Cluster',
        'live-cluster-eksRole ServiceRole',
        'live-cluster-eksRole-4b490823 RolePolicyAttachment',
        'live-cluster-eksRole-role Role',
        'live-cluster-kube-proxy Addon',
        'live-cluster-vpc-cni Addon',
        'live-cluster-vpc-cni VpcCniAddon',
        'live-device-plugin DaemonSet',
        'live-device-plugin-config ConfigMap',
        'live-namespace Namespace',
        'live-node Role',
        'live-node-AmazonEC2ContainerRegistryPullOnly RolePolicyAttachment',
        'live-node-AmazonEKSWorkerNodePolicy RolePolicyAttachment',
        'live-node-AmazonEKS_CNI_Policy RolePolicyAttachment',
        'live-nodes LaunchTemplate',
        'live-pod-identity-agent Addon',
        'live-system ManagedNodeGroup',
        'live-system NodeGroup',
        'live-system-nodes LaunchTemplate',
        `live-${POOL} ManagedNodeGroup`,
        `live-${POOL} NodeGroup`,
        'live-use1-az6-g5-xlarge-on-demand ManagedNodeGroup',
        'live-use1-az6-g5-xlarge-on-demand NodeGroup',
      ]);
      expect(fleet.list).to.include('media-live-news-write RolePolicy');
    });

    it('have a cluster whose API is open to the given addresses alone, and audited', () => {
      const { inputs } = only(fleet, 'aws:eks/cluster:Cluster', 'live-cluster-eksCluster');
      expect(cluster).to.match(/^video-test-live-cluster-[0-9a-f]{8}$/);
      expect(inputs).to.deep.include({
        deletionProtection: true,
        enabledClusterLogTypes: ['api', 'audit', 'authenticator'],
        accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true },
        vpcConfig: {
          endpointPrivateAccess: true,
          endpointPublicAccess: true,
          publicAccessCidrs: ['203.0.113.7/32'],
          subnetIds: ['subnet-0123456789abcdef4', 'subnet-0123456789abcdef6'],
        },
      });
      expect(only(fleet, 'eks:index:Cluster', 'live-cluster').options.protect).to.equal(true);
    });

    it('have a node group with as many instances as the channels need, and none where there are no channels', () => {
      const { nodeGroupNamePrefix, ...inputs } = nodeGroup(fleet, POOL);
      expect(nodeGroupNamePrefix).to.match(/^video-test-live-use1-az4-g5-[0-9a-f]{8}-$/);
      expect(inputs).to.deep.equal({
        clusterName: cluster,
        nodeRoleArn: fleet.output('live-node', 'arn'),
        amiType: 'AL2023_x86_64_NVIDIA',
        capacityType: 'ON_DEMAND',
        instanceTypes: ['g5.xlarge'],
        scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 32 },
        subnetIds: ['subnet-0123456789abcdef4'],
        launchTemplate: { id: fleet.child('live-nodes').id, version: '1' },
        labels: { 'aws-media/fleet': namespace, 'aws-media/pool': POOL },
        taints: [{ key: 'aws-media/fleet', value: namespace, effect: 'NO_SCHEDULE' }],
        tags: ownTags(`live-${POOL}`),
      });
      expect(nodeGroup(fleet, 'use1-az6-g5-xlarge-on-demand')['scalingConfig']).to.deep.equal({
        minSize: 0,
        desiredSize: 0,
        maxSize: 32,
      });
    });

    it('have nodes that come after what they may do', () => {
      const policies = [
        'AmazonEKSWorkerNodePolicy',
        'AmazonEKS_CNI_Policy',
        'AmazonEC2ContainerRegistryPullOnly',
      ].map((policy) => {
        const name = `live-node-${policy}`;
        expect(fleet.text(name, 'policyArn')).to.equal(`arn:aws:iam::aws:policy/${policy}`);
        return fleet.child(name).urn;
      });
      for (const name of ['live-system', `live-${POOL}`]) {
        const { dependencies } = only(fleet, 'eks:index:ManagedNodeGroup', name);
        expect(dependencies, name).to.include.members(policies);
      }
    });

    it('share a launch template that is closed and encrypted, with room for bursts of SRT', () => {
      const { userData, ...inputs } = fleet.inputs('live-nodes');
      expect(inputs).to.deep.equal({
        name: fleet.text('live-nodes', 'name'),
        description: 'Encoders of live',
        updateDefaultVersion: true,
        vpcSecurityGroupIds: [fleet.graph.outputs['securityGroupId']],
        metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          {
            deviceName: '/dev/xvda',
            ebs: { volumeType: 'gp3', volumeSize: 40, encrypted: 'true', deleteOnTermination: 'true' },
          },
        ],
        tagSpecifications: [
          { resourceType: 'instance', tags: ownTags('live-nodes') },
          { resourceType: 'volume', tags: ownTags('live-nodes') },
        ],
        tags: ownTags('live-nodes'),
      });
      const text = Buffer.from(userData as string, 'base64').toString();
      const [head, part, end] = text.split('--AWSMEDIA');
      expect(head).to.equal('MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="AWSMEDIA"\n\n');
      expect(end).to.equal('--\n');
      expect(part).to.match(/^\nContent-Type: text\/x-shellscript; charset="us-ascii"\n\n#!\/bin\/bash\n/);
      expect(part).to.include(`\nnet.core.rmem_max = ${RECEIVE_BUFFER_BYTES}\n`);
      const script = part!.slice(part!.indexOf('#!'));
      expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).to.include({
        status: 0,
        stderr: '',
      });
    });

    it('have a device plugin for these nodes alone, which hands out a GPU many times', () => {
      const data = fleet.inputs('live-device-plugin-config')['data'] as Record<string, string>;
      expect(data['config.yaml']).to.match(
        /timeSlicing:\n.*\n.*failRequestsGreaterThanOne: true\n.*\n.*nvidia\.com\/gpu\n +replicas: 100\n/,
      );
      const { template } = fleet.inputs('live-device-plugin')['spec'] as { template: { spec: Fields } };
      expect(template.spec).to.deep.include({
        nodeSelector: { 'aws-media/fleet': namespace },
        tolerations: [{ operator: 'Exists' }],
        automountServiceAccountToken: false,
      });
      expect(template.spec['containers']).to.have.nested.property(
        '0.image',
        'nvcr.io/nvidia/k8s-device-plugin:v0.18.2',
      );
    });

    it('have a Deployment with one pod, which stops before it starts again', () => {
      const spec = deployment(fleet, 'news');
      expect(spec).to.deep.include({ replicas: 1, strategy: { type: 'Recreate' } });
      expect(fleet.inputs('live-channel-news')['metadata']).to.deep.include({ name: 'news', namespace });
      const { template } = spec as { template: { metadata: Fields } };
      expect(template.metadata['annotations']).to.deep.include({
        'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
        'karpenter.sh/do-not-disrupt': 'true',
      });
    });

    it('have a pod on the host’s network of its zone and instance type, without a token of Kubernetes', () => {
      const { containers, volumes, ...spec } = pod(fleet, 'news');
      expect(containers).to.have.length(1);
      expect(spec).to.deep.equal({
        serviceAccountName: 'channel-news',
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        hostNetwork: true,
        dnsPolicy: 'Default',
        nodeSelector: {
          'aws-media/fleet': namespace,
          'aws-media/pool': POOL,
          'kubernetes.io/arch': 'amd64',
          'node.kubernetes.io/instance-type': 'g5.xlarge',
          'topology.k8s.aws/zone-id': 'use1-az4',
        },
        tolerations: [
          { key: 'aws-media/fleet', operator: 'Equal', value: namespace, effect: 'NoSchedule' },
          ...['not-ready', 'unreachable'].map((state) => ({
            ...{ key: `node.kubernetes.io/${state}`, operator: 'Exists', effect: 'NoExecute' },
            tolerationSeconds: 30,
          })),
        ],
        terminationGracePeriodSeconds: 30,
        securityContext: {
          ...{ runAsNonRoot: true, runAsUser: 10_001, runAsGroup: 10_001 },
          seccompProfile: { type: 'RuntimeDefault' },
        },
      });
      expect(volumes).to.deep.equal([
        {
          name: 'eks-pod-identity-token',
          projected: {
            sources: [
              {
                serviceAccountToken: {
                  ...{ audience: 'pods.eks.amazonaws.com', expirationSeconds: 86_400 },
                  path: 'eks-pod-identity-token',
                },
              },
            ],
          },
        },
      ]);
    });

    it('have a container that requests its share of the node’s CPU, and the GPU', () => {
      const { env, startupProbe, livenessProbe, readinessProbe, ...rest } = pod(fleet, 'news').containers[0];
      const { share, memoryMiB } = placement({ ladder: LADDERS[LADDER], frameRate: '30' }, 'g5.xlarge');
      expect(env).to.deep.include({ name: 'CHANNEL', value: 'news' });
      const health = { httpGet: { path: '/healthz', port: 9001 }, timeoutSeconds: 5 };
      expect({ startupProbe, livenessProbe, readinessProbe }).to.deep.equal({
        startupProbe: { ...health, periodSeconds: 10, failureThreshold: 9 },
        livenessProbe: { ...health, periodSeconds: 10, failureThreshold: 3 },
        readinessProbe: { ...health, periodSeconds: 5, failureThreshold: 2 },
      });
      expect(rest).to.deep.equal({
        name: 'encoder',
        image: IMAGE,
        ports: [
          { name: 'media', containerPort: 9001, hostPort: 9001, protocol: 'UDP' },
          { name: 'metrics', containerPort: 9001, hostPort: 9001, protocol: 'TCP' },
        ],
        resources: {
          requests: {
            ...{ cpu: `${Math.ceil(share * 3920)}m`, memory: `${memoryMiB}Mi` },
            'nvidia.com/gpu': '1',
          },
          limits: { 'nvidia.com/gpu': '1' },
        },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        volumeMounts: [
          {
            ...{ name: 'eks-pod-identity-token', readOnly: true },
            mountPath: '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount',
          },
        ],
      });
    });

    it('have a role that the pods of the channel alone get, and that writes the channel alone', () => {
      expect(fleet.json('live-channel-news-role', 'assumeRolePolicy')).to.deep.equal({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'pods.eks.amazonaws.com' },
            Action: ['sts:AssumeRole', 'sts:TagSession'],
            Condition: {
              StringEquals: {
                'aws:RequestTag/eks-cluster-arn': `arn:aws:eks:us-east-1:123456789012:cluster/${cluster}`,
                'aws:RequestTag/kubernetes-namespace': namespace,
                'aws:RequestTag/kubernetes-service-account': 'channel-news',
              },
            },
          },
        ],
      });
      expect(fleet.inputs('live-channel-news-identity')).to.deep.equal({
        clusterName: cluster,
        namespace,
        serviceAccount: 'channel-news',
        roleArn: fleet.output('live-channel-news-role', 'arn'),
        tags: ownTags('live-channel-news-identity'),
      });
      expect(fleet.inputs('media-live-news-write')['role']).to.equal(
        fleet.text('live-channel-news-role', 'name'),
      );
    });

    it('have a Deployment that comes after its permissions, its nodes and what gives roles to pods', () => {
      const { dependencies } = fleet.child('live-channel-news');
      const after = ['live-channel-news-identity', 'media-live-news-write', 'live-pod-identity-agent'];
      const group = only(fleet, 'eks:index:ManagedNodeGroup', `live-${POOL}`);
      expect(dependencies).to.include.members([...after.map((name) => fleet.child(name).urn), group.urn]);
    });

    it('compose by what the fleet tells', () => {
      const { share, binding } = placement({ ladder: LADDERS[LADDER], frameRate: '30' }, 'g5.xlarge');
      const { securityGroupId, ...outputs } = fleet.graph.outputs as Fields;
      expect(securityGroupId).to.match(/^sg-/);
      expect(outputs).to.deep.equal({
        clusterName: cluster,
        namespace,
        roleNames: { news: fleet.text('live-channel-news-role', 'name') },
        placements: {
          news: {
            ...{ zone: 'use1-az4', instanceType: 'g5.xlarge', purchase: 'on-demand', share, binding },
            ...{ requestMillicores: Math.ceil(share * 3920), channelsPerInstance: 1 },
          },
        },
        instances: { [POOL]: 1 },
      });
    });
  });

  describe('with every argument of managed nodes', () => {
    const news = { zone: 'use1-az4', ladder: LADDER };
    const FULL: Partial<NvencEncodeFleetOnEksArgs> = {
      ...{ network: NETWORK, zones: ['use1-az4', 'use1-az6'], apiSources: [], kubernetesVersion: '1.34' },
      ...{ systemNodes: { instanceType: 't4g.medium', count: 3 }, nodes: 'managed', spareInstances: 1 },
      ...{ instanceTypes: ['g6.xlarge', 'g5.xlarge'], allowUnlistedOffers: false, allowMutableTag: true },
      ...{ purchase: { 'on-demand': 100, spot: 0 }, margin: 0.7, maxInstances: 20, daemonSetMillicores: 300 },
      ...{ diskGib: 60, deployment: 'stopStart', stopTimeoutSeconds: 60, namespace: 'encoders' },
      ...{ securityGroupIds: ['sg-0123456789abcdef0'], environment: 'dev', tags: { team: 'video' } },
      devicePluginImage: `nvcr.io/nvidia/k8s-device-plugin@sha256:${'cd'.repeat(32)}`,
      channels: {
        news,
        sport: { zone: 'use1-az6', ladder: LADDER, deployment: 'handover' },
        film: { ...news, source: 'udp', port: 9010, instanceType: 'g5.xlarge', running: false },
        demo: { ...news, source: 'test', metricsPort: 9464, purchase: 'spot', acceptInterruption: true },
        more: {
          ...news,
          source: 'rtmp',
          port: 1935,
          metricsPort: 9465,
          image: `${IMAGE.split('@')[0]}:next`,
        },
      },
    };
    let fleet: Recorded;
    before(async () => {
      fleet = await recordFleet(() => ({ ...FULL, ingest: ingest() }), {}, told);
    });

    it('have node groups by zone, instance type and way of paying, with a spare instance where there are channels', () => {
      const sizes = Object.fromEntries(
        fleet.query.byType('aws:eks/nodeGroup:NodeGroup').map(({ name, inputs }) => {
          const { desiredSize } = inputs['scalingConfig'] as { desiredSize: number };
          return [name, `${desiredSize} ${inputs['capacityType'] as string}`];
        }),
      );
      expect(sizes).to.deep.equal({
        'live-system': '3 undefined',
        'live-use1-az4-g5-xlarge-on-demand': '0 ON_DEMAND',
        'live-use1-az4-g5-xlarge-spot': '0 SPOT',
        // News and more on one.
        'live-use1-az4-g6-xlarge-on-demand': '2 ON_DEMAND',
        'live-use1-az4-g6-xlarge-spot': '2 SPOT',
        'live-use1-az6-g5-xlarge-on-demand': '0 ON_DEMAND',
        'live-use1-az6-g5-xlarge-spot': '0 SPOT',
        // A second one for the pod that takes over.
        'live-use1-az6-g6-xlarge-on-demand': '3 ON_DEMAND',
        'live-use1-az6-g6-xlarge-spot': '0 SPOT',
      });
      expect(fleet.graph.outputs['instances']).to.deep.equal({
        'use1-az4-g6-xlarge-on-demand': 2,
        'use1-az4-g6-xlarge-spot': 2,
        'use1-az6-g6-xlarge-on-demand': 3,
      });
    });

    it('have a private API, the asked version, no protection, and system nodes of their architecture', () => {
      const { inputs } = only(fleet, 'aws:eks/cluster:Cluster', 'live-cluster-eksCluster');
      expect(inputs).to.deep.include({ version: '1.34', deletionProtection: false });
      expect(inputs['vpcConfig']).to.deep.include({
        endpointPrivateAccess: true,
        endpointPublicAccess: false,
      });
      expect(inputs['vpcConfig']).not.to.have.property('publicAccessCidrs');
      expect(only(fleet, 'eks:index:Cluster', 'live-cluster').options.protect).not.to.equal(true);
      expect(nodeGroup(fleet, 'system')).to.deep.include({
        amiType: 'AL2023_ARM_64_STANDARD',
        instanceTypes: ['t4g.medium'],
      });
    });

    it('give the instances the groups of the ingest and of the user, and each pool the target groups of its channels', () => {
      expect(fleet.inputs('live-nodes')['vpcSecurityGroupIds']).to.deep.equal([
        fleet.graph.outputs['securityGroupId'],
        fleet.child('srt-targets').id,
        'sg-0123456789abcdef0',
      ]);
      const attached = fleet.query.byType('aws:autoscaling/attachment:Attachment');
      expect(attached.map(({ name }) => name).sort()).to.deep.equal([
        'live-channel-news-targets',
        'live-channel-sport-targets',
      ]);
      const group = only(fleet, 'aws:eks/nodeGroup:NodeGroup', 'live-use1-az4-g6-xlarge-on-demand');
      expect(fleet.inputs('live-channel-news-targets')).to.deep.equal({
        autoscalingGroupName: (group.outputs['resources'] as { autoscalingGroups: { name: string }[] }[])[0]!
          .autoscalingGroups[0]!.name,
        lbTargetGroupArn: fleet.output('srt-channel-news', 'arn'),
      });
      expect(fleet.child('live-channel-news').dependencies).to.include(
        fleet.child('live-channel-news-targets').urn,
      );
    });

    it('take ports and the passphrase’s ARN of the ingest, and may read that passphrase alone', () => {
      expect(variables(fleet, 'news')).to.include({
        ...{ SRT_PORT: '9001', METRICS_PORT: '9001', SRT_LATENCY_MS: '400' },
        SRT_PASSPHRASE_SECRET: fleet.output('srt-channel-news-passphrase', 'arn') as string,
      });
      expect(fleet.inputs('srt-live-news-passphrase')['role']).to.equal(
        fleet.text('live-channel-news-role', 'name'),
      );
      expect(fleet.query.byName('srt-live-sport-passphrase')).to.deep.equal([]);
    });

    it('start a second pod before the first one ends where a channel changes hands, and none that is off', () => {
      expect(deployment(fleet, 'sport')['strategy']).to.deep.equal({
        type: 'RollingUpdate',
        rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
      });
      expect(deployment(fleet, 'film')['replicas']).to.equal(0);
      expect(pod(fleet, 'demo').containers[0]['ports']).to.deep.equal([
        { name: 'metrics', containerPort: 9464, hostPort: 9464, protocol: 'TCP' },
      ]);
      expect(pod(fleet, 'more').containers[0]).to.deep.include({ image: `${IMAGE.split('@')[0]}:next` });
      expect(pod(fleet, 'more')['terminationGracePeriodSeconds']).to.equal(60);
    });
  });

  describe('with Karpenter, in a cluster that is there', () => {
    let fleet: Recorded;
    before(async () => {
      fleet = await recordFleet(
        () => ({
          cluster: makeCluster(),
          network: { ...NETWORK, zones: { 'use1-az4': NETWORK.zones['use1-az4']! } },
          ...{ nodes: 'karpenter', purchase: { 'on-demand': 100, spot: 0 }, maxInstances: 4 },
        }),
        {},
        told,
      );
    });

    it('make neither a cluster nor node groups, but a node class, node pools and an access entry', () => {
      expect(own(fleet)).to.deep.equal([
        'live NvencEncodeFleetOnEks',
        'live-channel-news Deployment',
        'live-channel-news-account ServiceAccount',
        'live-channel-news-identity PodIdentityAssociation',
        'live-channel-news-role Role',
        'live-device-plugin DaemonSet',
        'live-device-plugin-config ConfigMap',
        'live-namespace Namespace',
        'live-node Role',
        'live-node-AmazonEC2ContainerRegistryPullOnly RolePolicyAttachment',
        'live-node-AmazonEKSWorkerNodePolicy RolePolicyAttachment',
        'live-node-AmazonEKS_CNI_Policy RolePolicyAttachment',
        'live-node-access AccessEntry',
        'live-nodes EC2NodeClass',
        `live-${POOL} NodePool`,
        'live-use1-az4-g5-xlarge-spot NodePool',
      ]);
      expect(fleet.inputs('live-node-access')).to.deep.include({
        clusterName: fleet.graph.outputs['clusterName'],
        principalArn: fleet.output('live-node', 'arn'),
        type: 'EC2_LINUX',
      });
    });

    it('have a node class of the role, the subnet and the security group, closed and encrypted', () => {
      const { userData, ...spec } = fleet.inputs('live-nodes')['spec'] as Fields;
      expect(userData).to.include('net.core.rmem_max');
      expect(spec).to.deep.equal({
        role: fleet.text('live-node', 'name'),
        amiSelectorTerms: [{ alias: 'al2023@latest' }],
        subnetSelectorTerms: [{ id: 'subnet-0123456789abcdef4' }],
        securityGroupSelectorTerms: [{ id: fleet.graph.outputs['securityGroupId'] }],
        metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          {
            deviceName: '/dev/xvda',
            ebs: { volumeType: 'gp3', volumeSize: '40Gi', encrypted: true, deleteOnTermination: true },
          },
        ],
        tags: ownTags('live-nodes'),
      });
    });

    it('have a node pool whose instances carry the pods, stay while they have one, and are limited', () => {
      const namespace = fleet.graph.outputs['namespace'] as string;
      const { spec } = fleet.inputs(`live-${POOL}`) as { spec: Record<string, Fields> };
      const { metadata, spec: node } = spec['template'] as { metadata: Fields; spec: Fields };
      const { labels } = metadata as { labels: Record<string, string> };
      expect(node['requirements']).to.deep.equal([
        { key: 'node.kubernetes.io/instance-type', operator: 'In', values: ['g5.xlarge'] },
        { key: 'topology.k8s.aws/zone-id', operator: 'In', values: ['use1-az4'] },
        { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand'] },
      ]);
      expect(node['taints']).to.deep.equal([
        { key: 'aws-media/fleet', value: namespace, effect: 'NoSchedule' },
      ]);
      expect(node['expireAfter']).to.equal('Never');
      expect(spec['limits']).to.deep.equal({ cpu: '16' });
      expect(spec['disruption']).to.deep.equal({ consolidationPolicy: 'WhenEmpty', consolidateAfter: '5m' });
      expect(labels).to.deep.equal({ 'aws-media/fleet': namespace, 'aws-media/pool': POOL });
      expect(pod(fleet, 'news').nodeSelector).to.deep.include(labels);
      const spot = fleet.inputs('live-use1-az4-g5-xlarge-spot')['spec'] as { template: { spec: Fields } };
      expect(spot.template.spec['requirements']).to.deep.include({
        ...{ key: 'karpenter.sh/capacity-type', operator: 'In', values: ['spot'] },
      });
    });
  });
});
