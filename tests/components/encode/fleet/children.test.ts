import { expect } from 'chai';
import { NvencEncodeFleet, type NvencEncodeFleetArgs } from '../../../../components/encode/fleet';
import { placement } from '../../../../components/encode/capacity';
import { TieredSegmentStore } from '../../../../components/storage';
import { LADDERS } from '../../../../encoder/contract';
import { recordProgramOf, warningsOf, type Recorded } from '../../storage/store-recording';
import {
  IMAGE,
  NETWORK,
  STORE_ZONES,
  container,
  minimal,
  ownTags,
  recordFleet,
  variables,
} from './fleet-recording';

const CLUSTER = /^video-test-live-cluster-[0-9a-f]{8}$/;
const POOL = 'use1-az4-g5-xlarge-on-demand';
const own = (fleet: Recorded): string[] => fleet.list.filter((line) => line.startsWith('live'));
const told = (fleet: NvencEncodeFleet) => ({
  clusterName: fleet.clusterName,
  clusterArn: fleet.clusterArn,
  securityGroupId: fleet.securityGroupId,
  serviceNames: fleet.serviceNames,
  taskRoleNames: fleet.taskRoleNames,
  logGroupNames: fleet.logGroupNames,
  placements: fleet.placements,
});

describe('the children of NvencEncodeFleet', () => {
  describe('with the least arguments', () => {
    let fleet: Recorded;
    let cluster: string;
    before(async () => {
      fleet = await recordFleet({}, {}, told);
      cluster = fleet.text('live-cluster', 'name');
    });

    it('are a cluster, one pool on demand, and a channel', () => {
      expect(own(fleet)).to.deep.equal([
        'live NvencEncodeFleet',
        'live-alarm-gpu-xid MetricAlarm',
        'live-channel-news-alarm-foreign-writer MetricAlarm',
        'live-channel-news-alarm-gpu-hot MetricAlarm',
        'live-channel-news-alarm-gpu-lost MetricAlarm',
        'live-channel-news-alarm-gpu-power-capped MetricAlarm',
        'live-channel-news-alarm-gpu-throttled MetricAlarm',
        'live-channel-news-alarm-no-input MetricAlarm',
        'live-channel-news-alarm-nvenc-high MetricAlarm',
        'live-channel-news-alarm-nvenc-low MetricAlarm',
        'live-channel-news-alarm-part-delay MetricAlarm',
        'live-channel-news-alarm-restarts MetricAlarm',
        'live-channel-news-alarm-slow MetricAlarm',
        'live-channel-news-alarm-stopped MetricAlarm',
        'live-channel-news-log LogGroup',
        'live-channel-news-role Role',
        'live-channel-news-service Service',
        'live-channel-news-task TaskDefinition',
        'live-cluster Cluster',
        'live-execution Role',
        'live-execution-policy RolePolicy',
        'live-g5-xlarge LaunchTemplate',
        'live-instance Role',
        'live-instance-policy RolePolicy',
        'live-instance-profile InstanceProfile',
        'live-instances SecurityGroup',
        'live-instances-https SecurityGroupEgressRule',
        'live-providers ClusterCapacityProviders',
        `live-${POOL} Group`,
        `live-${POOL}-alarm-no-capacity MetricAlarm`,
        `live-${POOL}-provider CapacityProvider`,
      ]);
      expect(fleet.list).to.include('media-live-news-write RolePolicy');
    });

    it('share a launch template that is closed, encrypted and of one type', () => {
      const { userData, ...inputs } = fleet.inputs('live-g5-xlarge');
      expect(inputs).to.deep.equal({
        name: fleet.text('live-g5-xlarge', 'name'),
        description: 'g5.xlarge for live',
        updateDefaultVersion: true,
        imageId: 'resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id',
        instanceType: 'g5.xlarge',
        iamInstanceProfile: { arn: fleet.output('live-instance-profile', 'arn') },
        vpcSecurityGroupIds: [fleet.output('live-instances', 'id') ?? fleet.child('live-instances').id],
        metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
        blockDeviceMappings: [
          {
            deviceName: '/dev/xvda',
            ebs: { volumeType: 'gp3', volumeSize: 40, encrypted: 'true', deleteOnTermination: 'true' },
          },
        ],
        monitoring: { enabled: false },
        instanceInitiatedShutdownBehavior: 'terminate',
        tagSpecifications: [
          { resourceType: 'instance', tags: ownTags('live-g5-xlarge') },
          { resourceType: 'volume', tags: ownTags('live-g5-xlarge') },
        ],
        tags: ownTags('live-g5-xlarge'),
      });
      const script = Buffer.from(userData as string, 'base64').toString();
      expect(cluster).to.match(CLUSTER);
      expect(script).to.include(`\nECS_CLUSTER=${cluster}\n`);
      expect(script).to.include('\nECS_IMAGE_PULL_BEHAVIOR=prefer-cached\n');
    });

    it('have a group of the zone that ECS scales, drains and protects', () => {
      expect(fleet.inputs(`live-${POOL}`)).to.deep.equal({
        name: fleet.text(`live-${POOL}`, 'name'),
        minSize: 0,
        maxSize: 32,
        vpcZoneIdentifiers: ['subnet-0123456789abcdef4'],
        healthCheckType: 'EC2',
        healthCheckGracePeriod: 180,
        protectFromScaleIn: true,
        waitForCapacityTimeout: '0',
        launchTemplate: { id: fleet.child('live-g5-xlarge').id, version: '1' },
        tags: [
          { key: 'AmazonECSManaged', value: 'true', propagateAtLaunch: true },
          { key: 'Name', value: `live-${POOL}`, propagateAtLaunch: true },
          { key: 'aws-media:component', value: 'NvencEncodeFleet', propagateAtLaunch: true },
        ],
      });
      expect(fleet.inputs(`live-${POOL}-provider`)).to.deep.equal({
        name: fleet.text(`live-${POOL}-provider`, 'name'),
        autoScalingGroupProvider: {
          autoScalingGroupArn: fleet.output(`live-${POOL}`, 'arn'),
          managedDraining: 'ENABLED',
          managedTerminationProtection: 'ENABLED',
          managedScaling: {
            status: 'ENABLED',
            targetCapacity: 100,
            minimumScalingStepSize: 1,
            maximumScalingStepSize: 32,
            instanceWarmupPeriod: 180,
          },
        },
        tags: ownTags(`live-${POOL}-provider`),
      });
      expect(fleet.inputs('live-providers')).to.deep.equal({
        clusterName: cluster,
        capacityProviders: [fleet.text(`live-${POOL}-provider`, 'name')],
      });
    });

    it('have a service with one task, which stops before it starts again', () => {
      expect(fleet.inputs('live-channel-news-service')).to.deep.equal({
        name: fleet.text('live-channel-news-service', 'name'),
        cluster: fleet.output('live-cluster', 'arn'),
        taskDefinition: fleet.output('live-channel-news-task', 'arn'),
        desiredCount: 1,
        capacityProviderStrategies: [
          { capacityProvider: fleet.text(`live-${POOL}-provider`, 'name'), weight: 1 },
        ],
        deploymentMinimumHealthyPercent: 0,
        deploymentMaximumPercent: 100,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        orderedPlacementStrategies: [{ type: 'binpack', field: 'cpu' }],
        availabilityZoneRebalancing: 'DISABLED',
        enableExecuteCommand: false,
        enableEcsManagedTags: true,
        propagateTags: 'SERVICE',
        waitForSteadyState: false,
        tags: ownTags('live-channel-news-service'),
      });
    });

    it('have a service that comes after its provider is the cluster’s, and after its permissions', () => {
      const { dependencies } = fleet.child('live-channel-news-service');
      for (const name of ['live-providers', 'live-execution-policy', 'media-live-news-write']) {
        expect(dependencies, name).to.include(fleet.child(name).urn);
      }
      for (const name of ['live-instance-policy', 'live-instances-https']) {
        expect(fleet.child(`live-${POOL}`).dependencies, name).to.include(fleet.child(name).urn);
      }
    });

    it('have a task on the host’s network that reserves what the channel needs of the instance', () => {
      const { cpuUnits, memoryMiB } = placement(
        { ladder: LADDERS['hevc-2160p30-50'], frameRate: '30' },
        'g5.xlarge',
      );
      const { containerDefinitions, ...inputs } = fleet.inputs('live-channel-news-task');
      expect(containerDefinitions).to.be.a('string');
      expect(inputs).to.deep.equal({
        family: fleet.text('live-channel-news-task', 'family'),
        networkMode: 'host',
        requiresCompatibilities: ['EC2'],
        runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
        executionRoleArn: fleet.output('live-execution', 'arn'),
        taskRoleArn: fleet.output('live-channel-news-role', 'arn'),
        skipDestroy: true,
        tags: ownTags('live-channel-news-task'),
      });
      const { environment, ...rest } = container(fleet, 'news');
      expect(environment).to.have.length(14);
      expect(rest).to.deep.equal({
        name: 'encoder',
        image: IMAGE,
        essential: true,
        cpu: cpuUnits,
        memoryReservation: memoryMiB,
        portMappings: [
          { containerPort: 9001, hostPort: 9001, protocol: 'udp' },
          { containerPort: 9001, hostPort: 9001, protocol: 'tcp' },
        ],
        linuxParameters: { capabilities: { drop: ['ALL'] } },
        ulimits: [{ name: 'nofile', softLimit: 65_536, hardLimit: 65_536 }],
        stopTimeout: 30,
        healthCheck: {
          command: ['CMD', 'node', '/app/dist/encoder/image/health.js', 'encoder'],
          ...{ interval: 10, timeout: 5, retries: 3, startPeriod: 60 },
        },
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': `/aws-media/${cluster}/news`,
            'awslogs-region': 'us-east-1',
            'awslogs-stream-prefix': 'task',
            mode: 'non-blocking',
            'max-buffer-size': '4m',
          },
        },
      });
    });

    describe('are alarms', () => {
      const of = (id: string) => {
        const alarm = fleet.inputs(`live-channel-news-alarm-${id}`);
        const { metricName, statistic, comparisonOperator, threshold, period, evaluationPeriods } = alarm;
        expect(alarm).to.include({ namespace: 'AwsMedia', treatMissingData: 'notBreaching' });
        expect(alarm['datapointsToAlarm']).to.equal(evaluationPeriods);
        const rule = [statistic, metricName, comparisonOperator, threshold];
        return [...rule, `${evaluationPeriods as number} x ${period as number} s`, alarm['dimensions']];
      };
      const GPU = { Channel: 'news', Gpu: '0' };

      it('for a contribution that is away for more than five seconds, as soon as a minute of CloudWatch tells', () => {
        const rule = ['Sum', 'InputLostSeconds', 'GreaterThanThreshold', 0, '1 x 60 s', { Channel: 'news' }];
        expect(of('no-input')).to.deep.equal(rule);
      });

      it('for a speed under 0.98, which the runtime judges', () => {
        const rule = ['Maximum', 'Slow', 'GreaterThanOrEqualToThreshold', 1, '2 x 60 s', { Channel: 'news' }];
        expect(of('slow')).to.deep.equal(rule);
      });

      it('for parts that come more than two parts late, on the average of two minutes', () => {
        const rule = ['Average', 'PartDelay', 'GreaterThanThreshold', 2, '2 x 60 s', { Channel: 'news' }];
        expect(of('part-delay')).to.deep.equal(rule);
      });

      it('for another writer of the channel, at once, and for ffmpeg that starts again and again', () => {
        const atLeast = 'GreaterThanOrEqualToThreshold';
        const dimensions = { Channel: 'news' };
        expect(of('foreign-writer')).to.deep.equal([
          ...['Sum', 'ForeignWriters', atLeast, 1, '1 x 60 s', dimensions],
        ]);
        expect(of('restarts')).to.deep.equal(['Sum', 'Restarts', atLeast, 3, '1 x 300 s', dimensions]);
      });

      it('for the band of 70 to 85 % of NVENC: quickly above it, slowly below', () => {
        const above = ['Average', 'GpuEncoderUtilization', 'GreaterThanThreshold', 85, '3 x 300 s', GPU];
        expect(of('nvenc-high')).to.deep.equal(above);
        const below = ['Average', 'GpuEncoderUtilization', 'LessThanThreshold', 70, '24 x 3600 s', GPU];
        expect(of('nvenc-low')).to.deep.equal(below);
      });

      it('for throttling: soon for heat and the power supply, later for the power limit, and before it for heat', () => {
        const heat = ['Average', 'GpuThrottled', 'GreaterThanOrEqualToThreshold', 0.2, '1 x 300 s', GPU];
        expect(of('gpu-throttled')).to.deep.equal(heat);
        const power = ['Average', 'GpuPowerCapped', 'GreaterThanThreshold', 0.5, '3 x 300 s', GPU];
        expect(of('gpu-power-capped')).to.deep.equal(power);
        const hot = ['Maximum', 'GpuTemperature', 'GreaterThanOrEqualToThreshold', 85, '5 x 60 s', GPU];
        expect(of('gpu-hot')).to.deep.equal(hot);
      });

      it('for a GPU that is lost, by the channel alone: of a lost GPU nobody tells the index', () => {
        const lost = ['Maximum', 'GpuHealthy', 'LessThanThreshold', 1, '3 x 60 s', { Channel: 'news' }];
        expect(of('gpu-lost')).to.deep.equal(lost);
        expect(fleet.text('live-channel-news-alarm-gpu-lost', 'alarmDescription')).to.match(
          /cannot be read: .*What to do: "gpu-lost" in docs\/runbook\.md of pulumi-aws-media$/,
        );
      });

      it('for errors that the kernel of an instance tells of (Xid), by the cluster', () => {
        expect(fleet.inputs('live-alarm-gpu-xid')).to.deep.include({
          ...{ namespace: 'AwsMedia', metricName: 'GpuXid', statistic: 'Sum', threshold: 1 },
          ...{ period: 60, evaluationPeriods: 1, treatMissingData: 'notBreaching' },
          dimensions: { Cluster: cluster },
        });
      });
    });

    it('have no way in but for what the user gives', () => {
      expect(fleet.inputs('live-instances')).not.to.have.property('ingress');
      expect(fleet.query.byType('aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule')).to.deep.equal(
        [],
      );
      expect(fleet.inputs('live-instances-https')).to.deep.include({
        cidrIpv4: '0.0.0.0/0',
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
      });
    });

    it('compose by what the fleet tells', () => {
      expect(fleet.graph.outputs).to.deep.equal({
        clusterName: cluster,
        clusterArn: fleet.output('live-cluster', 'arn'),
        securityGroupId: fleet.child('live-instances').id,
        serviceNames: { news: fleet.text('live-channel-news-service', 'name') },
        taskRoleNames: { news: fleet.text('live-channel-news-role', 'name') },
        logGroupNames: { news: `/aws-media/${cluster}/news` },
        placements: {
          news: {
            zone: 'use1-az4',
            instanceType: 'g5.xlarge',
            purchase: 'on-demand',
            ...sharesOf('g5.xlarge'),
          },
        },
      });
    });
  });

  describe('with every argument', () => {
    const FULL: Partial<NvencEncodeFleetArgs> = {
      network: NETWORK,
      zones: ['use1-az4', 'use1-az6'],
      instanceTypes: ['g6.xlarge', 'g5.xlarge'],
      allowUnlistedOffers: false,
      purchase: { committed: 70, 'on-demand': 30, spot: 0 },
      spotMaxPrice: 0.6,
      margin: 0.8,
      maxInstances: 20,
      targetCapacity: 90,
      warmPool: { minSize: 2, purchase: ['on-demand'] },
      ami: { id: 'ami-0123456789abcdef0' },
      diskGib: 60,
      placement: 'partition',
      instanceReplacement: 'rolling',
      deployment: 'handover',
      stopTimeoutSeconds: 60,
      containerInsights: 'enhanced',
      executeCommand: true,
      logRetentionDays: 7,
      alarms: {
        actions: ['arn:aws:sns:us-east-1:123456789012:on-call'],
        advisoryActions: ['arn:aws:sns:us-east-1:123456789012:costs'],
        runbook: 'https://example.com/runbook',
      },
      securityGroupIds: ['sg-0123456789abcdef0'],
      environment: 'dev',
      tags: { team: 'video' },
      allowMutableTag: true,
      image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/encoder:1.2.0',
      channels: {
        news: { zone: 'use1-az6', ladder: 'hevc-2160p30-50', port: 9001, purchase: 'on-demand' },
        sport: {
          zone: 'use1-az4',
          ladder: 'h264-1080p',
          frameRate: '50',
          port: 9002,
          metricsPort: 9102,
          instanceType: 'g5.xlarge',
          purchase: 'spot',
          acceptInterruption: true,
          image: IMAGE,
          running: false,
          deployment: 'stopStart',
        },
      },
    };
    let fleet: Recorded;
    before(async () => {
      fleet = await recordFleet(FULL, {}, told);
    });

    it('are a group and a provider for each zone, type and way of paying', () => {
      const groups = fleet.query.byType('aws:autoscaling/group:Group').map(({ name }) => name);
      const zones = ['use1-az4', 'use1-az6'];
      const types = ['g5-xlarge', 'g6-xlarge'];
      const expected = zones.flatMap((zone) =>
        types.flatMap((type) =>
          ['committed', 'on-demand', 'spot'].map((option) => `live-${zone}-${type}-${option}`),
        ),
      );
      expect(groups.sort()).to.deep.equal(expected.sort());
      expect(fleet.query.byType('aws:ecs/capacityProvider:CapacityProvider')).to.have.length(12);
      expect(fleet.inputs('live-providers')['capacityProviders']).to.have.length(12);
      expect(fleet.query.byType('aws:ec2/launchTemplate:LaunchTemplate')).to.have.length(2);
    });

    it('ask for Spot at the least price, with a limit, of one type, and move before it is taken back', () => {
      const group = fleet.inputs('live-use1-az4-g5-xlarge-spot');
      expect(group['capacityRebalance']).to.equal(true);
      expect(group['mixedInstancesPolicy']).to.deep.equal({
        instancesDistribution: {
          onDemandBaseCapacity: 0,
          onDemandPercentageAboveBaseCapacity: 0,
          spotAllocationStrategy: 'price-capacity-optimized',
          spotMaxPrice: '0.6',
        },
        launchTemplate: {
          launchTemplateSpecification: {
            launchTemplateId: fleet.child('live-g5-xlarge').id,
            version: '1',
          },
          overrides: [{ instanceType: 'g5.xlarge' }],
        },
      });
      expect(group).not.to.have.any.keys('launchTemplate', 'warmPool');
    });

    it('keep warm instances where they are asked for, and the agent knows', () => {
      const warm = fleet.query
        .byType('aws:autoscaling/group:Group')
        .filter(({ inputs }) => inputs['warmPool'] !== undefined);
      expect(warm.map(({ name }) => name).sort()).to.deep.equal([
        'live-use1-az4-g5-xlarge-on-demand',
        'live-use1-az4-g6-xlarge-on-demand',
        'live-use1-az6-g5-xlarge-on-demand',
        'live-use1-az6-g6-xlarge-on-demand',
      ]);
      expect(warm[0]!.inputs['warmPool']).to.deep.equal({ poolState: 'Stopped', minSize: 2 });
      expect(startOf(fleet, 'live-g6-xlarge')).to.include('\nECS_WARM_POOLS_CHECK=true\n');
    });

    it('have instances as they are asked for', () => {
      expect(fleet.inputs('live-g6-xlarge')).to.deep.include({
        imageId: 'ami-0123456789abcdef0',
        instanceType: 'g6.xlarge',
      });
      expect(fleet.inputs('live-g6-xlarge')['vpcSecurityGroupIds']).to.include('sg-0123456789abcdef0');
      expect(JSON.stringify(fleet.inputs('live-g6-xlarge')['blockDeviceMappings'])).to.include(
        '"volumeSize":60',
      );
      expect(startOf(fleet, 'live-g6-xlarge')).to.include('\nECS_IMAGE_PULL_BEHAVIOR=default\n');
      expect(startOf(fleet, 'live-g6-xlarge')).to.include('\nECS_CONTAINER_STOP_TIMEOUT=60s\n');
      const group = fleet.inputs('live-use1-az6-g6-xlarge-on-demand');
      expect(group['placementGroup']).to.equal(
        fleet.text('live-use1-az6-g6-xlarge-on-demand-placement', 'name'),
      );
      expect(fleet.inputs('live-use1-az6-g6-xlarge-on-demand-placement')).to.deep.include({
        strategy: 'partition',
        partitionCount: 7,
      });
      expect(group['instanceRefresh']).to.deep.equal({
        strategy: 'Rolling',
        preferences: {
          minHealthyPercentage: 100,
          maxHealthyPercentage: 110,
          instanceWarmup: '180',
          scaleInProtectedInstances: 'Refresh',
        },
      });
      expect(group['maxSize']).to.equal(20);
      expect(group['vpcZoneIdentifiers']).to.deep.equal(['subnet-0123456789abcdef6']);
      const provider = fleet.inputs('live-use1-az6-g6-xlarge-on-demand-provider');
      expect(provider['autoScalingGroupProvider']).to.deep.include({ managedDraining: 'ENABLED' });
      expect(JSON.stringify(provider)).to.include('"targetCapacity":90');
    });

    it('hand a channel over to another instance', () => {
      expect(fleet.inputs('live-channel-news-service')).to.deep.include({
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        placementConstraints: [{ type: 'distinctInstance' }],
        enableExecuteCommand: true,
        desiredCount: 1,
      });
    });

    it('are a channel’s own where it says otherwise', () => {
      const service = fleet.inputs('live-channel-sport-service');
      expect(service).to.deep.include({ desiredCount: 0, deploymentMaximumPercent: 100 });
      expect(service).not.to.have.property('placementConstraints');
      expect(service['capacityProviderStrategies']).to.deep.equal([
        { capacityProvider: fleet.text('live-use1-az4-g5-xlarge-spot-provider', 'name'), weight: 1 },
      ]);
      expect(container(fleet, 'sport')['image']).to.equal(IMAGE);
      expect(variables(fleet, 'sport')).to.deep.include({ SRT_PORT: '9002', METRICS_PORT: '9102' });
      expect(fleet.inputs('live-channel-sport-alarm-stopped')['actionsEnabled']).to.equal(false);
    });

    it('tell whom they are asked to tell, with a link', () => {
      const high = fleet.inputs('live-channel-news-alarm-nvenc-high');
      expect(high).to.deep.include({
        threshold: 85,
        comparisonOperator: 'GreaterThanThreshold',
        alarmActions: ['arn:aws:sns:us-east-1:123456789012:on-call'],
        okActions: ['arn:aws:sns:us-east-1:123456789012:on-call'],
        alarmDescription:
          'Channel news of live runs on a GPU whose NVENC is busy for more than 85 % of the time. What to do: https://example.com/runbook#nvenc-high',
      });
      expect(fleet.inputs('live-channel-news-alarm-nvenc-low')).to.deep.include({
        threshold: 70,
        comparisonOperator: 'LessThanThreshold',
        alarmActions: ['arn:aws:sns:us-east-1:123456789012:costs'],
      });
      expect(fleet.inputs('live-use1-az6-g6-xlarge-on-demand-alarm-no-capacity')['dimensions']).to.deep.equal(
        {
          CapacityProviderName: fleet.text('live-use1-az6-g6-xlarge-on-demand-provider', 'name'),
          ClusterName: fleet.text('live-cluster', 'name'),
        },
      );
    });

    it('have the settings of cluster and logs', () => {
      expect(fleet.inputs('live-cluster')['settings']).to.deep.equal([
        { name: 'containerInsights', value: 'enhanced' },
      ]);
      expect(fleet.inputs('live-channel-news-log')['retentionInDays']).to.equal(7);
      expect(fleet.child('live-channel-news-log').options.retainOnDelete ?? false).to.equal(false);
    });

    it('reserve more where the margin is smaller', async () => {
      const units = (recorded: Recorded) => container(recorded, 'news')['cpu'] as number;
      const careful = await recordFleet({ margin: 0.75 });
      const bold = await recordFleet({ margin: 0.9 });
      expect(units(careful) / units(bold)).to.be.closeTo(0.9 / 0.75, 0.001);
    });
  });

  it('keep their logs in prod, and no longer than that elsewhere', async () => {
    const kept = async (environment: 'prod' | 'staging') =>
      (await recordFleet({ environment })).child('live-channel-news-log').options.retainOnDelete ?? false;
    expect(await kept('prod')).to.equal(true);
    expect(await kept('staging')).to.equal(false);
  });

  it('are no alarms where none are wanted, and no alarm of input for the test source', async () => {
    const none = await recordFleet({ alarms: false });
    expect(none.query.byType('aws:cloudwatch/metricAlarm:MetricAlarm')).to.deep.equal([]);
    const test = await recordFleet({
      channels: { news: { ladder: 'tiny', source: 'test', metricsPort: 9464 } },
    });
    expect(own(test)).not.to.include('live-channel-news-alarm-no-input MetricAlarm');
    expect(container(test, 'news')['portMappings']).to.deep.equal([
      { containerPort: 9464, hostPort: 9464, protocol: 'tcp' },
    ]);
  });

  it('fall back to the next type where the zone lacks the first', async () => {
    const zones = { ...NETWORK.zones, 'use1-az5': { privateSubnetId: 'subnet-0123456789abcdef5' } };
    const channel = (zone: string) => ({ zone, ladder: 'hevc-2160p30-50' as const, port: 9001 });
    const { graph } = await recordProgramOf(() => {
      const store = new TieredSegmentStore('media', {
        zones: { ...STORE_ZONES, 'use1-az5': { zoneId: 'use1-az5' } },
      });
      const { placements } = new NvencEncodeFleet('live', {
        ...minimal(store),
        network: { ...NETWORK, zones },
        instanceTypes: ['g6.xlarge', 'g5.xlarge'],
        channels: { a: channel('use1-az4'), b: channel('use1-az5') },
      });
      return { a: placements['a']!.instanceType, b: placements['b']!.instanceType };
    });
    expect(graph.outputs).to.deep.equal({ a: 'g6.xlarge', b: 'g5.xlarge' });
  });

  it('are made with a warning where nobody knows whether the zone has the type, and by choice where it has not', async () => {
    const networkOf = (zone: string) => ({ ...NETWORK, zones: { [zone]: NETWORK.zones['use1-az4']! } });
    const warnings = await warningsOf(() => recordFleet({ network: networkOf('euw2-az1'), channels: {} }));
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(
      /^whether EC2 offers g5\.xlarge in euw2-az1 is not known here; .*describe-instance-type-offerings/,
    );
    const g6 = { network: networkOf('use1-az5'), instanceTypes: ['g6.xlarge'], channels: {} };
    const fleet = await recordFleet({ ...g6, allowUnlistedOffers: true });
    expect(own(fleet)).to.include('live-use1-az5-g6-xlarge-on-demand Group');
    expect(await warningsOf(() => recordFleet({ channels: {} }))).to.deep.equal([]);
  });

  it('fall back to the next type where the first cannot carry the channel', async () => {
    const { graph } = await recordFleet(
      {
        instanceTypes: ['g4dn.xlarge', 'g6.xlarge'],
        channels: { news: { ladder: 'hevc-2160p30-50', frameRate: '60', port: 9001 } },
      },
      {},
      ({ placements }) => ({ type: placements['news']!.instanceType }),
    );
    expect(graph.outputs).to.deep.equal({ type: 'g6.xlarge' });
  });
});

/** What a script of a launch template does. */
const startOf = (fleet: Recorded, template: string): string =>
  Buffer.from(fleet.text(template, 'userData'), 'base64').toString();

function sharesOf(instanceType: string) {
  const { share, binding, cpuUnits, channelsPerGpu } = placement(
    { ladder: LADDERS['hevc-2160p30-50'], frameRate: '30' },
    instanceType,
  );
  return { share, binding, cpuUnits, channelsPerInstance: channelsPerGpu };
}
