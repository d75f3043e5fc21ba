import { compliant, resourceRule, tagOf, text, violating } from '../../core';

export const onlyEncodersStandClose = resourceRule({
  id: 'only-encoders-stand-close',
  family: 'resilience',
  title: 'Only instances that encode are placed close together',
  severity: 'medium',
  controls: [],
  why: 'A cluster placement group puts all its instances in one rack of one zone: latency falls, and they fail together.',
  fix: "strategy: 'spread', or 'partition'; where encoding needs the latency, say so: `tags: { role: 'encoding' }`",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:ec2/placementGroup:PlacementGroup'],
  settings: {
    tag: { description: 'Tag that says what a group is for', type: 'string', default: 'role' },
    roles: {
      description: 'Values of the tag that may stand close together',
      type: 'array',
      items: { type: 'string' },
      default: ['encoding'],
    },
  },
  check: (group, { tag, roles }) => {
    if (text(group, 'strategy') !== 'cluster') return compliant;
    const role = tagOf(group, tag);
    return role !== undefined && roles.includes(role)
      ? compliant
      : violating(`its strategy is cluster, and its tag "${tag}" is not ${roles.join(' or ')}`);
  },
});
