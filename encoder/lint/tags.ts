/** The tags of RFC 8216bis section 4.4: where they belong, what they carry. Unknown tags are ignored, as clients do. */
import type { ValueType } from './attributes';

export interface AttributeSpec {
  readonly type: ValueType;
  readonly required?: true;
  readonly values?: readonly string[];
}

export interface TagSpec {
  readonly in: 'media' | 'multivariant' | 'both';
  readonly once?: true;
  readonly value: 'none' | 'integer' | 'date' | 'range' | 'inf' | 'text' | 'attributes';
  readonly attributes?: Readonly<Record<string, AttributeSpec>>;
}

const string = { type: 'string' } as const;
const integer = { type: 'integer' } as const;
const float = { type: 'float' } as const;
const range = { type: 'range' } as const;
const yesNo = { type: 'enum', values: ['YES', 'NO'] } as const;
const requiredString = { type: 'string', required: true } as const;
const key = {
  METHOD: { type: 'enum', required: true },
  URI: string,
  IV: { type: 'hex' },
  KEYFORMAT: string,
  KEYFORMATVERSIONS: string,
} as const;
const variant = {
  BANDWIDTH: { type: 'integer', required: true },
  'AVERAGE-BANDWIDTH': integer,
  SCORE: float,
  CODECS: string,
  'SUPPLEMENTAL-CODECS': string,
  RESOLUTION: { type: 'resolution' },
  'HDCP-LEVEL': { type: 'enum' },
  'ALLOWED-CPC': string,
  'VIDEO-RANGE': { type: 'enum' },
  'STABLE-VARIANT-ID': string,
  VIDEO: string,
  'PATHWAY-ID': string,
} as const;

