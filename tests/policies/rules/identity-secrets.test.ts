import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { stackOf } from '../../../planner/check/from-graph';
import { containerIsNotPrivileged } from '../../../policies/rules/identity/container-is-not-privileged';
import { noSecretInPlainEnvironment } from '../../../policies/rules/identity/no-secret-in-plain-environment';
import { GoodProgram, set, verdicts } from '../cases';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:passphrase-a1b2c3';
const container = (environment: readonly object[], secrets: readonly object[] = []) =>
  JSON.stringify([{ name: 'encoder', image: 'encoder', environment, secrets }]);
const one = (name: string, value: string) => container([{ name, value }]);

const good = new GoodProgram(() => {
  const secret = new aws.secretsmanager.Secret('passphrase');
  new aws.ecs.TaskDefinition('encoder', {
    family: 'encoder',
    containerDefinitions: container(
      [
        { name: 'CHANNEL', value: 'channel-01' },
        { name: 'PASSPHRASE_SECRET_ARN', value: ARN },
      ],
      [{ name: 'PASSPHRASE', valueFrom: ARN }],
    ),
  });
  new aws.ecs.TaskDefinition('later', {
    family: 'later',
    containerDefinitions: pulumi.jsonStringify([
      { name: 'encoder', secrets: [{ name: 'PASSPHRASE', valueFrom: secret.arn }] },
    ]),
  });
  new aws.lambda.Function('token', {
    role: 'arn:aws:iam::123456789012:role/token',
    environment: { variables: { KEY_PAIR_ID: 'K2JCJMDEHXQW5F', TOKEN_TTL_SECONDS: '300' } },
  });
  new aws.lambda.Function('signer', {
    role: 'arn:aws:iam::123456789012:role/signer',
    environment: { variables: { SIGNING_KEY: secret.arn } },
  });
  new aws.codebuild.Project('build', {
    serviceRole: 'arn:aws:iam::123456789012:role/build',
    artifacts: { type: 'NO_ARTIFACTS' },
    source: { type: 'NO_SOURCE', buildspec: 'version: 0.2' },
    environment: {
      computeType: 'BUILD_GENERAL1_SMALL',
      image: 'aws/codebuild/standard:7.0',
      type: 'LINUX_CONTAINER',
      environmentVariables: [{ name: 'NPM_TOKEN', type: 'SECRETS_MANAGER', value: 'npm' }],
    },
  });
});

describe('rules of tasks and secrets', () => {
  good.tries(noSecretInPlainEnvironment, {
    undecided: { later: 'containerDefinitions', signer: 'environment variable SIGNING_KEY' },
    violating: {
      'a passphrase': {
        change: set('encoder', 'containerDefinitions', one('SRT_PASSPHRASE', 'correct horse')),
        at: 'encoder',
        found: ['the variable SRT_PASSPHRASE holds a secret'],
      },
      'a password in a URL': {
        change: set('encoder', 'containerDefinitions', one('SOURCE', 'rtmp://anna:hunter2@example.com/live')),
        at: 'encoder',
        found: ['the variable SOURCE holds a secret'],
      },
      'an access key under an innocent name': {
        change: set('token', 'environment.variables.OWNER', 'AKIAIOSFODNN7EXAMPLE'),
        at: 'token',
        found: ['the variable OWNER holds a secret'],
      },
      'a name in small letters': {
        change: set('token', 'environment.variables.apiKey', 'abcdef'),
        at: 'token',
        found: ['the variable apiKey holds a secret'],
      },
      'what the program calls a secret': {
        change: set('token', 'environment.variables.SALT', { $secret: 'x' }),
        at: 'token',
        found: ['the variable SALT holds a secret'],
      },
      'container definitions with a secret in them': {
        change: set('encoder', 'containerDefinitions', { $secret: 'x' }),
        at: 'encoder',
        found: ['its container definitions hold a value that the program calls a secret'],
      },
      'a token of a build as plain text': {
        change: set('build', 'environment.environmentVariables.0.type', 'PLAINTEXT'),
        at: 'build',
        found: ['the variable NPM_TOKEN holds a secret'],
      },
    },
    nearMisses: {
      'where the secret is': set('encoder', 'containerDefinitions', one('PASSPHRASE', ARN)),
      'the name of a parameter': set('token', 'environment.variables.DB_PASSWORD', '/media/prod/db'),
      'a number of tokens': set('token', 'environment.variables.MAX_TOKENS', '100000'),
      'a variable that is empty': set('token', 'environment.variables.DB_PASSWORD', ''),
      'a switch': set('token', 'environment.variables.REQUIRE_TOKEN', 'true'),
      'an address with a path': set(
        'token',
        'environment.variables.AUTH_TOKEN',
        'https://auth.example.com/v1',
      ),
    },
  });

  good.tries(containerIsNotPrivileged, {
    undecided: { later: 'containerDefinitions' },
    violating: {
      'a container with all powers': {
        change: set(
          'encoder',
          'containerDefinitions',
          JSON.stringify([{ name: 'ffmpeg', privileged: true }]),
        ),
        at: 'encoder',
        found: ['the container ffmpeg is privileged'],
      },
      'a capability that is as good': {
        change: set(
          'encoder',
          'containerDefinitions',
          JSON.stringify([
            { name: 'ffmpeg', linuxParameters: { capabilities: { add: ['SYS_NICE', 'CAP_SYS_ADMIN'] } } },
          ]),
        ),
        at: 'encoder',
        found: ['the container ffmpeg has the capability CAP_SYS_ADMIN'],
      },
      "the instance's processes, before the containers are known": {
        change: set('later', 'pidMode', 'host'),
        at: 'later',
        found: ['its pidMode is the one of the instance'],
      },
    },
    nearMisses: {
      'a harmless capability': set(
        'encoder',
        'containerDefinitions',
        JSON.stringify([
          { name: 'ffmpeg', privileged: false, linuxParameters: { capabilities: { add: ['SYS_NICE'] } } },
        ]),
      ),
      'processes of the task': set('encoder', 'pidMode', 'task'),
    },
  });

  describe('where one is known to be none', () => {
    good.tries(noSecretInPlainEnvironment, {
      settings: { except: ['DB_SECRET', 'SIGNING_KEY'] },
      undecided: { later: 'containerDefinitions' },
      violating: {
        'another one': {
          change: set('token', 'environment.variables.DB_PASSWORD', 'hunter2'),
          at: 'token',
          found: ['the variable DB_PASSWORD holds a secret'],
        },
      },
      nearMisses: { 'the name of a secret': set('token', 'environment.variables.DB_SECRET', 'media-db') },
    });
  });

  it('finds a secret beside a variable that is not known yet', async () => {
    const graph = structuredClone(await good.graph());
    set('signer', 'environment.variables.DB_PASSWORD', 'hunter2')(graph as never);
    expect(verdicts(noSecretInPlainEnvironment, stackOf(graph, 'unknown')).get('signer')).to.deep.equal({
      result: 'violating',
      found: ['the variable DB_PASSWORD holds a secret'],
    });
  });
});
