import { among, flag, found, resourceRule, when } from '../../core';

const PARTS = [
  ['automaticFailoverEnabled', 'no replica takes over by itself'],
  ['multiAzEnabled', 'its replicas may stand in the same zone'],
] as const;

export const cachesFailOver = resourceRule({
  id: 'caches-fail-over',
  family: 'resilience',
  title: 'A cache has a replica in another zone that takes over by itself',
  severity: 'medium',
  controls: ['AWS FSBP ElastiCache.3'],
  why: 'Sessions and viewer counts of a live event are in it: without a replica they go with its node.',
  fix: 'automaticFailoverEnabled: true, multiAzEnabled: true, numCacheClusters: 2',
  levels: { starter: 'disabled', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:elasticache/replicationGroup:ReplicationGroup'],
  check: (cache) => found(among(PARTS, ([property, finding]) => when(!flag(cache, property), finding))),
});
