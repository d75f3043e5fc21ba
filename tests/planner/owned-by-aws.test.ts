import { expect } from 'chai';
import { answerInvoke } from '../../planner/doubles';

const AT = { region: 'eu-west-1', account: '123456789012', partition: 'aws' };
const group = (args: object) => answerInvoke('aws:ec2/getSecurityGroup:getSecurityGroup', { ...args }, AT);
const list = (args: object, region = 'eu-west-1') =>
  answerInvoke('aws:ec2/getManagedPrefixList:getManagedPrefixList', { ...args }, { ...AT, region });

describe('what AWS itself puts into an account', () => {
  it("is found by its name: a security group of CloudFront's in each VPC", () => {
    const name = 'CloudFront-VPCOrigins-Service-SG';
    const first = group({ name, vpcId: 'vpc-1' });
    expect(first?.['id']).to.match(/^sg-[0-9a-f]{17}$/);
    expect(first?.['arn']).to.equal(
      `arn:aws:ec2:eu-west-1:123456789012:security-group/${String(first?.['id'])}`,
    );
    expect(group({ name, vpcId: 'vpc-1' })).to.deep.equal(first);
    expect(group({ name, vpcId: 'vpc-2' })?.['id']).to.not.equal(first?.['id']);
  });

  it('is found by its name: a list of addresses in each region', () => {
    const name = 'com.amazonaws.global.cloudfront.origin-facing';
    expect(list({ name })?.['id']).to.match(/^pl-[0-9a-f]{8}$/);
    expect(list({ name })?.['arn']).to.match(/^arn:aws:ec2:eu-west-1:aws:prefix-list\/pl-/);
    expect(list({ name }, 'us-east-1')?.['id']).to.not.equal(list({ name })?.['id']);
  });

  it('is not what a program may have made: that has to be answered by whoever knows it', () => {
    expect(group({ name: 'web', vpcId: 'vpc-1' })).to.equal(undefined);
    expect(group({ filters: [] })).to.equal(undefined);
    expect(list({ name: 'office' })).to.equal(undefined);
  });
});
