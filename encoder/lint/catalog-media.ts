/** Rules about the multivariant playlist (M) and the media itself (F). */
import type { Rule } from './catalog';
import type { Severity } from './types';

const DRAFT = 'draft-pantos-hls-rfc8216bis-22';
const AUTHORING = 'HLS Authoring Specification for Apple Devices';
const SEVERAL = 'needs the media playlists of a multivariant playlist';
const MULTIVARIANT = 'no multivariant playlist was read';
const MEDIA = 'needs the media itself; give a URL';

type Row = readonly [
  id: string,
  severity: Severity,
  title: string,
  remedy: string,
  source: string,
  needs: string,
];

const rows: readonly Row[] = [
  [
    'M1',
    'error',
    'Variants declare BANDWIDTH and AVERAGE-BANDWIDTH, and the first is the larger',
    'Declare the peak as BANDWIDTH and the mean as AVERAGE-BANDWIDTH, audio included.',
    `${DRAFT} 4.4.6.2; ${AUTHORING} 9.13, 9.14`,
    MULTIVARIANT,
  ],
  [
    'M2',
    'error',
    'Variants declare CODECS',
    'Add CODECS with the RFC 6381 string of every format in the variant.',
    `${AUTHORING} 9.1`,
    MULTIVARIANT,
  ],
  [
    'M3',
    'error',
    'Video variants declare RESOLUTION and FRAME-RATE',
    'Add RESOLUTION and FRAME-RATE.',
    `${AUTHORING} 9.2, 9.15`,
    MULTIVARIANT,
  ],
  [
    'M4',
    'error',
    'VIDEO-RANGE is on every variant unless all are SDR',
    'Add VIDEO-RANGE=SDR, PQ or HLG to every variant.',
    `${AUTHORING} 9.16`,
    MULTIVARIANT,
  ],
  [
    'M5',
    'error',
    'Rendition groups exist, and audio renditions have a language',
    'Declare every group that a variant names, with NAME and LANGUAGE, and one default.',
    `${DRAFT} 4.4.6.1, 4.4.6.2; ${AUTHORING} 8.10`,
    MULTIVARIANT,
  ],
  [
    'M6',
    'error',
    'HEVC is tagged hvc1',
    'Mux with the sample entry hvc1 and declare hvc1 in CODECS.',
    `${AUTHORING} 1.10`,
    'no HEVC variant was read',
  ],
  [
    'M7',
    'error',
    'HEVC stays within Main 10, level 5.1, High tier',
    'Encode at level 5.1 or below.',
    `${AUTHORING} 1.6`,
    'no HEVC variant was read',
  ],
  [
    'M8',
    'info',
    'HEVC has an H.264 alternative',
    'Add an H.264 variant for players without HEVC.',
    `${AUTHORING} 1.12`,
    MULTIVARIANT,
  ],
  [
    'M9',
    'error',
    'Discontinuities are at the same points, with the same numbers, in all media playlists',
    'Cut all renditions of a channel at the same discontinuity and count it in all of them.',
    `${DRAFT} 6.2.4; ${AUTHORING} 8.15`,
    SEVERAL,
  ],
  [
    'M10',
    'error',
    'Every media playlist can be fetched and is one',
    'Look at the URI and at the server.',
    `${DRAFT} 4.4.6, 6.2.1`,
    'needs an HTTP server; give a URL',
  ],
  [
    'M11',
    'error',
    'Segments stay within 125 % of BANDWIDTH',
    'Raise BANDWIDTH or constrain the encoder (maxrate, bufsize).',
    `${AUTHORING} 1.29, 9.13`,
    MEDIA,
  ],

  [
    'F1',
    'error',
    'The initialization section is there and describes the track',
    'Serve EXT-X-MAP: ftyp and moov, with mvex and a track.',
    `${DRAFT} 3.1.2`,
    MEDIA,
  ],
  [
    'F2',
    'error',
    'Parts and segments are whole fragments: moof with tfdt and default-base-is-moof, then mdat',
    'Cut only between fragments; mux with CMAF flags (+cmaf or +default_base_moof).',
    `${DRAFT} 3.1.2; ${AUTHORING} 7.3; ISO/IEC 23000-19`,
    MEDIA,
  ],
  [
    'F3',
    'error',
    'Each fragment starts where the one before it ended',
    'Keep the decode time (tfdt) running from fragment to fragment, or write EXT-X-DISCONTINUITY.',
    `${DRAFT} 3; ${AUTHORING} 7.3`,
    MEDIA,
  ],
  [
    'F4',
    'error',
    'A part with INDEPENDENT=YES starts with a key frame',
    'Write INDEPENDENT=YES only on parts whose first frame is a sync sample.',
    `${DRAFT} 4.4.4.9`,
    MEDIA,
  ],
  [
    'F5',
    'error',
    'A segment is its parts, one after the other',
    'Make the segment the concatenation of its part files.',
    `${DRAFT} 3.2`,
    MEDIA,
  ],
  [
    'F6',
    'error',
    'The sample entry of the media is the one in CODECS; HEVC is hvc1',
    'Mux HEVC as hvc1 (-tag:v hvc1) and make CODECS agree.',
    `${AUTHORING} 1.10, 9.1`,
    MEDIA,
  ],
];

export const MEDIA_RULES: readonly Rule[] = rows.map(
  ([id, severity, title, remedy, source, needs]): Rule => ({ id, severity, title, remedy, source, needs }),
);
