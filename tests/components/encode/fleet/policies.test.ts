import { expect } from 'chai';
import { assertLeastPrivilege } from '../../../../testing';
import type { Recorded } from '../../storage/store-recording';
import { IMAGE, recordFleet } from './fleet-recording';

const ACCOUNT = '123456789012';

describe('the roles of NvencEncodeFleet', () => {
  let fleet: Recorded;
  let cluster: string;
  before(async () => {
    fleet = await recordFleet({ executeCommand: true });
    cluster = fleet.text('live-cluster', 'name');
  });

  it('let instances do what the agent, Session Manager and the watch on GPU errors call', () => {
    const clusterArn = `arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/${cluster}`;
    expect(fleet.policy('live-instance-policy')).to.deep.equal({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'AgentOfTheCluster',
          Effect: 'Allow',
          Action: [
            'ecs:DeregisterContainerInstance',
            'ecs:RegisterContainerInstance',
            'ecs:SubmitAttachmentStateChanges',
          ],
          Resource: clusterArn,
        },
        {
          Sid: 'AgentOfTheInstance',
          Effect: 'Allow',
          Action: ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
          Resource: `arn:aws:ecs:us-east-1:${ACCOUNT}:container-instance/${cluster}/*`,
          Condition: { ArnEquals: { 'ecs:cluster': clusterArn } },
        },
        {
          Sid: 'AgentAnywhere',
          Effect: 'Allow',
          Action: ['ecs:DiscoverPollEndpoint', 'ecs:SubmitContainerStateChange', 'ecs:SubmitTaskStateChange'],
          Resource: '*',
        },
        {
          Sid: 'SessionManager',
          Effect: 'Allow',
          Action: [
            'ssm:UpdateInstanceInformation',
            'ssmmessages:CreateControlChannel',
            'ssmmessages:CreateDataChannel',
            'ssmmessages:OpenControlChannel',
            'ssmmessages:OpenDataChannel',
          ],
          Resource: '*',
        },
        {
          Sid: 'GpuErrors',
          Effect: 'Allow',
          Action: 'cloudwatch:PutMetricData',
          Resource: '*',
          Condition: { StringEquals: { 'cloudwatch:namespace': 'AwsMedia' } },
        },
      ],
    });
    expect(JSON.parse(fleet.text('live-instance', 'assumeRolePolicy'))).to.deep.nested.include({
      'Statement[0].Principal.Service': 'ec2.amazonaws.com',
    });
  });

  it('let the agent pull the image and write the logs of this fleet, and nothing else', () => {
    assertLeastPrivilege(
      fleet.graph,
      fleet.child('live-execution'),
      [
        { action: 'ecr:GetAuthorizationToken', resource: '*' },
        ...['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'].map((action) => ({
          action,
          resource: `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/encoder`,
        })),
        ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
          action,
          resource: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws-media/${cluster}/news:log-stream:task/encoder/1`,
        })),
      ],
      {
        allow: [
          {
            finding: 'wide',
            statement: 'Logs',
            reason: 'one role for all channels: a new one must not change it',
          },
        ],
      },
    );
  });

  it('ask a registry that is not ECR for nothing', async () => {
    const { Statement } = (await recordFleet({ image: IMAGE.replace(/^[^/]+/, 'ghcr.io/example') })).policy(
      'live-execution-policy',
    );
    expect(Statement.map(({ Sid }) => Sid)).to.deep.equal(['Logs']);
  });

  it('pull each image of a channel', async () => {
    const image = IMAGE.replace('/encoder@', '/next/encoder@').replace('us-east-1', 'eu-west-1');
    const { Statement } = (
      await recordFleet({ channels: { news: { ladder: 'tiny', port: 9001, image } } })
    ).policy('live-execution-policy');
    expect(Statement[0]!['Resource']).to.deep.equal([
      `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/next/encoder`,
      `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/encoder`,
    ]);
  });

  it('are of tasks in this account and region alone', () => {
    for (const name of ['live-execution', 'live-channel-news-role']) {
      expect(JSON.parse(fleet.text(name, 'assumeRolePolicy')), name).to.deep.equal({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'ecs-tasks.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: {
              StringEquals: { 'aws:SourceAccount': ACCOUNT },
              ArnLike: { 'aws:SourceArn': `arn:aws:ecs:us-east-1:${ACCOUNT}:*` },
            },
          },
        ],
      });
    }
  });

  it('let a task write its own channel in its own zone, and open a shell where it was asked for', () => {
    const grants = fleet.query
      .byType('aws:iam/rolePolicy:RolePolicy')
      .filter(({ inputs }) => inputs['role'] === fleet.text('live-channel-news-role', 'name'));
    expect(grants.map(({ name }) => name).sort()).to.deep.equal([
      'live-channel-news-execute',
      'media-live-news-write',
    ]);
    const write = fleet.text('media-live-news-write', 'policy');
    expect(write).to.include('/live/news/');
    expect(write).to.include('--use1-az4--x-s3');
    expect(write).not.to.include('--use1-az6--x-s3');
    expect(fleet.policy('live-channel-news-execute').Statement).to.have.length(1);
  });

  it('let no task open a shell where it was not asked for', async () => {
    const { list } = await recordFleet();
    expect(list).not.to.include('live-channel-news-execute RolePolicy');
  });
});
