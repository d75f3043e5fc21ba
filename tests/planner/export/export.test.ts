import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { exportTerraform, pathKey, type TerraformExport } from '../../../planner/export/terraform';
import { recordComponent } from '../../../testing';
import { withProgram } from '../programs';
import { recordProgram } from '../../../planner';
import type { TerraformExportOptions } from '../../../planner/export/terraform';
import type { Graph } from '../../../planner';

type Fields = { readonly [name: string]: unknown };

const record = (program: () => void): Promise<Graph> =>
  recordComponent(program, { project: 'demo', stack: 'dev', config: { 'aws:region': 'us-east-1' } });

async function exported(program: () => void, options?: TerraformExportOptions): Promise<TerraformExport> {
  return exportTerraform(await record(program), options);
}

function block({ configuration }: TerraformExport, address: string): Fields {
  const [type, label] = address.split('.') as [string, string];
  const found = (configuration['resource'] as { [type: string]: { [label: string]: Fields } })[type]?.[label];
  if (found === undefined) throw new Error(`no ${address} in ${JSON.stringify(configuration['resource'])}`);
  return found;
}

const gapsOf = ({ gaps }: TerraformExport): (readonly [string, string, string])[] =>
  gaps.map(({ urn, reason, message }) => [urn.slice(urn.lastIndexOf('::') + 2), reason, message]);

const providersOf = ({ configuration }: TerraformExport): unknown => configuration['provider'];

const NOT_KNOWN = '${jsondecode(terraform_data.not_known.id)}';
const SECRET = 'correct horse battery';

