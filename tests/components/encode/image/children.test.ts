import { Provider } from '@pulumi/aws/provider';
import type * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import {
  EncoderImage,
  IMAGE_TRANSFORMS,
  parseImageReference,
  type EncoderImageArgs,
} from '../../../../components/encode/image';
import { BUILD_VARIABLES } from '../../../../components/encode/image/build-spec';
import { assertNames, assertTags, recordComponent } from '../../../../testing';
import { ACCOUNT, KEY_ARN, recordImage, recordProgramOf } from './image-recording';

const BUILD_CHILDREN = [
  'encoder-build Invocation',
  'encoder-build-log LogGroup',
  'encoder-build-project Project',
  'encoder-build-role Role',
  'encoder-build-role-policy RolePolicy',
  'encoder-build-starter Function',
  'encoder-context Bucket',
  'encoder-context-access BucketPublicAccessBlock',
  'encoder-context-files BucketObjectv2',
  'encoder-context-lifecycle BucketLifecycleConfiguration',
  'encoder-context-policy BucketPolicy',
  'encoder-starter-log LogGroup',
  'encoder-starter-role Role',
  'encoder-starter-role-policy RolePolicy',
];
const REPOSITORY_CHILDREN = ['encoder-lifecycle LifecyclePolicy', 'encoder-repository Repository'];
const allow = (Sid: string, Action: unknown, Resource: unknown) => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
});
const told = (image: EncoderImage) => ({
  imageUri: image.imageUri,
  imageTag: image.imageTag,
  architecture: image.architecture,
  target: image.target,
  repositoryName: image.repositoryName,
  repositoryUrl: image.repositoryUrl,
  repositoryArn: image.repositoryArn,
});

