import path from 'node:path';
import { Provider } from '@pulumi/aws/provider';
import type * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import fc from 'fast-check';
import { MediaVpc } from '../../../components/network';
import {
  LlHlsOrigin,
  ORIGIN_TRANSFORMS,
  type LlHlsOriginArgs,
  type LiveOrigin,
} from '../../../components/origin';
import {
  assertLeastPrivilege,
  assertNames,
  assertReaches,
  assertTags,
  isAllowed,
  matchGolden,
  viewOf,
  type Graph,
  type GraphValue,
} from '../../../testing';
import { compareGraphs, type ReplacementTable } from '../../../testing/upgrade';
import { ACCOUNT, recordProgramOf, type Recorded } from '../recorded';
import { NETWORK, full, makeFull, makeStore, minimal, recordOrigin, told } from './origin-recording';

/** Of the compiled tests, four folders below the project. */
const GOLDENS = path.resolve(__dirname, '../../../..', 'tests/components/origin/golden');

/** The origin's own: its name's last hyphen or end, and its grants in the store. */
const ownOf = ({ resources }: Recorded) => resources.filter(({ name }) => name.startsWith('origin'));

describe('LlHlsOrigin in the graph', () => {
  let whole: Recorded;
  let least: Recorded;
  before(async () => {
    whole = await recordProgramOf(() => told(makeFull()));
    least = await recordOrigin({}, {}, told);
  });

  it('parents every child, and passes provider and region on to each, and to what it looks up', async () => {
    const origin = await recordProgramOf(() => {
      const provider = new Provider('elsewhere', { region: 'eu-north-1' });
      const zones = Object.fromEntries(
        ['eun1-az1', 'eun1-az2'].map((id, n) => [id, Object.values(NETWORK.zones)[n]!]),
      );
      const network = { ...NETWORK, zones };
      void new LlHlsOrigin('origin', { ...minimal(makeStore('eun1-az1')), network }, { provider });
    });
    const children = origin.query.children(origin.child('origin').urn);
    expect(children).to.have.length(ownOf(origin).length - 1);
    for (const { name, provider } of children) expect(provider, name).to.include('::elsewhere::');
    for (const { provider, token } of origin.graph.invokes ?? []) {
      expect(provider, token).to.include('::elsewhere::');
    }
    expect(origin.text('origin-zone-eun1-az1-task', 'containerDefinitions')).to.include(
      '"awslogs-region":"eu-north-1"',
    );
  });

  it('takes an alias, so that a program may rename it', async () => {
    const origin = await recordOrigin({}, { aliases: [{ name: 'live' }] });
    expect(JSON.stringify(origin.child('origin').options.aliases)).to.include('"live"');
  });

  it('tags every child that can have tags, the user last', () => {
    const graph = { ...whole.graph, resources: ownOf(whole) };
    const report = assertTags(graph, {
      required: { team: ['video'], 'aws-media:component': ['LlHlsOrigin'] },
    });
    expect(report.checked).to.be.greaterThan(30);
    const untagged = ownOf(whole).filter(({ custom, inputs }) => custom && !('tags' in inputs));
    expect([...new Set(untagged.map(({ type }) => type))].sort()).to.deep.equal([
      'aws:appautoscaling/policy:Policy',
      'aws:iam/rolePolicy:RolePolicy',
    ]);
  });

  it('names every child within its service’s limits, whatever component, project and stack are called', async () => {
    const title = fc.string({ unit: fc.constantFrom(...'abzAZ09-_.'), minLength: 1, maxLength: 100 });
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 90 })
      .filter((text) => !text.includes('::'));
    await fc.assert(
      fc.asyncProperty(name, title, title, async (component, project, stack) => {
        const origin = await recordProgramOf(
          () => void new LlHlsOrigin(component, full(makeStore('use1-az4', 'use1-az6'))),
          { project, stack },
        );
        const report = assertNames(origin.graph, {
          exceptions: { 'aws:s3/directoryBucket:DirectoryBucket': 'tested with the store' },
        });
        expect(report.checked).to.be.greaterThan(30);
      }),
      { numRuns: 6 },
    );
  });

  it('names load balancers and target groups anew where AWS replaces them', async () => {
    const vpcId = 'vpc-0123456789abcdef1';
    const moved = await recordOrigin({ network: { ...NETWORK, vpcId } });
    for (const type of ['aws:lb/loadBalancer:LoadBalancer', 'aws:lb/targetGroup:TargetGroup']) {
      const names = [least, moved].map(({ query }) => query.byType(type)[0]!.inputs['name']);
      expect(new Set(names).size, type).to.equal(2);
    }
  });

  it('lets each kind of child be changed', async () => {
    const changed = new Set<string>();
    const names: string[] = [];
    const transform = Object.fromEntries(
      ORIGIN_TRANSFORMS.map((kind) => [
        kind,
        (args: Record<string, unknown>, opts: pulumi.CustomResourceOptions, name: string) => {
          changed.add(kind);
          names.push(name);
          if (kind === 'loadBalancer') args['enableZonalShift'] = true;
          if (kind === 'cluster') opts.protect = true;
        },
      ]),
    );
    const origin = await recordProgramOf(() => void makeFull({ transform }));
    expect([...changed].sort()).to.deep.equal([...ORIGIN_TRANSFORMS].sort());
    const children = origin.query.children(origin.child('origin').urn).map(({ name }) => name);
    expect(names.sort()).to.deep.equal(children.sort());
    const [balancer] = origin.query.byType('aws:lb/loadBalancer:LoadBalancer');
    expect(balancer!.inputs['enableZonalShift']).to.equal(true);
    expect(origin.child('origin-cluster').options.protect).to.equal(true);
  });

  it('creates nothing and checks nothing where it is only looked up by its URN', async () => {
    let nodes: unknown = 'not looked up';
    const origin = await recordProgramOf(() => {
      const urn = 'urn:pulumi:test::video::aws-media:index:LlHlsOrigin::origin';
      nodes = new LlHlsOrigin('origin', {} as LlHlsOriginArgs, { urn }).nodes;
    }).catch((error: unknown) => error as Error);
    expect(nodes).to.equal(undefined);
    if (!(origin instanceof Error)) expect(origin.list).to.deep.equal([]);
  });

  it('leads from CloudFront to the tasks and their store', () => {
    const { graph } = whole;
    assertReaches(graph, 'origin-vpc-origin', 'origin-balancer', {
      property: 'vpcOriginEndpointConfig.arn',
    });
    assertReaches(graph, 'origin-channel-news-rule', 'origin-zone-use1-az4', {
      property: 'actions[*].targetGroupArn',
    });
    assertReaches(graph, 'origin-zone-use1-az4-service', 'origin-zone-use1-az4', {
      property: 'loadBalancers[*].targetGroupArn',
    });
    assertReaches(graph, 'origin-zone-use1-az4-task', 'media-zone-use1-az4', {
      property: 'containerDefinitions',
    });
  });

  it('takes a MediaVpc as its network, and is what a distribution asks for', async () => {
    const zones = ['use1-az4', 'use1-az6'];
    const origin = await recordProgramOf(() => {
      const network = new MediaVpc('network', { zones, environment: 'dev' });
      const live: LiveOrigin = new LlHlsOrigin('origin', { ...minimal(makeStore('use1-az4')), network });
      return { vpcOriginId: live.vpcOriginId, read: live.readTimeoutSeconds };
    });
    assertReaches(origin.graph, 'origin-zone-use1-az4-service', 'network-private-use1-az4', {
      property: 'networkConfiguration.subnets',
    });
    expect(origin.graph.outputs['read']).to.equal(30);
  });

  for (const [name, record] of [
    ['minimal', () => least],
    ['full', () => whole],
  ] as const) {
    it(`has changed in nothing that nobody looked at: ${name}`, () => {
      matchGolden(record().graph, path.join(GOLDENS, `${name}.json`));
    });
  }

  describe('in both views of what AWS decides', () => {
    it('known: every input is a plain value, without the text of a missing one', () => {
      const seen = viewOf(whole.graph, 'known');
      const inputs = inputsOf(seen);
      expect(open(inputs)).to.deep.equal({});
      expect(JSON.stringify([inputs, seen.outputs])).not.to.match(/undefined|null|NaN|\[object|Calling \[/);
    });

    it('unknown: leaves open exactly what refers to an output, and names whose', () => {
      const seen = viewOf(whole.graph, 'unknown');
      const found = open(inputsOf(seen));
      expect(found['origin-vpc-origin.vpcOriginEndpointConfig.arn']).to.deep.equal(['origin-balancer#id']);
      expect(found['origin-zone-use1-az4-service.taskDefinition']).to.deep.equal([
        'origin-zone-use1-az4-task#arn',
      ]);
      const outputs = open(seen.outputs);
      expect(outputs['vpcOriginId']).to.deep.equal(['origin-vpc-origin#id']);
      expect(Object.keys(outputs)).to.not.include.members(['domainName', 'readTimeoutSeconds']);
    });
  });

  describe('and its roles', () => {
    const reads = (arn: string) => ({ action: 's3:GetObject', resource: `${arn}/live/news/s/720p/1.m4s` });
    const session = (arn: string) => ({
      ...{
        action: 's3express:CreateSession',
        resource: arn,
        context: { 's3express:SessionMode': 'ReadOnly' },
      },
    });

    it("let a task read its own zone's bucket, and no other zone's", () => {
      const role = 'origin-zone-use1-az4-role';
      const [own, other] = ['use1-az4', 'use1-az6'].map((zone) =>
        String(whole.output(`media-zone-${zone}`, 'arn')),
      ) as [string, string];
      const general = String(whole.output('media-general', 'arn'));
      expect(isAllowed(whole.graph, role, session(own))).to.equal(true);
      expect(isAllowed(whole.graph, role, session(other))).to.equal(false);
      expect(isAllowed(whole.graph, role, reads(general))).to.equal(true);
      expect(isAllowed(whole.graph, role, { ...reads(general), action: 's3:PutObject' })).to.equal(false);
    });

    it('let Fargate pull the image, and write logs of this origin', () => {
      const cluster = least.text('origin-cluster', 'name');
      const logs = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws-media/${cluster}/use1-az4:log-stream:task/1`;
      const image = `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/origin`;
      assertLeastPrivilege(
        least.graph,
        'origin-execution',
        [
          ...['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'].map((action) => ({
            action,
            resource: image,
          })),
          { action: 'ecr:GetAuthorizationToken', resource: '*' },
          ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource: logs })),
        ],
        {
          allow: [
            {
              finding: 'wide',
              statement: 'Logs',
              reason: 'one role for all zones: a new one must not change it',
            },
          ],
        },
      );
    });
  });
});

const inputsOf = ({ resources }: Graph): Record<string, GraphValue> =>
  Object.fromEntries(
    resources
      .filter(({ custom, name }) => custom && name.startsWith('origin'))
      .map(({ name, inputs }) => [name, { ...inputs }]),
  );

/** Where values are unknown, and by whose outputs, by names. */
function open(values: Readonly<Record<string, GraphValue>>): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const visit = (value: GraphValue, at: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('$unknown' in value) {
      found[at] = (value['$unknown'] as string[]).map((of) => of.slice(of.lastIndexOf('::') + 2)).sort();
    } else for (const [key, item] of Object.entries(value)) visit(item, `${at}.${key}`);
  };
  for (const [name, value] of Object.entries(values)) visit(value, name);
  return found;
}

describe('an update of LlHlsOrigin', () => {
  /** AWS provider 7.48, resource pages: "Forces new resource". */
  const RULES: ReplacementTable = {
    'aws:lb/loadBalancer:LoadBalancer': {
      replaces: ['name', 'internal', 'loadBalancerType'],
      updates: ['idleTimeout', 'subnets'],
    },
    'aws:lb/targetGroup:TargetGroup': {
      replaces: ['name', 'port', 'protocol', 'targetType', 'vpcId'],
      updates: ['deregistrationDelay', 'healthCheck'],
    },
    'aws:lb/listenerRule:ListenerRule': { replaces: ['listenerArn'], updates: ['actions', 'conditions'] },
    'aws:ecs/service:Service': {
      replaces: ['name', 'cluster', 'launchType'],
      updates: ['taskDefinition', 'networkConfiguration'],
    },
    'aws:ecs/taskDefinition:TaskDefinition': {
      replaces: ['containerDefinitions', 'cpu', 'memory', 'family'],
      updates: [],
    },
  };
  const twoZones = (channels: LlHlsOriginArgs['channels'], more: Partial<LlHlsOriginArgs> = {}) =>
    recordProgramOf(
      () =>
        void new LlHlsOrigin('origin', {
          ...minimal(makeStore('use1-az4', 'use1-az6')),
          channels: channels!,
          ...more,
        }),
    );
  const news = { zone: 'use1-az4' };
  const sport = { zone: 'use1-az6' };
  const changed = (from: Recorded, to: Recorded): string[] =>
    compareGraphs(from.graph, to.graph, { replaces: RULES })
      .steps.filter(({ operation }) => operation !== 'same')
      .map(({ operation, urn }) => `${operation} ${urn.slice(urn.lastIndexOf('::') + 2)}`)
      .sort();

  it('to itself, with channels in another order, changes nothing', async () => {
    expect(changed(await twoZones({ news, sport }), await twoZones({ sport, news }))).to.deep.equal([]);
  });

  it('with another channel makes a rule, and touches no other channel and no service', async () => {
    expect(changed(await twoZones({ news }), await twoZones({ news, sport }))).to.deep.equal([
      'create origin-channel-sport-rule',
      'update origin',
    ]);
  });

  it('with a channel that moves to another zone changes its rule alone', async () => {
    const moved = await twoZones({ news, sport: news });
    expect(changed(await twoZones({ news, sport }), moved)).to.deep.equal([
      'update origin',
      'update origin-channel-sport-rule',
    ]);
  });

  it('with another image replaces task definitions, whose ARNs are new in AWS alone', async () => {
    const image = `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/origin@sha256:${'cd'.repeat(32)}`;
    expect(changed(await twoZones({ news }), await twoZones({ news }, { image }))).to.deep.equal([
      'replace origin-zone-use1-az4-task',
      'replace origin-zone-use1-az6-task',
    ]);
  });

  it('from a load balancer that is found by another name keeps it with an alias', async () => {
    const alias = (_: object, opts: { aliases?: unknown }) => {
      opts.aliases = [{ name: 'origin-balancer' }];
    };
    const older = await recordOrigin();
    const renamed = await recordProgramOf(
      () =>
        void new LlHlsOrigin('live', minimal(makeStore('use1-az4')), {
          aliases: [{ name: 'origin' }],
          transform: {
            loadBalancer(args, opts) {
              alias(args, opts);
              args.name = older.text('origin-balancer', 'name');
            },
          },
        }),
    );
    const { steps } = compareGraphs(older.graph, renamed.graph, { replaces: RULES });
    const balancer = steps.find(({ urn }) => urn.endsWith('LoadBalancer::live-balancer'));
    expect(balancer?.operation).to.be.oneOf(['same', 'update']);
  });
});
