import * as iam from '@pulumi/aws/iam';
import * as kms from '@pulumi/aws/kms';
import * as s3 from '@pulumi/aws/s3';
import { expect } from 'chai';
import { recordComponent, type Graph } from '../../../testing';
import { isAllowed, leastPrivilege, type ApiCall } from '../../../testing/privileges';
import { document, ROLE_ARN, roleWith, trust } from './role-graph';

const GET: ApiCall = { action: 's3:GetObject', resource: 'arn:aws:s3:::media/live/a' };
const allow = (more: object = {}) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more });

async function allows(call: ApiCall, ...statements: readonly object[]): Promise<boolean> {
  return isAllowed(await roleWith(document(...statements)), 'reader', call);
}

/** A role `reader` that may read everything, with what `more` adds. */
async function readerAnd(more: (role: iam.Role) => void, args: Partial<iam.RoleArgs> = {}): Promise<Graph> {
  return recordComponent(() => {
    const role = new iam.Role('reader', {
      name: 'reader',
      assumeRolePolicy: JSON.stringify(trust),
      inlinePolicies: [{ name: 'all', policy: document(allow({ Action: ['s3:*', 'kms:*'] })) }],
      ...args,
    });
    more(role);
  });
}

describe('the decision about a call', () => {
  it('compares actions without case, and wildcards with any characters', async () => {
    expect(await allows(GET, allow({ Action: 'S3:getobject' }))).to.equal(true);
    expect(await allows(GET, allow({ Action: 's3:Get*' }))).to.equal(true);
    expect(await allows(GET, allow({ Action: 's3:GetObjec?' }))).to.equal(true);
    expect(await allows(GET, allow({ Action: '*' }))).to.equal(true);
    expect(await allows(GET, allow({ Action: 's3:GetObject?' }))).to.equal(false);
    expect(await allows(GET, allow({ Action: 's3:GetObjectVersion' }))).to.equal(false);
  });

  it('compares resources with case, each part of the ARN for itself', async () => {
    expect(await allows(GET, allow({ Resource: 'arn:aws:s3:::media/live/*' }))).to.equal(true);
    expect(await allows(GET, allow({ Resource: 'arn:*:s3:*:*:media/*' }))).to.equal(true);
    expect(await allows(GET, allow({ Resource: 'arn:aws:s3:::Media/*' }))).to.equal(false);
    expect(await allows(GET, allow({ Resource: 'arn:aws:*:::x' }))).to.equal(false);
    expect(await allows(GET, allow({ Resource: 'arn:aws:s3:::media' }))).to.equal(false);
  });

  it('takes NotAction and NotResource for all others', async () => {
    expect(await allows(GET, allow({ Action: undefined, NotAction: 's3:Put*' }))).to.equal(true);
    expect(await allows(GET, allow({ Action: undefined, NotAction: 's3:*' }))).to.equal(false);
    expect(await allows(GET, allow({ Resource: undefined, NotResource: 'arn:aws:s3:::*/dead/*' }))).to.equal(
      true,
    );
    expect(await allows(GET, allow({ Resource: undefined, NotResource: 'arn:aws:s3:::media/*' }))).to.equal(
      false,
    );
  });

  it('denies what is not allowed, and what is denied whatever allows it', async () => {
    expect(await allows(GET)).to.equal(false);
    expect(await allows(GET, allow(), { Effect: 'Deny', Action: 's3:*', Resource: '*' })).to.equal(false);
    expect(await allows(GET, allow(), { Effect: 'Deny', Action: 's3:Put*', Resource: '*' })).to.equal(true);
  });

  it('needs all conditions', async () => {
    const both = { StringEquals: { 'a:b': 'x' }, StringLike: { 'a:c': 'y*' } };
    const one = allow({ Condition: both });
    expect(await allows({ ...GET, context: { 'a:b': 'x', 'a:c': 'yes' } }, one)).to.equal(true);
    expect(await allows({ ...GET, context: { 'a:b': 'x', 'a:c': 'no' } }, one)).to.equal(false);
  });

  it('replaces variables by the values of the request and of the role, in the version that has them', async () => {
    const call = { ...GET, resource: 'arn:aws:s3:::media/video/a' };
    const resource = (variable: string) => allow({ Resource: `arn:aws:s3:::media/${variable}/*` });
    expect(await allows(call, resource('${aws:PrincipalTag/team}'))).to.equal(true);
    expect(await allows(call, resource("${aws:PrincipalTag/crew, 'video'}"))).to.equal(true);
    expect(await allows({ ...call, context: { 'a:b': 'video' } }, resource('${a:b}'))).to.equal(true);
    expect(await allows({ ...call, context: { 'a:b': '*' } }, resource('${a:b}'))).to.equal(false);
    expect(await allows(call, resource('${*}'))).to.equal(false);
    const old = JSON.stringify({ Statement: resource('${aws:PrincipalTag/team}') });
    expect(isAllowed(await roleWith(old), 'reader', call)).to.equal(false);
  });

  it('names a variable and a key of AWS without a value, and takes them as not met', async () => {
    const graph = await roleWith(
      document(
        allow({ Sid: 'Own', Resource: 'arn:aws:s3:::media/${aws:username}/*' }),
        allow({ Sid: 'Vpc', Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
      ),
    );
    const { denied, notEvaluated } = leastPrivilege(graph, 'reader', [GET]);
    expect(denied.map(({ reason }) => reason)).to.deep.equal(['not-allowed']);
    const where = 'urn:pulumi:stack::project::aws:iam/rolePolicy:RolePolicy::may, statement';
    const why = 'the calls do not say it: give it with `context`';
    expect(notEvaluated).to.deep.equal([
      { what: '${aws:username}', where: `${where} Own`, why },
      { what: 'aws:SourceVpce', where: `${where} Vpc`, why },
      {
        what: 'the policy of arn:aws:s3:::media',
        where: 'the resource',
        why: 'the resource is not in the graph, or only read there',
      },
    ]);
    const context = { 'aws:SourceVpce': 'vpce-1', 'aws:username': 'none' };
    expect(leastPrivilege(graph, 'reader', [GET], { context }).denied).to.deep.equal([]);
  });

  it('finds inline policies, attached ones and the boundary, and names what the graph does not hold', async () => {
    const one = (action: string) => document(allow({ Action: action }));
    const graph = await recordComponent(() => {
      const managed = (name: string) => new iam.Policy(name, { policy: one(`s3:${name}`) });
      const role = new iam.Role('reader', {
        assumeRolePolicy: JSON.stringify(trust),
        inlinePolicies: [{ name: 'in', policy: one('s3:Inline') }],
        managedPolicyArns: [managed('Listed').arn, 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
      });
      new iam.RolePolicy('of-role', { role: role.id, policy: one('s3:OfRole') });
      new iam.RolePolicyAttachment('attached', { role, policyArn: managed('Attached').arn });
      new iam.RolePolicyAttachment('theirs', {
        role: role.name,
        policyArn: 'arn:aws:iam::210987654321:policy/theirs',
      });
      new iam.PolicyAttachment('group', { roles: [role.name], policyArn: managed('Grouped').arn });
      const other = new iam.Role('other', { assumeRolePolicy: JSON.stringify(trust) });
      new iam.RolePolicy('of-other', { role: other.name, policy: one('s3:Other') });
    });
    const names = ['Inline', 'Listed', 'OfRole', 'Attached', 'Grouped', 'Other'];
    const allowed = names.filter((name) => isAllowed(graph, 'reader', { ...GET, action: `s3:${name}` }));
    expect(allowed).to.deep.equal(['Inline', 'Listed', 'OfRole', 'Attached', 'Grouped']);
    expect(leastPrivilege(graph, 'reader', []).notEvaluated).to.deep.equal([
      {
        what: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
        where: 'urn:pulumi:stack::project::aws:iam/role:Role::reader',
        why: 'AWS managed',
      },
      {
        what: 'arn:aws:iam::210987654321:policy/theirs',
        where: 'urn:pulumi:stack::project::aws:iam/rolePolicyAttachment:RolePolicyAttachment::theirs',
        why: 'the policy is not in the graph',
      },
    ]);
  });

  it('lets pass only what the boundary allows too', async () => {
    const graph = await recordComponent(() => {
      const boundary = new iam.Policy('boundary', { policy: document(allow()) });
      new iam.Role('reader', {
        assumeRolePolicy: JSON.stringify(trust),
        permissionsBoundary: boundary.arn,
        inlinePolicies: [{ name: 'all', policy: document(allow({ Action: 's3:*' })) }],
      });
    });
    const { denied } = leastPrivilege(graph, 'reader', [GET, { ...GET, action: 's3:PutObject' }]);
    expect(denied.map(({ call, reason }) => [call.action, reason])).to.deep.equal([
      ['s3:PutObject', 'boundary'],
    ]);
  });

  describe('with a policy of the bucket', () => {
    const withPolicy = (statement: object, args?: Partial<iam.RoleArgs>) =>
      readerAnd(() => {
        const bucket = new s3.Bucket('media', { bucket: 'media' });
        new s3.BucketPolicy('media', {
          bucket: bucket.bucket,
          policy: document({
            Action: 's3:GetObject',
            Resource: ['arn:aws:s3:::media', 'arn:aws:s3:::media/*'],
            ...statement,
          }),
        });
      }, args);
    const none = { inlinePolicies: [] };

    it('denies what it denies to everybody, to the account or to the role', async () => {
      const everybody = { Effect: 'Deny', Principal: '*' };
      for (const principal of ['*', { AWS: '123456789012' }, { AWS: ROLE_ARN }]) {
        const graph = await withPolicy({ Effect: 'Deny', Principal: principal });
        expect(isAllowed(graph, 'reader', GET), JSON.stringify(principal)).to.equal(false);
      }
      for (const principal of [{ Service: 's3.amazonaws.com' }, { AWS: `${ROLE_ARN}s` }]) {
        const graph = await withPolicy({ Effect: 'Deny', Principal: principal });
        expect(isAllowed(graph, 'reader', GET), JSON.stringify(principal)).to.equal(true);
      }
      const insecure = await withPolicy({
        ...everybody,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
      expect(isAllowed(insecure, 'reader', GET)).to.equal(true);
      const context = { 'aws:SecureTransport': 'false' };
      expect(isAllowed(insecure, 'reader', { ...GET, context })).to.equal(false);
    });

    it('allows what it allows to the role, and leaves to the account what it allows to the account', async () => {
      const to = (principal: unknown) => withPolicy({ Effect: 'Allow', Principal: principal }, none);
      expect(isAllowed(await to({ AWS: ROLE_ARN }), 'reader', GET)).to.equal(true);
      expect(isAllowed(await to('*'), 'reader', GET)).to.equal(true);
      expect(isAllowed(await to({ AWS: 'arn:aws:iam::123456789012:root' }), 'reader', GET)).to.equal(false);
      const session = { AWS: 'arn:aws:sts::123456789012:assumed-role/reader/task' };
      expect(isAllowed(await to(session), 'reader', GET)).to.equal(true);
    });

    it('takes NotPrincipal for all others', async () => {
      const graph = (name: string) =>
        withPolicy({ Effect: 'Deny', NotPrincipal: { AWS: [name, '123456789012'] } });
      expect(isAllowed(await graph(ROLE_ARN), 'reader', GET)).to.equal(true);
      expect(isAllowed(await graph(`${ROLE_ARN}s`), 'reader', GET)).to.equal(false);
    });
  });

  it('needs the policy of a key: without one the account decides, and one may name the account or the role', async () => {
    const allowed = async (principal?: unknown): Promise<boolean> => {
      const graph = await readerAnd(() => {
        const statement = { Effect: 'Allow', Principal: principal, Action: 'kms:*', Resource: '*' };
        new kms.Key('key', principal === undefined ? {} : { policy: document(statement) });
      });
      const key = graph.resources.find(({ name }) => name === 'key');
      return isAllowed(graph, 'reader', { action: 'kms:Decrypt', resource: key?.outputs['arn'] as string });
    };
    expect(await allowed()).to.equal(true);
    expect(await allowed({ AWS: 'arn:aws:iam::123456789012:root' })).to.equal(true);
    expect(await allowed({ AWS: ROLE_ARN })).to.equal(true);
    expect(await allowed({ AWS: 'arn:aws:iam::123456789012:role/other' })).to.equal(false);
  });

  it('says where a policy is not one', async () => {
    const refusals: readonly [policy: string, message: RegExp][] = [
      ['{', /RolePolicy::may: the policy is not JSON: /],
      [
        document({ Effect: 'Maybe', Action: '*' }),
        /statement #1: Effect is "Maybe"; it must be "Allow" or "Deny"/,
      ],
      [document({ Effect: 'Deny', Resource: '*' }), /give exactly one of Action and NotAction/],
      [document(allow({ NotResource: 'x' })), /give exactly one of Resource and NotResource/],
      [
        document(allow({ Resource: 'arn:aws:s3:*' })),
        /the resource "arn:aws:s3:\*" is no ARN; give all six parts/,
      ],
      [document(allow({ Action: [{}] })), /Action holds a object; it must be text/],
    ];
    for (const [policy, message] of refusals) {
      const graph = await roleWith(policy);
      expect(() => leastPrivilege(graph, 'reader', []), policy).to.throw(message);
    }
  });

  it('says which roles there are where the one that was asked for is not', async () => {
    const graph = await roleWith(document());
    expect(() => leastPrivilege(graph, 'writer', [])).to.throw(
      RangeError,
      'no role writer in stack stack; there are urn:pulumi:stack::project::aws:iam/role:Role::reader',
    );
  });
});