describe('references in the Terraform export', () => {
  it('are expressions of the output that the program used, at any depth', async () => {
    const result = await exported(() => {
      const vpc = new aws.ec2.Vpc('net', { cidrBlock: '10.0.0.0/16' });
      const logs = new aws.s3.Bucket('logs', { bucket: 'acme-access-logs' });
      const key = new aws.kms.Key('key');
      new aws.ec2.SecurityGroup('in', {
        vpcId: vpc.id,
        ingress: [{ protocol: 'tcp', fromPort: 443, toPort: 443, cidrBlocks: [vpc.cidrBlock] }],
        tags: { key: key.arn },
      });
      new aws.s3.BucketServerSideEncryptionConfiguration('logs', {
        bucket: logs.id,
        rules: [
          { applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.keyId } },
        ],
      });
    });
    const group = block(result, 'aws_security_group.in');
    expect(group['vpc_id']).to.equal('${aws_vpc.net.id}');
    expect(group['tags']).to.deep.equal({ key: '${aws_kms_key.key.arn}' });
    expect((group['ingress'] as Fields[])[0]).to.include({ protocol: 'tcp', from_port: 443, self: null });
    expect(block(result, 'aws_s3_bucket_server_side_encryption_configuration.logs')).to.deep.equal({
      // The name that the program gave is what a plan knows of the bucket.
      bucket: '${aws_s3_bucket.logs.bucket}',
      rule: [
        {
          apply_server_side_encryption_by_default: [
            { sse_algorithm: 'aws:kms', kms_master_key_id: '${aws_kms_key.key.id}' },
          ],
        },
      ],
    });
    expect(block(result, 'aws_s3_bucket.logs')).to.deep.equal({ bucket: 'acme-access-logs' });
    // Given by the program, so known.
    expect((group['ingress'] as Fields[])[0]).to.have.deep.property('cidr_blocks', ['10.0.0.0/16']);
    expect(result.gaps).to.deep.equal([]);
  });

  it('are expressions inside JSON documents, and inside JSON in JSON', async () => {
    const result = await exported(() => {
      const bucket = new aws.s3.Bucket('media');
      const topic = new aws.sns.Topic('done');
      new aws.sqs.Queue('inner', {
        policy: pulumi.jsonStringify({ rule: pulumi.jsonStringify({ from: topic.arn }), all: '${aws:user}' }),
      });
      new aws.s3.BucketPolicy('media', {
        bucket: bucket.id,
        policy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: '*',
              Action: 's3:GetObject',
              Resource: pulumi.interpolate`${bucket.arn}/\${aws:username}/*`,
            },
          ],
        },
      });
    });
    const policy = block(result, 'aws_s3_bucket_policy.media')['policy'] as string;
    expect(policy).to.contain('"Resource":"${aws_s3_bucket.media.arn}/$${aws:username}/*"');
    expect(JSON.parse(policy)).to.have.nested.property('Statement[0].Principal', '*');
    expect(block(result, 'aws_sqs_queue.inner')['policy']).to.equal(
      JSON.stringify({ rule: JSON.stringify({ from: '${aws_sns_topic.done.arn}' }), all: '$${aws:user}' }),
    );
  });

  it('stand for a whole resource by its id, and for a name by the name', async () => {
    const result = await exported(() => {
      const api = new aws.apigateway.RestApi('control');
      const topic = new aws.sns.Topic('done');
      new aws.apigateway.Resource('channels', {
        restApi: api,
        parentId: api.rootResourceId,
        pathPart: 'channels',
      });
      new aws.sns.TopicSubscription('mail', { topic, protocol: 'email', endpoint: 'a@example.com' });
      new aws.apigateway.Method('list', {
        ...{ restApi: api.id, resourceId: api.rootResourceId },
        ...{ httpMethod: 'GET', authorization: 'NONE' },
      });
      new aws.lambda.Function('list', {
        ...{ role: 'arn:aws:iam::123456789012:role/x', runtime: 'nodejs22.x', handler: 'a.b' },
        environment: { variables: { API_ID: api.id, API_NAME: api.name } },
      });
    });
    const resource = block(result, 'aws_api_gateway_resource.channels');
    expect(resource['rest_api_id']).to.equal('${aws_api_gateway_rest_api.control.id}');
    expect(resource['parent_id']).to.equal('${aws_api_gateway_rest_api.control.root_resource_id}');
    expect(block(result, 'aws_api_gateway_method.list')['rest_api_id']).to.equal(resource['rest_api_id']);
    // A name is not an id, although nothing says what ids of this type look like.
    expect(block(result, 'aws_lambda_function.list')['environment']).to.have.deep.nested.property(
      '[0].variables',
      {
        ...{ API_ID: '${aws_api_gateway_rest_api.control.id}' },
        ...{
          API_NAME: '${aws_api_gateway_rest_api.control.name}',
        },
      },
    );
    expect(block(result, 'aws_sns_topic_subscription.mail')['topic_arn']).to.match(
      /^\$\{aws_sns_topic\.done\.(id|arn)\}$/,
    );
  });

  it('lead to what AWS fills in inside an output', async () => {
    const result = await exported(() => {
      const role = new aws.iam.Role('c', { assumeRolePolicy: '{}' });
      const cluster = new aws.eks.Cluster('c', {
        roleArn: role.arn,
        vpcConfig: { subnetIds: ['subnet-1', 'subnet-2'] },
      });
      new aws.iam.OpenIdConnectProvider('c', {
        url: cluster.identities[0]!.oidcs[0]!.issuer,
        clientIdLists: ['sts.amazonaws.com'],
        thumbprintLists: [],
      });
      new aws.ec2.Instance('node', {
        ami: 'ami-1',
        instanceType: 't3.micro',
        vpcSecurityGroupIds: [cluster.vpcConfig.clusterSecurityGroupId],
      });
    });
    expect(block(result, 'aws_iam_openid_connect_provider.c')['url']).to.equal(
      '${aws_eks_cluster.c.identity[0].oidc[0].issuer}',
    );
    expect(block(result, 'aws_instance.node')['vpc_security_group_ids']).to.deep.equal([
      '${aws_eks_cluster.c.vpc_config[0].cluster_security_group_id}',
    ]);
    expect(result.gaps).to.deep.equal([]);
  });

  it('that are only an order become depends_on, and no other does', async () => {
    const result = await exported(() => {
      const first = new aws.sns.Topic('first');
      const second = new aws.sns.Topic('second', { displayName: first.name });
      new aws.sns.Topic('third', { displayName: first.name }, { dependsOn: [first, second] });
    });
    expect(block(result, 'aws_sns_topic.second')).to.not.have.property('depends_on');
    expect(block(result, 'aws_sns_topic.third')['depends_on']).to.deep.equal(['aws_sns_topic.second']);
  });
});