describe('the children of EncoderImage', () => {
  it('without arguments are a repository and a build by CodeBuild', async () => {
    const image = await recordImage({}, {}, told);
    const { repositoryUrl, imageUri } = image.graph.outputs as Record<string, string>;
    expect(imageUri).to.equal(
      `${repositoryUrl}@${String(image.output('encoder-build', 'result')).replaceAll('"', '')}`,
    );
    expect(image.list).to.deep.equal(
      ['encoder EncoderImage', ...BUILD_CHILDREN, ...REPOSITORY_CHILDREN].sort(),
    );
  });

  it('are a repository whose tags never move, whose pushes are scanned, and in which old images expire', async () => {
    const image = await recordImage();
    const name = image.inputs('encoder-repository')['name'];
    expect(name).to.match(/^video-test-encoder-repository-[0-9a-f]{8}$/);
    expect(image.inputs('encoder-repository')).to.deep.equal({
      name,
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: 'KMS' }],
      forceDelete: false,
      tags: { Name: 'encoder-repository', 'aws-media:component': 'EncoderImage' },
    });
    expect(image.child('encoder-repository').options).to.include({ protect: true, retainOnDelete: true });
    expect(image.json('encoder-lifecycle', 'policy')).to.deep.equal({
      rules: [
        {
          rulePriority: 1,
          description: 'untagged images, 7 days after the push',
          selection: {
            tagStatus: 'untagged',
            countType: 'sinceImagePushed',
            countUnit: 'days',
            countNumber: 7,
          },
          action: { type: 'expire' },
        },
        {
          rulePriority: 2,
          description: 'all but the newest 30',
          selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 30 },
          action: { type: 'expire' },
        },
      ],
    });
  });

  it('with every argument are as those say', async () => {
    const args: EncoderImageArgs = {
      target: 'origin',
      architecture: 'arm64',
      baseImage: 'debian:trixie-slim',
      allowMutableTag: true,
      snapshot: '20261101T000000Z',
      encryption: { type: 'kms', keyArn: KEY_ARN },
      retention: { images: 5, untaggedDays: 1 },
      environment: 'dev',
      protection: { protect: true },
      tags: { team: 'video' },
    };
    const image = await recordImage(args, {}, told);
    const { forceDelete, encryptionConfigurations, tags } = image.inputs('encoder-repository');
    expect({ forceDelete, encryptionConfigurations, tags }).to.deep.equal({
      forceDelete: true,
      encryptionConfigurations: [{ encryptionType: 'KMS', kmsKey: KEY_ARN }],
      tags: { Name: 'encoder-repository', 'aws-media:component': 'EncoderImage', team: 'video' },
    });
    expect(image.child('encoder-repository').options.protect).to.equal(true);
    expect(JSON.stringify(image.json('encoder-lifecycle', 'policy'))).to.include('all but the newest 5');
    const { environment } = image.inputs('encoder-build-project') as unknown as {
      environment: { image: string; type: string; environmentVariables: { name: string; value: string }[] };
    };
    expect(environment).to.include({
      type: 'ARM_CONTAINER',
      image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
    });
    expect(
      Object.fromEntries(environment.environmentVariables.map(({ name, value }) => [name, value])),
    ).to.include({
      TARGET: 'origin',
      PLATFORM: 'linux/arm64',
      BASE: 'debian:trixie-slim',
      SNAPSHOT: '20261101T000000Z',
    });
    expect(environment.environmentVariables.map(({ name }) => name)).to.have.members([...BUILD_VARIABLES]);
    expect(image.graph.outputs).to.include({ architecture: 'arm64', target: 'origin' });
    expect(image.graph.outputs['imageTag']).to.match(/^\d+\.\d+\.\d+-[0-9a-f]{12}-origin-arm64$/);
  });

  it('build without Docker where the program runs: from files in S3, with the least rights, and wait', async () => {
    const image = await recordImage();
    const arn = (name: string) => image.output(name, 'arn') as string;
    const tag = /^(.*)\.zip$/.exec(image.text('encoder-context-files', 'key'))![1]!;
    expect(image.json('encoder-build-role-policy', 'policy')).to.deep.equal({
      Version: '2012-10-17',
      Statement: [
        allow('Login', 'ecr:GetAuthorizationToken', '*'),
        allow(
          'Push',
          [
            'ecr:BatchCheckLayerAvailability',
            'ecr:BatchGetImage',
            'ecr:CompleteLayerUpload',
            'ecr:DescribeImages',
            'ecr:InitiateLayerUpload',
            'ecr:PutImage',
            'ecr:UploadLayerPart',
          ],
          arn('encoder-repository'),
        ),
        allow('Context', ['s3:GetObject', 's3:GetObjectVersion'], `${arn('encoder-context')}/*`),
        allow('Log', ['logs:CreateLogStream', 'logs:PutLogEvents'], `${arn('encoder-build-log')}:*`),
      ],
    });
    expect(image.json('encoder-starter-role-policy', 'policy')).to.deep.equal({
      Version: '2012-10-17',
      Statement: [
        allow('Build', ['codebuild:BatchGetBuilds', 'codebuild:StartBuild'], arn('encoder-build-project')),
        allow('Log', ['logs:CreateLogStream', 'logs:PutLogEvents'], `${arn('encoder-starter-log')}:*`),
      ],
    });
    const project = image.inputs('encoder-build-project');
    expect(image.json('encoder-build', 'input')).to.deep.equal({ project: project['name'], tag });
    expect(project['source']).to.include({
      type: 'S3',
      location: `${image.text('encoder-context', 'bucket')}/${tag}.zip`,
    });
    for (const [log, of] of [
      ['encoder-build-log', `/aws/codebuild/${image.text('encoder-build-project', 'name')}`],
      ['encoder-starter-log', `/aws/lambda/${image.text('encoder-build-starter', 'name')}`],
    ] as const)
      expect(image.inputs(log)).to.include({ name: of, retentionInDays: 30 });
    expect(image.child('encoder-build').options.customTimeouts).to.include({ create: '16m' });
    const needs = image.child('encoder-build').dependencies;
    for (const name of ['encoder-context-files', 'encoder-build-role-policy', 'encoder-starter-role-policy'])
      expect(needs, name).to.include(image.child(name).urn);
  });

  it("by Docker are awsx's image with the content's tag, and the URI has its digest", async () => {
    const image = await recordImage({ builder: 'docker' }, {}, told);
    const { repositoryUrl, imageTag, imageUri, repositoryName } = image.graph.outputs as Record<
      string,
      string
    >;
    expect(image.list.filter((line) => line.startsWith('encoder'))).to.deep.equal([
      'encoder EncoderImage',
      'encoder-image Image',
      ...REPOSITORY_CHILDREN,
    ]);
    const { args, platform, target } = image.inputs('encoder-image');
    const given = {
      args,
      platform,
      target,
      repositoryUrl: image.text('encoder-image', 'repositoryUrl'),
      imageTag: image.text('encoder-image', 'imageTag'),
    };
    expect(given).to.deep.equal({
      repositoryUrl,
      imageTag,
      target: 'encoder',
      platform: 'linux/amd64',
      args: {
        BASE: 'public.ecr.aws/docker/library/debian:bookworm-slim',
        SNAPSHOT: '',
        VERSION: imageTag!.split('-')[0],
      },
    });
    expect(image.text('encoder-image', 'dockerfile')).to.match(/encoder\/Dockerfile$/);
    expect(image.text('encoder-image', 'context')).not.to.match(/^\//);
    expect(parseImageReference(imageUri)).to.deep.include({
      registry: `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com`,
      repository: repositoryName,
    });
    expect(parseImageReference(imageUri)?.digest).to.match(/^sha256:/);
  });

  it('leave a repository that is there already as it is', async () => {
    const image = await recordImage({ existingRepository: 'media/encoder' });
    expect(image.list).to.deep.equal(
      ['encoder EncoderImage', ...BUILD_CHILDREN, 'encoder-repository Repository'].sort(),
    );
    expect(image.child('encoder-repository').external).to.equal(true);
  });

  it('let a role pull, and nothing else', async () => {
    const image = await recordImage(
      { builder: 'docker' },
      {},
      (it) => void it.grantPull('live', 'execution'),
    );
    expect(image.inputs('encoder-live-pull')).to.include({ role: 'execution' });
    expect(image.json('encoder-live-pull', 'policy')).to.deep.equal({
      Version: '2012-10-17',
      Statement: [
        allow('Login', 'ecr:GetAuthorizationToken', '*'),
        allow(
          'Pull',
          ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          image.output('encoder-repository', 'arn'),
        ),
      ],
    });
  });
});

