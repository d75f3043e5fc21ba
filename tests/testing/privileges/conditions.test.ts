import { expect } from 'chai';
import {
  isAllowed,
  leastPrivilege,
  CONDITION_OPERATORS,
  type RequestContext,
} from '../../../testing/privileges';
import { document, roleWith } from './role-graph';

const RESOURCE = 'arn:aws:s3:::media/a';

/** Whether a statement with the condition allows a request with the context. */
async function holds(operator: string, values: string | readonly string[], context: RequestContext) {
  const graph = await roleWith(
    document({
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { [operator]: { 'test:key': values } },
    }),
  );
  return isAllowed(graph, 'reader', { action: 's3:GetObject', resource: RESOURCE, context });
}

const given = (value: string | readonly string[]): RequestContext => ({ 'test:key': value });

/** Operator, a policy's value, request's values that fit, and that do not. */
const CASES: readonly [operator: string, wanted: string, fit: readonly string[], not: readonly string[]][] = [
  ['StringEquals', 'Live', ['Live'], ['live', 'Live2', '']],
  ['StringEqualsIgnoreCase', 'Live', ['live', 'LIVE'], ['lives']],
  ['StringLike', 'live/*/?', ['live/a/b', 'live//x'], ['live/a/', 'Live/a/b', 'live/a/bc/']],
  [
    'ArnEquals',
    'arn:aws:s3:*:*:media*',
    ['arn:aws:s3:::media', 'arn:aws:s3:::media:x'],
    ['arn:aws:sns:::media'],
  ],
  [
    'ArnLike',
    'arn:aws:iam::*:role/a?',
    ['arn:aws:iam::1:role/ab'],
    ['arn:aws:iam::1:2:role/ab', 'arn:aws:iam::1:role/a'],
  ],
  ['NumericEquals', '5', ['5', '5.0'], ['6', 'five', '']],
  ['NumericLessThan', '5', ['4.9', '-1'], ['5', '6', 'x']],
  ['NumericLessThanEquals', '5', ['5', '4'], ['5.1']],
  ['NumericGreaterThan', '5', ['6'], ['5', '']],
  ['NumericGreaterThanEquals', '5', ['5', '6'], ['4']],
  [
    'DateEquals',
    '2026-01-01T00:00:00Z',
    ['2026-01-01T01:00:00+01:00', '1767225600'],
    ['2026-01-02T00:00:00Z', 'soon'],
  ],
  ['DateLessThan', '2026-01-01T00:00:00Z', ['2025-12-31T23:59:59Z'], ['2026-01-01T00:00:00Z']],
  ['DateLessThanEquals', '2026-01-01T00:00:00Z', ['2026-01-01T00:00:00Z'], ['2026-01-01T00:00:01Z']],
  ['DateGreaterThan', '2026-01-01T00:00:00Z', ['2026-01-01T00:00:01Z'], ['2026-01-01T00:00:00Z']],
  ['DateGreaterThanEquals', '2026-01-01T00:00:00Z', ['2026-01-01T00:00:00Z'], ['2025-12-31T00:00:00Z']],
  ['IpAddress', '203.0.113.0/24', ['203.0.113.7'], ['203.0.114.1', '2001:db8::1', 'here']],
  ['IpAddress', '2001:db8::/32', ['2001:db8:1::1'], ['2001:db9::1', '203.0.113.7']],
  ['IpAddress', '203.0.113.9', ['203.0.113.9'], ['203.0.113.8']],
  ['Bool', 'true', ['true', 'True'], ['false', '']],
  ['BinaryEquals', 'QmluYXJ5', ['QmluYXJ5'], ['qmluYXJ5']],
];

const OPPOSITES: readonly [operator: string, opposite: string][] = [
  ['StringEquals', 'StringNotEquals'],
  ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
  ['StringLike', 'StringNotLike'],
  ['ArnEquals', 'ArnNotEquals'],
  ['ArnLike', 'ArnNotLike'],
  ['NumericEquals', 'NumericNotEquals'],
  ['DateEquals', 'DateNotEquals'],
  ['IpAddress', 'NotIpAddress'],
];