describe('a program’s own text in the Terraform export', () => {
  it('is never a template: not in values, not in names of maps, not before a reference', async () => {
    const result = await exported(() => {
      const bucket = new aws.s3.Bucket('media');
      new aws.sns.Topic('price', {
        displayName: pulumi.interpolate`$${bucket.bucket} $$${bucket.bucket} %${bucket.bucket}`,
        tags: { '${a}': '%{ if true }$${b}', '%{c': '$' },
      });
    });
    const topic = block(result, 'aws_sns_topic.price');
    const bucket = '${aws_s3_bucket.media.bucket}';
    expect(topic['display_name']).to.equal(`\${"$"}${bucket} \${"$$"}${bucket} %${bucket}`);
    expect(topic['tags']).to.deep.equal({ '$${a}': '%%{ if true }$$${b}', '%%{c': '$' });
  });

  it('that looks like a mark of the graph stays what it is', async () => {
    const tags = { $secret: 'mine' };
    const result = await exported(() => void new aws.sns.Topic('odd', { tags }));
    expect(block(result, 'aws_sns_topic.odd')['tags']).to.deep.equal(tags);
    expect(result.configuration).to.not.have.property('variable');
  });
});

describe('secrets in the Terraform export', () => {
  const program = () => {
    const secret = pulumi.secret(SECRET);
    const other = pulumi.secret(`${SECRET} staple`);
    new aws.rds.Cluster('db', { engine: 'aurora-mysql', masterPassword: secret });
    new aws.docdb.Cluster('db', { masterPassword: other });
    new aws.ecs.TaskDefinition('job', {
      family: 'job',
      containerDefinitions: pulumi.jsonStringify([
        { name: 'job', environment: [{ name: 'P', value: secret }] },
      ]),
    });
    new aws.iam.Policy('p', {
      policy: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: [secret, other] }],
      },
    });
  };

  it('are variables without a value, one for each place, and their text is nowhere', async () => {
    const result = await exported(program);
    expect(result.configuration['variable']).to.deep.equal(
      Object.fromEntries(
        [
          ...['docdb_cluster_db_masterPassword', 'ecs_task_definition_job_containerDefinitions'],
          ...['iam_policy_p_policy_Statement_0_Resource_0_', 'iam_policy_p_policy_Statement_0_Resource_1_'],
          'rds_cluster_db_masterPassword',
        ].map((name) => [name, { sensitive: true }]),
      ),
    );
    expect(block(result, 'aws_rds_cluster.db')['master_password']).to.equal(
      '${var.rds_cluster_db_masterPassword}',
    );
    expect(block(result, 'aws_docdb_cluster.db')['master_password']).to.equal(
      '${var.docdb_cluster_db_masterPassword}',
    );
    expect(block(result, 'aws_iam_policy.p')['policy']).to.contain(
      '"Resource":[${jsonencode(var.iam_policy_p_policy_Statement_0_Resource_0_)},' +
        '${jsonencode(var.iam_policy_p_policy_Statement_0_Resource_1_)}]',
    );
    expect(JSON.stringify([result, ...result.inputs, ...result.resources])).to.not.contain('horse');
    expect(gapsOf(result)).to.deep.equal([]);
  });

  it('have no variable that nothing reads where they would be a block', async () => {
    const result = await exported(
      () =>
        void new aws.s3.BucketVersioning('logs', {
          bucket: 'acme-logs',
          versioningConfiguration: pulumi.secret({ status: 'Enabled' }),
        }),
    );
    expect(result.configuration).to.not.have.property('variable');
    expect(gapsOf(result).map(([, reason]) => reason)).to.deep.equal(['input']);
  });

  it('are values that a plan does not know where it is asked for that, with no variable', async () => {
    const result = await exported(program, { secrets: 'unknown' });
    expect(result.configuration).to.not.have.property('variable');
    expect(block(result, 'aws_rds_cluster.db')['master_password']).to.equal(NOT_KNOWN);
    expect(block(result, 'aws_ecs_task_definition.job')['container_definitions']).to.equal(NOT_KNOWN);
    expect(block(result, 'aws_iam_policy.p')['policy']).to.contain(
      '${jsonencode(jsondecode(terraform_data.not_known.id))}',
    );
    expect(JSON.stringify([result, ...result.inputs])).to.not.contain('horse');
    expect(gapsOf(result)).to.deep.equal([]);
  });
});

