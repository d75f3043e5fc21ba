/**
 * The environment variables of the runtime, as data: components write them into task definitions, and
 * `encoder/environment.ts` parses them. One table a process.
 */
import { AUDIO_SAMPLE_RATES, DEFAULT_PROFILE, FRAME_RATES, PROFILES } from './grid';
import { INGEST_ENVIRONMENT } from './ingest-environment';
import { LADDER_NAMES } from './ladders';
import { PORTS } from './ports';

interface Variable {
  readonly doc: string;
  /** Absent: required. */
  readonly default?: string;
}

interface TextVariable extends Variable {
  readonly type:
    'channel' | 'store' | 'endpoint' | 'source' | 'host' | 'path' | 'languages' | 'captions' | 'ladder';
}

interface NumberVariable extends Variable {
  readonly type: 'integer';
  readonly min: number;
  readonly max: number;
}

interface ChoiceVariable extends Variable {
  readonly type: 'choice';
  readonly choices: readonly string[];
}

/** Classes without a fee for a read and without a delay: a playlist lists a segment from its first second on. */
export const STORAGE_CLASSES = ['STANDARD', 'INTELLIGENT_TIERING'] as const;
export type SegmentStorageClass = (typeof STORAGE_CLASSES)[number];

export type VariableSpec = TextVariable | NumberVariable | ChoiceVariable;

const PORT = { type: 'integer', min: 0, max: 65_535 } as const;

const SHARED = {
  STORE: {
    type: 'store',
    doc: 'where claims, bundles, segments and inits live: file:<absolute folder>, s3:<bucket>, or s3:<bucket>,<directory bucket>',
  },
  S3_ENDPOINT: {
    type: 'endpoint',
    default: '',
    doc: 'URL of an S3 server other than AWS; empty for AWS, in the region that the SDK finds (AWS_REGION)',
  },
  WINDOW_SECONDS: {
    type: 'integer',
    min: 24,
    max: 86_400,
    default: '60',
    doc: 'length of the live playlist, in seconds of media',
  },
  HOST: { type: 'host', default: '127.0.0.1', doc: 'address that the listeners bind to' },
  LOG_LEVEL: {
    type: 'choice',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    doc: 'least severe level that is logged',
  },
} as const satisfies Record<string, VariableSpec>;

const CLOUDWATCH = {
  METRICS_INTERVAL_SECONDS: {
    type: 'integer',
    min: 1,
    max: 300,
    default: '15',
    doc: 'seconds between two readings of the GPU, and between two lines of METRICS_EMF',
  },
  METRICS_EMF: {
    type: 'choice',
    choices: ['true', 'false'],
    default: 'false',
    doc: 'whether metrics are written to stdout for CloudWatch, in its Embedded Metric Format',
  },
} as const satisfies Record<string, VariableSpec>;

export const ENCODER_ENVIRONMENT = {
  CHANNEL: { type: 'channel', doc: 'id of the channel: 1 to 63 of a-z, 0-9 and inner hyphens' },
  ...INGEST_ENVIRONMENT,
  LADDER: {
    type: 'ladder',
    default: 'tiny',
    doc: `renditions to encode: ${LADDER_NAMES.join(', ')}, or file:<path> of a JSON file`,
  },
  ENCODER: {
    type: 'choice',
    choices: ['auto', 'nvenc', 'software'],
    default: 'auto',
    doc: 'auto tries an encode on an NVIDIA GPU, and takes software where that fails',
  },
  PROFILE: { type: 'choice', choices: PROFILES, default: DEFAULT_PROFILE, doc: 'length of parts' },
  FRAME_RATE: { type: 'choice', choices: FRAME_RATES, default: '30', doc: 'frames a second' },
  AUDIO_SAMPLE_RATE: {
    type: 'choice',
    choices: AUDIO_SAMPLE_RATES.map(String),
    default: '48000',
    doc: 'Hz',
  },
  METRICS_PORT: {
    ...PORT,
    default: String(PORTS.encoderMetrics),
    doc: 'metrics and health; 0 is any free port',
  },
  ...CLOUDWATCH,
  METRICS_GPU: {
    type: 'choice',
    choices: ['auto', 'true', 'false'],
    default: 'auto',
    doc: 'whether nvidia-smi is asked for metrics of the GPU; auto: where the GPU encodes',
  },
  SEGMENT_STORAGE_CLASS: {
    type: 'choice',
    choices: STORAGE_CLASSES,
    default: 'STANDARD',
    doc: 'storage class that whole segments are put with, in S3',
  },
  ...SHARED,
} as const satisfies Record<string, VariableSpec>;

export const ORIGIN_ENVIRONMENT = {
  HTTP_PORT: { ...PORT, default: String(PORTS.originHttp), doc: 'HTTP/1.1; 0 is any free port' },
  HTTPS_PORT: {
    ...PORT,
    default: String(PORTS.originHttps),
    doc: 'HTTP/2 over TLS, served when TLS_CERT and TLS_KEY are set; 0 is any free port',
  },
  TLS_CERT: { type: 'path', default: '', doc: 'PEM file of the certificate chain' },
  TLS_KEY: { type: 'path', default: '', doc: 'PEM file of the private key' },
  METRICS_PORT: {
    ...PORT,
    default: String(PORTS.originMetrics),
    doc: 'metrics and health; 0 is any free port',
  },
  PLAYER: {
    type: 'choice',
    choices: ['true', 'false'],
    default: 'false',
    doc: 'whether the player page is served at /player/',
  },
  ORIGIN_NAME: {
    type: 'channel',
    default: 'origin',
    doc: 'what origins that share their load are called in CloudWatch: 1 to 63 of a-z, 0-9 and inner hyphens',
  },
  ...CLOUDWATCH,
  ...SHARED,
} as const satisfies Record<string, VariableSpec>;
