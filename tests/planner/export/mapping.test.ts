import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Mapping, type MappedShape } from '../../../planner/export/terraform';

const mapping = Mapping.load();

const named = (shape: MappedShape | undefined, input: string): string | undefined =>
  shape?.inputs.get(input)?.name;

describe('the table of Terraform’s names', function () {
  this.timeout(90_000);

  it('is what its generator makes of the installed @pulumi/aws and the provider’s schema', async () => {
    const generator = path.resolve('tools/tf-mapping/generate.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [generator, '--check'], {
      timeout: 80_000,
    });
    expect(stdout).to.match(/^types: +1678 of 1738\n/);
    expect([mapping.pulumi, mapping.terraform]).to.deep.equal(['@pulumi/aws 7.48.0', 'hashicorp/aws 6.47.1']);
  });

  it('leads the further tokens of one resource to the same type', () => {
    const type = (token: string) => mapping.resource(token)?.type;
    expect(type('aws:s3/bucketV2:BucketV2')).to.equal('aws_s3_bucket');
    expect(type('aws:s3/bucket:Bucket')).to.equal('aws_s3_bucket');
    expect(type('aws:s3/bucketVersioningV2:BucketVersioningV2')).to.equal('aws_s3_bucket_versioning');
    // The provider itself has both of these, under one implementation.
    expect(type('aws:alb/loadBalancer:LoadBalancer')).to.equal('aws_alb');
    expect(type('aws:lb/loadBalancer:LoadBalancer')).to.equal('aws_lb');
    expect(type('aws:elb/loadBalancer:LoadBalancer')).to.equal('aws_elb');
    const [alb, lb] = ['aws:alb/loadBalancer:LoadBalancer', 'aws:lb/loadBalancer:LoadBalancer'].map((token) =>
      [...mapping.resource(token)!.inputs].map(([input, { name }]) => [input, name]),
    );
    expect(alb).to.deep.equal(lb);
    // One type has one token, unless it is one of the V2 ones.
    const tokens = new Map<string, string[]>();
    for (const token of mapping.tokens()) {
      const of = mapping.resource(token)!.type;
      tokens.set(of, [...(tokens.get(of) ?? []), token]);
    }
    const shared = [...tokens].filter(([, all]) => all.length > 1);
    const others = shared.filter(([, all]) => !all.some((token) => token.endsWith('V2')));
    expect(others).to.deep.equal([
      [
        'aws_vpc_encryption_control',
        ['aws:ec2/encryptionControl:EncryptionControl', 'aws:ec2/vpcEncryptionControl:VpcEncryptionControl'],
      ],
    ]);
  });

  // By hand, from the provider's documentation of each type.
  const ROWS: readonly (readonly [
    token: string,
    type: string,
    names: { readonly [input: string]: string },
  ])[] = [
    [
      'aws:apigateway/method:Method',
      'aws_api_gateway_method',
      { restApi: 'rest_api_id', resourceId: 'resource_id', httpMethod: 'http_method' },
    ],
    ['aws:sns/topicSubscription:TopicSubscription', 'aws_sns_topic_subscription', { topic: 'topic_arn' }],
    ['aws:sns/topicPolicy:TopicPolicy', 'aws_sns_topic_policy', { arn: 'arn', policy: 'policy' }],
    [
      'aws:cloudwatch/metricAlarm:MetricAlarm',
      'aws_cloudwatch_metric_alarm',
      { name: 'alarm_name', metricQueries: 'metric_query', okActions: 'ok_actions' },
    ],
    [
      'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
      'aws_s3_bucket_lifecycle_configuration',
      { rules: 'rule' },
    ],
    [
      'aws:lambda/function:Function',
      'aws_lambda_function',
      { name: 'function_name', code: 'filename', layers: 'layers', fileSystemConfig: 'file_system_config' },
    ],
    [
      'aws:lambda/permission:Permission',
      'aws_lambda_permission',
      { function: 'function_name', sourceArn: 'source_arn', statementId: 'statement_id' },
    ],
    [
      'aws:ec2/routeTable:RouteTable',
      'aws_route_table',
      { routes: 'route', propagatingVgws: 'propagating_vgws' },
    ],
    [
      'aws:ec2/securityGroup:SecurityGroup',
      'aws_security_group',
      { ingress: 'ingress', egress: 'egress', vpcId: 'vpc_id' },
    ],
    ['aws:iam/rolePolicy:RolePolicy', 'aws_iam_role_policy', { role: 'role', policy: 'policy' }],
    [
      'aws:autoscaling/group:Group',
      'aws_autoscaling_group',
      { vpcZoneIdentifiers: 'vpc_zone_identifier', tags: 'tag', loadBalancers: 'load_balancers' },
    ],
    [
      'aws:cloudwatch/eventTarget:EventTarget',
      'aws_cloudwatch_event_target',
      { rule: 'rule', ecsTarget: 'ecs_target', runCommandTargets: 'run_command_targets' },
    ],
    [
      'aws:ecs/service:Service',
      'aws_ecs_service',
      { loadBalancers: 'load_balancer', capacityProviderStrategies: 'capacity_provider_strategy' },
    ],
    [
      'aws:rds/instance:Instance',
      'aws_db_instance',
      { dbName: 'db_name', replicateSourceDb: 'replicate_source_db' },
    ],
    [
      'aws:cloudfront/distribution:Distribution',
      'aws_cloudfront_distribution',
      { origins: 'origin', orderedCacheBehaviors: 'ordered_cache_behavior', webAclId: 'web_acl_id' },
    ],
  ];
  for (const [token, type, names] of ROWS) {
    it(`calls ${token.split(':').at(-1)}’s arguments as the documentation of ${type} does`, () => {
      const mapped = mapping.resource(token);
      expect(mapped?.type).to.equal(type);
      for (const [input, name] of Object.entries(names)) expect(named(mapped, input), input).to.equal(name);
    });
  }

  it('knows blocks and attributes, one and many, documents and names', () => {
    const of = (token: string, input: string) => mapping.resource(token)!.inputs.get(input);
    expect(of('aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration', 'rules')).to.deep.equal({
      ...{ name: 'rule', block: true, object: 's3.BucketLifecycleConfigurationRule' },
    });
    expect(of('aws:s3/bucketVersioning:BucketVersioning', 'versioningConfiguration')).to.include({
      ...{ name: 'versioning_configuration', block: true, wrap: true },
    });
    // Attributes of objects: all of their fields have to be there.
    expect(of('aws:ec2/securityGroup:SecurityGroup', 'ingress')).to.include({ fill: true, set: true });
    expect(of('aws:ec2/securityGroup:SecurityGroup', 'ingress')).to.not.have.property('block');
    const ingress = mapping.object(of('aws:ec2/securityGroup:SecurityGroup', 'ingress')!.object!);
    expect(ingress.inputs.get('cidrBlocks')).to.deep.equal({ name: 'cidr_blocks' });
    expect(of('aws:ec2/vpc:Vpc', 'tags')).to.deep.equal({ name: 'tags' });
    expect(of('aws:iam/role:Role', 'assumeRolePolicy')).to.include({ document: true });
    expect(of('aws:s3/bucketPolicy:BucketPolicy', 'policy')).to.include({ document: true });
    expect(of('aws:cloudwatch/metricAlarm:MetricAlarm', 'name')).to.include({ autonamed: true });
    expect(of('aws:rds/instance:Instance', 'password')).to.include({ sensitive: true });
    const lex = of('aws:lex/v2modelsBotVersion:V2modelsBotVersion', 'localeSpecification');
    expect(lex).to.include({ name: 'locale_specification', map: true });
  });

  it('knows what AWS fills in inside inputs and outputs, with lists made of sets', () => {
    const inside = (token: string) => Object.fromEntries(mapping.resource(token)!.inside);
    expect(inside('aws:acm/certificate:Certificate')).to.include({
      'domainValidationOptions[].resourceRecordName':
        'tolist($.domain_validation_options)[].resource_record_name',
    });
    expect(inside('aws:eks/cluster:Cluster')).to.include({
      'certificateAuthority.data': '$.certificate_authority[0].data',
      'identities[].oidcs[].issuer': '$.identity[].oidc[].issuer',
      'vpcConfig.clusterSecurityGroupId': '$.vpc_config[0].cluster_security_group_id',
    });
  });

  it('has no name for what no type has, not even one that every object has', () => {
    expect(mapping.resource('aws:nothing/here:Here')).to.equal(undefined);
    expect(mapping.resource('constructor')).to.equal(undefined);
    expect(() => mapping.object('toString')).to.throw(RangeError, 'the mapping has no shape toString');
    for (const token of ['aws:ecs/daemon:Daemon', 'aws:lambda/resourcePolicy:ResourcePolicy'])
      expect(mapping.resource(token), token).to.equal(undefined);
  });
});