describe('values that AWS has not decided', () => {
  it('are unknown where the program changed them on the way, and are listed', async () => {
    const result = await exported(() => {
      const topic = new aws.sns.Topic('done');
      new aws.sqs.Queue('jobs', { name: topic.arn.apply((arn) => String(arn.length)) });
      new aws.s3.BucketVersioning('logs', {
        bucket: 'acme-logs',
        versioningConfiguration: topic.arn.apply((arn) => ({
          status: arn.length > 3 ? 'Enabled' : 'Disabled',
        })),
      });
    });
    expect(block(result, 'aws_sqs_queue.jobs')['name']).to.equal(NOT_KNOWN);
    // A block has to be written out, so it cannot be unknown as a whole.
    expect(block(result, 'aws_s3_bucket_versioning.logs')).to.not.have.property('versioning_configuration');
    expect(gapsOf(result)).to.have.deep.members([
      ['jobs', 'value', 'name is not known before an update'],
      [
        'logs',
        'input',
        'hashicorp/aws 6.47.1 has no argument for versioningConfiguration, or it is not known',
      ],
    ]);
  });

  it('are unknown where the recorder has no answer, inside a text, too', async () => {
    await withProgram(
      {
        'index.js': `const pulumi = require('@pulumi/pulumi');
          const aws = require('@pulumi/aws');
          const one = new aws.ec2.NetworkInterface('one', { subnetId: 'subnet-1' });
          new aws.sns.Topic('who', { displayName: pulumi.interpolate\`at \${one.privateIps[0]}\` });`,
        'Pulumi.dev.yaml': 'config:\n  aws:region: us-east-1\n',
      },
      async (folder) => {
        const result = exportTerraform(await recordProgram({ folder, stack: 'dev' }));
        expect(block(result, 'aws_sns_topic.who')).to.include({ display_name: NOT_KNOWN });
        expect(gapsOf(result)).to.deep.equal([['who', 'value', 'displayName is not known before an update']]);
      },
    );
  });
});

describe('files in the Terraform export', () => {
  it('are named by their path, and what has none by its hash', async () => {
    const result = await exported(() => {
      new aws.lambda.Function('hook', {
        ...{ role: 'arn:aws:iam::123456789012:role/x', runtime: 'nodejs22.x', handler: 'index.handler' },
        code: new pulumi.asset.FileArchive('docs'),
      });
      new aws.lambda.Function('made', {
        ...{ role: 'arn:aws:iam::123456789012:role/x', runtime: 'nodejs22.x', handler: 'index.handler' },
        code: new pulumi.asset.AssetArchive({ 'index.js': new pulumi.asset.StringAsset('exports.a = 1;') }),
      });
    });
    expect(block(result, 'aws_lambda_function.hook')['filename']).to.equal('docs');
    expect(block(result, 'aws_lambda_function.made')['filename']).to.match(/^asset-[0-9a-f]{16}$/);
  });
});

