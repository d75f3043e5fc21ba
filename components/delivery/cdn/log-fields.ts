/** Fields of CloudFront's logs. */

/** Of Common Media Client Data (CTA-5004), as CloudFront reads them from the query or the headers of a request. */
export const CMCD_FIELDS = [
  'cmcd-encoded-bitrate',
  'cmcd-buffer-length',
  'cmcd-buffer-starvation',
  'cmcd-content-id',
  'cmcd-object-duration',
  'cmcd-deadline',
  'cmcd-measured-throughput',
  'cmcd-next-object-request',
  'cmcd-next-range-request',
  'cmcd-object-type',
  'cmcd-playback-rate',
  'cmcd-requested-maximum-throughput',
  'cmcd-streaming-format',
  'cmcd-session-id',
  'cmcd-stream-type',
  'cmcd-startup',
  'cmcd-top-bitrate',
  'cmcd-version',
] as const;

/** Of real-time logs, where nothing else is said: what was delivered, how fast, from where, and what the player saw. */
export const REALTIME_FIELDS = [
  'timestamp',
  'time-to-first-byte',
  'time-taken',
  'sc-status',
  'sc-bytes',
  'cs-method',
  'cs-host',
  'cs-uri-stem',
  'cs-protocol-version',
  'x-edge-location',
  'x-edge-request-id',
  'x-edge-result-type',
  'x-edge-detailed-result-type',
  'sc-content-type',
  'c-country',
  'cache-behavior-path-pattern',
  'origin-fbl',
  'origin-lbl',
  'asn',
  ...CMCD_FIELDS,
] as const;

/** CloudFront Developer Guide, "Real-time log configuration fields", besides those above. */
const OTHER_REALTIME_FIELDS = [
  'c-ip',
  'c-ip-version',
  'c-port',
  'connection-id',
  'cs-accept',
  'cs-accept-encoding',
  'cs-bytes',
  'cs-cookie',
  'cs-header-names',
  'cs-headers',
  'cs-headers-count',
  'cs-protocol',
  'cs-referer',
  'cs-uri-query',
  'cs-user-agent',
  'distribution-tenant-id',
  'fle-encrypted-fields',
  'fle-status',
  'primary-distribution-dns-name',
  'primary-distribution-id',
  'r-host',
  's-ip',
  'sc-content-len',
  'sc-range-end',
  'sc-range-start',
  'sr-reason',
  'ssl-cipher',
  'ssl-protocol',
  'viewer-request-log-data',
  'viewer-response-log-data',
  'x-edge-mqcs',
  'x-edge-response-result-type',
  'x-forwarded-for',
  'x-host-header',
] as const;

/** All fields of real-time logs. */
export const ALL_REALTIME_FIELDS: readonly string[] = [...REALTIME_FIELDS, ...OTHER_REALTIME_FIELDS];

/** Of standard logs (v2), where nothing else is said. */
export const ACCESS_FIELDS = [
  'date',
  'time',
  'x-edge-location',
  'sc-bytes',
  'c-ip',
  'cs-method',
  'cs(Host)',
  'cs-uri-stem',
  'sc-status',
  'cs(Referer)',
  'cs(User-Agent)',
  'x-edge-result-type',
  'x-edge-request-id',
  'x-host-header',
  'cs-protocol',
  'cs-bytes',
  'time-taken',
  'ssl-protocol',
  'ssl-cipher',
  'x-edge-response-result-type',
  'cs-protocol-version',
  'time-to-first-byte',
  'x-edge-detailed-result-type',
  'sc-content-type',
  'sc-content-len',
  'sc-range-start',
  'sc-range-end',
  'origin-fbl',
  'origin-lbl',
  'asn',
  'c-country',
  'cache-behavior-path-pattern',
] as const;

/** CloudFront Developer Guide, "Standard logging reference", besides those above. */
const OTHER_ACCESS_FIELDS = [
  'cs(Cookie)',
  'cs-uri-query',
  'x-forwarded-for',
  'fle-encrypted-fields',
  'fle-status',
  'c-port',
  'timestamp',
  'timestamp(ms)',
  'distribution-tenant-id',
  'viewer-request-log-data',
  'viewer-response-log-data',
  'x-edge-mqcs',
  'sr-reason',
  'r-host',
] as const;

/** All fields of standard logs. */
export const ALL_ACCESS_FIELDS: readonly string[] = [...ACCESS_FIELDS, ...OTHER_ACCESS_FIELDS];

/** Whoever reads these of a signed request may watch as its viewer does, until the signature ends. */
export const SIGNATURE_FIELDS: readonly string[] = ['cs(Cookie)', 'cs-cookie', 'cs-headers', 'cs-uri-query'];
