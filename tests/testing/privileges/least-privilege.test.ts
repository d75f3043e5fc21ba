import { expect } from 'chai';
import fc from 'fast-check';
import { assertLeastPrivilege, isAllowed, leastPrivilege, type ApiCall } from '../../../testing/privileges';
import { document, roleWith } from './role-graph';

const MAY = 'urn:pulumi:stack::project::aws:iam/rolePolicy:RolePolicy::may';
const BUCKET = 'arn:aws:s3:::media';
const object = (action: string, key: string): ApiCall => ({
  action: `s3:${action}`,
  resource: `${BUCKET}/${key}`,
});
/** Buckets that the graph does not have have policies that nobody knows. */
const ELSEWHERE = {
  finding: 'notEvaluated',
  what: 'the policy of *',
  reason: 'the bucket is of the test',
} as const;

describe('least privilege', () => {
  it('finds nothing where the grants are the calls', async () => {
    const graph = await roleWith(
      document(
        { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: `${BUCKET}/live/*` },
        {
          Effect: 'Allow',
          Action: 's3:ListBucket',
          Resource: BUCKET,
          Condition: { StringLike: { 's3:prefix': 'live/*' } },
        },
      ),
    );
    const calls: ApiCall[] = [
      object('GetObject', 'live/a/1'),
      object('PutObject', 'live/b/1'),
      object('PutObject', 'live/a/1'),
      object('GetObject', 'live/b/2'),
      { action: 's3:ListBucket', resource: BUCKET, context: { 's3:prefix': 'live/a' } },
    ];
    const { denied, unused, wide } = leastPrivilege(graph, 'reader', calls);
    expect({ denied, unused, wide }).to.deep.equal({ denied: [], unused: [], wide: [] });
    assertLeastPrivilege(graph, 'reader', calls, { allow: [ELSEWHERE] });
  });

  it('names each call that is denied, and what comes nearest to allowing it', async () => {
    const graph = await roleWith(
      document(
        { Sid: 'Read', Effect: 'Allow', Action: 's3:GetObject', Resource: `${BUCKET}/live/*` },
        {
          Sid: 'List',
          Effect: 'Allow',
          Action: 's3:ListBucket',
          Resource: BUCKET,
          Condition: { StringLike: { 's3:prefix': ['live/*', 'edge/*'] } },
        },
        { Sid: 'Never', Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::*/secret' },
      ),
    );
    const { denied } = leastPrivilege(graph, 'reader', [
      object('GetObject', 'claims/a'),
      object('PutObject', 'live/a'),
      { action: 's3:ListBucket', resource: BUCKET },
      object('GetObject', 'live/secret'),
      { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:us-east-1:123456789012:q' },
    ]);
    expect(denied.map(({ message }) => message)).to.deep.equal([
      `s3:GetObject on ${BUCKET}/claims/a: no statement allows it; Read of ${MAY} allows the action on ${BUCKET}/live/* only`,
      `s3:PutObject on ${BUCKET}/live/a: no statement allows it; Read of ${MAY} allows on it s3:GetObject only`,
      `s3:ListBucket on ${BUCKET}: no statement allows it; List of ${MAY} would, but asks for StringLike s3:prefix live/* or edge/*`,
      `s3:GetObject on ${BUCKET}/live/secret is denied by Never of ${MAY}`,
      'sqs:SendMessage on arn:aws:sqs:us-east-1:123456789012:q: no statement allows it; none is about the action or the resource',
    ]);
    expect(denied.map(({ reason }) => reason)).to.deep.equal([
      ...['not-allowed', 'not-allowed', 'not-allowed', 'denied', 'not-allowed'],
    ]);
  });

  it('names each action on each pattern that no call needed, and each value of a condition', async () => {
    const graph = await roleWith(
      document({
        Sid: 'Two',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: [`${BUCKET}/live/*`, `${BUCKET}/edge/*`],
        Condition: { StringEqualsIfExists: { 's3:x-amz-storage-class': ['STANDARD', 'GLACIER'] } },
      }),
    );
    const calls = [
      object('GetObject', 'live/a'),
      { ...object('PutObject', 'edge/a'), context: { 's3:x-amz-storage-class': 'STANDARD' } },
    ];
    const { unused } = leastPrivilege(graph, 'reader', calls);
    expect(
      unused.map(({ action, resource, condition }) => [action, resource, condition?.value]),
    ).to.deep.equal([
      ['s3:GetObject', `${BUCKET}/edge/*`, undefined],
      ['s3:PutObject', `${BUCKET}/live/*`, undefined],
      ['s3:GetObject, s3:PutObject', `${BUCKET}/live/*, ${BUCKET}/edge/*`, 'GLACIER'],
    ]);
    expect(unused[0]).to.deep.include({
      policy: MAY,
      statement: 'Two',
      message: `Two of ${MAY} allows s3:GetObject on ${BUCKET}/edge/*, which no call needed`,
    });
  });

  it('counts as unused what only calls that are denied would need', async () => {
    const graph = await roleWith(
      document(
        { Effect: 'Allow', Action: 's3:GetObject', Resource: `${BUCKET}/a` },
        { Effect: 'Deny', Action: '*', Resource: '*' },
      ),
    );
    expect(leastPrivilege(graph, 'reader', [object('GetObject', 'a')]).unused).to.have.length(1);
  });

  it('names wildcards that are wider than what was used, and what would have been enough', async () => {
    const graph = await roleWith(
      document(
        { Sid: 'All', Effect: 'Allow', Action: 's3:*', Resource: '*' },
        { Sid: 'Not', Effect: 'Allow', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::other/*' },
      ),
    );
    const { unused, wide } = leastPrivilege(graph, 'reader', [
      object('GetObject', 'live/news/1'),
      object('PutObject', 'live/news/2'),
      { action: 's3:ListBucket', resource: BUCKET },
    ]);
    expect(unused).to.deep.equal([]);
    const actions = ['s3:GetObject', 's3:ListBucket', 's3:PutObject'];
    const resources = [BUCKET, `${BUCKET}/live/news/*`];
    expect(
      wide.map(({ statement, of, pattern, enough }) => ({ statement, of, pattern, enough })),
    ).to.deep.equal([
      { statement: 'All', of: 'action', pattern: 's3:*', enough: actions },
      { statement: 'All', of: 'resource', pattern: '*', enough: resources },
      { statement: 'Not', of: 'action', pattern: 'all but iam:*', enough: actions },
      { statement: 'Not', of: 'resource', pattern: 'all but arn:aws:s3:::other/*', enough: resources },
    ]);
  });

  for (const [pattern, used, enough] of [
    [`${BUCKET}/live/*`, ['live/a/1', 'live/a/2'], `${BUCKET}/live/a/*`],
    [`${BUCKET}/live/*`, ['live/a/1', 'live/b/1'], undefined],
    [`${BUCKET}/live/a*`, ['live/a/1', 'live/ab/1'], undefined],
    [`${BUCKET}/live/*`, ['live/a/1'], `${BUCKET}/live/a/*`],
    [`${BUCKET}/live/*`, ['live/1'], undefined],
    [`${BUCKET}/*/index`, ['live/index'], undefined],
    [`arn:aws:s3:::med*/live/*`, ['live/1'], `${BUCKET}/live/*`],
  ] as const) {
    it(`${pattern} used for ${used.join(' and ')} is ${enough === undefined ? 'not wide' : `wider than ${enough}`}`, async () => {
      const graph = await roleWith(document({ Effect: 'Allow', Action: 's3:GetObject', Resource: pattern }));
      const { wide } = leastPrivilege(
        graph,
        'reader',
        used.map((key) => object('GetObject', key)),
      );
      expect(wide.map((each) => each.enough)).to.deep.equal(enough === undefined ? [] : [[enough]]);
    });
  }

  it('names commands that the recorder does not know', async () => {
    const graph = await roleWith(document());
    const { notEvaluated } = leastPrivilege(graph, 'reader', {
      calls: [],
      unknown: ['SQSClient.SendMessageCommand'],
    });
    expect(notEvaluated.map(({ what }) => what)).to.deep.equal(['SQSClient.SendMessageCommand']);
  });

  it('throws all findings at once, but those that are allowed, and exceptions that nothing needs', async () => {
    const graph = await roleWith(
      document({
        Sid: 'S',
        Effect: 'Allow',
        Action: ['s3:*', 'sqs:SendMessage'],
        Resource: `${BUCKET}/live/*`,
      }),
    );
    const calls = [object('GetObject', 'live/1'), object('GetObject', 'edge/1')];
    const reason = 'a test';
    expect(() =>
      assertLeastPrivilege(graph, 'reader', calls, {
        allow: [
          ELSEWHERE,
          { finding: 'unused', statement: 'S', action: 'sqs:*', reason },
          { finding: 'unused', statement: 'T', reason },
        ],
      }),
    ).to.throw(
      Error,
      [
        'reader has not exactly the permissions that it needs:',
        `denied: s3:GetObject on ${BUCKET}/edge/1: no statement allows it; S of ${MAY} allows the action on ${BUCKET}/live/* only`,
        `wide: S of ${MAY} allows s3:*; s3:GetObject would have been enough`,
        'an exception that nothing needs ({"finding":"unused","statement":"T"}, because a test): remove it',
      ].join('\n  '),
    );
  });

  describe('of a policy that is made narrower', () => {
    const actions = fc.constantFrom('s3:*', 's3:Get*', 's3:GetObject', 's3:PutObject', '*');
    const resources = fc.constantFrom(
      '*',
      `${BUCKET}/*`,
      `${BUCKET}/live/*`,
      `${BUCKET}/live/a`,
      `${BUCKET}/?ive/*`,
    );
    const condition = fc.constantFrom(
      { StringEquals: { 'test:k': 'x' } },
      { StringNotEqualsIfExists: { 'test:k': ['x', 'y'] } },
      { 'ForAllValues:StringLike': { 'test:k': 'x*' } },
      { Null: { 'test:k': 'true' } },
    );
    const statement = fc.record(
      {
        Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
        Action: fc.uniqueArray(actions, { minLength: 1, maxLength: 3 }),
        Resource: fc.uniqueArray(resources, { minLength: 1, maxLength: 3 }),
        Condition: condition,
      },
      { requiredKeys: ['Effect', 'Action', 'Resource'] },
    );
    type Statement = { Effect: string; Action: string[]; Resource: string[]; Condition?: object };
    const NARROWER: readonly ((all: Statement[], n: number, extra: object) => Statement[])[] = [
      (all, n) => all.filter((each, at) => at !== n || each.Effect === 'Deny'),
      (all) => [...all, { Effect: 'Deny', Action: ['s3:Get*'], Resource: [`${BUCKET}/live/*`] }],
      (all, n, extra) =>
        all.map((each, at) =>
          at === n && each.Effect === 'Allow' && !each.Condition ? { ...each, Condition: extra } : each,
        ),
      (all, n) =>
        all.map((each, at) =>
          at === n && each.Effect === 'Allow'
            ? { ...each, Action: each.Action.map((a) => (a === '*' ? 's3:*' : a)) }
            : each,
        ),
      (all, n) =>
        all.map((each, at) =>
          at === n && each.Effect === 'Allow' && each.Resource.length > 1
            ? { ...each, Resource: each.Resource.slice(1) }
            : each,
        ),
      (all, n) =>
        all.map((each, at) => (at === n && each.Effect === 'Deny' ? { ...each, Resource: ['*'] } : each)),
      (all, n) =>
        all.map((each, at) => {
          if (at !== n || each.Effect !== 'Deny') return each;
          return { Effect: each.Effect, Action: each.Action, Resource: each.Resource };
        }),
    ];
    const call = fc.record(
      {
        action: fc.constantFrom('s3:GetObject', 's3:PutObject', 'sqs:SendMessage'),
        resource: fc.constantFrom(`${BUCKET}/live/a`, `${BUCKET}/live/b`, `${BUCKET}/edge/a`, BUCKET),
        context: fc.constantFrom({ 'test:k': 'x' }, { 'test:k': ['x', 'z'] }, { 'test:k': 'z' }),
      },
      { requiredKeys: ['action', 'resource'] },
    );

    it('nothing is allowed that was not', async () => {
      let allowed = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(statement, { minLength: 1, maxLength: 4 }),
          fc.nat(3),
          fc.nat(NARROWER.length - 1),
          condition,
          fc.array(call, { minLength: 1, maxLength: 4 }),
          async (statements, n, how, extra, calls) => {
            const narrower = NARROWER[how]!(statements, n, extra);
            const [before, after] = [
              await roleWith(document(...statements)),
              await roleWith(document(...narrower)),
            ];
            for (const each of calls as ApiCall[]) {
              if (!isAllowed(after, 'reader', each)) continue;
              allowed++;
              expect(isAllowed(before, 'reader', each), JSON.stringify(each)).to.equal(true);
            }
          },
        ),
        { numRuns: 500 },
      );
      expect(allowed).to.be.greaterThan(50);
    });

    it('by what would have been enough, every call that was made is still allowed', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.stringMatching(/^[ab]{1,2}(\/[ab]){0,3}$/), { minLength: 1, maxLength: 5 }),
          async (keys) => {
            const calls = keys.map((key) => object('GetObject', key));
            const wide = await roleWith(document({ Effect: 'Allow', Action: 's3:*', Resource: '*' }));
            const found = leastPrivilege(wide, 'reader', calls).wide;
            const enough = (of: string) => found.find((each) => each.of === of)?.enough;
            const narrow = document({
              Effect: 'Allow',
              Action: enough('action'),
              Resource: enough('resource'),
            });
            const again = leastPrivilege(await roleWith(narrow), 'reader', calls);
            expect({ ...again, notEvaluated: [] }).to.deep.equal({
              ...{ denied: [], unused: [], wide: [], notEvaluated: [] },
            });
          },
        ),
        { numRuns: 100 },
      );
    });
  });
});