describe('providers in the Terraform export', () => {
  it('keep region, default tags and tags to ignore, under names that Terraform allows', async () => {
    const result = await exported(() => {
      const far = new aws.Provider('2nd far', {
        region: 'eu-west-1',
        defaultTags: { tags: { team: 'video', price: '${x}' } },
        ignoreTags: { keys: ['made-by'], keyPrefixes: ['k8s-'] },
        accessKey: 'AKIAEXAMPLE',
        secretKey: SECRET,
        maxRetries: 3,
      });
      new aws.sns.Topic('here');
      new aws.sns.Topic('there', {}, { provider: far });
    });
    expect(providersOf(result)).to.deep.equal({
      aws: [
        {
          alias: '_2nd_far',
          region: 'eu-west-1',
          default_tags: [{ tags: { team: 'video', price: '$${x}' } }],
          ignore_tags: [{ keys: ['made-by'], key_prefixes: ['k8s-'] }],
        },
        { region: 'us-east-1' },
      ],
    });
    expect(block(result, 'aws_sns_topic.here')).to.not.have.property('provider');
    expect(block(result, 'aws_sns_topic.there')['provider']).to.equal('aws._2nd_far');
    expect(gapsOf(result)).to.deep.equal([['2nd far', 'input', "the provider's maxRetries is not exported"]]);
    expect(JSON.stringify(result.configuration)).to.not.match(/horse|AKIA/);
  });

  it('that would have one alias get one each, and default tags that are secret are listed', async () => {
    const result = await exported(() => {
      const [one, two] = ['a-b', 'a_b'].map((name) => new aws.Provider(name, { region: 'eu-west-1' }));
      new aws.sns.Topic('one', {}, { provider: one! });
      new aws.sns.Topic('two', {}, { provider: two! });
      new aws.Provider('quiet', { defaultTags: { tags: { key: pulumi.secret(SECRET) } } });
    });
    const aliases = ['one', 'two'].map((name) => block(result, `aws_sns_topic.${name}`)['provider']);
    expect(aliases).to.have.members(['aws.a_b', 'aws.a_b_2']);
    expect(gapsOf(result)).to.deep.equal([['quiet', 'input', "the provider's defaultTags is not exported"]]);
  });
});

describe('options of resources in the Terraform export', () => {
  const program = () => {
    new aws.eks.Cluster(
      'c',
      {
        roleArn: 'arn:aws:iam::123456789012:role/x',
        vpcConfig: { subnetIds: ['subnet-1', 'subnet-2'] },
        tags: { team: 'video' },
      },
      {
        protect: true,
        ignoreChanges: [
          'vpcConfig.subnetIds',
          'tags["made by"]',
          'tags.team',
          'version',
          'nothing',
          'tags[*]',
        ],
      },
    );
    new aws.sns.Topic('all', {}, { ignoreChanges: ['*'] });
    new aws.ec2.SecurityGroup('sets', {}, { ignoreChanges: ['ingress', 'ingress[0].description'] });
  };

  it('are lifecycle blocks: protect and ignoreChanges, at any depth that Terraform can name', async () => {
    const result = await exported(program);
    expect(block(result, 'aws_eks_cluster.c')['lifecycle']).to.deep.equal({
      prevent_destroy: true,
      ignore_changes: ['vpc_config[0].subnet_ids', 'tags["made by"]', 'tags["team"]', 'version'],
    });
    expect(block(result, 'aws_sns_topic.all')['lifecycle']).to.deep.equal({ ignore_changes: 'all' });
    expect(block(result, 'aws_security_group.sets')['lifecycle']).to.deep.equal({
      ignore_changes: ['ingress'],
    });
    expect(gapsOf(result)).to.have.deep.members([
      ['c', 'input', 'ignoreChanges nothing has no counterpart'],
      ['c', 'input', 'ignoreChanges tags[*] has no counterpart'],
      ['sets', 'input', 'ignoreChanges ingress[0].description has no counterpart'],
    ]);
  });

  it('can be left out, for the plan of a change', async () => {
    const result = await exported(program, { lifecycle: false });
    for (const address of ['aws_eks_cluster.c', 'aws_sns_topic.all', 'aws_security_group.sets'])
      expect(block(result, address)).to.not.have.property('lifecycle');
    expect(result.gaps).to.deep.equal([]);
  });
});