export const TAGS: Readonly<Record<string, TagSpec>> = {
  EXTM3U: { in: 'both', once: true, value: 'none' },
  'EXT-X-VERSION': { in: 'both', once: true, value: 'integer' },
  'EXT-X-INDEPENDENT-SEGMENTS': { in: 'both', once: true, value: 'none' },
  'EXT-X-START': {
    in: 'both',
    once: true,
    value: 'attributes',
    attributes: { 'TIME-OFFSET': { type: 'signed', required: true }, PRECISE: yesNo },
  },
  'EXT-X-DEFINE': {
    in: 'both',
    value: 'attributes',
    attributes: { NAME: string, VALUE: string, IMPORT: string, QUERYPARAM: string },
  },
  'EXT-X-TARGETDURATION': { in: 'media', once: true, value: 'integer' },
  'EXT-X-MEDIA-SEQUENCE': { in: 'media', once: true, value: 'integer' },
  'EXT-X-DISCONTINUITY-SEQUENCE': { in: 'media', once: true, value: 'integer' },
  'EXT-X-ENDLIST': { in: 'media', once: true, value: 'none' },
  'EXT-X-PLAYLIST-TYPE': { in: 'media', once: true, value: 'text' },
  'EXT-X-I-FRAMES-ONLY': { in: 'media', once: true, value: 'none' },
  'EXT-X-PART-INF': {
    in: 'media',
    once: true,
    value: 'attributes',
    attributes: { 'PART-TARGET': { type: 'float', required: true } },
  },
  'EXT-X-SERVER-CONTROL': {
    in: 'media',
    once: true,
    value: 'attributes',
    attributes: {
      'CAN-SKIP-UNTIL': float,
      'CAN-SKIP-DATERANGES': yesNo,
      'HOLD-BACK': float,
      'PART-HOLD-BACK': float,
      'CAN-BLOCK-RELOAD': yesNo,
    },
  },
  EXTINF: { in: 'media', value: 'inf' },
  'EXT-X-BYTERANGE': { in: 'media', value: 'range' },
  'EXT-X-DISCONTINUITY': { in: 'media', value: 'none' },
  'EXT-X-KEY': { in: 'media', value: 'attributes', attributes: key },
  'EXT-X-MAP': { in: 'media', value: 'attributes', attributes: { URI: requiredString, BYTERANGE: range } },
  'EXT-X-PROGRAM-DATE-TIME': { in: 'media', value: 'date' },
  'EXT-X-GAP': { in: 'media', value: 'none' },
  'EXT-X-BITRATE': { in: 'media', value: 'integer' },
  'EXT-X-PART': {
    in: 'media',
    value: 'attributes',
    attributes: {
      URI: requiredString,
      DURATION: { type: 'float', required: true },
      INDEPENDENT: yesNo,
      BYTERANGE: range,
      GAP: yesNo,
    },
  },
  'EXT-X-DATERANGE': {
    in: 'media',
    value: 'attributes',
    attributes: {
      ID: requiredString,
      CLASS: string,
      // A later tag with the same ID may leave it out.
      'START-DATE': { type: 'date' },
      'END-DATE': { type: 'date' },
      DURATION: float,
      'PLANNED-DURATION': float,
      'END-ON-NEXT': { type: 'enum', values: ['YES'] },
      'SCTE35-CMD': { type: 'hex' },
      'SCTE35-OUT': { type: 'hex' },
      'SCTE35-IN': { type: 'hex' },
      CUE: string,
    },
  },
  'EXT-X-SKIP': {
    in: 'media',
    value: 'attributes',
    attributes: {
      'SKIPPED-SEGMENTS': { type: 'integer', required: true },
      'RECENTLY-REMOVED-DATERANGES': string,
    },
  },
  'EXT-X-PRELOAD-HINT': {
    in: 'media',
    value: 'attributes',
    attributes: {
      TYPE: { type: 'enum', required: true },
      URI: requiredString,
      'BYTERANGE-START': integer,
      'BYTERANGE-LENGTH': integer,
    },
  },
  'EXT-X-RENDITION-REPORT': {
    in: 'media',
    value: 'attributes',
    // LAST-MSN and LAST-PART may be left out where they equal the containing playlist's own.
    attributes: { URI: requiredString, 'LAST-MSN': integer, 'LAST-PART': integer },
  },
  'EXT-X-MEDIA': {
    in: 'multivariant',
    value: 'attributes',
    attributes: {
      TYPE: { type: 'enum', required: true, values: ['AUDIO', 'VIDEO', 'SUBTITLES', 'CLOSED-CAPTIONS'] },
      URI: string,
      'GROUP-ID': requiredString,
      LANGUAGE: string,
      'ASSOC-LANGUAGE': string,
      NAME: requiredString,
      'STABLE-RENDITION-ID': string,
      DEFAULT: yesNo,
      AUTOSELECT: yesNo,
      FORCED: yesNo,
      'INSTREAM-ID': string,
      CHARACTERISTICS: string,
      CHANNELS: string,
    },
  },
  'EXT-X-STREAM-INF': {
    in: 'multivariant',
    value: 'attributes',
    attributes: {
      ...variant,
      'FRAME-RATE': float,
      AUDIO: string,
      SUBTITLES: string,
      // A group's name, or NONE without quotes.
      'CLOSED-CAPTIONS': { type: 'any' },
    },
  },
  'EXT-X-I-FRAME-STREAM-INF': {
    in: 'multivariant',
    value: 'attributes',
    attributes: { ...variant, URI: requiredString },
  },
  'EXT-X-SESSION-DATA': {
    in: 'multivariant',
    value: 'attributes',
    attributes: { 'DATA-ID': requiredString, VALUE: string, URI: string, LANGUAGE: string },
  },
  'EXT-X-SESSION-KEY': { in: 'multivariant', value: 'attributes', attributes: key },
  'EXT-X-CONTENT-STEERING': {
    in: 'multivariant',
    once: true,
    value: 'attributes',
    attributes: { 'SERVER-URI': requiredString, 'PATHWAY-ID': string },
  },
};
