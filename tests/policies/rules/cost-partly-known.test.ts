import { expect } from 'chai';
import { Stack, UNKNOWN, type Resource, type Rule, type Values } from '../../../policies/core';
import { instanceTypesAreAllowed } from '../../../policies/rules/cost/instance-types-are-allowed';
import { natGatewaysAreFew } from '../../../policies/rules/cost/nat-gateways-are-few';
import { volumesAreGp3 } from '../../../policies/rules/cost/volumes-are-gp3';
import { verdicts } from '../cases';

const made = (name: string, type: string, props: Values): Resource => ({
  ...{ urn: `urn:pulumi:prod::media::${type}::${name}`, type, name, props },
  options: { protect: false, retainOnDelete: false },
  ...{ defaultTags: {}, region: 'eu-west-1', parent: undefined, from: {} },
});

const said = (rule: Rule, ...resources: readonly Resource[]) =>
  Object.fromEntries(verdicts(rule, new Stack(resources)));

describe('rules of cost where a part is known only in the update', () => {
  const template = (...types: readonly Values[string][]) =>
    made('encoder', 'aws:ec2/launchTemplate:LaunchTemplate', {
      blockDeviceMappings: types.map((volumeType) => ({ ebs: { volumeType } })),
    });

  it('find a volume that is wrong beside one that is not known', () => {
    expect(said(volumesAreGp3, template(UNKNOWN, 'gp2'))).to.deep.equal({
      encoder: { result: 'violating', found: ['a volume is gp2'] },
    });
  });

  it('wait for a volume that is not known beside one that is right', () => {
    expect(said(volumesAreGp3, template('gp3', UNKNOWN))).to.deep.equal({
      encoder: { result: 'undecided', path: 'ebs.volumeType' },
    });
  });

  it('find an instance type that is wrong beside one that is not known, and wait for that alone', () => {
    const nodes = (...instanceTypes: readonly Values[string][]) =>
      made('nodes', 'aws:eks/nodeGroup:NodeGroup', { instanceTypes });
    expect(said(instanceTypesAreAllowed, nodes(UNKNOWN, 'p5.48xlarge'))).to.deep.equal({
      nodes: { result: 'violating', found: ['p5.48xlarge is of a series that is not allowed'] },
    });
    expect(said(instanceTypesAreAllowed, nodes(UNKNOWN, 'g6.xlarge'))).to.deep.equal({
      nodes: { result: 'undecided', path: 'instanceTypes' },
    });
  });

  it('say nothing of types that Batch leaves to AWS', () => {
    const environment = (...instanceTypes: readonly string[]) =>
      made('jobs', 'aws:batch/computeEnvironment:ComputeEnvironment', {
        computeResources: { instanceTypes },
      });
    expect(said(instanceTypesAreAllowed, environment('optimal', 'default_x86_64'))).to.deep.equal({
      jobs: { result: 'not applicable', reason: 'it names no instance type' },
    });
    expect(said(instanceTypesAreAllowed, environment('optimal', 'p5', 'u7i-12tb.224xlarge'))).to.deep.equal({
      jobs: {
        result: 'violating',
        found: [
          'p5 is of a series that is not allowed',
          'u7i-12tb.224xlarge is of a series that is not allowed',
        ],
      },
    });
  });

  it('count NAT gateways of a VPC without those that may be of another', () => {
    const gateway = (name: string, vpcId: Values[string]) =>
      made(name, 'aws:ec2/natGateway:NatGateway', { vpcId, tags: { environment: 'dev' } });
    expect(said(natGatewaysAreFew, gateway('a', UNKNOWN), gateway('b', 'vpc-1'))).to.deep.equal({
      a: { result: 'undecided', path: 'vpcId' },
      b: { result: 'compliant' },
    });
  });

  it('wait for a tag that decides', () => {
    const gateway = made('nat', 'aws:ec2/natGateway:NatGateway', {
      ...{ vpcId: 'vpc-1', tags: { environment: UNKNOWN } },
    });
    expect(said(natGatewaysAreFew, gateway)).to.deep.equal({
      nat: { result: 'undecided', path: 'tags.environment' },
    });
  });
});