describe('names that Pulumi makes up', () => {
  it('are written out, unless a prefix is given; those of FIFO queues and topics end as AWS wants them to', async () => {
    const graph = await record(() => {
      new aws.s3.Bucket('media');
      new aws.s3.Bucket('prefixed', { bucketPrefix: 'acme-' });
      new aws.iam.Role('prefixed', { namePrefix: 'acme-', assumeRolePolicy: '{}' });
      new aws.cloudwatch.MetricAlarm('late', {
        comparisonOperator: 'LessThanThreshold',
        evaluationPeriods: 1,
      });
      new aws.sqs.Queue('ordered', { fifoQueue: true });
      new aws.sns.Topic('ordered', { fifoTopic: true });
      new aws.elasticache.Cluster('cache', { engine: 'redis', nodeType: 'cache.t4g.micro' });
      new aws.ssm.Parameter('ready', { type: 'String', value: 'yes' });
    });
    const result = exportTerraform(graph);
    const token = (urn: string) => graph.resources.find((each) => each.urn.endsWith(urn))!.token;
    expect(block(result, 'aws_s3_bucket.media')).to.deep.equal({
      bucket: `media-${token('Bucket::media')}`,
    });
    expect(block(result, 'aws_s3_bucket.prefixed')).to.deep.equal({ bucket_prefix: 'acme-' });
    expect(block(result, 'aws_iam_role.prefixed')).to.not.have.property('name');
    expect(block(result, 'aws_cloudwatch_metric_alarm.late')['alarm_name']).to.equal(
      `late-${token('MetricAlarm::late')}`,
    );
    expect(block(result, 'aws_sqs_queue.ordered')['name']).to.equal(
      `ordered-${token('Queue::ordered')}.fifo`,
    );
    expect(block(result, 'aws_sns_topic.ordered')['name']).to.match(/^ordered-[0-9a-f]{7}\.fifo$/);
    expect(block(result, 'aws_elasticache_cluster.cache')['cluster_id']).to.equal(
      `cache-${token('Cluster::cache')}`,
    );
    // What else AWS makes up is no argument of a configuration.
    expect(Object.keys(block(result, 'aws_ssm_parameter.ready'))).to.have.members(['name', 'type', 'value']);
    const at = ['resource', 'aws_s3_bucket', 'media', 'bucket'];
    expect(result.inputs.get(pathKey(at))).to.equal('bucket');
  });
});

