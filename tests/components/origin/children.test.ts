import { expect } from 'chai';
import type { Recorded } from '../recorded';
import {
  NETWORK,
  TOPIC,
  container,
  makeFull,
  makeStore,
  minimal,
  recordOrigin,
  told,
  variables,
} from './origin-recording';
import { recordProgramOf } from '../recorded';
import { LlHlsOrigin } from '../../../components/origin';

const ownTags = (name: string) => ({ Name: name, 'aws-media:component': 'LlHlsOrigin' });

describe('the children of LlHlsOrigin', () => {
  describe('with the arguments that it must have', () => {
    let origin: Recorded;
    const id = (name: string): unknown => origin.child(name).id;
    before(async () => {
      origin = await recordOrigin({}, {}, told);
    });

    it('are a load balancer, a VPC origin, and one service with its scaling and alarms', () => {
      expect(
        origin.list.filter((each) => each.startsWith('origin') || each.includes('-read ')),
      ).to.deep.equal([
        'media-origin-use1-az4-read RolePolicy',
        'origin LlHlsOrigin',
        'origin-alarm-balancer-errors MetricAlarm',
        'origin-balancer LoadBalancer',
        'origin-balancer-cloudfront-in SecurityGroupIngressRule',
        'origin-balancer-group SecurityGroup',
        'origin-balancer-health-out SecurityGroupEgressRule',
        'origin-balancer-media-out SecurityGroupEgressRule',
        'origin-cluster Cluster',
        'origin-execution Role',
        'origin-execution-policy RolePolicy',
        'origin-listener Listener',
        'origin-tasks SecurityGroup',
        'origin-tasks-health-in SecurityGroupIngressRule',
        'origin-tasks-https-out SecurityGroupEgressRule',
        'origin-tasks-media-in SecurityGroupIngressRule',
        'origin-vpc-origin VpcOrigin',
        'origin-zone-use1-az4 TargetGroup',
        'origin-zone-use1-az4-alarm-held-requests MetricAlarm',
        'origin-zone-use1-az4-alarm-no-healthy-origin MetricAlarm',
        'origin-zone-use1-az4-alarm-origin-busy MetricAlarm',
        'origin-zone-use1-az4-alarm-origin-bytes MetricAlarm',
        'origin-zone-use1-az4-alarm-origin-errors MetricAlarm',
        'origin-zone-use1-az4-log LogGroup',
        'origin-zone-use1-az4-role Role',
        'origin-zone-use1-az4-scaling Target',
        'origin-zone-use1-az4-scaling-bytes Policy',
        'origin-zone-use1-az4-scaling-cpu Policy',
        'origin-zone-use1-az4-service Service',
        'origin-zone-use1-az4-task TaskDefinition',
      ]);
    });

    it('are an internal load balancer in the private subnets of all zones', () => {
      const { name, ...rest } = origin.child('origin-balancer').inputs;
      expect(name).to.match(/^test-origin-balancer-[0-9a-f]{8}$/);
      expect(rest).to.deep.equal({
        loadBalancerType: 'application',
        internal: true,
        ipAddressType: 'ipv4',
        securityGroups: [origin.child('origin-balancer-group').id],
        subnets: Object.values(NETWORK.zones).map(({ privateSubnetId }) => privateSubnetId),
        idleTimeout: 60,
        dropInvalidHeaderFields: true,
        desyncMitigationMode: 'defensive',
        enableDeletionProtection: true,
        tags: ownTags('origin-balancer'),
      });
      expect(origin.child('origin-balancer').options.protect).to.equal(true);
    });

    it('are a VPC origin of that load balancer, with its listener behind it, by HTTP', () => {
      const { tags, vpcOriginEndpointConfig } = origin.inputs('origin-vpc-origin');
      expect(tags).to.deep.equal(ownTags('origin-vpc-origin'));
      expect(vpcOriginEndpointConfig).to.deep.equal({
        name: (vpcOriginEndpointConfig as { name: string }).name,
        arn: origin.child('origin-balancer').outputs['arn'],
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: 'http-only',
        originSslProtocols: { items: ['TLSv1.2'], quantity: 1 },
      });
      const vpcOrigin = origin.child('origin-vpc-origin');
      expect(vpcOrigin.dependencies).to.include(origin.child('origin-listener').urn);
      expect(vpcOrigin.options.replaceOnChanges).to.deep.equal(['vpcOriginEndpointConfig']);
    });

    it('let CloudFront into the load balancer, the load balancer to the tasks, and the tasks to AWS: nothing else', () => {
      const balancer = origin.child('origin-balancer-group').id;
      const tasks = id('origin-tasks');
      const rules = origin.resources
        .filter(({ type }) => /SecurityGroup(?:Ingress|Egress)Rule$/.test(type))
        .map(({ type, inputs }) => {
          const { securityGroupId, referencedSecurityGroupId, cidrIpv4, ...rest } = inputs;
          const { fromPort, toPort, ipProtocol } = rest as Record<string, string | number>;
          expect(toPort).to.equal(fromPort);
          const names = new Map<unknown, string>([
            [balancer, 'balancer'],
            [tasks, 'tasks'],
          ]);
          const peer = (cidrIpv4 as string) ?? names.get(referencedSecurityGroupId) ?? 'CloudFront';
          const way = type.endsWith('IngressRule') ? '<-' : '->';
          return `${names.get(securityGroupId)} ${way} ${peer} ${ipProtocol} ${fromPort}`;
        });
      expect(rules.sort()).to.deep.equal([
        'balancer -> tasks tcp 8080',
        'balancer -> tasks tcp 9465',
        'balancer <- CloudFront tcp 80',
        'tasks -> 0.0.0.0/0 tcp 443',
        'tasks <- balancer tcp 8080',
        'tasks <- balancer tcp 9465',
      ]);
      for (const { inputs } of origin.query.byType('aws:ec2/securityGroup:SecurityGroup')) {
        expect(inputs).to.not.have.any.keys('ingress', 'egress');
      }
    });

    it("admit the group of the VPC's own VPC origins, looked up once the VPC origin is there", () => {
      expect(origin.graph.invokes?.map(({ token, arguments: args }) => [token, args])).to.deep.include([
        'aws:ec2/getSecurityGroup:getSecurityGroup',
        { name: 'CloudFront-VPCOrigins-Service-SG', vpcId: NETWORK.vpcId },
      ]);
      const rule = origin.child('origin-balancer-cloudfront-in');
      expect(rule.inputs['referencedSecurityGroupId']).to.match(/^sg-[0-9a-f]{17}$/);
      expect(rule.dependencies).to.include(origin.child('origin-vpc-origin').urn);
    });

    it('are a target group that drains for longer than a request is held, and asks the runtime for its health', () => {
      const { name, ...rest } = origin.inputs('origin-zone-use1-az4');
      expect(name).to.match(/^origin-zone-use1-az4-[0-9a-f]{8}$/);
      expect(rest).to.deep.equal({
        vpcId: NETWORK.vpcId,
        targetType: 'ip',
        protocol: 'HTTP',
        protocolVersion: 'HTTP1',
        port: 8080,
        loadBalancingAlgorithmType: 'least_outstanding_requests',
        loadBalancingCrossZoneEnabled: 'true',
        deregistrationDelay: 30,
        healthCheck: {
          ...{ protocol: 'HTTP', port: '9465', path: '/healthz', matcher: '200' },
          ...{ interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 2 },
        },
        tags: ownTags('origin-zone-use1-az4'),
      });
    });

    it('are a listener that leads everything to the only zone', () => {
      expect(origin.inputs('origin-listener')).to.deep.equal({
        loadBalancerArn: origin.child('origin-balancer').outputs['arn'],
        ...{ port: 80, protocol: 'HTTP' },
        defaultActions: [{ type: 'forward', targetGroupArn: origin.output('origin-zone-use1-az4', 'arn') }],
        tags: ownTags('origin-listener'),
      });
      expect(origin.query.byType('aws:lb/listenerRule:ListenerRule')).to.deep.equal([]);
    });

    it('are two tasks in the zone alone, with a circuit breaker that rolls back, after what they need', () => {
      const { name, ...rest } = origin.inputs('origin-zone-use1-az4-service');
      expect(rest).to.deep.equal({
        cluster: origin.output('origin-cluster', 'arn'),
        taskDefinition: origin.output('origin-zone-use1-az4-task', 'arn'),
        desiredCount: 2,
        launchType: 'FARGATE',
        platformVersion: 'LATEST',
        networkConfiguration: {
          subnets: [NETWORK.zones['use1-az4']!.privateSubnetId],
          securityGroups: [id('origin-tasks')],
          assignPublicIp: false,
        },
        loadBalancers: [
          {
            targetGroupArn: origin.output('origin-zone-use1-az4', 'arn'),
            containerName: 'origin',
            containerPort: 8080,
          },
        ],
        healthCheckGracePeriodSeconds: 60,
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        availabilityZoneRebalancing: 'DISABLED',
        enableExecuteCommand: false,
        enableEcsManagedTags: true,
        propagateTags: 'SERVICE',
        tags: ownTags('origin-zone-use1-az4-service'),
      });
      const service = origin.child('origin-zone-use1-az4-service');
      expect(service.options.ignoreChanges).to.deep.equal(['desiredCount']);
      for (const before of ['origin-listener', 'origin-execution-policy', 'media-origin-use1-az4-read']) {
        expect(service.dependencies, before).to.include(origin.child(before).urn);
      }
      expect(name).to.equal(variables(origin)['ORIGIN_NAME']);
    });

    it('are a task of one CPU and 2 GiB that may write no file and has no capability', () => {
      const task = origin.inputs('origin-zone-use1-az4-task');
      expect(task).to.deep.include({
        ...{ cpu: '1024', memory: '2048', networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] },
        runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: 'X86_64' },
      });
      expect(container(origin)).to.deep.include({
        name: 'origin',
        essential: true,
        readonlyRootFilesystem: true,
        linuxParameters: { capabilities: { drop: ['ALL'] } },
        stopTimeout: 30,
      });
    });

    it('are scaled by the CPU and by the bytes that a task sends, and never by requests that are held', () => {
      const target = origin.inputs('origin-zone-use1-az4-scaling');
      expect(target).to.deep.include({ minCapacity: 2, maxCapacity: 10, serviceNamespace: 'ecs' });
      const cluster = origin.text('origin-cluster', 'name');
      const service = origin.text('origin-zone-use1-az4-service', 'name');
      expect(target['resourceId']).to.equal(`service/${cluster}/${service}`);
      const tracking = (by: string) =>
        origin.inputs(`origin-zone-use1-az4-scaling-${by}`)['targetTrackingScalingPolicyConfiguration'];
      const cooldown = { scaleOutCooldown: 60, scaleInCooldown: 300 };
      expect(tracking('cpu')).to.deep.equal({
        targetValue: 60,
        predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        ...cooldown,
      });
      expect(tracking('bytes')).to.deep.equal({
        // 400 Mbit/s for the 15 s of a line.
        targetValue: (400e6 / 8) * 15,
        customizedMetricSpecification: {
          ...{ namespace: 'AwsMedia', metricName: 'SentBytes', statistic: 'Average' },
          dimensions: [{ name: 'Origin', value: service }],
        },
        ...cooldown,
      });
      const policies = origin.query.byType('aws:appautoscaling/policy:Policy');
      expect(JSON.stringify(policies.map(({ inputs }) => inputs))).to.not.match(/Held|RequestCount/);
    });

    it('are told about by the outputs', () => {
      const balancer = origin.child('origin-balancer');
      expect(origin.graph.outputs).to.deep.equal({
        vpcOriginId: id('origin-vpc-origin'),
        domainName: balancer.outputs['dnsName'],
        readTimeoutSeconds: 30,
        keepaliveTimeoutSeconds: 50,
        securityGroupId: origin.child('origin-balancer-group').id,
        loadBalancerArn: balancer.outputs['arn'],
        loadBalancerDomainName: balancer.outputs['dnsName'],
        clusterName: origin.text('origin-cluster', 'name'),
        serviceNames: { 'use1-az4': origin.text('origin-zone-use1-az4-service', 'name') },
        taskRoleNames: { 'use1-az4': origin.text('origin-zone-use1-az4-role', 'name') },
        logGroupNames: { 'use1-az4': origin.text('origin-zone-use1-az4-log', 'name') },
      });
    });
  });

  describe('with all arguments', () => {
    let origin: Recorded;
    before(async () => {
      origin = await recordProgramOf(() => told(makeFull()));
    });

    it('are a service for each zone, with at least one task, in its own subnet, that reads its own bucket', () => {
      for (const [zone, tasks] of [
        ['use1-az4', 2],
        ['use1-az6', 1],
      ] as const) {
        const service = origin.inputs(`origin-zone-${zone}-service`);
        expect(service['desiredCount']).to.equal(tasks);
        expect((service['networkConfiguration'] as { subnets: unknown }).subnets).to.deep.equal([
          NETWORK.zones[zone]!.privateSubnetId,
        ]);
        expect(variables(origin, zone)['STORE']).to.match(new RegExp(`,[a-z0-9-]+--${zone}--x-s3$`));
      }
      expect(origin.inputs('origin-zone-use1-az6-scaling')).to.include({ minCapacity: 1, maxCapacity: 4 });
    });

    it("are rules that lead a channel's requests to its zone, and everything else nowhere", () => {
      const rules = origin.query.byType('aws:lb/listenerRule:ListenerRule');
      const zoneOf = new Map(
        ['use1-az4', 'use1-az6'].map((zone) => [origin.output(`origin-zone-${zone}`, 'arn'), zone]),
      );
      const shown = rules.map(({ name, inputs }) => {
        const { actions, conditions } = inputs as unknown as {
          actions: { targetGroupArn: string }[];
          conditions: unknown;
        };
        expect(inputs).to.not.have.property('priority');
        return [name, conditions, actions.map(({ targetGroupArn }) => zoneOf.get(targetGroupArn))];
      });
      const header = (zone: string) => [{ httpHeader: { httpHeaderName: 'x-origin-zone', values: [zone] } }];
      const path = (text: string) => [{ pathPattern: { values: [text] } }];
      expect(shown.sort()).to.deep.equal([
        ['origin-channel-news-rule', path('/live/news/*'), ['use1-az4']],
        ['origin-channel-sport-rule', path('/live/sport/*'), ['use1-az6']],
        ['origin-zone-use1-az4-rule', header('use1-az4'), ['use1-az4']],
        ['origin-zone-use1-az6-rule', header('use1-az6'), ['use1-az6']],
      ]);
      const { defaultActions } = origin.inputs('origin-listener');
      expect(defaultActions).to.deep.equal([
        {
          type: 'fixed-response',
          fixedResponse: {
            contentType: 'text/plain',
            statusCode: '404',
            messageBody: 'no zone has this channel',
          },
        },
      ]);
      const service = origin.child('origin-zone-use1-az6-service');
      expect(service.dependencies).to.include(origin.child('origin-zone-use1-az6-rule').urn);
    });

    it('have TLS from CloudFront on, with the name of the certificate', () => {
      expect(origin.inputs('origin-listener')).to.include({
        ...{ port: 443, protocol: 'HTTPS', sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' },
        certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef',
      });
      expect(origin.inputs('origin-balancer-cloudfront-in')).to.include({ fromPort: 443, toPort: 443 });
      expect(origin.inputs('origin-vpc-origin')['vpcOriginEndpointConfig']).to.include({
        originProtocolPolicy: 'https-only',
      });
      expect(origin.graph.outputs['domainName']).to.equal('origin.example.com');
    });

    it('take sizes, times, logs and what may be protected from the arguments', () => {
      expect(origin.inputs('origin-zone-use1-az4-task')).to.deep.include({
        ...{ cpu: '512', memory: '3072' },
        runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: 'ARM64' },
      });
      expect(container(origin)).to.deep.include({ stopTimeout: 10, readonlyRootFilesystem: false });
      expect(origin.inputs('origin-zone-use1-az4')['deregistrationDelay']).to.equal(20);
      expect(origin.inputs('origin-zone-use1-az4-log')['retentionInDays']).to.equal(7);
      expect(origin.inputs('origin-cluster')['settings']).to.deep.equal([
        { name: 'containerInsights', value: 'enabled' },
      ]);
      const [balancer] = origin.query.byType('aws:lb/loadBalancer:LoadBalancer');
      expect(balancer!.inputs).to.deep.include({
        enableDeletionProtection: false,
        accessLogs: { enabled: true, bucket: 'logs-of-video', prefix: 'origin' },
      });
      expect(balancer!.options.protect ?? false).to.equal(false);
      const bytes = origin.inputs('origin-zone-use1-az4-scaling-bytes');
      expect(bytes['targetTrackingScalingPolicyConfiguration']).to.include({ targetValue: 468_750_000 });
    });

    it('are alarms that tell the topic, and link to the runbook', () => {
      const alarms = origin.query.byType('aws:cloudwatch/metricAlarm:MetricAlarm');
      expect(alarms).to.have.length(11);
      for (const { name, inputs } of alarms) {
        expect(inputs['alarmActions'], name).to.deep.equal([TOPIC]);
        const id = name.slice(name.indexOf('alarm-') + 'alarm-'.length);
        expect(inputs['alarmDescription'], name).to.include(`https://example.com/runbook#${id}`);
      }
      expect(origin.inputs('origin-zone-use1-az6-alarm-held-requests')).to.deep.include({
        ...{ namespace: 'AwsMedia', metricName: 'HeldRequests', statistic: 'Maximum', threshold: 5000 },
        dimensions: { Origin: origin.text('origin-zone-use1-az6-service', 'name') },
      });
    });
  });

  it("admit AWS's list of CloudFront's addresses, by choice", async () => {
    const origin = await recordOrigin({ admit: 'prefixList' });
    const rule = origin.inputs('origin-balancer-cloudfront-in');
    expect(rule['prefixListId']).to.match(/^pl-[0-9a-f]{8}$/);
    expect(rule).to.not.have.property('referencedSecurityGroupId');
  });

  it('leave out of the load balancer the zones in which CloudFront has no VPC origins', async () => {
    const zones = { 'use1-az3': { privateSubnetId: 'subnet-0123456789abcdef3' }, ...NETWORK.zones };
    const origin = await recordOrigin({ network: { ...NETWORK, zones } });
    expect(origin.inputs('origin-balancer')['subnets']).to.deep.equal([
      NETWORK.zones['use1-az4']!.privateSubnetId,
      NETWORK.zones['use1-az6']!.privateSubnetId,
    ]);
  });

  it('run in all zones of the network, and balance them, where the store has no zones', async () => {
    const origin = await recordProgramOf(
      () => void new LlHlsOrigin('origin', { ...minimal(makeStore()), alarms: false }),
    );
    const service = origin.inputs('origin-zone-regional-service');
    expect(service).to.include({ desiredCount: 2, availabilityZoneRebalancing: 'ENABLED' });
    expect((service['networkConfiguration'] as { subnets: unknown }).subnets).to.have.length(2);
    expect(variables(origin, 'regional')['STORE']).to.match(/^s3:[a-z0-9-]+$/);
    expect(origin.query.byType('aws:cloudwatch/metricAlarm:MetricAlarm')).to.deep.equal([]);
  });
});
