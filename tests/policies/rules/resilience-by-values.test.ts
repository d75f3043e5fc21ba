import { expect } from 'chai';
import { Stack, type Resource, type Rule, type Values } from '../../../policies/core';
import { addressesAreUsed } from '../../../policies/rules/cost/addresses-are-used';
import { tableCapacityFollowsDemand } from '../../../policies/rules/cost/table-capacity-follows-demand';
import { balancersStandInSeveralZones } from '../../../policies/rules/resilience/balancers-stand-in-several-zones';
import { verdicts } from '../cases';

const made = (name: string, type: string, props: Values): Resource => ({
  ...{ urn: `urn:pulumi:prod::media::${type}::${name}`, type, name, props },
  options: { protect: false, retainOnDelete: false },
  ...{ defaultTags: {}, region: 'eu-west-1', parent: undefined, from: {} },
});

const said = (rule: Rule, name: string, ...resources: readonly Resource[]) =>
  verdicts(rule, new Stack(resources)).get(name);

describe('rules of what belongs together, where only values say so', () => {
  const subnet = (id: string, zone: string) =>
    made(id, 'aws:ec2/subnet:Subnet', { id, availabilityZone: `eu-west-1${zone}` });
  const balancer = (...subnets: readonly string[]) =>
    made('web', 'aws:lb/loadBalancer:LoadBalancer', { subnets });
  const subnets = [subnet('subnet-3', 'b'), subnet('subnet-1', 'a'), subnet('subnet-2', 'b')];

  it('count the zones of subnets by their ids', () => {
    const web = (...ids: readonly string[]) =>
      said(balancersStandInSeveralZones, 'web', balancer(...ids), ...subnets);
    expect(web('subnet-1', 'subnet-2')).to.deep.equal({ result: 'compliant' });
    expect(web('subnet-2', 'subnet-3')).to.deep.equal({
      ...{ result: 'violating', found: ['it stands in 1 of at least 2 zones'] },
    });
  });

  it('count subnets of others, of which AWS allows one a zone', () => {
    expect(said(balancersStandInSeveralZones, 'web', balancer('subnet-8', 'subnet-9'))).to.deep.equal({
      result: 'compliant',
    });
  });

  it('count the mappings of a balancer without a list of subnets', () => {
    const mapped = made('web', 'aws:lb/loadBalancer:LoadBalancer', {
      ...{ loadBalancerType: 'network', subnets: [], subnetMappings: [{ subnetId: 'subnet-1' }] },
    });
    expect(said(balancersStandInSeveralZones, 'web', mapped)).to.deep.equal({
      ...{ result: 'violating', found: ['it stands in 1 of at least 2 zones'] },
    });
  });

  it('find the user of an address by its id', () => {
    const address = made('address', 'aws:ec2/eip:Eip', { id: 'eipalloc-1', instance: '' });
    const gateway = (name: string, allocationId: string) =>
      made(name, 'aws:ec2/natGateway:NatGateway', { allocationId });
    const others = gateway('others', 'eipalloc-2');
    expect(said(addressesAreUsed, 'address', address, others, gateway('own', 'eipalloc-1'))).to.deep.equal({
      result: 'compliant',
    });
    expect(said(addressesAreUsed, 'address', address, others)).to.deep.equal({
      ...{ result: 'violating', found: ['nothing in the stack uses it'] },
    });
  });

  it('find what scales a table by its name', () => {
    const table = made('sessions', 'aws:dynamodb/table:Table', { name: 'sessions' });
    const target = (resourceId: string) => made('target', 'aws:appautoscaling/target:Target', { resourceId });
    expect(said(tableCapacityFollowsDemand, 'sessions', table, target('table/sessions'))).to.deep.equal({
      result: 'compliant',
    });
    expect(said(tableCapacityFollowsDemand, 'sessions', table, target('table/others'))).to.deep.equal({
      ...{ result: 'violating', found: ['its capacity is provisioned, and nothing scales it'] },
    });
  });
});