describe('what Terraform does not have', () => {
  it('is left out and said: resources that are read, of others, newer, or made by a process without a double', async () => {
    class Remote extends pulumi.ComponentResource {
      constructor(name: string) {
        super('acme:index:Remote', name, {}, {}, /* remote */ true);
      }
    }
    class Newer extends pulumi.CustomResource {
      constructor(name: string) {
        super('aws:lambda/resourcePolicy:ResourcePolicy', name, { policy: '{}' }, {});
      }
    }
    class Zone extends pulumi.CustomResource {
      constructor(name: string) {
        super('cloudflare:index/zone:Zone', name, { plan: 'free' }, {});
      }
    }
    const graph = await record(() => {
      const shared = aws.s3.Bucket.get('shared', 'acme-shared-logs');
      new aws.s3.BucketVersioning('shared', {
        bucket: shared.id,
        versioningConfiguration: { status: 'Enabled' },
      });
      new Zone('dns');
      new Newer('newer');
      new aws.cloudwatch.MetricAlarm('warm', {
        ...{ comparisonOperator: 'LessThanThreshold', evaluationPeriods: 1 },
        ...({ warmUpConfiguration: { seconds: 1 } } as object),
      });
      new Remote('far');
    });
    const result = exportTerraform(graph);
    expect(gapsOf(result)).to.have.deep.members([
      ['shared', 'read', 'aws:s3/bucket:Bucket is read, not made'],
      ['dns', 'provider', 'cloudflare:index/zone:Zone is not of the AWS provider'],
      ['newer', 'type', 'hashicorp/aws 6.47.1 has no type for aws:lambda/resourcePolicy:ResourcePolicy'],
      ['warm', 'input', 'hashicorp/aws 6.47.1 has no argument for warmUpConfiguration, or it is not known'],
      ['far', 'expanded', 'what acme:index:Remote makes is not in the graph'],
    ]);
    expect([...result.resources.keys()]).to.have.members([
      'aws_s3_bucket_versioning.shared',
      'aws_cloudwatch_metric_alarm.warm',
    ]);
    // The name of what is read is known, so it stays.
    expect(block(result, 'aws_s3_bucket_versioning.shared')['bucket']).to.equal('acme-shared-logs');
  });

  it('leaves an unknown value where an output of what is read was used, and says that it is read', async () => {
    const graph = await record(() => {
      const shared = aws.s3.Bucket.get('shared', 'acme-shared-logs');
      new aws.sqs.Queue('jobs', { tags: { from: shared.bucketRegionalDomainName } });
    });
    const shared = graph.resources.find(({ name }) => name === 'shared')!;
    expect(gapsOf(exportTerraform(graph))).to.deep.equal([
      ['shared', 'read', 'aws:s3/bucket:Bucket is read, not made'],
      ['jobs', 'read', `bucketRegionalDomainName of ${shared.urn} is not known: that is read, not made`],
    ]);
  });

  it('leaves an unknown value where an output of it was used', async () => {
    const graph = await record(() => {
      const topic = new aws.sns.Topic('done');
      new aws.sqs.Queue('jobs', { tags: { from: pulumi.interpolate`at ${topic.arn}!` } });
    });
    const topic = graph.resources.find(({ name }) => name === 'done')!;
    const result = exportTerraform(graph, { without: new Map([[topic.urn, 'AWS validates it itself']]) });
    expect(block(result, 'aws_sqs_queue.jobs')['tags']).to.deep.equal({
      from: 'at ${terraform_data.not_known.id}!',
    });
    expect(gapsOf(result)).to.deep.equal([
      ['done', 'call', 'AWS validates it itself'],
      ['jobs', 'output', `arn of ${topic.urn} has no name in the export`],
    ]);
    expect(result.gaps[1]).to.include({ property: 'tags.from' });
  });
});

describe('where things are in the Terraform export', () => {
  it('two resources of one label get one each, and each address leads to its resource and line', async () => {
    const graph = await record(() => {
      new aws.sns.Topic('a-b');
      new aws.sns.Topic('a_b');
      new aws.sns.Topic('1st');
      new aws.sqs.Queue('a-b');
    });
    const { resources } = exportTerraform(graph, {});
    expect([...resources.keys()]).to.have.members([
      ...['aws_sns_topic.a_b', 'aws_sns_topic.a_b_2', 'aws_sns_topic._1st', 'aws_sqs_queue.a_b'],
    ]);
    const first = [...resources.values()].find(({ path, token }) => path === 'a-b' && token.includes('sns'));
    expect(first?.urn).to.equal('urn:pulumi:dev::demo::aws:sns/topic:Topic::a-b');
    expect(first?.position?.file).to.match(/export\.test\.[jt]s$/);
    const prefixed = exportTerraform(graph, { labelPrefix: 'p0__' });
    expect([...prefixed.resources.keys()].every((address) => /\.p0__/.test(address))).to.equal(true);
  });

  it('a path of the configuration leads to the input of the program', async () => {
    const { inputs } = await exported(
      () =>
        void new aws.s3.BucketLifecycleConfiguration('logs', {
          bucket: 'acme-logs',
          rules: [{ id: 'old', status: 'Enabled', expiration: { days: 30 }, filter: { prefix: 'a/' } }],
        }),
    );
    const at = ['resource', 'aws_s3_bucket_lifecycle_configuration', 'logs'];
    const input = (...path: (string | number)[]) => inputs.get(pathKey([...at, ...path]));
    expect(input('rule', 0, 'expiration', 0, 'days')).to.equal('rules[0].expiration.days');
    expect(input('rule', 0, 'filter')).to.equal('rules[0].filter');
    expect(input('rule')).to.equal('rules');
    expect(input('lifecycle')).to.equal(undefined);
  });
});
