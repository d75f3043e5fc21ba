import { expect } from 'chai';
import { answer, answerInvoke, tokenOf } from '../../planner/doubles';

const AT = { region: 'eu-west-1', account: '123456789012', partition: 'aws' };
const document = (args: object) => {
  const result = answerInvoke('aws:iam/getPolicyDocument:getPolicyDocument', { ...args }, AT);
  return JSON.parse(String(result?.['json'])) as unknown;
};

function made(type: string, name: string, inputs: object = {}) {
  const urn = `urn:pulumi:dev::demo::${type}::${name}`;
  return answer({ ...AT, urn, type, name, inputs: { ...inputs }, token: tokenOf(urn) });
}

describe('the doubles', () => {
  it('render a policy document as the provider does: one value as a string, several in reverse order', () => {
    const statement = {
      ...{ sid: 'Read', actions: ['s3:GetObject'], resources: ['b', 'a', 'c'] },
      principals: [
        { type: 'Service', identifiers: ['ecs.amazonaws.com'] },
        { type: 'AWS', identifiers: ['1', '2'] },
      ],
      conditions: [{ test: 'StringEquals', variable: 'aws:SourceAccount', values: ['123456789012'] }],
    };
    expect(document({ statements: [statement] })).to.deep.equal({
      Version: '2012-10-17',
      Statement: [
        {
          ...{ Sid: 'Read', Effect: 'Allow', Action: 's3:GetObject', Resource: ['c', 'b', 'a'] },
          Principal: { Service: 'ecs.amazonaws.com', AWS: ['2', '1'] },
          Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
        },
      ],
    });
    const anyone = { effect: 'Deny', actions: ['s3:*'], principals: [{ type: '*', identifiers: ['*'] }] };
    expect(document({ statements: [anyone] })).to.deep.equal({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: 's3:*', Principal: '*' }],
    });
  });

  it('merge policy documents by their Sids, and refuse two sources with the same one', () => {
    const source = (sid: string, action: string) =>
      JSON.stringify({ Statement: { Sid: sid, Effect: 'Allow', Action: action } });
    expect(
      document({
        sourcePolicyDocuments: [source('A', 'a:1'), source('B', 'b:1')],
        statements: [{ sid: 'A', actions: ['a:2'] }],
        overridePolicyDocuments: [source('B', 'b:2')],
      }),
    ).to.deep.equal({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'A', Effect: 'Allow', Action: 'a:2' },
        { Sid: 'B', Effect: 'Allow', Action: 'b:2' },
      ],
    });
    expect(() => document({ sourcePolicyDocuments: [source('A', 'a:1'), source('A', 'a:2')] })).to.throw(
      'sourcePolicyDocuments: two statements have the Sid "A"; give each its own',
    );
    expect(() => document({ sourcePolicyDocuments: ['{'] })).to.throw('sourcePolicyDocuments[0] is not JSON');
  });

  it('list the zones of a region, without those that are left out', () => {
    const zones = (args: object) =>
      answerInvoke('aws:index/getAvailabilityZones:getAvailabilityZones', { ...args }, AT);
    expect(zones({})).to.deep.include({ zoneIds: ['euw1-az1', 'euw1-az2', 'euw1-az3'], region: 'eu-west-1' });
    expect(zones({ region: 'us-east-1', excludeZoneIds: ['use1-az3'] })?.['names']).to.deep.equal([
      ...['us-east-1a', 'us-east-1b', 'us-east-1d', 'us-east-1e', 'us-east-1f'],
    ]);
    expect(zones({ filters: [{ name: 'zone-id', values: ['euw1-az2'] }] })?.['names']).to.deep.equal([
      'eu-west-1b',
    ]);
    expect(zones({ region: 'ap-southeast-1' })?.['zoneIds']).to.deep.equal([
      'apse1-az1',
      'apse1-az2',
      'apse1-az3',
    ]);
  });

  it('have an arn and an id in the form of each service', () => {
    const all = [
      made('aws:s3/bucket:Bucket', 'b', { bucket: 'acme' }),
      made('aws:s3/directoryBucket:DirectoryBucket', 'd', { bucket: 'edge--euw1-az1--x-s3' }),
      made('aws:iam/role:Role', 'r', { name: 'reader', path: '/media/' }),
      made('aws:kms/alias:Alias', 'k', { name: 'alias/media', targetKeyId: '1234' }),
      made('aws:cloudwatch/logGroup:LogGroup', 'l', { name: '/media/origin' }),
      made('aws:ssm/parameter:Parameter', 'p', { name: '/media/key' }),
    ];
    expect(all.map(({ id, outputs }) => [id, outputs['arn']])).to.deep.equal([
      ['acme', 'arn:aws:s3:::acme'],
      ['edge--euw1-az1--x-s3', 'arn:aws:s3express:eu-west-1:123456789012:bucket/edge--euw1-az1--x-s3'],
      ['reader', 'arn:aws:iam::123456789012:role/media/reader'],
      ['alias/media', 'arn:aws:kms:eu-west-1:123456789012:alias/media'],
      ['/media/origin', 'arn:aws:logs:eu-west-1:123456789012:log-group:/media/origin'],
      ['/media/key', 'arn:aws:ssm:eu-west-1:123456789012:parameter/media/key'],
    ]);
  });

  it('answer no function that they do not know', () => {
    expect(answerInvoke('aws:ec2/getAmi:getAmi', {}, AT)).to.equal(undefined);
    expect(answerInvoke('toString', {}, AT)).to.equal(undefined);
  });
});
