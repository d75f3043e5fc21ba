import type { SegmentStore } from '../../encoder/store/store';

/** Bundles in one store, everything else in another, as a channel with a zone's bucket has them. */
export function routed(edge: SegmentStore, general: SegmentStore): SegmentStore {
  const of = (key: string): SegmentStore => (key.startsWith('edge/') ? edge : general);
  return {
    create: (key, body) => of(key).create(key, body),
    begin: (key) => of(key).begin(key),
    replace: (key, body) => of(key).replace(key, body),
    read: (key, range) => of(key).read(key, range),
    size: (key) => of(key).size(key),
    delete: (key) => of(key).delete(key),
    list: (prefix) => of(prefix).list(prefix),
  };
}
