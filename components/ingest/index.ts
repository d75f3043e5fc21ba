export * from './args';
export type { ChannelNodes as IngestChannelNodes, ZoneNodes as IngestZoneNodes } from './children';
export type { PassphraseScope } from './grants';
export { MAX_LISTENERS, type PortRange } from './ports';
export * from './srt-ingest';
