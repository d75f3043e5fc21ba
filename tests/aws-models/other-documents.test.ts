import { expect } from 'chai';
import type { GraphValue } from '../../planner/graph/types';
import { problemsOf } from './one-resource';

type Value = Readonly<Record<string, unknown>>;

const short = (problems: readonly string[], input: string): string[] =>
  problems.map((each) => each.replace(`${input}: `, ''));

describe('dashboards', () => {
  const properties = {
    metrics: [
      ['AWS/EC2', 'CPUUtilization', 'InstanceId', 'i-1', { stat: 'p99' }],
      ['.', 'NetworkIn', '.', '.'],
      [{ expression: 'm1 / 2', id: 'e1' }],
    ],
    ...{ region: 'us-east-1', period: 60, stat: 'Average', view: 'timeSeries' },
  };
  const metric = { type: 'metric', x: 0, y: 0, width: 12, height: 6, properties };
  const of = (...widgets: readonly unknown[]) =>
    short(
      problemsOf('aws:cloudwatch/dashboard:Dashboard', { dashboardBody: JSON.stringify({ widgets }) }),
      'dashboardBody',
    );
  const changed = (change: Value) => of({ ...metric, properties: { ...properties, ...change } });

  it('takes what CloudWatch draws', () => {
    expect(of(metric, { type: 'text', properties: { markdown: '# Live' } })).to.deep.equal([]);
    expect(of({ type: 'log', properties: { query: 'fields @message', region: 'us-east-1' } })).to.deep.equal(
      [],
    );
  });

  it('finds widgets that are none', () => {
    expect(of({ ...metric, type: 'metrics' })).to.deep.equal(['refused widgets[0].type: no type of widget']);
    expect(of({ ...metric, width: 25 })).to.deep.equal(['refused widgets[0].width: outside the grid']);
    expect(of({ type: 'text', properties: {} })).to.deep.equal([
      'refused widgets[0].properties.markdown: missing',
    ]);
    expect(changed({ region: undefined })).to.deep.equal(['refused widgets[0].properties.region: missing']);
    expect(changed({ stat: 'Mean' })).to.deep.equal(['refused widgets[0].properties.stat: no statistic']);
    expect(changed({ period: 45 })).to.deep.equal(['refused widgets[0].properties.period: no period']);
    expect(changed({ metrics: [['AWS/EC2', 'CPUUtilization', 'InstanceId']] })).to.deep.equal([
      'refused widgets[0].properties.metrics[0]: a dimension without a value, or no name',
    ]);
    expect(changed({ metrics: [['.', 'CPUUtilization']] })).to.deep.equal([
      'refused widgets[0].properties.metrics[0]: there is nothing above to repeat',
    ]);
  });
});

describe('event patterns', () => {
  const of = (pattern: unknown) =>
    short(
      problemsOf('aws:cloudwatch/eventRule:EventRule', { eventPattern: JSON.stringify(pattern) }),
      'eventPattern',
    );

  it('takes values, operators and $or', () => {
    const pattern = {
      ...{ source: ['aws.ecs'], 'detail-type': [{ prefix: 'ECS ' }] },
      detail: {
        stopCode: [{ 'anything-but': ['UserInitiated'] }],
        $or: [{ cpu: [{ numeric: ['>', 0, '<=', 5] }] }, { group: [{ exists: false }] }],
      },
    };
    expect(of(pattern)).to.deep.equal([]);
  });

  it('finds what EventBridge refuses, and what never matches', () => {
    expect(of({ source: 'aws.ecs' })).to.deep.equal(['refused source: it is a text']);
    expect(of({ source: [] })).to.deep.equal(['refused source: empty']);
    expect(of({ sources: ['aws.ecs'] })).to.deep.equal([
      'ineffective sources: events have no such field at the top',
    ]);
    expect(of({ source: [{ prefixes: 'aws.' }] })).to.deep.equal([
      'refused source[0]: not one operator that is known',
    ]);
    expect(of({ detail: { cpu: [{ numeric: ['>'] }] } })).to.deep.equal([
      'refused detail.cpu[0].numeric: not what the operator takes',
    ]);
    expect(of({})).to.deep.equal(['refused empty']);
  });
});

describe('lifecycle policies of images', () => {
  const rule = {
    ...{ rulePriority: 1, description: 'x' },
    selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
    action: { type: 'expire' },
  };
  const last = {
    rulePriority: 2,
    selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 20 },
    action: { type: 'expire' },
  };
  const of = (...rules: readonly unknown[]) =>
    short(
      problemsOf('aws:ecr/lifecyclePolicy:LifecyclePolicy', { policy: JSON.stringify({ rules }) }),
      'policy',
    );
  const selected = (change: Value) => of({ ...rule, selection: { ...rule.selection, ...change } });

  it('takes rules in their order', () => {
    expect(of(rule, last)).to.deep.equal([]);
  });

  it('finds what ECR refuses', () => {
    expect(selected({ tagStatus: 'tagged' })).to.deep.equal([
      'refused rules[0].selection.tagPatternList: no list',
    ]);
    expect(selected({ countUnit: undefined })).to.deep.equal([
      'refused rules[0].selection.countUnit: missing',
    ]);
    expect(selected({ countNumber: 0 })).to.deep.equal(['refused rules[0].selection.countNumber: no count']);
    expect(of({ ...rule, action: { type: 'delete' } })).to.deep.equal([
      'refused rules[0].action.type: no action',
    ]);
    expect(of(rule, { ...last, rulePriority: 1 })).to.deep.equal([
      'refused rules[1].rulePriority: another rule has it',
    ]);
    expect(of({ ...last, rulePriority: 1 }, { ...rule, rulePriority: 2 })).to.deep.equal([
      'refused rules[0].rulePriority: others come after it',
    ]);
  });
});