describe('EncoderImage in the graph', () => {
  for (const builder of ['codebuild', 'docker'] as const) {
    it(`has names within limits and tags on every child that takes them: ${builder}`, async () => {
      const { graph } = await recordImage({ builder });
      assertNames(graph, {
        exceptions: {
          'docker-build:index:Image': 'its tags are those of the image',
          'awsx:ecr:Image': 'a component',
          'aws-media:index:EncoderImage': 'a component',
        },
      });
      assertTags(graph, {
        required: ['Name', 'aws-media:component'],
        exceptions: { 'awsx:ecr:Image': 'nothing of it has tags' },
      });
    });
  }

  it('has names within limits whatever component, project and stack are called', async () => {
    const graph = await recordComponent(() => void new EncoderImage(`${'Ü_x.'.repeat(30)}`), {
      project: 'p'.repeat(100),
      stack: 's'.repeat(100),
    });
    assertNames(graph, { exceptions: { 'aws-media:index:EncoderImage': 'a component' } });
  });

  it('parents every child, and passes the provider on to each', async () => {
    const image = await recordProgramOf(() => {
      const provider = new Provider('elsewhere', { region: 'eu-west-1' });
      new EncoderImage('encoder', {}, { provider }).grantPull('live', 'execution');
    });
    const children = image.query.children(image.child('encoder').urn);
    expect(children).to.have.length(BUILD_CHILDREN.length + REPOSITORY_CHILDREN.length + 1);
    expect(image.resources).to.have.length(children.length + 1);
    for (const { name, provider } of children) expect(provider, name).to.include('::elsewhere::');
  });

  it('lets each kind of child be changed', async () => {
    const changed = new Map<string, string[]>();
    const image = await recordImage(
      { environment: 'dev' },
      {
        transform: Object.fromEntries(
          IMAGE_TRANSFORMS.map((kind) => [
            kind,
            (_args: object, opts: pulumi.CustomResourceOptions, name: string) => {
              changed.set(kind, [...(changed.get(kind) ?? []), name]);
              opts.protect = true;
            },
          ]),
        ),
      },
      (it) => void it.grantPull('live', 'execution'),
    );
    expect([...changed.keys()].sort()).to.deep.equal([...IMAGE_TRANSFORMS].sort());
    const children = image.resources.filter(({ custom }) => custom);
    expect([...changed.values()].flat().sort()).to.deep.equal(children.map(({ name }) => name).sort());
    for (const { name, options } of children) expect(options.protect, name).to.equal(true);
  });

  it('creates nothing and checks nothing where it is only looked up by its URN', async () => {
    let nodes: unknown = 'not looked up';
    await recordProgramOf(() => {
      const urn = 'urn:pulumi:test::video::aws-media:index:EncoderImage::encoder';
      nodes = new EncoderImage('encoder', { target: 'wrong' as never }, { urn }).nodes;
    }).catch(() => undefined);
    expect(nodes).to.equal(undefined);
  });
});
