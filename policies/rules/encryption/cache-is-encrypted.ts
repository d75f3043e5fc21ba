import { among, flag, found, resourceRule, text, when } from '../../core';

const GROUP = 'aws:elasticache/replicationGroup:ReplicationGroup';

export const cacheIsEncrypted = resourceRule({
  id: 'cache-is-encrypted',
  family: 'encryption',
  title: 'Every cache encrypts what it keeps and what it sends',
  severity: 'high',
  controls: ['AWS FSBP ElastiCache.4', 'AWS FSBP ElastiCache.5'],
  why: 'Sessions and entitlements go to the cache in the clear unless it is told otherwise, and the password of a cache needs TLS.',
  fix: '`atRestEncryptionEnabled: true, transitEncryptionEnabled: true` (the first replaces the cache); MemoryDB: leave `tlsEnabled` out',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [GROUP, 'aws:memorydb/cluster:Cluster'],
  check: (cache) => {
    // MemoryDB always encrypts at rest.
    if (cache.type !== GROUP) {
      return found(flag(cache, 'tlsEnabled') === false ? ['it sends without TLS'] : []);
    }
    const otherwise = text(cache, 'engine') === 'valkey';
    const switches = [
      ['atRestEncryptionEnabled', 'it keeps data unencrypted'],
      ['transitEncryptionEnabled', 'it sends without TLS'],
    ] as const;
    return found(among(switches, ([name, finding]) => when(!(flag(cache, name) ?? otherwise), finding)));
  },
});
