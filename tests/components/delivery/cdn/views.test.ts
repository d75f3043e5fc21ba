import { expect } from 'chai';
import { viewOf, type Graph, type GraphValue } from '../../../../testing';
import type { Recorded } from '../../recorded';
import { FULL, recordCdn, told } from './cdn-recording';

/** Where values are unknown, and by whose outputs, by names. */
function open(values: Record<string, GraphValue>): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const visit = (value: GraphValue, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('$unknown' in value) {
      found[path] = (value['$unknown'] as string[]).map((of) => of.slice(of.lastIndexOf('::') + 2)).sort();
    } else for (const [key, item] of Object.entries(value)) visit(item, `${path}.${key}`);
  };
  for (const [name, value] of Object.entries(values)) visit(value, name);
  return found;
}

const inputsOf = ({ resources }: Graph): Record<string, GraphValue> =>
  Object.fromEntries(
    resources.filter(({ custom }) => custom).map(({ name, inputs }) => [name, { ...inputs }]),
  );

describe('StreamingCdn in both views of what AWS decides', () => {
  let cdn: Recorded;
  before(async () => {
    cdn = await recordCdn(FULL, {}, told);
  });

  it('known: every input is a plain value, without the text of a missing one', () => {
    const seen = viewOf(cdn.graph, 'known');
    expect(open(inputsOf(seen))).to.deep.equal({});
    expect(JSON.stringify([inputsOf(seen), seen.outputs])).not.to.match(
      /undefined|null|NaN|\[object|Calling \[/,
    );
  });

  it('unknown: leaves open exactly what refers to an output, and names whose', () => {
    const seen = viewOf(cdn.graph, 'unknown');
    const found = open(inputsOf(seen));
    const properties = Object.keys(found).map((path) =>
      path.slice(path.indexOf('.') + 1).replace(/\.\d+/g, '.n'),
    );
    expect([...new Set(properties)].sort()).to.deep.equal([
      'aliases.n.name',
      'aliases.n.zoneId',
      'defaultCacheBehavior.cachePolicyId',
      'defaultCacheBehavior.functionAssociations.n.functionArn',
      'defaultCacheBehavior.originRequestPolicyId',
      'defaultCacheBehavior.realtimeLogConfigArn',
      'defaultCacheBehavior.responseHeadersPolicyId',
      'defaultCacheBehavior.trustedKeyGroups.n',
      'deliveryDestinationArn',
      'dimensions.DistributionId',
      'distributionId',
      'endpoint.kinesisStreamConfig.roleArn',
      'items.n',
      'orderedCacheBehaviors.n.cachePolicyId',
      'orderedCacheBehaviors.n.functionAssociations.n.functionArn',
      'orderedCacheBehaviors.n.originRequestPolicyId',
      'orderedCacheBehaviors.n.realtimeLogConfigArn',
      'orderedCacheBehaviors.n.responseHeadersPolicyId',
      'orderedCacheBehaviors.n.trustedKeyGroups.n',
      'origins.n.originAccessControlId',
      'resourceArn',
      'role',
    ]);
    expect(found['cdn-1.origins.1.originAccessControlId']).to.deep.equal(['cdn-oac#id']);
    expect(found['cdn-2-log-source.resourceArn']).to.deep.equal(['cdn-2#arn']);
    const outputs = open(seen.outputs);
    expect(outputs['distributionIds.2']).to.deep.equal(['cdn-2#id']);
    expect(outputs['keyPairIds.2026-10']).to.deep.equal(['cdn-key-2026-10#id']);
    // A name of one's own is known before anything exists.
    expect(Object.keys(outputs).filter((path) => path.startsWith('channels'))).to.deep.equal([]);
  });

  it('holds no private key and no header that is secret', () => {
    const text = JSON.stringify(cdn.graph);
    expect(text).not.to.match(/PRIVATE KEY|hidden/);
    const component = cdn.child('cdn');
    expect(component.inputs).to.deep.equal({
      channels: { news: 1, open: 1, sport: 2 },
      distributions: 2,
      isPublic: false,
    });
  });
});