describe('lifecycle rules of objects', () => {
  const rule = { id: 'live', status: 'Enabled', filter: { prefix: 'live/' }, expiration: { days: 90 } };
  const of = (rules: GraphValue[], name = 'media') =>
    short(
      problemsOf('aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration', { bucket: name, rules }),
      'rules',
    );
  const moved = (...transitions: { days: number; storageClass: string }[]) => of([{ ...rule, transitions }]);

  it('takes transitions in their order, and expiration last', () => {
    const [cold, colder] = [
      { days: 30, storageClass: 'STANDARD_IA' },
      { days: 60, storageClass: 'GLACIER' },
    ];
    expect(moved(cold, colder)).to.deep.equal([]);
    expect(of([rule], 'media--use1-az4--x-s3')).to.deep.equal([]);
  });

  it('finds what S3 refuses although each argument is in range', () => {
    expect(moved({ days: 7, storageClass: 'STANDARD_IA' })).to.deep.equal([
      'refused [0].transitions[0].days: too early',
    ]);
    expect(moved({ days: 90, storageClass: 'GLACIER' })).to.deep.equal([
      'refused [0].transitions[0].days: gone by then',
    ]);
    expect(
      moved({ days: 30, storageClass: 'GLACIER' }, { days: 60, storageClass: 'STANDARD_IA' }),
    ).to.deep.equal(['refused [0].transitions[1].storageClass: it is in GLACIER already']);
    expect(of([rule, rule])).to.deep.equal(['refused [1].id: another rule has it']);
    const idle = { id: 'live', status: 'Enabled', filter: rule.filter };
    expect(of([idle])).to.deep.equal(['refused [0]: a rule that does nothing']);
    const transitions = [{ days: 30, storageClass: 'GLACIER' }];
    expect(of([{ ...rule, transitions }], 'media--use1-az4--x-s3')).to.deep.equal([
      'refused [0].transitions: not in a directory bucket',
    ]);
  });
});

describe('functions of CloudFront', () => {
  const of = (code: string) =>
    short(problemsOf('aws:cloudfront/function:Function', { code, runtime: 'cloudfront-js-2.0' }), 'code');

  it('takes a handler, with modules of the runtime', () => {
    const code =
      "import cf from 'cloudfront';\nconst crypto = require('crypto');\nasync function handler(event) { return event.request; }";
    expect(of(code)).to.deep.equal([]);
  });

  it('finds what the runtime does not have', () => {
    expect(of('function handler(event) { return event.request; ')[0]).to.match(/^refused Unexpected token/);
    expect(of('function handle(event) { return event.request; }')).to.deep.equal(['refused no handler']);
    expect(of("const fs = require('fs');\nfunction handler(e) { return e.request; }")).to.deep.equal([
      'ineffective no module of the runtime',
    ]);
    expect(of('function handler(e) { /* fetch() */ fetch("x"); return e.request; }')).to.deep.equal([
      'ineffective the runtime has no such name, so each call fails',
    ]);
    expect(of(`function handler(e) { return '${'x'.repeat(10_240)}'; }`)).to.deep.equal([
      'refused 10274 bytes',
    ]);
  });
});

describe('state machines', () => {
  const task = { Type: 'Task', Resource: 'arn:aws:states:::ecs:runTask.sync' };
  const of = (definition: unknown) =>
    short(
      problemsOf('aws:sfn/stateMachine:StateMachine', { definition: JSON.stringify(definition) }),
      'definition',
    );
  const states = (map: Value, start = 'Run') => of({ StartAt: start, States: map });

  it('takes states that lead to each other', () => {
    expect(
      states({
        Run: {
          ...task,
          ...{ Next: 'Done?', Retry: [{ ErrorEquals: ['States.ALL'] }] },
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }],
        },
        'Done?': {
          Type: 'Choice',
          Choices: [{ Variable: '$.done', BooleanEquals: true, Next: 'All' }],
          Default: 'Later',
        },
        Later: { Type: 'Wait', Seconds: 5, Next: 'Run' },
        All: {
          Type: 'Map',
          ItemProcessor: { StartAt: 'One', States: { One: { ...task, End: true } } },
          End: true,
        },
        Failed: { Type: 'Fail', Error: 'Failed' },
      }),
    ).to.deep.equal([]);
  });

  it('finds what Step Functions refuses', () => {
    expect(states({ Run: { ...task, End: true } }, 'Runs')).to.deep.equal([
      'refused StartAt: no state beside it has this name',
      'refused States.Run: no state leads to it',
    ]);
    expect(states({ Run: task })).to.deep.equal(['refused States.Run.Next: neither Next nor End']);
    expect(states({ Run: { ...task, Next: 'Stop' } })).to.deep.equal([
      'refused States.Run.Next: no state beside it has this name',
    ]);
    expect(states({ Run: { Type: 'Tasks', End: true } })).to.deep.equal([
      'refused States.Run.Type: no type of state',
    ]);
    expect(states({ Run: { Type: 'Task', End: true } })).to.deep.equal([
      'refused States.Run.Resource: missing',
    ]);
    expect(states({ Run: { Type: 'Wait', End: true } })).to.deep.equal([
      'refused States.Run: 0 of Seconds, SecondsPath, Timestamp, TimestampPath',
    ]);
    expect(states({ Run: { Type: 'Fail', Next: 'Run' } })).to.deep.equal([
      'refused States.Run.Next: not in a Fail state',
    ]);
  });
});
