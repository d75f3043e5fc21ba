import { expect } from 'chai';
import type { GraphValue } from '../../planner/graph/types';
import { problemsOf, reportOf } from './one-resource';

const TYPE = 'aws:ecs/taskDefinition:TaskDefinition';
const LOG = {
  logDriver: 'awslogs',
  options: { 'awslogs-group': 'live', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'task' },
};
const CONTAINER = {
  ...{ name: 'encoder', image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/media:1', essential: true },
  ...{ cpu: 1024, memoryReservation: 512, environment: [{ name: 'CHANNEL', value: 'news' }] },
  portMappings: [{ containerPort: 9001, hostPort: 9001, protocol: 'udp' }],
  healthCheck: {
    command: ['CMD', 'node', 'health.js'],
    interval: 10,
    timeout: 5,
    retries: 3,
    startPeriod: 60,
  },
  ulimits: [{ name: 'nofile', softLimit: 1024, hardLimit: 4096 }],
  logConfiguration: LOG,
};
type Change = Readonly<Record<string, unknown>>;

const task = (containers: unknown, inputs: Readonly<Record<string, GraphValue>> = {}): string[] =>
  problemsOf(TYPE, {
    networkMode: 'host',
    executionRoleArn: 'arn:aws:iam::123456789012:role/x',
    ...inputs,
    containerDefinitions: JSON.stringify(containers),
  }).map((each) => each.replace('containerDefinitions: ', ''));
const changed = (change: Change, inputs?: Readonly<Record<string, GraphValue>>): string[] =>
  task([{ ...CONTAINER, ...change }], inputs);
const FARGATE = {
  ...{ networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'], cpu: '1024', memory: '2048' },
};

describe("container definitions against ECS's model", () => {
  it('takes a complete one, on EC2 and on Fargate', () => {
    expect(changed({})).to.deep.equal([]);
    expect(changed({}, FARGATE)).to.deep.equal([]);
  });

  it('knows types, members, words and ranges from the model', () => {
    expect(changed({ memory: '1024' })).to.deep.equal(['refused [0].memory: it is a text']);
    expect(changed({ essential: 'true' })).to.deep.equal(['refused [0].essential: it is a text']);
    expect(changed({ memoryReservations: 512 })).to.deep.equal([
      'ineffective [0].memoryReservations: ContainerDefinition has no member "memoryReservations", so it is left out in silence',
    ]);
    expect(changed({ portMappings: [{ containerPort: 9001, protocol: 'srt' }] })).to.deep.equal([
      'refused [0].portMappings[0].protocol: not one of the words',
    ]);
    expect(changed({ logConfiguration: { options: {} } })).to.deep.equal([
      'refused [0].logConfiguration.logDriver: missing',
    ]);
    expect(changed({ cpu: 0.5 })).to.deep.equal(['refused [0].cpu: it is a number']);
    expect(task({})).to.deep.equal(['refused it is an object']);
  });

  it('says what was meant', () => {
    const { findings } = reportOf(TYPE, {
      containerDefinitions: JSON.stringify([{ ...CONTAINER, memoryReservations: 512 }]),
    });
    expect(findings.map(({ fix }) => fix)).to.deep.equal(['did you mean memoryReservation?']);
  });

  it('has names, images and memory', () => {
    expect(changed({ name: 'the encoder' })).to.deep.equal(['refused [0].name: no name that ECS takes']);
    expect(task([CONTAINER, { ...CONTAINER, portMappings: [] }])).to.deep.equal([
      'refused [1].name: another container has it',
    ]);
    expect(changed({ image: 'media@sha256:abc' })).to.deep.equal(['refused [0].image: no image']);
    expect(changed({ memoryReservation: undefined })).to.deep.equal(['refused [0].memory: missing']);
    expect(changed({ memory: 512 })).to.deep.equal([]);
    expect(changed({ memory: 511 })).to.deep.equal(['refused [0].memory: too little']);
    expect(changed({ essential: false })).to.deep.equal(['refused no essential container']);
    expect(changed({ cpu: 2048 }, FARGATE)).to.deep.equal([
      'refused cpu of the containers is 2048 CPU units together',
    ]);
  });

  it('keeps ports in range, as the network mode has them, and each once on a host', () => {
    const ports = (...portMappings: readonly Change[]) => changed({ portMappings });
    expect(ports({ containerPort: 70_000 })).to.deep.equal([
      'refused [0].portMappings[0].containerPort: no port',
    ]);
    expect(ports({ containerPort: 9001, hostPort: 9002 })).to.deep.equal([
      'refused [0].portMappings[0].hostPort: another port',
    ]);
    expect(ports({})).to.deep.equal(['refused [0].portMappings[0]: not exactly one']);
    expect(ports({ containerPort: 51_678 })).to.deep.equal([
      'ineffective [0].portMappings[0].containerPort: reserved on the host, so no task is placed',
    ]);
    const other = { ...CONTAINER, name: 'other', portMappings: [{ containerPort: 9001, protocol: 'udp' }] };
    const taken = 'ineffective [1].portMappings[0]: [0].portMappings[0] has it already, so no task starts';
    expect(task([CONTAINER, other])).to.deep.equal([taken]);
    expect(task([CONTAINER, { ...other, portMappings: [{ containerPort: 9001 }] }])).to.deep.equal([]);
    expect(task([CONTAINER, other], { networkMode: 'bridge' })).to.deep.equal([]);
  });

  it('has each variable once, and secrets that can be read', () => {
    const twice = [
      { name: 'CHANNEL', value: 'news' },
      { name: 'CHANNEL', value: 'sport' },
    ];
    expect(changed({ environment: twice })).to.deep.equal([
      'ineffective [0].environment[1].name: twice, so one of the values is lost',
    ]);
    const secrets = [{ name: 'CHANNEL', valueFrom: 'arn:aws:ssm:us-east-1:123456789012:parameter/x' }];
    expect(changed({ secrets })).to.deep.equal([
      'refused [0].secrets[0].name: twice, so one of the values is lost',
    ]);
    const wrong = [{ name: 'KEY', valueFrom: 'arn:aws:s3:::keys/key' }];
    expect(changed({ secrets: wrong })).to.deep.equal(['refused [0].secrets[0].valueFrom: neither']);
    const fine = [
      { name: 'KEY', valueFrom: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:key-a1b2c3' },
    ];
    expect(changed({ secrets: fine })).to.deep.equal([]);
    expect(
      problemsOf(TYPE, { containerDefinitions: JSON.stringify([{ ...CONTAINER, secrets: fine }]) }),
    ).to.deep.equal(['refused containerDefinitions: [0].secrets[0]: nobody may read the secret']);
  });

  it('has a health check that can run, and logs that arrive', () => {
    const { healthCheck } = CONTAINER;
    expect(changed({ healthCheck: { ...healthCheck, timeout: 90 } })).to.deep.equal([
      'refused [0].healthCheck.timeout: out of range',
    ]);
    expect(changed({ healthCheck: { ...healthCheck, command: ['node', 'health.js'] } })).to.deep.equal([
      'refused [0].healthCheck.command: how to run it is missing',
    ]);
    const options = (change: Change) =>
      changed({ logConfiguration: { ...LOG, options: { ...LOG.options, ...change } } });
    expect(options({ 'awslogs-group': undefined })).to.deep.equal([
      'refused [0].logConfiguration.options.awslogs-group: missing',
    ]);
    expect(options({ 'awslogs-grupo': 'x' })).to.deep.equal([
      'refused [0].logConfiguration.options.awslogs-grupo: no option of awslogs',
    ]);
    expect(options({ mode: 'nonblocking' })).to.deep.equal([
      'refused [0].logConfiguration.options.mode: no mode',
    ]);
    expect(options({ mode: 'non-blocking', 'max-buffer-size': 'big' })).to.deep.equal([
      'refused [0].logConfiguration.options.max-buffer-size: no size',
    ]);
    expect(changed({ logConfiguration: { logDriver: 'syslog' } }, FARGATE)).to.deep.equal([
      'refused [0].logConfiguration.logDriver: not on Fargate',
    ]);
  });

  it('refers to containers and volumes that there are', () => {
    const mountPoints = [{ sourceVolume: 'cache', containerPath: '/cache' }];
    expect(changed({ mountPoints })).to.deep.equal([
      'refused [0].mountPoints[0].sourceVolume: there is none of this name',
    ]);
    expect(changed({ mountPoints }, { volumes: [{ name: 'cache' }] })).to.deep.equal([]);
    const waits = (containerName: string, condition = 'START') => [{ containerName, condition }];
    expect(changed({ dependsOn: waits('origin') })).to.deep.equal([
      'refused [0].dependsOn[0].containerName: there is none of this name',
    ]);
    const side = { name: 'side', image: 'side', memory: 64, essential: false };
    expect(task([{ ...CONTAINER, dependsOn: waits('side', 'HEALTHY') }, side])).to.deep.equal([
      'refused [0].dependsOn[0].condition: side has none',
    ]);
    expect(
      task([
        { ...CONTAINER, dependsOn: waits('side') },
        { ...side, dependsOn: waits('encoder') },
      ]),
    ).to.deep.equal(['refused [0].dependsOn: the container waits for itself']);
  });
});