describe('condition operators', () => {
  it('are all in these tests', () => {
    const tested = [...CASES.map(([operator]) => operator), ...OPPOSITES.flat()];
    expect([...new Set(tested)].sort()).to.deep.equal([...CONDITION_OPERATORS].sort());
  });

  for (const [operator, wanted, fit, not] of CASES) {
    it(`${operator} ${wanted} is met by ${fit.join(' and ')} only`, async () => {
      for (const value of fit) expect(await holds(operator, wanted, given(value)), value).to.equal(true);
      for (const value of not) expect(await holds(operator, wanted, given(value)), value).to.equal(false);
      expect(await holds(operator, wanted, {}), 'without the key').to.equal(false);
      expect(await holds(`${operator}IfExists`, wanted, {}), 'if exists').to.equal(true);
      expect(await holds(`${operator}IfExists`, wanted, given(not[0]!)), 'exists').to.equal(false);
    });
  }

  for (const [operator, opposite] of OPPOSITES) {
    it(`${opposite} is met where ${operator} is not, and without the key`, async () => {
      for (const [, wanted, fit, not] of CASES.filter(([name]) => name === operator)) {
        for (const value of fit) expect(await holds(opposite, wanted, given(value)), value).to.equal(false);
        for (const value of not) expect(await holds(opposite, wanted, given(value)), value).to.equal(true);
        expect(await holds(opposite, wanted, {})).to.equal(true);
      }
    });
  }

  it('Null asks whether the key is there', async () => {
    expect(await holds('Null', 'true', {})).to.equal(true);
    expect(await holds('Null', 'true', given('x'))).to.equal(false);
    expect(await holds('Null', 'false', given('x'))).to.equal(true);
    expect(await holds('Null', 'false', {})).to.equal(false);
  });

  it('take any of several values of a policy, and with Not none of them', async () => {
    expect(await holds('StringEquals', ['a', 'b'], given('b'))).to.equal(true);
    expect(await holds('StringNotEquals', ['a', 'b'], given('b'))).to.equal(false);
    expect(await holds('StringNotEquals', ['a', 'b'], given('c'))).to.equal(true);
  });

  it('ForAllValues asks it of each value of the request, and of none where there is no key', async () => {
    const all = 'ForAllValues:StringLike';
    expect(await holds(all, ['a*', 'b'], given(['ax', 'b']))).to.equal(true);
    expect(await holds(all, ['a*', 'b'], given(['ax', 'c']))).to.equal(false);
    expect(await holds(all, ['a*'], {})).to.equal(true);
    expect(await holds('ForAllValues:StringNotEquals', ['a'], given(['b', 'a']))).to.equal(false);
  });

  it('ForAnyValue asks it of one value of the request at least', async () => {
    const any = 'ForAnyValue:StringEquals';
    expect(await holds(any, ['a'], given(['c', 'a']))).to.equal(true);
    expect(await holds(any, ['a'], given(['c']))).to.equal(false);
    expect(await holds(any, ['a'], {})).to.equal(false);
    expect(await holds(`${any}IfExists`, ['a'], {})).to.equal(true);
    expect(await holds('ForAnyValue:StringNotEquals', ['a'], given(['a', 'b']))).to.equal(true);
    expect(await holds('ForAnyValue:StringNotEquals', ['a'], given(['a']))).to.equal(false);
    expect(await holds('ForAnyValue:StringNotEquals', ['a'], {})).to.equal(false);
  });

  it('compare ARNs of six parts only', async () => {
    const role = 'arn:aws:iam::123456789012:role/reader';
    expect(await holds('ArnLike', 'arn:aws:iam', given(role))).to.equal(false);
    expect(await holds('ArnLike', role, given('arn:aws:iam'))).to.equal(false);
    expect(await holds('ArnLike', '*', given(role))).to.equal(true);
  });

  it('are not met by a variable without a value, with Not neither', async () => {
    for (const operator of ['StringEquals', 'StringNotEquals', 'StringLike', 'ArnNotLike']) {
      expect(await holds(operator, '${test:none}', given('x')), operator).to.equal(false);
    }
    expect(await holds('StringNotEquals', "${test:none, 'y'}", given('x'))).to.equal(true);
    expect(await holds('NumericNotEquals', '${test:none}', given('5'))).to.equal(true);
  });

  it('compare keys without case', async () => {
    expect(await holds('StringEquals', 'x', { 'TEST:Key': 'x' })).to.equal(true);
  });

  for (const operator of ['StringMatches', 'NullIfExists', 'ForSomeValues:StringEquals', 'stringequals']) {
    it(`refuse ${operator}, by its name and that of the statement`, async () => {
      const graph = await roleWith(
        document({
          Sid: 'Odd',
          Effect: 'Deny',
          Action: 's3:*',
          Resource: '*',
          Condition: { [operator]: { 'aws:SourceVpc': 'vpc-1' } },
        }),
      );
      expect(() => leastPrivilege(graph, 'reader', [])).to.throw(
        new RegExp(
          `^urn:pulumi:stack::project::aws:iam/rolePolicy:RolePolicy::may, statement Odd: the condition operator ${operator} is not known; known are StringEquals, `,
        ),
      );
    });
  }
});
