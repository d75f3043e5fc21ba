import { getAvailabilityZones, getCallerIdentity, getPartition, getRegion, iam } from '@pulumi/aws';
import * as ec2 from '@pulumi/aws/ec2';
import { expect } from 'chai';
import { RealEngine, type StandInOptions } from '../../testing/engine';
import { rejection } from '../support/rejection';
import { requireEngine } from './require-engine';

describe('data sources under the real engine', function () {
  this.timeout(60_000);
  let pulumi: string;

  before(function () {
    pulumi = requireEngine(this);
  });

  async function outputs(program: () => Promise<Record<string, unknown>>, standIn: StandInOptions = {}) {
    const engine = await RealEngine.start({ pulumi, standIn });
    try {
      const up = await (await engine.stack('dev', program)).up();
      return Object.fromEntries(
        Object.entries(up.outputs).map(([key, { value }]) => [key, value as unknown]),
      );
    } finally {
      engine.stop();
    }
  }

  const place = async () => ({
    zones: (await getAvailabilityZones({ state: 'available' })).names,
    account: (await getCallerIdentity()).accountId,
    region: (await getRegion()).region,
    partition: (await getPartition()).partition,
  });

  it('are those of an account in eu-west-1, or of the region that the test asks for', async () => {
    expect(await outputs(place)).to.deep.equal({
      zones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
      account: '123456789012',
      region: 'eu-west-1',
      partition: 'aws',
    });
    expect(await outputs(place, { region: 'cn-north-1' })).to.deep.include({
      region: 'cn-north-1',
      partition: 'aws-cn',
    });
  });

  it('render a policy document', async () => {
    const { json } = await outputs(async () => ({
      json: (
        await iam.getPolicyDocument({
          statements: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::recordings/*'] }],
        })
      ).json,
    }));
    expect(JSON.parse(json as string)).to.deep.equal({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::recordings/*' }],
    });
  });

  it('fail by name where there is no answer, and take one from the test', async () => {
    const image = async () => ({ image: (await ec2.getAmi({ owners: ['self'] })).id });
    expect(String(await rejection(outputs(image)))).to.contain(
      'stand-in aws: no answer for aws:ec2/getAmi:getAmi; give one by its option `invokes`',
    );
    const invokes = { 'aws:ec2/getAmi:getAmi': () => ({ id: 'ami-0123456789abcdef0' }) };
    expect(await outputs(image, { invokes })).to.deep.equal({ image: 'ami-0123456789abcdef0' });
  });
});
